/**
 * What POST and a Git delivery both do: a text becomes Applications that were checked by rendering them, stored in one
 * batch. What is wrong is an answer, and then nothing is stored.
 */
import type { Libraries } from '../../engine/cue/index.ts';
import { parseCustomResource, toCustomResource } from '../../engine/definitions/custom-resource.ts';
import { type Definition, templateOf } from '../../engine/definitions/definition.ts';
import { velaPackages } from '../../engine/definitions/packages.ts';
import type { DefinitionRegistry, StockDefinitions } from '../../engine/definitions/registry.ts';
import { type Delivered, type PlannedChanges, plannedChanges } from '../../engine/diff/changes.ts';
import type { TenantId } from '../../engine/ids.ts';
import { isObject, type JsonObject, type JsonValue } from '../../engine/json.ts';
import type { Application, PolicyObject, WorkflowObject } from '../../engine/oam/application.ts';
import { policyJson, specJson, stepJson } from '../../engine/oam/application.ts';
import { parseSubmission } from '../../engine/oam/parse.ts';
import type { Manifest } from '../../engine/oam/read.ts';
import { specHash, textHash } from '../../engine/oam/revision.ts';
import { localCluster } from '../../engine/policy/topology.ts';
import { type Rendering, renderApplication } from '../../engine/render/application.ts';
import { type ClusterVersion, parseClusterVersion } from '../../engine/render/context.ts';
import { type ApplicationPlan, defaultNamespace, planApplication } from '../../engine/render/plan.ts';
import { TemplateCache } from '../../engine/render/template-cache.ts';
import { fail, type Issue, ok, type Result } from '../../engine/result.ts';
import { newId } from '../ids.ts';
import type { IdempotencyClaim, StoredResponse } from '../model/access.ts';
import type {
  DefinitionPin,
  PutDefinition,
  StatusVisibility,
  SubmitApplication,
} from '../model/application.ts';
import type { Target } from '../model/cluster.ts';
import type { Actor } from '../model/shared.ts';
import type { Clock, Stores, TenantStore } from '../stores.ts';
import type { Submitted } from '../stores-application.ts';
import { pinOf, registryOf, storedKind } from './registry.ts';

/** Pinned by every revision: which engine checked it. */
export const ENGINE_VERSION = '1';

/** The version that templates see where no cluster has said its own. */
const assumedVersion: ClusterVersion = { major: '1', minor: '31' };

/** `mainsheet.dev/status-page: off` keeps an Application's status from the public, `public` shows it. */
const statusAnnotation = 'mainsheet.dev/status-page';

export interface TextInput {
  readonly tenant: TenantId;
  readonly text: string;
  /** For Applications that name none. */
  readonly namespace: string;
  /** The text must hold exactly this Application and nothing else. */
  readonly only?: { readonly namespace: string; readonly name: string } | undefined;
  /** Warnings about unknown parameters are issues. */
  readonly strict: boolean;
  /** The name that spans show. */
  readonly source?: string | undefined;
}

export interface SubmitRequest extends TextInput {
  readonly actor: Actor;
  readonly expectResourceVersion?: number | undefined;
  readonly idempotency?:
    | { readonly claim: IdempotencyClaim; respond(parts: Parts, warnings: readonly Issue[]): StoredResponse }
    | undefined;
}
type Parts = Pick<Submitted, 'applications' | 'definitions'>;

export interface Submissions {
  readonly stock: StockDefinitions;
  submit(request: SubmitRequest): Promise<Result<Submitted>>;
  /** What `submit` would do, per object, against what was last applied. Writes nothing. */
  plan(input: TextInput): Promise<Result<readonly PlannedChanges[]>>;
  /** Whether a definition's template compiles. */
  compileDefinition(definition: Definition): Result<null>;
}

export interface SubmissionsOptions {
  readonly stores: Stores;
  readonly stock: StockDefinitions;
  readonly clock: Clock;
  readonly libraries: Libraries;
}

interface Checked {
  readonly application: Application;
  readonly policies: readonly PolicyObject[];
  readonly workflow: WorkflowObject | null;
  readonly plan: ApplicationPlan;
  /** Null where only a cluster that is not there yet keeps it from being rendered. */
  readonly rendering: Rendering | null;
}

interface CheckedSubmission {
  readonly applications: readonly Checked[];
  readonly definitions: readonly Definition[];
}

/** Opens submissions over the stores. Compiled templates are kept for as long as the object lives. */
export function createSubmissions(options: SubmissionsOptions): Submissions {
  const { stores, stock, clock } = options;
  const cache = new TemplateCache({ libraries: options.libraries, imports: velaPackages('render') });

  function compileDefinition(definition: Definition): Result<null> {
    const template = templateOf(definition);
    if (template === null) return ok(null);
    const compiled = cache.get(template);
    return compiled.ok ? ok(null) : fail(...compiled.issues);
  }

  async function check(input: TextInput): Promise<Result<CheckedSubmission>> {
    const parsed = parseSubmission(input.text, { source: input.source ?? 'application.yaml' });
    if (!parsed.ok) return parsed;
    const store = stores.of(input.tenant);
    const { policies, workflows } = parsed.value;
    const applications = parsed.value.applications.map((one) => inNamespace(one, input.namespace));
    const read = readDefinitions(parsed.value.definitions);
    if (!read.ok) return read;
    const issues = [
      ...placeIssues(applications, read.value, input),
      ...read.value.flatMap((one) => issuesOf(compileDefinition(one))),
    ];
    if (issues.length > 0) return fail(...issues);
    const targets = applications.length === 0 ? [] : await store.clusters.targets();
    const warnings: Issue[] = [...(parsed.warnings ?? []), ...(read.warnings ?? [])];
    const checked: Checked[] = [];
    for (const [index, application] of applications.entries()) {
      const { namespace = defaultNamespace } = application.metadata;
      const here = (object: PolicyObject | WorkflowObject) =>
        (object.metadata.namespace ?? namespace) === namespace;
      const registry = await registryOf(store, stock, namespace, read.value);
      const one = checkOne(application, {
        registry,
        policies: policies.filter(here),
        workflows: workflows.filter(here),
        targets,
        cache,
      });
      const prefix = applications.length === 1 ? '' : `/${index}`;
      warnings.push(...(one.warnings ?? []).map((issue) => ({ ...issue, path: `${prefix}${issue.path}` })));
      if (one.ok) checked.push(one.value);
      else issues.push(...one.issues.map((issue) => ({ ...issue, path: `${prefix}${issue.path}` })));
    }
    if (input.strict || applications.some(asksForStrict))
      issues.push(...warnings.filter(({ code }) => code === 'unknown-parameter'));
    if (issues.length > 0) return { ...fail(...issues), warnings };
    return ok({ applications: checked, definitions: read.value }, warnings);
  }

  return {
    stock,
    compileDefinition,
    async submit(request) {
      const checked = await check(request);
      if (!checked.ok) return checked;
      const store = stores.of(request.tenant);
      const warnings = checked.warnings ?? [];
      const now = clock.now();
      const visibility = (await store.tenant.get())?.statusDefault ?? 'public';
      const { idempotency, expectResourceVersion } = request;
      const submitted = await store.applications.submit(request.actor, {
        applications: checked.value.applications.map((one) => ({
          ...stored(one, now, visibility),
          expectResourceVersion,
        })),
        definitions: checked.value.definitions.map(storedDefinition),
        ...(idempotency === undefined
          ? {}
          : {
              idempotency: {
                claim: idempotency.claim,
                respond: (applications) => idempotency.respond({ applications, definitions: [] }, warnings),
              },
            }),
      });
      return ok(submitted, warnings);
    },
    async plan(input) {
      const checked = await check(input);
      if (!checked.ok) return checked;
      const store = stores.of(input.tenant);
      const plans: PlannedChanges[] = [];
      for (const { plan, rendering } of checked.value.applications) {
        const { namespace } = plan;
        const { name } = plan.application.metadata;
        plans.push(plannedChanges({ namespace, name }, rendering, await deliveredTo(store, namespace, name)));
      }
      return ok(plans, checked.warnings);
    },
  };
}

/** What the newest bundles of an Application hold, by the tenant's name of each cluster. */
async function deliveredTo(store: TenantStore, namespace: string, name: string): Promise<Delivered> {
  const view = await store.applications.view(namespace, name);
  const delivered = new Map<string, readonly JsonObject[]>();
  if (view === undefined) return delivered;
  for (const head of await store.bundles.heads(view.application.uid)) {
    const bundle = await store.bundles.get(view.application.uid, head.cluster);
    const target = view.targets.find(({ id }) => id === head.cluster.id);
    if (bundle === undefined || target === undefined) continue;
    const pack = await store.blobs.getJson(bundle.objects);
    const objects = isObject(pack as JsonValue) ? Object.values(pack as JsonObject).filter(isObject) : [];
    delivered.set(target.local ? localCluster : target.name, objects);
  }
  return delivered;
}

const issuesOf = (result: Result<unknown>): readonly Issue[] => (result.ok ? [] : result.issues);

/** An Application may ask for strictness itself. */
const asksForStrict = ({ metadata }: Application) => metadata.annotations['mainsheet.dev/strict'] === 'true';

function inNamespace(application: Application, namespace: string): Application {
  const { metadata } = application;
  return { ...application, metadata: { ...metadata, namespace: metadata.namespace ?? namespace } };
}

function readDefinitions(manifests: readonly Manifest[]): Result<readonly Definition[]> {
  const definitions: Definition[] = [];
  const issues: Issue[] = [];
  const warnings: Issue[] = [];
  for (const manifest of manifests) {
    const read = parseCustomResource(manifest);
    warnings.push(...(read.warnings ?? []));
    if (read.ok) definitions.push(read.value);
    else issues.push(...read.issues);
  }
  return issues.length > 0 ? { ...fail(...issues), warnings } : ok(definitions, warnings);
}

/** The path names one Application, and a submission names each of its own once. */
function placeIssues(
  applications: readonly Application[],
  definitions: readonly Definition[],
  { only }: TextInput,
): readonly Issue[] {
  const nameOf = ({ metadata }: Application) => `${metadata.namespace}/${metadata.name}`;
  const names = applications.map(nameOf);
  if (only !== undefined) {
    const wanted = `${only.namespace}/${only.name}`;
    if (names.length === 1 && names[0] === wanted && definitions.length === 0) return [];
    const actual = names.length === 0 ? 'no Application' : names.join(', ');
    return [
      {
        code: 'other-application',
        path: '/metadata',
        message: `The path names ${wanted}, the text has ${actual}.`,
        expected: wanted,
        actual,
      },
    ];
  }
  if (names.length === 0 && definitions.length === 0) {
    return [
      { code: 'empty-submission', path: '', message: 'The text holds no Application and no definition.' },
    ];
  }
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice === undefined) return [];
  return [
    { code: 'duplicate-application', path: '', message: `The text holds the Application ${twice} twice.` },
  ];
}

interface Surroundings {
  readonly registry: DefinitionRegistry;
  readonly policies: readonly PolicyObject[];
  readonly workflows: readonly WorkflowObject[];
  readonly targets: readonly Target[];
  readonly cache: TemplateCache;
}

/** Plans and renders one Application as if now. A cluster that is not there (yet) shows with the run instead. */
function checkOne(
  application: Application,
  { registry, policies, workflows, targets, cache }: Surroundings,
): Result<Checked> {
  const plan = planApplication({ application, registry, policyObjects: policies, workflows });
  if (!plan.ok) return plan;
  const ref = application.spec.workflow?.ref;
  const workflow = workflows.find(({ metadata }) => metadata.name === ref) ?? null;
  const clusterVersion = clusterVersions(targets);
  const rendered = renderApplication({
    plan: plan.value,
    revision: `${application.metadata.name}-v1`,
    environment: { cache },
    clusters: targets.map(({ name, labels }) => ({ name, labels })),
    clusterVersion,
  });
  const warnings = [...(plan.warnings ?? []), ...(rendered.warnings ?? [])];
  if (rendered.ok)
    return ok({ application, policies, workflow, plan: plan.value, rendering: rendered.value }, warnings);
  const issues = rendered.issues.filter(({ code }) => !code.startsWith('cluster.'));
  if (issues.length > 0) return { ...fail(...issues), warnings };
  return ok({ application, policies, workflow, plan: plan.value, rendering: null }, [
    ...warnings,
    ...rendered.issues,
  ]);
}

/** What each cluster said of itself; the one that answers to `local` stands for no cluster. */
export function clusterVersions(targets: readonly Target[]): (cluster: string) => ClusterVersion {
  const versionOf = ({ kubernetes }: Target) => {
    const { version } = kubernetes;
    return typeof version === 'string' ? parseClusterVersion(version) : null;
  };
  return (cluster) => {
    const target = targets.find(({ name, local }) =>
      cluster === '' || cluster === 'local' ? local : name === cluster,
    );
    return (target === undefined ? null : versionOf(target)) ?? assumedVersion;
  };
}

function pinsOf(plan: ApplicationPlan): readonly DefinitionPin[] {
  const used = [
    ...plan.components.flatMap(({ definition, traits }) => [
      definition,
      ...traits.map((trait) => trait.definition),
    ]),
    ...plan.renderedPolicies.map(({ definition }) => definition),
  ];
  const pins = new Map(
    used.map((definition) => [
      `${definition.kind} ${definition.namespace} ${definition.name}`,
      pinOf(definition),
    ]),
  );
  return [...pins.values()];
}

function visibilityOf(application: Application, fallback: StatusVisibility): StatusVisibility {
  const wanted = application.metadata.annotations[statusAnnotation];
  return wanted === 'off' || wanted === 'public' ? wanted : fallback;
}

/** External objects travel with the revision: it can be rendered again as it was. */
function externalJson({ policies, workflow }: Checked): JsonObject | undefined {
  if (policies.length === 0 && workflow === null) return undefined;
  return {
    policies: policies.map((policy) => policyJson({ ...policy, name: policy.metadata.name })),
    ...(workflow === null
      ? {}
      : {
          workflow: {
            name: workflow.metadata.name,
            steps: workflow.steps.map(stepJson),
            ...(workflow.mode === undefined ? {} : { mode: { ...workflow.mode } }),
          },
        }),
  };
}

function stored(checked: Checked, now: number, fallback: StatusVisibility): SubmitApplication {
  const { application, policies, workflow, plan } = checked;
  const { name, namespace = defaultNamespace, labels, annotations } = application.metadata;
  return {
    uid: newId('application', now),
    run: newId('run', now),
    status: newId('status', now),
    namespace,
    name,
    labels,
    annotations,
    spec: specJson(application.spec),
    specHash: specHash(application, { policies, workflow }),
    pins: pinsOf(plan),
    engine: ENGINE_VERSION,
    extra: externalJson(checked),
    statusVisibility: visibilityOf(application, fallback),
  };
}

function storedDefinition(definition: Definition): PutDefinition {
  const source = JSON.stringify(toCustomResource(definition));
  return {
    kind: storedKind[definition.kind],
    namespace: definition.namespace,
    name: definition.name,
    version: definition.version,
    format: 'yaml',
    source,
    contentHash: textHash(source),
  };
}
