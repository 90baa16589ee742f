/** Compares an answer with an expectation: what counts as differences, what is information only as counts. */
import type { Agreement, Difference } from './suite.ts';

export interface Rules {
  /** Keys whose values are information only. */
  readonly information: ReadonlySet<string>;
  /** Keys that may be more in the answer than in the expectation. */
  readonly mayBeMore: ReadonlySet<string>;
}

export interface Comparison {
  readonly differences: readonly Difference[];
  readonly information: Readonly<Record<string, Agreement>>;
}

type Plain = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Compares two JSON values. Objects are compared by key, lists by place, texts as they are. */
export function compare(expected: unknown, actual: unknown, rules: Rules): Comparison {
  const differences: Difference[] = [];
  const information: Record<string, { same: number; different: number }> = {};

  function count(key: string, same: boolean): void {
    information[key] ??= { same: 0, different: 0 };
    information[key][same ? 'same' : 'different']++;
  }

  function objects(want: Plain, got: Plain, at: string): void {
    for (const key of new Set([...Object.keys(want), ...Object.keys(got)])) {
      if (rules.information.has(key)) {
        if (key in want) count(key, equal(want[key], got[key]));
      } else if (key in want || !rules.mayBeMore.has(key)) {
        visit(want[key], got[key], at === '' ? key : `${at}.${key}`);
      }
    }
  }

  function visit(want: unknown, got: unknown, at: string): void {
    if (isObject(want) && isObject(got)) objects(want, got, at);
    else if (!equal(want, got)) differences.push({ at, expected: want, actual: got });
  }

  visit(expected, actual, '');
  return { differences, information };
}

/** Whether two JSON values are the same; the order of an object's keys does not count. */
export function equal(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((value, i) => equal(value, b[i]));
  }
  if (!isObject(a) || !isObject(b)) return Object.is(a, b);
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && equal(a[key], b[key]));
}
