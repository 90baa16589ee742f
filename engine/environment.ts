/** Shapes that both Workers' environments share: values that are JSON in a text. */
import { z } from 'zod';

/** A text that holds JSON of a schema. The error never quotes the text: it may be a secret. */
export const jsonText = <T extends z.ZodType>(schema: T) =>
  z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: 'is not JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema);

/** An `EgressPolicy` as JSON text; absent, nothing but public https addresses may be reached. */
export const egressText = jsonText(
  z.object({
    allowedHosts: z.array(z.string()).default([]),
    allowedPorts: z.union([z.literal('any'), z.array(z.number().int())]).default([]),
    allowHttp: z.boolean().default(false),
  }),
).default({ allowedHosts: [], allowedPorts: [], allowHttp: false });

/** The parsed environment, or an error that names every variable that is missing or wrong and none of their values. */
export function parseEnvironment<T extends z.ZodType>(schema: T, environment: unknown): z.output<T> {
  const parsed = schema.safeParse(environment);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`The environment is not complete: ${wrong.join('; ')}`);
}
