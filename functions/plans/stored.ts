/**
 * A live plan as it waits in the store: small rows that name blobs, since what is rendered may be larger than a row.
 * What is read here was written here; a newer form gets another `v`.
 */
import type { Plan, PlanPart } from '../../db/model/access.ts';
import type { BlobAddress, Json } from '../../db/model/shared.ts';
import type { TenantStore } from '../../db/stores.ts';
import type { AskedApplication, LivePlan } from '../../db/submission/planned.ts';
import type { PlanAnswer } from '../../engine/delivery/protocol.ts';
import { Fault, type FaultDetail } from '../../engine/fault.ts';

/** Of the plan itself. */
export interface StoredPlan {
  readonly v: 1;
  readonly applications: LivePlan['applications'];
  /** Clusters that cannot be asked, and why. */
  readonly unasked: readonly { readonly name: string; readonly message: string }[];
  readonly warnings: readonly FaultDetail[];
}

/** Of what one cluster is asked. */
export interface StoredPart {
  readonly v: 1;
  readonly name: string;
  readonly applications: readonly AskedApplication[];
}

type Blobs = Pick<TenantStore, 'blobs'>;

/** What a row holds of a value. */
export async function keep(store: Blobs, value: StoredPlan | StoredPart | PlanAnswer): Promise<Json> {
  return { blob: await store.blobs.putJson(value) };
}

export const readPlan = (store: Blobs, { request }: Pick<Plan, 'request'>) =>
  read<StoredPlan>(store, request);
export const readPart = (store: Blobs, { request }: Pick<PlanPart, 'request'>) =>
  read<StoredPart>(store, request);
export const readAnswer = async (store: Blobs, { result }: PlanPart) =>
  result === undefined ? undefined : read<PlanAnswer>(store, result);

async function read<T>(store: Blobs, row: Json): Promise<T> {
  const blob = typeof row === 'object' && row !== null && 'blob' in row ? row['blob'] : undefined;
  // `keep` is the only one that makes these, of the same type.
  const value = typeof blob === 'string' ? await store.blobs.getJson(blob as BlobAddress) : undefined;
  if (value === undefined) throw new Fault('store.unreadable', 'A plan cannot be read.');
  return value as T;
}
