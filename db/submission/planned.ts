/** What a submission would do: against what was last delivered, and as what each cluster is to be asked. Writes nothing. */
import { buildBundle } from '../../engine/delivery/build.ts';
import { envelopeSchema, MAX_BUNDLE_BYTES, type ObjectRef, refKey } from '../../engine/delivery/bundle.ts';
import { driftOf } from '../../engine/delivery/ownership.ts';
import { indexOf } from '../../engine/delivery/pack.ts';
import { MAX_PLANNED_APPLICATIONS, type Wanted } from '../../engine/delivery/protocol.ts';
import { namespacing } from '../../engine/delivery/scope.ts';
import { type PlannedChanges, plannedChanges } from '../../engine/diff/changes.ts';
import type { ApplicationUid, ClusterId } from '../../engine/ids.ts';
import { isObject, type JsonObject, type JsonValue, utf8Length } from '../../engine/json.ts';
import type { Application } from '../../engine/oam/application.ts';
import { localCluster } from '../../engine/policy/topology.ts';
import { openComponents, type Rendering } from '../../engine/render/application.ts';
import type { ClusterVersion } from '../../engine/render/context.ts';
import type { ApplicationPlan } from '../../engine/render/plan.ts';
import { fail, ok, type Result } from '../../engine/result.ts';
import { renderedTargets } from '../../engine/workflow/assemble.ts';
import type { RenderedTarget } from '../../engine/workflow/rendering.ts';
import type { BundleHead, Target } from '../model/cluster.ts';
import type { TenantStore } from '../stores.ts';

/** One Application of a submission, checked and rendered as the revision that it would be. */
export interface Rendered {
  readonly application: Application;
  readonly plan: ApplicationPlan;
  /** Null where only a cluster that is not there yet keeps it from being rendered. */
  readonly rendering: Rendering | null;
  /** Number and hash of that revision. */
  readonly revision: number;
  readonly specHash: string;
}

/** What the store knows around it. */
export interface Known {
  readonly store: TenantStore;
  readonly targets: readonly Target[];
  clusterVersion(cluster: string): ClusterVersion;
}

/** The number that a submission with this content would get. */
export async function revisionToBe(
  store: TenantStore,
  {
    namespace,
    name,
    specHash,
  }: { readonly namespace: string; readonly name: string; readonly specHash: string },
): Promise<number> {
  const present = await store.applications.get(namespace, name);
  if (present === undefined) return 1;
  return present.specHash === specHash ? present.revision : present.latestRevision + 1;
}

function targetNamed(targets: readonly Target[], name: string): Target | undefined {
  return (
    targets.find((one) => one.name === name) ?? targets.find(({ local }) => local && name === localCluster)
  );
}

/** The tenant's one name of a cluster: `local` for that which answers to it. */
const nameOf = ({ local, name }: Target): string => (local ? localCluster : name);

/** Object by object against what was last delivered. */
export async function changesOf({ store, targets }: Known, one: Rendered): Promise<PlannedChanges> {
  const { namespace, name } = placeOf(one);
  const objects = new Map<string, readonly JsonObject[]>();
  for (const { application, cluster } of await headsOf(store, one)) {
    const bundle = await store.bundles.get(application, cluster);
    const target = targets.find(({ id }) => id === cluster.id);
    if (bundle === undefined || target === undefined) continue;
    // What a delivery has stored.
    const pack = (await store.blobs.getJson(bundle.objects)) as JsonValue;
    objects.set(nameOf(target), isObject(pack) ? Object.values(pack).filter(isObject) : []);
  }
  const canonical = (cluster: string) => {
    const target = targetNamed(targets, cluster);
    return target === undefined ? cluster : nameOf(target);
  };
  return plannedChanges({ namespace, name }, one.rendering, { objects, nameOf: canonical });
}

function placeOf({ plan }: Rendered): { readonly namespace: string; readonly name: string } {
  return { namespace: plan.namespace, name: plan.application.metadata.name };
}

async function headsOf(store: TenantStore, one: Rendered): Promise<readonly BundleHead[]> {
  const { namespace, name } = placeOf(one);
  const present = await store.applications.get(namespace, name);
  return present === undefined ? [] : store.bundles.heads(present.uid);
}

/** What one cluster is to be asked for one Application. */
export interface AskedApplication {
  readonly wanted: Wanted;
  /** Of each object. */
  readonly components: readonly string[];
}

export type AskedCluster =
  | {
      readonly kind: 'own';
      readonly name: string;
      readonly id: ClusterId;
      readonly applications: AskedApplication[];
    }
  /** Of another tenant, whose agent answers for its owner only. */
  | { readonly kind: 'granted'; readonly name: string }
  | { readonly kind: 'missing'; readonly name: string };

export interface LivePlan {
  readonly applications: readonly {
    readonly application: { readonly namespace: string; readonly name: string };
    readonly complete: boolean;
  }[];
  readonly clusters: readonly AskedCluster[];
}

export interface LiveInput {
  readonly hub: string;
  /** For an Application that is not there yet. */
  newUid(): ApplicationUid;
}

/** What the clusters of these Applications are to be asked. Issues: `plan-too-large`. */
export async function livePlanOf(
  known: Known,
  rendered: readonly Rendered[],
  input: LiveInput,
): Promise<Result<LivePlan>> {
  if (rendered.length > MAX_PLANNED_APPLICATIONS)
    return tooLarge(`at most ${MAX_PLANNED_APPLICATIONS} Applications`);
  const clusters = new Map<string, AskedCluster>();
  for (const one of rendered) {
    const asked = await askedOf(known, one, input);
    if (!asked.ok) return asked;
    for (const cluster of asked.value) {
      const before = clusters.get(cluster.name);
      if (before?.kind === 'own' && cluster.kind === 'own') before.applications.push(...cluster.applications);
      else clusters.set(cluster.name, cluster);
    }
  }
  for (const cluster of clusters.values()) {
    if (cluster.kind === 'own' && sizeOf(cluster.applications) > MAX_BUNDLE_BYTES)
      return tooLarge(`at most ${MAX_BUNDLE_BYTES} bytes of objects for one cluster`);
  }
  const applications = rendered.map((one) => ({
    application: placeOf(one),
    complete: one.rendering !== null && openComponents(one.rendering).size === 0,
  }));
  return ok({ applications, clusters: [...clusters.values()] });
}

const sizeOf = (applications: readonly AskedApplication[]) =>
  applications.reduce((bytes, { wanted }) => bytes + utf8Length(JSON.stringify(wanted.objects)), 0);

const tooLarge = (what: string) =>
  fail({ code: 'plan-too-large', path: '', message: `A live plan takes ${what}.` });

/** By cluster: what would be delivered, then what was delivered and would not be any more. */
async function askedOf(
  known: Known,
  one: Rendered,
  input: LiveInput,
): Promise<Result<readonly AskedCluster[]>> {
  if (one.rendering === null) return ok([]);
  const { store, targets } = known;
  const place = placeOf(one);
  const present = await store.applications.get(place.namespace, place.name);
  const application = { uid: present?.uid ?? input.newUid(), ...place };
  const drift = driftOf(one.application.metadata.annotations);
  const groups = groupedTargets(known, one, one.rendering);
  const heads = present === undefined ? [] : await store.bundles.heads(present.uid);
  for (const { cluster } of heads) {
    const target = targets.find(({ id }) => id === cluster.id);
    if (target !== undefined && !groups.has(nameOf(target))) groups.set(nameOf(target), []);
  }
  const asked: AskedCluster[] = [];
  for (const [name, group] of groups) {
    const target = targetNamed(targets, name);
    if (target === undefined) asked.push({ kind: 'missing', name });
    else if (target.owner !== store.id) asked.push({ kind: 'granted', name });
    else {
      const built = builtFor(target, { one, application, hub: input.hub, group, tenant: store.id });
      if (!built.ok) return fail({ code: 'plan-too-large', path: '', message: `${built.message}.` });
      const head = heads.find(({ cluster }) => cluster.id === target.id);
      const delivered = head === undefined ? [] : await deliveredRefs(store, head);
      const keys = new Set(built.objects.map(({ ref }) => refKey(ref)));
      const leaving = delivered.filter((ref) => !keys.has(refKey(ref)));
      const objects = built.objects.map(({ sha256 }) => built.pack[sha256] ?? {});
      const components = built.objects.map(({ component }) => component);
      const wanted: Wanted = { application, drift, objects, leaving };
      asked.push({ kind: 'own', name, id: target.id, applications: [{ wanted, components }] });
    }
  }
  return ok(asked);
}

/** What is rendered, by the one name of each cluster. */
function groupedTargets(
  { targets, clusterVersion }: Known,
  { plan, revision }: Rendered,
  rendering: Rendering,
): Map<string, RenderedTarget[]> {
  const groups = new Map<string, RenderedTarget[]>();
  const name = `${plan.application.metadata.name}-v${revision}`;
  for (const one of renderedTargets({ plan, rendered: rendering, revision: name, clusterVersion })) {
    const target = targetNamed(targets, one.placement.cluster);
    const cluster = target === undefined ? one.placement.cluster : nameOf(target);
    groups.set(cluster, [...(groups.get(cluster) ?? []), one]);
  }
  return groups;
}

interface Group {
  readonly one: Rendered;
  readonly application: Wanted['application'];
  readonly tenant: TenantStore['id'];
  readonly hub: string;
  readonly group: readonly RenderedTarget[];
}

/** The objects exactly as the bundle of the finished run would hold them. */
function builtFor({ id, capabilities }: Target, { one, application, tenant, hub, group }: Group) {
  const { revision, specHash } = one;
  const drift = driftOf(one.application.metadata.annotations);
  const numbers = { v: 1, revision, sequence: 1, epoch: 0 } as const;
  return buildBundle({
    head: { ...numbers, keyId: '-', hub, tenant, cluster: id, application, prune: true, drift },
    targets: group,
    revisionHash: specHash,
    previous: null,
    isNamespaced: namespacing(capabilities),
  });
}

async function deliveredRefs(store: TenantStore, head: BundleHead): Promise<readonly ObjectRef[]> {
  const bundle = await store.bundles.get(head.application, head.cluster);
  const index = bundle === undefined ? undefined : indexOf(envelopeSchema.parse(JSON.parse(bundle.envelope)));
  return index?.objects.map(({ ref }) => ref) ?? [];
}
