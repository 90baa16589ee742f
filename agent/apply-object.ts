/** Brings one object to what its bundle says, under the rules of ownership and force. */
import type { DriftRule, ObjectRef } from '../engine/delivery/bundle.ts';
import {
  driftAnnotation,
  type FieldConflict,
  forceRule,
  managedByOtherMessage,
  notManagedMessage,
  type Owner,
  ownershipOf,
} from '../engine/delivery/ownership.ts';
import type { Drift, Outcome } from '../engine/delivery/protocol.ts';
import { isObject, type JsonDraft, type JsonObject, put } from '../engine/json.ts';
import { withoutFields } from './conflict.ts';
import type { Discovery } from './kube/discovery.ts';
import { fieldConflicts, KubeError } from './kube/errors.ts';
import {
  isTerminating,
  type Located,
  lastWrite,
  metadataOf,
  type Objects,
  resourceVersionOf,
  uidOf,
} from './kube/objects.ts';
import { missingKind, type Refused, refusalOf } from './refusal.ts';

export interface Desired {
  readonly ref: ObjectRef;
  readonly manifest: JsonObject;
  readonly owner: Owner;
  /** Namespace of an object that names none, where its kind has one. */
  readonly namespace: string;
  /** Whether exactly this was applied before: what differs now, somebody else has changed. */
  readonly repeated: boolean;
  readonly drift: DriftRule;
}

export type Applied =
  | {
      readonly ok: true;
      readonly outcome: Extract<Outcome, 'created' | 'configured' | 'unchanged' | 'healed'>;
      readonly live: JsonObject;
      readonly drift?: Drift;
      /** Fields that another Application's manager keeps. */
      readonly yielded: readonly FieldConflict[];
    }
  | { readonly ok: false; readonly refused: Refused; readonly live?: JsonObject };

export interface Cluster {
  readonly objects: Objects;
  readonly discovery: Discovery;
  now(): number;
}

/** Where objects are read and applied, or where that is only tried. */
export interface Writer {
  readonly objects: Pick<Objects, 'read' | 'apply'>;
}

/** Where an object is, or why there is no such place. Throws KubeError where the server cannot be asked. */
export async function locate(
  cluster: Pick<Cluster, 'discovery'>,
  ref: ObjectRef,
  namespace: string,
): Promise<Located | undefined> {
  const kind = await cluster.discovery.find(ref.apiVersion, ref.kind);
  if (kind === undefined) return undefined;
  return { kind, namespace: kind.namespaced ? (ref.namespace ?? namespace) : undefined, name: ref.name };
}

/** Applies one object. `known`: the live object as a watch holds it, if it does. Never throws. */
export async function applyObject(cluster: Cluster, desired: Desired, known?: JsonObject): Promise<Applied> {
  try {
    const at = await locate(cluster, desired.ref, desired.namespace);
    if (at === undefined) return { ok: false, refused: missingKind(desired.ref) };
    const live = known ?? (await cluster.objects.read(at));
    const applied = await applyOver(cluster, desired, { at, live });
    // The watch may be behind: an object that it still shows may be gone, and one made anew has another uid.
    const stale = known !== undefined && !applied.ok && applied.refused.reason === 'other';
    return stale ? await applyOver(cluster, desired, { at, live: await cluster.objects.read(at) }) : applied;
  } catch (error) {
    return { ok: false, refused: refusalOf(error, desired.ref) };
  }
}

export interface Place {
  readonly at: Located;
  readonly live: JsonObject | undefined;
}

async function applyOver(cluster: Cluster, desired: Desired, place: Place): Promise<Applied> {
  const tried = await writeOver(cluster, desired, place);
  return tried.ok ? verdict(cluster, desired, tried.written) : tried;
}

type Tried = { readonly ok: true; readonly written: Written } | Extract<Applied, { readonly ok: false }>;

/** Writes the object under the rules of ownership and force. Errors of the server are refusals. */
export async function writeOver(cluster: Writer, desired: Desired, { at, live }: Place): Promise<Tried> {
  const refused = live === undefined ? undefined : ownershipRefusal(desired, live);
  if (refused !== undefined && live !== undefined) return { ok: false, refused, live };
  const manifest = manifestAt(desired.manifest, at, live);
  const write = (force: boolean, body: JsonObject) =>
    cluster.objects.apply(at, body, { manager: desired.owner.manager, force });
  try {
    const written = await write(false, manifest);
    return { ok: true, written: { before: live, live: written, overwritten: [], yielded: [] } };
  } catch (error) {
    const conflicts = error instanceof KubeError && error.status === 409 ? fieldConflicts(error) : [];
    if (conflicts.length === 0) return { ok: false, refused: refusalOf(error, desired.ref) };
    // On an object that is only just being made there is nothing of ours that could be forced.
    if (live === undefined) return retryAsExisting(cluster, desired, at);
    const { overwritten, yielded } = forceRule(conflicts, desired.owner);
    const rest =
      yielded.length === 0
        ? manifest
        : withoutFields(
            manifest,
            yielded.map(({ field }) => field),
          );
    if (rest === undefined) return { ok: false, refused: heldByOther(yielded), live };
    try {
      return { ok: true, written: { before: live, live: await write(true, rest), overwritten, yielded } };
    } catch (second) {
      return { ok: false, refused: refusalOf(second, desired.ref) };
    }
  }
}

/** Somebody made the object between our look and our apply. */
async function retryAsExisting(
  cluster: Writer,
  desired: Desired,
  at: Located,
): Promise<Extract<Applied, { readonly ok: false }>> {
  const live = await cluster.objects.read(at);
  const refused = live === undefined ? undefined : ownershipRefusal(desired, live);
  return refused === undefined
    ? {
        ok: false,
        refused: { reason: 'other', message: 'somebody else made this object meanwhile', transient: true },
      }
    : { ok: false, refused, ...(live && { live }) };
}

function ownershipRefusal({ ref, owner }: Desired, live: JsonObject): Refused | undefined {
  const whose = ownershipOf(live, owner);
  if (whose.kind === 'nobody')
    return { reason: 'not-managed', message: notManagedMessage(ref), transient: true };
  if (whose.kind === 'other') {
    const message = managedByOtherMessage(ref, whose.application);
    return { reason: 'managed-by-other', message, transient: true };
  }
  if (!isTerminating(live)) return undefined;
  return {
    reason: 'terminating',
    message: 'the object is being deleted; it is made anew when it is gone',
    transient: true,
  };
}

function heldByOther(yielded: readonly FieldConflict[]): Refused {
  const fields = yielded.map(({ field, manager }) => `${field} (${manager})`).join(', ');
  return { reason: 'field-conflict', message: `another application holds ${fields}`, transient: true };
}

/** The manifest for its place: with a namespace where the kind has one, and only over the object that was seen. */
function manifestAt(manifest: JsonObject, at: Located, live: JsonObject | undefined): JsonObject {
  const { namespace: _, ...metadata } = metadataOf(manifest);
  const place = at.namespace === undefined ? {} : { namespace: at.namespace };
  const uid = live === undefined ? {} : { uid: uidOf(live) };
  return { ...withOwnedData(manifest), metadata: { ...metadata, ...place, ...uid } };
}

/**
 * A Secret with `data` in place of `stringData`, which the server turns into `data` itself, but then nobody owns those
 * fields: what somebody changes there would go unnoticed.
 */
function withOwnedData(manifest: JsonObject): JsonObject {
  const { stringData, ...rest } = manifest;
  if (manifest['kind'] !== 'Secret' || manifest['apiVersion'] !== 'v1' || !isObject(stringData))
    return manifest;
  const data: JsonDraft = isObject(rest['data']) ? { ...rest['data'] } : {};
  for (const [key, value] of Object.entries(stringData)) {
    // The server has the words for what is no text.
    if (typeof value !== 'string') return manifest;
    put(data, key, Buffer.from(value).toString('base64'));
  }
  return { ...rest, data };
}

export interface Written {
  readonly before: JsonObject | undefined;
  readonly live: JsonObject;
  readonly overwritten: readonly FieldConflict[];
  readonly yielded: readonly FieldConflict[];
}

function verdict(cluster: Cluster, desired: Desired, written: Written): Applied {
  const { before, live, overwritten, yielded } = written;
  const changed = hasChanged(desired, before, live);
  const outcome = !changed
    ? 'unchanged'
    : desired.repeated
      ? 'healed'
      : before === undefined
        ? 'created'
        : 'configured';
  const foreign = desired.repeated || overwritten.length > 0;
  if (!changed || !foreign) return { ok: true, outcome, live, yielded };
  const drift: Drift = {
    manager: [...new Set(overwritten.map(({ manager }) => manager))].join(', ').slice(0, 256),
    fields: overwritten.map(({ field }) => field.slice(0, 512)).slice(0, 50),
    deleted: before === undefined,
    at: cluster.now(),
  };
  return { ok: true, outcome, live, drift, yielded };
}

/**
 * Whether an apply changed anything. Resource versions also move with every status that a controller writes in
 * between, so for an apply that should change nothing only what is noted of our own fields counts.
 */
function hasChanged({ repeated, owner }: Desired, before: JsonObject | undefined, live: JsonObject): boolean {
  if (before === undefined || uidOf(before) !== uidOf(live)) return true;
  if (!repeated) return resourceVersionOf(before) !== resourceVersionOf(live);
  if (metadataOf(before)['generation'] !== metadataOf(live)['generation']) return true;
  return lastWrite(before, owner.manager) !== lastWrite(live, owner.manager);
}

/** The rule of an object: its own annotation, else the Application's. */
export function driftRuleOf(manifest: JsonObject, otherwise: DriftRule): DriftRule {
  const { annotations } = metadataOf(manifest);
  const said = isObject(annotations) ? annotations[driftAnnotation] : undefined;
  return said === 'heal' || said === 'report' ? said : otherwise;
}
