/** What a rendering would change of what was last delivered, object by object and field by field. */
import { refKey, refOf } from '../delivery/bundle.ts';
import { at, isObject, type JsonObject } from '../json.ts';
import { label } from '../oam/metadata.ts';
import { localCluster } from '../policy/topology.ts';
import { openComponents, type Rendering } from '../render/application.ts';
import { withoutDispatchKeys } from './dispatch-keys.ts';
import { diffObjects, type FieldChange } from './fields.ts';
import { masked } from './mask.ts';

export interface PlannedObject {
  readonly action: 'create' | 'update' | 'unchanged' | 'delete';
  /** '' for what no component holds any more. */
  readonly component: string;
  readonly cluster: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** As it would be delivered, secret values hidden; absent for what would go. */
  readonly object?: JsonObject;
  /** Of an update. */
  readonly changes?: readonly FieldChange[];
}

export interface PlannedChanges {
  readonly application: { readonly namespace: string; readonly name: string };
  /** Whether all of it could be rendered now; a cluster that is not there, a response or a live status leaves it open. */
  readonly complete: boolean;
  readonly objects: readonly PlannedObject[];
}

/** What was last delivered. */
export interface Delivered {
  /** By the name of the cluster. */
  readonly objects: ReadonlyMap<string, readonly JsonObject[]>;
  /** The one name of a cluster that answers to several. */
  nameOf(cluster: string): string;
}

function comparable(object: JsonObject, namespace: string): JsonObject {
  const kept = withoutDispatchKeys(object);
  return { ...kept, metadata: { namespace, ...(isObject(kept['metadata']) ? kept['metadata'] : {}) } };
}

interface Wanted {
  readonly cluster: string;
  readonly component: string;
  readonly object: JsonObject;
}

/** All objects of a rendering with where they go; the cluster is `local` where none is named. */
export function renderedObjects(rendering: Rendering): readonly Wanted[] {
  return rendering.entries.flatMap(({ component, placement }) => {
    const cluster = placement?.cluster || localCluster;
    const workload = component.skipWorkload ? [] : [component.workload];
    return [...workload, ...component.objects.map(({ object }) => object)].map((object) => ({
      cluster,
      component: component.name,
      object,
    }));
  });
}

/** The changes, in the rendering's order; what would go comes last. */
export function plannedChanges(
  application: { readonly namespace: string; readonly name: string },
  rendering: Rendering | null,
  delivered: Delivered,
): PlannedChanges {
  const present = new Map<string, JsonObject>();
  const keyOf = (cluster: string, object: JsonObject) => {
    const ref = refOf(comparable(object, application.namespace));
    return ref === undefined ? null : `${cluster}/${refKey(ref)}`;
  };
  for (const [cluster, objects] of delivered.objects) {
    for (const object of objects) {
      const key = keyOf(cluster, object);
      if (key !== null) present.set(key, object);
    }
  }
  const objects: PlannedObject[] = [];
  for (const { cluster, component, object } of rendering === null ? [] : renderedObjects(rendering)) {
    const key = keyOf(delivered.nameOf(cluster), object) ?? '';
    const before = present.get(key);
    present.delete(key);
    const place = placeOf(object, cluster, component, application.namespace);
    if (before === undefined) {
      objects.push({ action: 'create', ...place, object: masked(object) });
      continue;
    }
    const [was, becomes] = [before, object].map((one) => comparable(one, application.namespace));
    const changes = diffObjects(was ?? {}, becomes ?? {});
    const action = changes.length === 0 ? 'unchanged' : 'update';
    objects.push({ action, ...place, object: masked(object), ...(changes.length === 0 ? {} : { changes }) });
  }
  const open = rendering === null ? new Set<string>() : openComponents(rendering);
  for (const [key, object] of rendering === null ? [] : present) {
    // It may be what cannot be rendered now.
    if (open.has(componentOf(object))) continue;
    const cluster = key.slice(0, key.indexOf('/'));
    objects.push({ action: 'delete', ...placeOf(object, cluster, '', application.namespace) });
  }
  return { application, complete: rendering !== null && open.size === 0, objects };
}

function componentOf(object: JsonObject): string {
  const name = at(object, 'metadata', 'labels', label.appComponent);
  return typeof name === 'string' ? name : '';
}

function placeOf(object: JsonObject, cluster: string, component: string, fallback: string) {
  const { apiVersion = '', kind = '', metadata } = object;
  const { name = '', namespace = fallback } = isObject(metadata) ? metadata : {};
  return {
    component,
    cluster,
    apiVersion: String(apiVersion),
    kind: String(kind),
    namespace: String(namespace),
    name: String(name),
  };
}
