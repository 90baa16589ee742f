/** Renders a run's revision: the engine's rendering, turned into what a run delivers and judges. */
import type { LoadedRun } from '../db/model/run.ts';
import type { Stores } from '../db/stores.ts';
import { registryOf } from '../db/submission/registry.ts';
import { clusterVersions } from '../db/submission/submit.ts';
import type { StockDefinitions } from '../engine/definitions/registry.ts';
import { isArray, isObject, type JsonObject, type JsonValue } from '../engine/json.ts';
import type { Application, PolicyObject, WorkflowObject } from '../engine/oam/application.ts';
import { parseApplication, parsePolicy, parseWorkflow } from '../engine/oam/parse.ts';
import type { Manifest } from '../engine/oam/read.ts';
import { renderApplication } from '../engine/render/application.ts';
import { planApplication } from '../engine/render/plan.ts';
import type { TemplateCache } from '../engine/render/template-cache.ts';
import type { Span } from '../engine/result.ts';
import { fail, ok, type Result } from '../engine/result.ts';
import { assembleRendering } from '../engine/workflow/assemble.ts';
import type { Rendering } from '../engine/workflow/rendering.ts';

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
    const registry = await registryOf(options.stores.of(run.tenant), options.stock, head.namespace);
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
