/**
 * One evaluation: the libraries lent to it, its budget, and where it stands. Everything that changes while a
 * template is evaluated hangs off this object or off the vertices it makes; the template itself never changes.
 */

import type { ErrorCode } from '../bottom.ts';
import { Bottom } from '../bottom.ts';
import type { Expr, Place } from '../compile/ir.ts';
import type {
  BuiltinEnv,
  BuiltinError,
  HashLibrary,
  Regexp,
  RegexpLibrary,
  StdPackage,
  YamlLibrary,
} from '../std/builtin.ts';
import type { Env, Vertex } from './value.ts';

/** How much work an evaluation may do. Counted, not timed: the same program spends the same everywhere. */
export interface Budget {
  /** Conjuncts inserted and expressions evaluated. */
  readonly steps: number;
  /** How deep evaluation may nest: a level of structs or lists counts 1, one of references under evaluation 3. */
  readonly depth: number;
  /** Vertices made. */
  readonly nodes: number;
  /** Bytes of text produced by functions, interpolation and export. */
  readonly bytes: number;
}

export const DEFAULT_BUDGET: Budget = { steps: 5_000_000, depth: 1200, nodes: 300_000, bytes: 32 << 20 };

export type CompiledPatterns = ReadonlyMap<string, Regexp | BuiltinError>;

export interface Libraries {
  readonly regexp: RegexpLibrary;
  readonly yaml: YamlLibrary;
  readonly hash: HashLibrary;
  /** The standard packages that programs may import. */
  readonly packages?: readonly StdPackage[];
}

/**
 * Ends an evaluation from within. No expression can catch it, so neither `!= _|_` nor a default hides that the
 * budget is spent; the value API turns it into a bottom of code `budget`.
 */
export class BudgetSpent extends Error {
  readonly resource: keyof Budget;
  constructor(resource: keyof Budget) {
    super(`out of ${resource}`);
    this.resource = resource;
  }
}

/** How many scopes are searched in about the time of a step. */
const SCOPES_A_STEP = 16;

const ABSENT: Bottom = new Bottom('incomplete', [], null);

export class Evaluation implements BuiltinEnv {
  readonly regexp: RegexpLibrary;
  readonly yaml: YamlLibrary;
  readonly hash: HashLibrary;
  readonly budget: Budget;
  steps = 0;
  nodes = 0;
  bytes = 0;
  depth = 0;
  /** Set while something under evaluation was asked for more than it knows yet; the asker tries again later. */
  blocked = false;
  /** Nothing more will come: what is not known now is absent. */
  final = true;
  /** Some field is wrong for good, or may have become so after its struct was finished. */
  mayBeWrong = false;
  /** Some conjunct was marked for the check that fields are allowed. */
  hasRequirements = false;
  /** Searches through scopes so far (closed.ts), and what of the last ones has not been counted as steps. */
  searches = 0;
  private visited = 0;
  /** The vertex whose expressions are evaluated; errors are about it. */
  current: Vertex | null = null;
  /** Set once the budget is spent: the answer to everything from then on. */
  spent: Bottom | null = null;
  /** The reference for whose sake a vertex is being completed; null when it is for its own. */
  demand: Expr | null = null;
  /** The operands written as structs or lists that are being evaluated. */
  readonly inlines: { readonly expr: Expr; readonly env: Env }[] = [];
  /** Above 0 while the operand of a test for `_|_` is evaluated, outside of tasks. */
  inTest = 0;
  private readonly patterns: CompiledPatterns;
  private readonly regexps = new Map<string, Regexp | BuiltinError>();
  /** Roots of imported packages, by path. */
  readonly packages = new Map<string, Vertex>();

  constructor(libraries: Libraries, budget: Budget, patterns: CompiledPatterns) {
    this.patterns = patterns;
    this.regexp = libraries.regexp;
    this.yaml = libraries.yaml;
    this.hash = libraries.hash;
    this.budget = budget;
  }

  step(): void {
    if (++this.steps > this.budget.steps) throw new BudgetSpent('steps');
  }

  /** Work of some size that is no evaluation of an expression. */
  work(steps: number): void {
    this.steps += steps;
    if (this.steps > this.budget.steps) {
      this.steps = this.budget.steps + 1;
      throw new BudgetSpent('steps');
    }
  }

  /** Scopes looked at in a search: many weigh as much as a step. */
  visit(scopes: number): void {
    this.visited += scopes;
    if (this.visited < SCOPES_A_STEP) return;
    this.work(Math.trunc(this.visited / SCOPES_A_STEP));
    this.visited %= SCOPES_A_STEP;
  }

  node(count = 1): void {
    this.nodes += count;
    if (this.nodes > this.budget.nodes) throw new BudgetSpent('nodes');
  }

  /** For vertices that will have to be made: ends the evaluation now if they would be too many. */
  expectNodes(count: number): void {
    if (this.nodes + count > this.budget.nodes) throw new BudgetSpent('nodes');
  }

  /** Goes one level deeper. `weight` tells how much of the stack the level takes, a level of plain nesting being 1. */
  enter(weight = 1): void {
    this.depth += weight;
    if (this.depth > this.budget.depth) throw new BudgetSpent('depth');
  }

  leave(weight = 1): void {
    this.depth -= weight;
  }

  charge(bytes: number): boolean {
    this.bytes += bytes;
    if (this.bytes > this.budget.bytes) throw new BudgetSpent('bytes');
    return true;
  }

  nest(depth: number): void {
    this.enter(depth);
    this.leave(depth);
  }

  compileRegexp(pattern: string): Regexp | BuiltinError {
    let re = this.patterns.get(pattern) ?? this.regexps.get(pattern);
    if (re === undefined) {
      re = this.regexp.compile(pattern);
      this.regexps.set(pattern, re);
    }
    return re;
  }

  /** An error about the vertex under evaluation. */
  error(code: ErrorCode, place: Place | null, format: string, ...args: readonly unknown[]): Bottom {
    // Nobody will read why something was absent that was only tested for.
    if (this.inTest > 0 && code === 'incomplete') return ABSENT;
    return new Bottom(code, [{ node: this.current, format, args, place, others: [] }], this.current);
  }

  errorAt(
    node: Vertex | null,
    code: ErrorCode,
    place: Place | null,
    format: string,
    ...args: readonly unknown[]
  ): Bottom {
    if (this.inTest > 0 && code === 'incomplete') return ABSENT;
    return new Bottom(code, [{ node, format, args, place, others: [] }], node);
  }
}
