import type { IdempotencyClaim, StoredResponse } from '../../db/model/access.ts';
import type { SubmittedApplication } from '../../db/model/application.ts';
import type { Deps } from '../deps.ts';
import { invalid } from '../issues.ts';
import type { Principal } from '../middleware/request-context.ts';
import { announce } from '../outbox.ts';
import { type SubmissionParts, submissionView } from './schema.ts';

export interface SubmitInput {
  readonly text: string;
  /** For Applications that name no namespace. */
  readonly namespace: string;
  /** The one Application that the path names; absent for POST /v1/applications. */
  readonly only?: { readonly namespace: string; readonly name: string } | undefined;
  readonly strict: boolean;
  readonly expectResourceVersion?: number | undefined;
  readonly claim: IdempotencyClaim | undefined;
  /** The service's own address as the client called it. */
  readonly origin: string;
}

const changed = ({ outcome }: SubmittedApplication) => outcome !== 'unchanged' && outcome !== 'relabelled';

/** 202 with the run's address where something is to be done, else 200. */
function answer(
  parts: SubmissionParts,
  warnings: Parameters<typeof submissionView>[1],
  origin: string,
): StoredResponse {
  const [first] = parts.applications;
  const headers = {
    'content-type': 'application/json',
    ...(first === undefined ? {} : { location: `${origin}/v1/runs/${first.run}` }),
  };
  return {
    status: parts.applications.some(changed) ? 202 : 200,
    headers,
    body: JSON.stringify(submissionView(parts, warnings, origin)),
  };
}

/** Takes a submission whole or not at all. Fault `application.invalid` with every issue found. */
export async function submitApplications(
  deps: Deps,
  principal: Principal,
  input: SubmitInput,
): Promise<Response> {
  const { claim, origin, ...request } = input;
  const result = await deps.submissions.submit({
    ...request,
    tenant: principal.tenant,
    actor: principal.actor,
    idempotency:
      claim === undefined
        ? undefined
        : { claim, respond: (parts, warnings) => answer(parts, warnings, origin) },
  });
  if (!result.ok) {
    if (claim !== undefined) await deps.stores.of(principal.tenant).idempotency.abandon(claim);
    throw invalid(result);
  }
  await announce(deps, result.value.messages);
  const { status, headers, body } = answer(result.value, result.warnings ?? [], origin);
  return new Response(body, { status, headers });
}
