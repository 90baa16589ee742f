/** The engine's issues as the details of a problem, and as warnings of an answer. */
import { z } from '@hono/zod-openapi';
import { Fault, type FaultDetail } from '../engine/fault.ts';
import type { Issue } from '../engine/result.ts';

export const warningSchema = z
  .object({
    pointer: z.string(),
    detail: z.string(),
    code: z.string().optional(),
    expected: z.string().optional(),
    actual: z.string().optional(),
    definition: z.string().optional(),
  })
  .openapi('Warning');

const place = ({ source, line, column }: NonNullable<Issue['span']>) => `${source}:${line}:${column}`;

/** A result that is none. */
export interface Refused {
  readonly issues: readonly Issue[];
  readonly warnings?: readonly Issue[];
}

/** What a whole text must be, where an issue says only that it is not. */
const wholeTexts: Readonly<Record<string, string>> = {
  'yaml-syntax': 'YAML or JSON',
  'cue-syntax': 'CUE',
  'empty-document': 'an object with apiVersion and kind',
  'not-an-object': 'an object with apiVersion and kind',
  'empty-submission': 'an Application or a definition',
};

/** Where something is expected and nothing is there, that is what is there. */
function comparisonOf({ code, expected, actual }: Issue): Pick<Issue, 'expected' | 'actual'> {
  const whole = expected ?? wholeTexts[code];
  if (whole === undefined) return actual === undefined ? {} : { actual };
  const other = expected !== undefined || code.startsWith('empty-') ? 'nothing' : 'other text';
  return { expected: whole, actual: actual ?? other };
}

/** One issue with the place in the user's text behind its message, and in `definition` where the rule stands. */
export function detailOf(issue: Issue): FaultDetail {
  const { code, path, message, span, definition } = issue;
  const { expected, actual } = comparisonOf(issue);
  return {
    pointer: path,
    detail: span === undefined ? message : `${message} (${place(span)})`,
    code,
    ...(expected === undefined ? {} : { expected }),
    ...(actual === undefined ? {} : { actual }),
    ...(definition === undefined ? {} : { definition: place(definition) }),
  };
}

/** The fault of a submission with these issues; its sentence is the first issue's. */
export function invalid({ issues, warnings = [] }: Refused): Fault {
  const [first] = issues;
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  const sentence = first === undefined ? 'The submission is wrong.' : `${first.message}${more}`;
  const code = first?.code === 'cluster.missing-kind' ? 'cluster.missing_kind' : 'application.invalid';
  return new Fault(code, sentence, { errors: issues.map(detailOf), warnings: warnings.map(detailOf) });
}
