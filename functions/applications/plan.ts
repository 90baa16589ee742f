import type { Deps } from '../deps.ts';
import { detailOf, invalid } from '../issues.ts';
import type { Principal } from '../middleware/request-context.ts';

export interface PlanInput {
  readonly text: string;
  readonly namespace: string;
  readonly only?: { readonly namespace: string; readonly name: string } | undefined;
  readonly strict: boolean;
}

/** What the submission would do, against what was last applied. Writes nothing. */
export async function planApplications(
  deps: Deps,
  principal: Principal,
  input: PlanInput,
): Promise<Response> {
  const plan = await deps.submissions.plan({ ...input, tenant: principal.tenant });
  if (!plan.ok) throw invalid(plan);
  return Response.json({
    dryRun: 'server',
    applications: plan.value,
    warnings: (plan.warnings ?? []).map(detailOf),
  });
}
