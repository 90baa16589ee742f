import { z } from '@hono/zod-openapi';
import type { SubmittedApplication } from '../../db/model/application.ts';
import type { Issue } from '../../engine/result.ts';
import { detailOf, warningSchema } from '../issues.ts';

export const byName = z.object({
  namespace: z.string().max(63).openapi({ example: 'default' }),
  name: z.string().max(253).openapi({ example: 'website' }),
});

export const submitQuery = z.object({
  dryRun: z.literal('server').optional().openapi({ description: 'Answer the plan and write nothing' }),
  strict: z
    .enum(['true', 'false'])
    .optional()
    .openapi({ description: 'Unknown parameters are errors instead of warnings' }),
  namespace: z.string().max(63).optional().openapi({ description: 'For Applications that name none' }),
});

export const submittedSchema = z
  .object({
    application: z.object({ namespace: z.string(), name: z.string() }),
    outcome: z.enum(['created', 'revised', 'rerun', 'relabelled', 'unchanged']),
    revision: z.number().int(),
    run: z.object({ id: z.string(), url: z.string() }),
    statusUrl: z.string().optional(),
    warnings: z.array(warningSchema).optional(),
  })
  .openapi('Submitted');
type Submitted = z.infer<typeof submittedSchema>;

export const submissionSchema = z
  .union([
    submittedSchema,
    z.object({
      applications: z.array(submittedSchema),
      definitions: z.array(
        z.object({ kind: z.string(), name: z.string(), version: z.string(), outcome: z.string() }),
      ),
      warnings: z.array(warningSchema),
    }),
  ])
  .openapi('Submission');

export function submittedView(application: SubmittedApplication, origin: string): Submitted {
  const { namespace, name, outcome, revision, run, status, statusVisibility } = application;
  return {
    application: { namespace, name },
    outcome,
    revision,
    run: { id: run, url: `${origin}/v1/runs/${run}` },
    ...(statusVisibility === 'public' ? { statusUrl: `${origin}/status/${status}` } : {}),
  };
}

export interface SubmissionParts {
  readonly applications: readonly SubmittedApplication[];
  readonly definitions: readonly {
    readonly definition: { readonly kind: string; readonly name: string; readonly version: string };
    readonly outcome: string;
  }[];
}

/** One Application is answered as itself; several, or definitions beside them, as lists. */
export function submissionView(parts: SubmissionParts, warnings: readonly Issue[], origin: string) {
  const { applications, definitions } = parts;
  const [only] = applications;
  const details = warnings.map(detailOf);
  if (only !== undefined && applications.length === 1 && definitions.length === 0) {
    return { ...submittedView(only, origin), warnings: details };
  }
  return {
    applications: applications.map((application) => submittedView(application, origin)),
    definitions: definitions.map(({ definition: { kind, name, version }, outcome }) => ({
      kind,
      name,
      version,
      outcome,
    })),
    warnings: details,
  };
}
