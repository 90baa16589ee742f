/** Renders a run's revision: the engine's rendering, turned into what a run delivers and judges. */
import type { LoadedRun } from '../db/model/run.ts';
import type { Stores, TenantStore } from '../db/stores.ts';
import {
  type PinnedDefinitions,
  pinnedDefinitions,
  registryOf,
  versionedNames,
} from '../db/submission/registry.ts';
import { clusterVersions } from '../db/submission/submit.ts';
import type { StockDefinitions } from '../engine/definitions/registry.ts';
import { isArray, isObject, type JsonObject, type JsonValue } from '../engine/json.ts';
import type { Application, PolicyObject, WorkflowObject } from '../engine/oam/application.ts';
import { annotation } from '../engine/oam/metadata.ts';
import { parseApplication, parsePolicy, parseWorkflow } from '../engine/oam/parse.ts';
import type { Manifest } from '../engine/oam/read.ts';
import { renderApplication } from '../engine/render/application.ts';
import { planApplication } from '../engine/render/plan.ts';
import type { TemplateCache } from '../engine/render/template-cache.ts';
import type { Span } from '../engine/result.ts';
import { fail, ok, type Result } from '../engine/result.ts';
import { assembleRendering } from '../engine/workflow/assemble.ts';
import type { Rendering } from '../engine/workflow/rendering.ts';
import { readRendering } from './renderings.ts';

export interface RendererOptions {
  readonly stores: Stores;
  readonly stock: StockDefinitions;
  readonly cache: TemplateCache;
}

export function revisionRenderer(
  options: RendererOptions,
): (loaded: LoadedRun) => Promise<Result<Rendering>> {
  return async (loaded) => {
    const { application: head, revision, run, targets } = loaded;
    const application = applicationOf(loaded);
    if (!application.ok) return application;
    const external = externalsOf(revision.extra ?? null, head.namespace);
    if (!external.ok) return external;
    const definitions = await definitionsOf(options, loaded);
    if (!definitions.ok) return definitions;
    const { registry, outdated } = definitions.value;
    if (outdated) {
      const before = await renderedBefore(options.stores.of(run.tenant), loaded);
      if (before !== undefined) return ok(before);
    }
    const { policies: policyObjects, workflows } = external.value;
    const planned = planApplication({ application: application.value, registry, policyObjects, workflows });
    if (!planned.ok) return planned;
    const revisionName = `${head.name}-v${run.revision}`;
    const rendered = renderApplication({
      plan: planned.value,
      revision: revisionName,
      environment: { cache: options.cache },
      clusters: targets.map(({ name, labels }) => ({ name, labels })),
      clusterVersion: clusterVersions(targets),
    });
    if (!rendered.ok) return rendered;
    return assembleRendering({
      plan: planned.value,
      rendered: rendered.value,
      revision: revisionName,
      clusterVersion: clusterVersions(targets),
    });
  };
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

const nowhere: Span = { source: 'revision', line: 1, column: 1 };

function manifest(value: JsonObject): Manifest {
  return { value, index: 0, locate: () => nowhere };
}

/** What was checked when it was submitted, read back as it was stored. */
function applicationOf({ application, revision }: LoadedRun): Result<Application> {
  const { namespace, name } = application;
  const { labels, annotations, spec } = revision;
  const metadata = { name, namespace, labels, annotations };
  const value = { apiVersion: 'core.oam.dev/v1beta1', kind: 'Application', metadata, spec };
  return parseApplication(manifest(value), { systemKeys: 'keep', admission: 'skip' });
}

interface Externals {
  readonly policies: readonly PolicyObject[];
  readonly workflows: readonly WorkflowObject[];
}

/** The external objects that travel with a revision: `{policies: [{name, type, …}], workflow: {name, steps, …}}`. */
function externalsOf(extra: JsonValue, namespace: string): Result<Externals> {
  if (!isObject(extra)) return ok({ policies: [], workflows: [] });
  const policies: PolicyObject[] = [];
  for (const item of isArray(extra['policies']) ? extra['policies'].filter(isObject) : []) {
    const { name = '', ...rest } = item;
    const parsed = parsePolicy(
      manifest({ apiVersion, kind: 'Policy', metadata: { name, namespace }, ...rest }),
    );
    if (!parsed.ok) return parsed;
    policies.push(parsed.value);
  }
  const { workflow } = extra;
  if (!isObject(workflow)) return ok({ policies, workflows: [] });
  const { name = '', ...rest } = workflow;
  const parsed = parseWorkflow(
    manifest({ apiVersion, kind: 'Workflow', metadata: { name, namespace }, ...rest }),
  );
  return parsed.ok ? ok({ policies, workflows: [parsed.value] }) : fail(...parsed.issues);
}

const apiVersion = 'core.oam.dev/v1alpha1';
