/**
 * Performs what `advance` asks for. Everything here can be done again: what is written goes into the one batch that
 * saves the run, and a blob that no row names is swept.
 */
import type { Bundle, PutBundle } from '../db/model/cluster.ts';
import type { LoadedRun, Rendering as StoredRendering } from '../db/model/run.ts';
import type { TenantStore } from '../db/stores.ts';
import { buildBundle, indexText } from '../engine/delivery/build.ts';
import { envelopeSchema, type Pack, refKey } from '../engine/delivery/bundle.ts';
import { driftOf } from '../engine/delivery/ownership.ts';
import { indexOf } from '../engine/delivery/pack.ts';
import { namespacing } from '../engine/delivery/scope.ts';
import { Fault } from '../engine/fault.ts';
import { jsonEqual } from '../engine/json.ts';
import { type InventoryFact, liveStatusOf } from '../engine/workflow/digest.ts';
import { planOf, type RenderedTarget, type Rendering } from '../engine/workflow/rendering.ts';
import { type CompletedTarget, type Effect, type RunEvent, targetKey } from '../engine/workflow/run.ts';
import type { JobDeps } from './deps.ts';
import { plain } from './plain.ts';
import { readRendering, writeRendering } from './renderings.ts';
import { signIndex } from './signing.ts';

/** One advance at work: what it has read, and what it wants saved. */
export interface Work {
  readonly store: TenantStore;
  readonly loaded: LoadedRun;
  rendering: Rendering | undefined;
  /** Every object of the Application as it was last reported; read once an advance. */
  inventory: readonly InventoryFact[] | undefined;
  readonly renderings: StoredRendering[];
  readonly bundles: PutBundle[];
  remove: boolean;
}

type EffectDeps = Pick<JobDeps, 'render' | 'complete' | 'signer' | 'hub'>;
type Complete = Extract<Effect, { kind: 'complete' }>;
type Deliver = Extract<Effect, { kind: 'deliver' }>;

/** Performs one effect; gives the events that answer it. */
export async function perform(deps: EffectDeps, work: Work, effect: Effect): Promise<readonly RunEvent[]> {
  switch (effect.kind) {
    case 'render':
      return render(deps, work);
    case 'recall':
      return recall(work);
    case 'complete':
      return complete(deps, work, effect);
    case 'deliver':
      return deliver(deps, work, effect);
    case 'forget':
      work.remove = true;
      return [];
    default:
      return effect satisfies never;
  }
}

async function render(deps: EffectDeps, work: Work): Promise<readonly RunEvent[]> {
  const rendered = await deps.render(work.loaded);
  if (!rendered.ok) return [{ kind: 'unrenderable', issues: rendered.issues }];
  work.rendering = rendered.value;
  work.renderings.push(...(await writeRendering(work.store, rendered.value)));
  return [{ kind: 'rendered', plan: planOf(rendered.value) }];
}

async function recall(work: Work): Promise<readonly RunEvent[]> {
  const { renderedBy, revision } = work.loaded.run;
  const rows = renderedBy === undefined ? [] : await work.store.runs.renderings(renderedBy);
  const rendering = await readRendering(work.store, rows);
  if (rendering === undefined) {
    const message = `What was rendered for revision ${revision} is not there any more.`;
    return [{ kind: 'unrenderable', issues: [{ code: 'rendering-gone', path: '', message }] }];
  }
  work.rendering = rendering;
  work.renderings.push(...rows);
  return [{ kind: 'rendered', plan: planOf(rendering) }];
}

async function complete(
  deps: EffectDeps,
  work: Work,
  { cluster, targets }: Complete,
): Promise<readonly RunEvent[]> {
  const rendering = await renderingInNeed(work);
  const facts = (await inventoryOf(work)).filter((row) => row.cluster === cluster);
  const changed = new Map<string, RenderedTarget>();
  const outcomes: CompletedTarget[] = [];
  for (const due of targets) {
    const key = targetKey(due);
    const target = rendering.targets.find((one) => targetKey(one) === key);
    if (target === undefined) continue;
    const completed = await deps.complete(work.loaded, target, liveStatusOf(target, facts));
    if (!completed.ok) {
      const message = completed.issues.map((issue) => issue.message).join('; ');
      outcomes.push({ ...due, outcome: 'failed', message });
      continue;
    }
    const same = jsonEqual(plain(target.traits), plain(completed.value.traits));
    if (!same) changed.set(key, completed.value);
    outcomes.push({ ...due, outcome: same ? 'unchanged' : 'rendered' });
  }
  if (changed.size > 0) {
    const after = rendering.targets.map((target) => changed.get(targetKey(target)) ?? target);
    work.rendering = { ...rendering, targets: after };
    work.renderings.push(...(await writeRendering(work.store, work.rendering)));
  }
  return [{ kind: 'completed', targets: outcomes }];
}

/** What the clusters have said of the Application's objects. */
export async function inventoryOf(work: Work): Promise<readonly InventoryFact[]> {
  if (work.inventory === undefined) {
    const rows = await work.store.inventory.details(work.loaded.application.uid);
    work.inventory = rows.map((row) => ({ ...row, cluster: row.cluster.id }));
  }
  return work.inventory;
}

/** The run's rendering; read once an advance. */
export async function renderingOf(work: Work): Promise<Rendering | undefined> {
  work.rendering ??= await readRendering(work.store, work.loaded.renderings);
  return work.rendering;
}

async function renderingInNeed(work: Work): Promise<Rendering> {
  const rendering = await renderingOf(work);
  if (rendering !== undefined) return rendering;
  throw new Fault('store.unreadable', 'A rendering cannot be read.', {
    internal: `of run ${work.loaded.run.id}`,
  });
}

async function deliver(deps: EffectDeps, work: Work, effect: Deliver): Promise<readonly RunEvent[]> {
  const { store, loaded } = work;
  const { application, revision, lease, run } = loaded;
  const target = loaded.targets.find(({ id }) => id === effect.cluster);
  if (target === undefined) {
    const message = 'A cluster that this run delivers to is not there any more.';
    return [{ kind: 'undeliverable', cluster: effect.cluster, message }];
  }
  const cluster = { owner: target.owner, id: target.id };
  const previous = await store.bundles.get(application.uid, cluster);
  const sequence = (previous?.sequence ?? 0) + 1;
  const built = buildBundle({
    head: {
      v: 1,
      keyId: deps.signer.keyId,
      hub: deps.hub,
      tenant: run.tenant,
      cluster: target.id,
      application: { uid: application.uid, namespace: application.namespace, name: application.name },
      revision: run.revision,
      sequence,
      epoch: lease.epoch,
      prune: effect.prune,
      drift: driftOf(application.annotations),
    },
    targets: await targetsOf(work, effect),
    revisionHash: revision.specHash,
    previous: previous === undefined ? null : await contentsOf(store, previous),
    isNamespaced: namespacing(target.capabilities),
  });
  if (!built.ok) return [{ kind: 'undeliverable', cluster: effect.cluster, message: built.message }];
  work.bundles.push({
    cluster,
    sequence,
    envelope: JSON.stringify(await signIndex(deps.signer, indexText(built.index))),
    objects: await store.blobs.putJson(built.pack),
    refs: built.objects.map(({ ref, sha256, component }) => ({
      ref: refKey(ref),
      apiVersion: ref.apiVersion,
      sha256,
      component,
    })),
  });
  const bundle = { sequence, prune: effect.prune, surplus: built.surplus };
  return [{ kind: 'delivered', cluster: effect.cluster, bundle, targets: effect.targets }];
}

async function targetsOf(work: Work, { targets }: Deliver) {
  if (targets.length === 0) return [];
  const rendering = await renderingInNeed(work);
  const wanted = new Set(targets.map(targetKey));
  return rendering.targets.filter((target) => wanted.has(targetKey(target)));
}

async function contentsOf(store: TenantStore, bundle: Bundle) {
  const index = indexOf(envelopeSchema.parse(JSON.parse(bundle.envelope)));
  const pack = await store.blobs.getJson(bundle.objects);
  if (index === undefined || typeof pack !== 'object' || pack === null) {
    throw new Fault('store.unreadable', 'A bundle cannot be read.', { internal: `of ${bundle.application}` });
  }
  // What an earlier `deliver` stored.
  return { objects: index.objects, pack: pack as Pack };
}
