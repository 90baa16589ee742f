/**
 * Errors as values. A bottom carries a code and the issues that led to it; only the code steers evaluation.
 * Messages are put together when somebody asks for them.
 */
import type { Place } from './compile/ir.ts';
import type { Label } from './eval/label.ts';
import { TAG_BOTTOM } from './eval/tag.ts';
import type { Vertex } from './eval/value.ts';

/**
 * `eval`: wrong for good. `user`: written by the author (`_|_`, `error("…")`). `structural`: endless structure.
 * `incomplete`: may become right when more is known. `cycle`: needs itself. `budget`: the work allowed is used up.
 */
export type ErrorCode = 'budget' | 'eval' | 'user' | 'structural' | 'incomplete' | 'cycle';

/** How bad a code is, the worst first: of several errors the worst decides. */
const SEVERITY: Readonly<Record<ErrorCode, number>> = {
  budget: 0,
  eval: 1,
  user: 2,
  structural: 3,
  incomplete: 4,
  cycle: 5,
};

/** One thing that went wrong. `format` holds `%v` for each of `args`, which are values, kinds' names or texts. */
export interface Issue {
  /** Where in the value tree; null where the error belongs to no vertex. */
  readonly node: Vertex | null;
  /** The path where it is not that of `node`: inside an exported list. */
  readonly path?: readonly Label[];
  readonly format: string;
  readonly args: readonly unknown[];
  /** The expression that failed; null for conflicts, which have only `others`. */
  readonly place: Place | null;
  /** The places of the conjuncts that took part. */
  readonly others: readonly Place[];
  /** The name that was probably meant, searched for when somebody reads the error. */
  readonly nearest?: () => string | null;
}

export class Bottom {
  readonly tag = TAG_BOTTOM;
  readonly code: ErrorCode;
  readonly issues: readonly Issue[];
  /** The vertex the error is about. */
  readonly node: Vertex | null;
  /** An error of an arc, repeated at its parent. */
  readonly childError: boolean;
  /** A field was not allowed: the struct's other arcs are still worth looking at. */
  readonly closeCheck: boolean;

  constructor(
    code: ErrorCode,
    issues: readonly Issue[],
    node: Vertex | null,
    childError = false,
    closeCheck = false,
  ) {
    this.code = code;
    this.issues = issues;
    this.node = node;
    this.childError = childError;
    this.closeCheck = closeCheck;
  }
}

/** An error that more information may lift. */
export function isIncomplete(bottom: Bottom): boolean {
  return bottom.code === 'incomplete' || bottom.code === 'cycle';
}

/** Of two errors the one with the worse code. */
export function worseCode(a: Bottom, b: Bottom): Bottom {
  return SEVERITY[b.code] < SEVERITY[a.code] ? b : a;
}

/** Both errors in one: the worse code; an incomplete one beside a real error is dropped. */
export function combineErrors(a: Bottom | null, b: Bottom | null): Bottom | null {
  if (a === null) return b;
  if (b === null || a === b) return a;
  let first = a;
  let second = b;
  if (first.code !== second.code) {
    if (SEVERITY[first.code] > SEVERITY[second.code]) {
      first = b;
      second = a;
    }
    if (isIncomplete(second)) return first;
  }
  const issues = mergeIssues(first.issues, second.issues);
  if (issues === first.issues) return first;
  return new Bottom(first.code, issues, first.node, first.childError, first.closeCheck && second.closeCheck);
}

function mergeIssues(a: readonly Issue[], b: readonly Issue[]): readonly Issue[] {
  // A struct of thousands of broken fields needs no list of all of them.
  if (a.length >= MAX_ISSUES) return a;
  const added = b.filter((issue) => !a.includes(issue));
  return added.length === 0 ? a : [...a, ...added];
}

/** How many errors of one value, or of one program, are told. */
export const MAX_ISSUES = 64;
