/** One line of a benchmark: ours, what stands beside it in the same run, and their ratio. */
export interface Figure {
  readonly name: string;
  readonly value: string;
  readonly unit: string;
  readonly baseline: string;
  readonly ratio: string;
  readonly goal?: string;
}

export interface BenchmarkResult {
  /** What was measured and how, in one sentence. */
  readonly about: string;
  readonly figures: readonly Figure[];
}

export type Benchmark = () => Promise<BenchmarkResult>;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** A number with three digits that count. */
export const digits = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
