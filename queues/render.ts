/** Renders a run's revision: the engine's rendering, turned into what a run delivers and judges. */
import type { LoadedRun } from '../db/model/run.ts';
import type { TenantStore } from '../db/stores.ts';
import {
  type PinnedDefinitions,
  pinnedDefinitions,
  registryOf,
  versionedNames,
} from '../db/submission/registry.ts';
import { clusterVersions } from '../db/submission/submit.ts';
import type { StockDefinitions } from '../engine/definitions/registry.ts';
import type { JsonValue } from '../engine/json.ts';
import { annotation } from '../engine/oam/metadata.ts';
import {
  type Rendering as Rendered,
  type RenderRequest,
  renderApplication,
} from '../engine/render/application.ts';
import { planApplication } from '../engine/render/plan.ts';
import type { TemplateCache } from '../engine/render/template-cache.ts';
import { fail, ok, type Result } from '../engine/result.ts';
import { assembleRendering, completedTarget, isTargetAt } from '../engine/workflow/assemble.ts';
import { lateOf, type RenderedTarget, type Rendering } from '../engine/workflow/rendering.ts';
import { HttpCalls, type HttpCallsOptions } from './http-calls.ts';
import { readRendering } from './renderings.ts';
import { applicationOf, externalsOf } from './revision.ts';

export interface RendererOptions extends HttpCallsOptions {
  readonly stock: StockDefinitions;
  readonly cache: TemplateCache;
}

/** What a user got wrong is a value. */
export interface RevisionRenderer {
  /** Everything but the traits of stage PostDispatch, which wait for their workloads. */
  render(loaded: LoadedRun): Promise<Result<Rendering>>;
  /** A target with its traits of stage PostDispatch, over the live status of its workload. */
  complete(
    loaded: LoadedRun,
    target: RenderedTarget,
    liveStatus: JsonValue | undefined,
  ): Promise<Result<RenderedTarget>>;
}

export function revisionRenderer(options: RendererOptions): RevisionRenderer {
  return {
    async render(loaded) {
      const prepared = await prepare(options, loaded);
      if (!prepared.ok) return prepared;
      const { request, outdated } = prepared.value;
      const before = outdated
        ? await renderedBefore(options.stores.of(loaded.run.tenant), loaded)
        : undefined;
      if (before !== undefined) return ok(before);
      const rendered = await renderAnswered(options, loaded, { ...request, postDispatch: 'defer' });
      return rendered.ok ? assembleRendering({ ...request, rendered: rendered.value }) : rendered;
    },
    async complete(loaded, target, liveStatus) {
      const prepared = await prepare(options, loaded);
      if (!prepared.ok) return prepared;
      const { request, outdated } = prepared.value;
      if (outdated && lateOf(target) === 'rendered') return ok(target);
      const rendered = await renderAnswered(options, loaded, {
        ...request,
        late: (component, placement) =>
          isTargetAt(target, component, placement, request.plan)
            ? { ...(liveStatus !== undefined && { liveStatus }) }
            : null,
      });
      if (!rendered.ok) return rendered;
      const [entry] = rendered.value.entries;
      return entry === undefined ? fail(goneIssue(target)) : ok(completedTarget(target, entry));
    },
  };
}

function goneIssue({ component, placement: { cluster, namespace } }: RenderedTarget) {
  const message = `The revision does not put component ${component} into ${cluster}/${namespace} any more.`;
  return { code: 'target-gone', path: '', message };
}

interface Prepared {
  readonly request: RenderRequest;
  readonly outdated: boolean;
}

async function prepare(options: RendererOptions, loaded: LoadedRun): Promise<Result<Prepared>> {
  const { application: head, revision, run, targets } = loaded;
  const application = applicationOf(loaded);
  if (!application.ok) return application;
  const external = externalsOf(revision.extra ?? null, head.namespace);
  if (!external.ok) return external;
  const definitions = await definitionsOf(options, loaded);
  if (!definitions.ok) return definitions;
  const { registry, outdated } = definitions.value;
  const { policies: policyObjects, workflows } = external.value;
  const around = { environment: { cache: options.cache }, clusterVersion: clusterVersions(targets) };
  const planned = planApplication({
    application: application.value,
    registry,
    policyObjects,
    workflows,
    ...around,
  });
  if (!planned.ok) return planned;
  const request: RenderRequest = {
    plan: planned.value,
    revision: `${head.name}-v${run.revision}`,
    clusters: targets.map(({ name, labels }) => ({ name, labels })),
    ...around,
  };
  return ok({ request, outdated });
}

/** Renders, and sends what the rendering asks for, until it asks for nothing more. */
async function renderAnswered(
  options: RendererOptions,
  loaded: LoadedRun,
  request: RenderRequest,
): Promise<Result<Rendered>> {
  const calls = new HttpCalls(options, loaded);
  // It ends: each round asks for something new, and the calls are counted.
  for (;;) {
    const rendered = renderApplication({ ...request, responses: calls.responses });
    if (!rendered.ok || rendered.value.needs.length === 0) return rendered;
    const issues = await calls.answer(rendered.value.needs);
    if (issues.length > 0) return fail(...issues);
  }
}

/** What the revision pinned; with autoUpdate what its types mean now. */
async function definitionsOf(
  { stores, stock }: RendererOptions,
  { application, revision, run }: LoadedRun,
): Promise<Result<PinnedDefinitions>> {
  const store = stores.of(run.tenant);
  if (revision.annotations[annotation.autoUpdate] !== 'true')
    return pinnedDefinitions(store, stock, revision.pins);
  const versioned = versionedNames([revision.spec, revision.extra ?? null]);
  const registry = await registryOf({ store, stock, namespace: application.namespace, versioned });
  return ok({ registry, outdated: false });
}

/** An upgrade of the service does not render again what was rendered once. */
async function renderedBefore(
  store: TenantStore,
  { application, run }: LoadedRun,
): Promise<Rendering | undefined> {
  const by = await store.runs.renderedBy(application.uid, run.revision);
  return by === undefined ? undefined : readRendering(store, await store.runs.renderings(by));
}
