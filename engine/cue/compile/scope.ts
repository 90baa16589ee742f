/** Lexical scopes while a file is compiled. */
import type { Expr, LetField } from './ir.ts';

/** What a name stands for in a scope. */
export type Binding =
  | { readonly type: 'field'; readonly label: string }
  | { readonly type: 'let'; readonly target: LetField; readonly start: number; used: boolean }
  /** `X=label: …`; for a computed label `key` is the label's expression, in this scope. */
  | {
      readonly type: 'alias';
      readonly label: string | null;
      key: Expr | null;
      readonly start: number;
      used: boolean;
    }
  /** `a: X=…` */
  | { readonly type: 'value'; readonly start: number; used: boolean }
  /** `[X=string]: …` */
  | { readonly type: 'label' }
  /** `X=[string]: …` */
  | { readonly type: 'patternField'; readonly start: number; used: boolean }
  | { readonly type: 'key' }
  | { readonly type: 'bound' };

/** One level of names. `levels` is how many scopes of the running program it stands for: 1 or 0. */
export interface Scope {
  readonly levels: 0 | 1;
  readonly names: Map<string, Binding>;
}

export interface Found {
  readonly binding: Binding;
  /** Scopes to go up from where the name stands. */
  readonly up: number;
}

/** Finds the innermost declaration of a name. */
export function find(scopes: readonly Scope[], name: string): Found | null {
  let up = 0;
  for (let i = scopes.length - 1; i >= 0; i--) {
    const scope = scopes[i]!;
    const binding = scope.names.get(name);
    if (binding !== undefined) return { binding, up };
    up += scope.levels;
  }
  return null;
}
