/**
 * Takes away what left an Application. In two steps: the wish stands in the state before anything is deleted, and
 * it stands until the hub knows that the object is gone.
 */
import type { ObjectRef } from '../engine/delivery/bundle.ts';
import { type Owner, ownerLabel, ownershipOf } from '../engine/delivery/ownership.ts';
import type { JsonObject } from '../engine/json.ts';
import { type Cluster, locate } from './apply-object.ts';
import { apiVersionOf } from './kube/discovery.ts';
import { KubeError } from './kube/errors.ts';
import { isTerminating, metadataOf, textOf, uidOf } from './kube/objects.ts';
import type { Held } from './state.ts';

export interface Pruned {
  readonly outcome: 'deleted' | 'deleting';
  readonly message?: string;
  readonly live?: JsonObject;
}

/** Asks one object to go, if it is ours and still there. Throws KubeError where the cluster says no. */
export async function pruneObject(
  cluster: Cluster,
  ref: ObjectRef,
  owner: Owner,
  namespace: string,
): Promise<Pruned> {
  const at = await locate(cluster, ref, namespace);
  // With its kind an object is gone too.
  if (at === undefined) return { outcome: 'deleted' };
  const live = await cluster.objects.read(at);
  if (live === undefined) return { outcome: 'deleted' };
  if (ownershipOf(live, owner).kind !== 'ours') {
    return { outcome: 'deleted', message: 'left in place: it is not managed by this application any more' };
  }
  if (isTerminating(live)) return { outcome: 'deleting', message: finalizersOf(live), live };
  try {
    if ((await cluster.objects.remove(at, uidOf(live))) === 'gone') return { outcome: 'deleted' };
  } catch (error) {
    // Precondition failed: somebody made it anew under this name, so the one that was ours is gone.
    if (!(error instanceof KubeError) || error.status !== 409) throw error;
  }
  const after = await cluster.objects.read(at);
  return after === undefined || uidOf(after) !== uidOf(live)
    ? { outcome: 'deleted' }
    : { outcome: 'deleting', message: finalizersOf(after), live: after };
}

function finalizersOf(live: JsonObject): string {
  const { finalizers } = metadataOf(live);
  return Array.isArray(finalizers) && finalizers.length > 0 ? `waits for ${finalizers.join(', ')}` : '';
}

/** All objects of any kind with this owner's label, as if they had been found in a state. */
export async function findOwned(cluster: Cluster, owner: Owner): Promise<Held[]> {
  await cluster.discovery.refresh();
  const kinds = cluster.discovery
    .all()
    .filter(({ verbs }) => verbs.includes('list') && verbs.includes('delete'));
  const found: Held[] = [];
  for (const kind of kinds) {
    const objects = await cluster.objects.listOwned(kind, `${ownerLabel}=${owner.label}`).catch(() => []);
    for (const object of objects) {
      const { namespace, name, ownerReferences } = metadataOf(object);
      // What a controller made from an object of ours bears its label only by copy, and goes with it.
      if (Array.isArray(ownerReferences) && ownerReferences.length > 0) continue;
      if (ownershipOf(object, owner).kind !== 'ours') continue;
      const place = typeof namespace === 'string' ? { namespace } : {};
      const ref = { apiVersion: apiVersionOf(kind), kind: kind.kind, name: textOf(name), ...place };
      found.push({ ref, uid: uidOf(object), sha256: '', sequence: 0, fields: '' });
    }
  }
  return found;
}
