/** An arbitrary-precision decimal: (-1)^negative × coefficient × 10^exponent. The coefficient is never negative. */
export interface Decimal {
  readonly form: 'finite' | 'infinite' | 'nan';
  readonly negative: boolean;
  readonly coefficient: bigint;
  readonly exponent: number;
}
