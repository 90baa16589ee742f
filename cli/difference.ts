/** A plan as lines for a terminal. */
import { z } from 'zod';
import type { JsonValue } from '../engine/json.ts';

const json = z.unknown().transform((value) => value as JsonValue);

const objectSchema = z.object({
  action: z.enum(['create', 'update', 'unchanged', 'drifted', 'delete', 'refused']),
  component: z.string(),
  cluster: z.string(),
  apiVersion: z.string(),
  kind: z.string(),
  namespace: z.string(),
  name: z.string(),
  object: json.optional(),
  changes: z
    .array(z.object({ path: z.string(), from: json.optional(), to: json.optional() }))
    .readonly()
    .optional(),
  omitted: z.number().optional(),
  reason: z.string().optional(),
  message: z.string().optional(),
  conflicts: z
    .array(z.object({ manager: z.string(), field: z.string(), kept: z.boolean() }))
    .readonly()
    .optional(),
});

/** What a hub answers to a plan, and what is found out here without one. */
export const differenceSchema = z.object({
  applications: z
    .array(
      z.object({
        application: z.object({ namespace: z.string(), name: z.string() }),
        complete: z.boolean(),
        objects: z.array(objectSchema).readonly(),
      }),
    )
    .readonly(),
  clusters: z
    .array(z.object({ name: z.string(), state: z.string(), message: z.string().optional() }))
    .readonly()
    .optional(),
  warnings: z
    .array(z.object({ pointer: z.string(), detail: z.string(), code: z.string().optional() }))
    .optional(),
});
export type Difference = z.infer<typeof differenceSchema>;
type ObjectDifference = z.infer<typeof objectSchema>;

const objectsOf = ({ applications }: Difference) => applications.flatMap(({ objects }) => objects);

/** Whether a submission would change anything in a cluster. */
export const differs = (difference: Difference): boolean =>
  objectsOf(difference).some(({ action }) => ['create', 'update', 'delete'].includes(action));

/** Whether something would be refused, so that the submission would not get through. */
export const isRefused = (difference: Difference): boolean =>
  objectsOf(difference).some(({ action }) => action === 'refused');

const marks = { create: '+', update: '~', unchanged: '=', drifted: '=', delete: '-', refused: '!' } as const;

/** One line an object with `+ ~ - =` or `!`, its fields indented, and a line that counts. */
export function differenceText(difference: Difference): string {
  const lines: string[] = [];
  for (const { application, complete, objects } of difference.applications) {
    lines.push(`Application ${application.namespace}/${application.name}`);
    for (const object of objects) lines.push(...objectLines(object));
    if (!complete) lines.push('  (not all of it can be rendered yet)');
  }
  lines.push(countLine(objectsOf(difference)));
  return `${lines.map(plain).join('\n')}\n`;
}

function objectLines(object: ObjectDifference): string[] {
  const { action, kind, namespace, name, component, cluster, message, changes = [], omitted = 0 } = object;
  const place = [component === '' ? '' : `component ${component}`, `cluster ${cluster}`];
  const where = place.filter((part) => part !== '').join(', ');
  const said = message === undefined ? '' : `: ${message}`;
  const fields = changes.map(({ path, from, to }) => {
    if (from === undefined) return `      + ${path}: ${JSON.stringify(to)}`;
    if (to === undefined) return `      - ${path}: ${JSON.stringify(from)}`;
    return `      ~ ${path}: ${JSON.stringify(from)} -> ${JSON.stringify(to)}`;
  });
  const held = (object.conflicts ?? []).map(
    ({ manager, field, kept }) => `      ${kept ? 'left to' : 'taken from'} ${manager}: ${field}`,
  );
  return [
    `  ${marks[action]} ${kind} ${namespace === '' ? '' : `${namespace}/`}${name} (${where})${said}`,
    ...fields,
    ...(omitted > 0 ? [`      and ${omitted} more`] : []),
    ...held,
  ];
}

function countLine(objects: readonly ObjectDifference[]): string {
  const words = {
    create: 'to create',
    update: 'to change',
    delete: 'to delete',
    refused: 'refused',
  } as const;
  const counts = Object.entries(words).flatMap(([action, word]) => {
    const count = objects.filter((object) => object.action === action).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  return counts.length === 0 ? 'nothing to change' : counts.join(', ');
}

/** What a cluster or a hub said must not steer the terminal. */
function plain(line: string): string {
  return [...line].map((char) => (isControl(char) ? '\ufffd' : char)).join('');
}

function isControl(char: string): boolean {
  const code = char.codePointAt(0) ?? 0;
  return code < 0x20 || (code >= 0x7f && code < 0xa0);
}
