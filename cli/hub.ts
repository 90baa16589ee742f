/** Plans of a hub, over its public API. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { fail, type Issue, ok, type Result } from '../engine/result.ts';
import { type Difference, differenceSchema } from './difference.ts';

const POLL_MS = 250;
const TIMEOUT_MS = 30_000;

export interface HubQuestion {
  readonly url: URL;
  readonly key: string;
  readonly live: boolean;
  readonly waitMs: number;
}

const problemSchema = z.object({
  detail: z.string(),
  code: z.string(),
  errors: z
    .array(z.object({ pointer: z.string(), detail: z.string(), code: z.string().optional() }))
    .default([]),
});
const liveSchema = differenceSchema.extend({
  id: z.string(),
  state: z.enum(['pending', 'ready', 'failed', 'expired']),
});

/** What submitting the text would do, by the hub. Issues: what the hub refuses, or why it cannot tell. */
export async function askHub(text: string, question: HubQuestion): Promise<Result<Difference>> {
  const { live, waitMs } = question;
  const asked = await request(question, `v1/plan${live ? '?live=true' : ''}`, text);
  if (!asked.ok) return asked;
  if (!live) return told(readAs(differenceSchema, asked.value));
  const until = performance.now() + waitMs;
  let plan = readAs(liveSchema, asked.value);
  while (plan.ok && plan.value.state === 'pending' && performance.now() < until) {
    await sleep(POLL_MS);
    const again = await request(question, `v1/plans/${encodeURIComponent(plan.value.id)}`);
    plan = again.ok ? readAs(liveSchema, again.value) : again;
  }
  if (!plan.ok || plan.value.state === 'ready') return told(plan);
  const { clusters = [], state } = plan.value;
  const open = clusters.filter((cluster) => cluster.state !== 'ready');
  const issues = open.map(({ name, message = '' }) => issue(`plan.${state}`, `Cluster ${name}: ${message}`));
  return fail(...(issues.length > 0 ? issues : [issue(`plan.${state}`, 'The plan could not be made.')]));
}

/** The hub's warnings as those of the result. */
function told<T extends Difference>(answer: Result<T>): Result<T> {
  if (!answer.ok) return answer;
  const warnings = answer.value.warnings ?? [];
  return ok(
    answer.value,
    warnings.map(({ pointer, detail, code = 'warning' }) => issue(code, detail, pointer)),
  );
}

const issue = (code: string, message: string, path = ''): Issue => ({ code, path, message });

async function request({ url, key }: HubQuestion, path: string, body?: string): Promise<Result<unknown>> {
  const base = new URL(url.pathname.endsWith('/') ? url : `${url.href}/`);
  let response: Response;
  let answer: unknown;
  try {
    response = await fetch(new URL(path, base), {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/yaml' },
      ...(body === undefined ? {} : { body }),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    answer = await response.json();
  } catch {
    return fail(issue('hub.unreachable', `The hub ${base.origin} does not answer as a hub does.`));
  }
  if (response.ok) return ok(answer);
  const problem = problemSchema.safeParse(answer);
  if (!problem.success) return fail(issue('hub.refused', `The hub answered ${response.status}.`));
  const { detail, code, errors } = problem.data;
  const issues = errors.map((error) => issue(error.code ?? code, error.detail, error.pointer));
  return fail(...(issues.length > 0 ? issues : [issue(code, detail)]));
}

function readAs<S extends z.ZodType>(schema: S, answer: unknown): Result<z.output<S>> {
  const parsed = schema.safeParse(answer);
  return parsed.success
    ? ok(parsed.data)
    : fail(issue('hub.answer', 'The hub answered what cannot be read.'));
}
