/**
 * Whose an object is, and what may be forced on it. Ownership goes by our label and annotation alone: an object
 * with KubeVela's labels and without ours exists but is not managed.
 */
import type { ApplicationUid, TenantId } from '../ids.ts';
import { isObject, type JsonObject, type JsonValue } from '../json.ts';
import { type DriftRule, driftRule, type ObjectRef } from './bundle.ts';
import { hashText } from './canonical.ts';

export const ownerLabel = 'mainsheet.dev/owner';
export const ownerAnnotation = 'mainsheet.dev/owner-of';
export const driftAnnotation = 'mainsheet.dev/drift';

const managerPrefix = 'mainsheet:';

export interface Owner {
  /** First 16 hex characters of SHA-256 over hub, tenant and application: fits a label and a selector. */
  readonly label: string;
  readonly full: string;
  /** Field manager of the Application's applies. */
  readonly manager: string;
}

export function ownerOf(hub: string, tenant: TenantId, application: ApplicationUid): Owner {
  const full = `${hub}/${tenant}/${application}`;
  return { label: hashText(full).slice(0, 16), full, manager: `${managerPrefix}${application}` };
}

/** The object with the owner's marks, as it is delivered. */
export function stampOwner(object: JsonObject, owner: Owner): JsonObject {
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  return {
    ...object,
    metadata: {
      ...metadata,
      labels: { ...strings(metadata['labels']), [ownerLabel]: owner.label },
      annotations: { ...strings(metadata['annotations']), [ownerAnnotation]: owner.full },
    },
  };
}

function strings(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}

export type Ownership =
  | { readonly kind: 'ours' }
  | { readonly kind: 'nobody' }
  /** Another Application's; `application` is its `namespace/name` as far as the object tells. */
  | { readonly kind: 'other'; readonly application: string };

/** Whose a live object is, seen from one Application. */
export function ownershipOf(live: JsonObject, owner: Owner): Ownership {
  const metadata = isObject(live['metadata']) ? live['metadata'] : {};
  const labels = strings(metadata['labels']);
  const full = strings(metadata['annotations'])[ownerAnnotation];
  const label = labels[ownerLabel];
  if (typeof label !== 'string') return { kind: 'nobody' };
  // The annotation decides where two owners share a hash.
  if (label === owner.label && (full === undefined || full === owner.full)) return { kind: 'ours' };
  const namespace = labels['app.oam.dev/namespace'] ?? metadata['namespace'] ?? '';
  return { kind: 'other', application: `${String(namespace)}/${String(labels['app.oam.dev/name'] ?? '')}` };
}

/** KubeVela's sentence for an object without owner (pkg/utils/apply, MustBeControlledByApp). */
export function notManagedMessage(ref: ObjectRef): string {
  return `${ref.kind} ${ref.namespace ?? ''}/${ref.name} exists but not managed by any application now`;
}

/** KubeVela's sentence for another Application's object; `application` is `namespace/name`. */
export function managedByOtherMessage(ref: ObjectRef, application: string): string {
  return `existing object ${ref.kind} ${ref.namespace ?? ''}/${ref.name} is managed by other application ${application}`;
}

/** The rule that an Application's annotations ask for, for its objects that somebody changes. */
export function driftOf(annotations: Readonly<Record<string, string>>): DriftRule {
  const said = driftRule.safeParse(annotations[driftAnnotation]);
  return said.success ? said.data : 'heal';
}

/** A field that server-side apply would take from another manager. */
export interface FieldConflict {
  readonly manager: string;
  /** As the API server names it, e.g. `.spec.replicas`. */
  readonly field: string;
}

export interface ForceVerdict {
  /** Held by another Application: left to it, and reported. */
  readonly yielded: readonly FieldConflict[];
  /** Held by anybody else: overwritten, and recorded as drift. */
  readonly overwritten: readonly FieldConflict[];
}

/** What to force on an object of ours. */
export function forceRule(conflicts: readonly FieldConflict[], owner: Owner): ForceVerdict {
  const others = (manager: string) => manager.startsWith(managerPrefix) && manager !== owner.manager;
  return {
    yielded: conflicts.filter(({ manager }) => others(manager)),
    overwritten: conflicts.filter(({ manager }) => !others(manager)),
  };
}
