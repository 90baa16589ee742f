import { Fault } from '../../engine/fault.ts';
import { isId, type StatusId } from '../../engine/ids.ts';
import type { PublicSummary } from '../../engine/workflow/public-status.ts';
import { publicSummarySchema } from '../../engine/workflow/public-status.ts';
import type { Deps } from '../deps.ts';

/** An unknown id, one of another form and a disabled one answer alike. */
const notFound = () => new Fault('resource.not_found', 'There is no such status.');

export interface StatusNow {
  readonly id: StatusId;
  /** Changes exactly when the summary does. */
  readonly version: number;
  readonly summary: PublicSummary;
}

/** The public status behind an id. Fault `resource.not_found`. */
export async function publicStatus(deps: Deps, id: string): Promise<StatusNow> {
  const found = isId('status', id) ? await deps.stores.directory.status(id) : undefined;
  if (found === undefined) throw notFound();
  return { id: found.id, version: found.version, summary: publicSummarySchema.parse(found.summary) };
}
