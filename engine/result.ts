/**
 * What every fallible function of the engine answers. An error that a user can cause is a value: a list of
 * issues, each with a stable code and the place in the user's document that it is about.
 */

/** A place in a named text. Lines and columns count from 1, offsets from 0 (UTF-16). */
export interface Span {
  /** The name of the text, e.g. `application.yaml` or `component/webservice.cue`. */
  readonly source: string;
  readonly line: number;
  readonly column: number;
}

export interface Issue {
  /** Stable, kebab-case, e.g. `definition-not-found`. */
  readonly code: string;
  /** JSON pointer (RFC 6901) into the user's document; `''` is the whole document. */
  readonly path: string;
  /** One sentence for the user. */
  readonly message: string;
  readonly expected?: string;
  readonly actual?: string;
  /** Where in the user's text. */
  readonly span?: Span;
  /** Where in the definition the rule stands. */
  readonly definition?: Span;
}

export type Result<T> =
  | { readonly ok: true; readonly value: T; readonly warnings?: readonly Issue[] }
  | { readonly ok: false; readonly issues: readonly Issue[]; readonly warnings?: readonly Issue[] };

export function ok<T>(value: T, warnings: readonly Issue[] = []): Result<T> {
  return warnings.length === 0 ? { ok: true, value } : { ok: true, value, warnings };
}

export function fail(...issues: readonly Issue[]): { readonly ok: false; readonly issues: readonly Issue[] } {
  return { ok: false, issues };
}

/** Builds a JSON pointer of path segments, escaped as RFC 6901 asks. */
export function pointer(segments: readonly (string | number)[]): string {
  return segments.map((s) => `/${String(s).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** The keys and indices of a JSON pointer. */
export function segmentsOf(path: string): readonly string[] {
  const steps = path.split('/').slice(1);
  return steps.map((s) => s.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The issues with line and column, where they have none yet and their pointer leads into the located document. */
export function withSpans(
  issues: readonly Issue[],
  locate: (path: readonly (string | number)[]) => Span,
): readonly Issue[] {
  return issues.map((i) => {
    const inside = i.path.startsWith('/spec') || i.path.startsWith('/metadata');
    return i.span === undefined && inside ? { ...i, span: locate(segmentsOf(i.path)) } : i;
  });
}
