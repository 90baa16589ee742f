/**
 * What POST and a Git delivery both do: a text becomes Applications that were checked by rendering them, stored in one
 * batch. What is wrong is an answer, and then nothing is stored.
 */
import type { Libraries } from '../../engine/cue/index.ts';
import { parseCustomResource } from '../../engine/definitions/custom-resource.ts';
import type { Definition } from '../../engine/definitions/definition.ts';
import { globalPolicyIssues } from '../../engine/definitions/global-policy.ts';
import { velaPackages } from '../../engine/definitions/packages.ts';
import type { StockDefinitions } from '../../engine/definitions/registry.ts';
import { type ServedKinds, servedKinds } from '../../engine/delivery/served.ts';
import type { PlannedChanges } from '../../engine/diff/changes.ts';
import type { TenantId } from '../../engine/ids.ts';
import type { JsonObject } from '../../engine/json.ts';
import type { Application, PolicyObject, WorkflowObject } from '../../engine/oam/application.ts';
import { policyJson, specJson, stepJson } from '../../engine/oam/application.ts';
import { annotation } from '../../engine/oam/metadata.ts';
import { parseSubmission } from '../../engine/oam/parse.ts';
import type { Manifest } from '../../engine/oam/read.ts';
import { contentHash, specHash } from '../../engine/oam/revision.ts';
import { localCluster } from '../../engine/policy/topology.ts';
import { type Rendering, renderApplication } from '../../engine/render/application.ts';
import { type ClusterVersion, parseClusterVersion } from '../../engine/render/context.ts';
import { checkDeclaredParameters } from '../../engine/render/declared-parameters.ts';
import { definitionCompiler } from '../../engine/render/definition-compiler.ts';
import { missingKinds } from '../../engine/render/missing-kinds.ts';
import { type ApplicationPlan, defaultNamespace, planApplication } from '../../engine/render/plan.ts';
import { renderingIssues } from '../../engine/render/rules.ts';
import { stepObjects } from '../../engine/render/step-objects.ts';
import { TemplateCache } from '../../engine/render/template-cache.ts';
import { fail, type Issue, ok, type Result, withSpans } from '../../engine/result.ts';
import { unenforcedPolicies, unsupportedSteps } from '../../engine/workflow/executable.ts';
import { newId } from '../ids.ts';
import { type IdempotencyClaim, isStrict, type StoredResponse } from '../model/access.ts';
import type {
  DefinitionPin,
  PutDefinition,
  StatusVisibility,
  SubmitApplication,
} from '../model/application.ts';
import type { Target } from '../model/cluster.ts';
import type { Actor } from '../model/shared.ts';
import type { Clock, Stores } from '../stores.ts';
import type { Submitted } from '../stores-application.ts';
import { changesOf, type Known, type LivePlan, livePlanOf, type Rendered, revisionToBe } from './planned.ts';
import { registryOf, type SubmissionRegistry, sourceOf, storedKind, versionedNames } from './registry.ts';

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
  /** Warnings about unknown parameters and broken rules are issues, as they are where the tenant or the Application says so. */
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
  /** What the clusters are to be asked to learn it of them. `hub`: the hub's own id. Writes nothing. */
  livePlan(input: TextInput, hub: string): Promise<Result<LivePlan>>;
  /** Whether a definition's template compiles, and a global policy is one that can be global. */
  compileDefinition(definition: Definition): Result<null>;
}

export interface SubmissionsOptions {
  readonly stores: Stores;
  readonly stock: StockDefinitions;
  readonly clock: Clock;
  readonly libraries: Libraries;
}

interface Checked extends Rendered {
  readonly pins: readonly DefinitionPin[];
  readonly policies: readonly PolicyObject[];
  readonly workflow: WorkflowObject | null;
}

interface CheckedSubmission {
  readonly applications: readonly Checked[];
  readonly definitions: readonly Definition[];
  readonly targets: readonly Target[];
  readonly statusDefault: StatusVisibility;
}

/** Opens submissions over the stores. Compiled templates are kept for as long as the object lives. */
export function createSubmissions(options: SubmissionsOptions): Submissions {
  const { stores, stock, clock } = options;
  const cache = new TemplateCache({ libraries: options.libraries, imports: velaPackages('render') });
  const stepCache = new TemplateCache({ libraries: options.libraries, imports: velaPackages('step') });

  const compiler = definitionCompiler(options.libraries);

  function compileDefinition(definition: Definition): Result<null> {
    const issues = [...compiler(definition), ...globalPolicyIssues(definition, options.libraries)];
    return issues.length === 0 ? ok(null) : fail(...issues);
  }

  /**
   * To plan it is rendered as the revision that it would be, which costs a read for each; what no run could do is a
   * warning then, and an issue where it is to be stored.
   */
  async function check(input: TextInput, purpose: 'store' | 'plan'): Promise<Result<CheckedSubmission>> {
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
    const [targets, tenant] = await Promise.all([
      applications.length === 0 ? [] : store.clusters.targets(),
      store.tenant.get(),
    ]);
    const served = servedBy(targets);
    const warnings: Issue[] = [...(parsed.warnings ?? []), ...(read.warnings ?? [])];
    const checked: Checked[] = [];
    for (const [index, application] of applications.entries()) {
      const { namespace = defaultNamespace } = application.metadata;
      const here = (object: PolicyObject | WorkflowObject) =>
        (object.metadata.namespace ?? namespace) === namespace;
      const external = { policies: policies.filter(here), workflows: workflows.filter(here) };
      const versioned = versionedNames([
        specJson(application.spec),
        ...external.policies.map((policy) => policy.properties ?? null),
        ...external.workflows.flatMap(({ steps }) => steps.map(stepJson)),
      ]);
      const registry = await registryOf({ store, stock, namespace, brought: read.value, versioned });
      const one = await checkOne(application, {
        registry,
        ...external,
        targets,
        served,
        cache,
        stepCache,
        revisionOf: (specHash) =>
          purpose === 'plan'
            ? revisionToBe(store, { namespace, name: application.metadata.name, specHash })
            : 1,
      });
      const prefix = applications.length === 1 ? '' : `/${index}`;
      const parsedOne = parsed.value.applications[index];
      const locate = parsedOne === undefined ? undefined : parsed.value.locations.get(parsedOne);
      const placed = (found: readonly Issue[]) =>
        (locate === undefined ? found : withSpans(found, locate)).map((issue) => ({
          ...issue,
          path: `${prefix}${issue.path}`,
        }));
      warnings.push(
        ...placed(one.warnings ?? []),
        ...placed(one.ok ? unenforcedPolicies(one.value.plan) : []),
      );
      const unsupported = one.ok ? unsupportedSteps(one.value.plan) : [];
      (purpose === 'store' ? issues : warnings).push(...placed(unsupported));
      if (one.ok) checked.push(one.value);
      else issues.push(...placed(one.issues));
    }
    const strict = input.strict || (tenant !== undefined && isStrict(tenant));
    if (strict || applications.some(asksForStrict)) issues.push(...warnings.filter(isStrictIssue));
    if (issues.length > 0) return { ...fail(...issues), warnings };
    const statusDefault = tenant?.statusDefault ?? 'public';
    return ok({ applications: checked, definitions: read.value, targets, statusDefault }, warnings);
  }

  const known = (tenant: TenantId, { targets }: CheckedSubmission): Known => ({
    store: stores.of(tenant),
    targets,
    clusterVersion: clusterVersions(targets),
  });

  return {
    stock,
    compileDefinition,
    async submit(request) {
      const checked = await check(request, 'store');
      if (!checked.ok) return checked;
      const store = stores.of(request.tenant);
      const warnings = checked.warnings ?? [];
      const now = clock.now();
      const { idempotency, expectResourceVersion } = request;
      const submitted = await store.applications.submit(request.actor, {
        applications: checked.value.applications.map((one) => ({
          ...stored(one, now, checked.value.statusDefault),
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
      const checked = await check(input, 'plan');
      if (!checked.ok) return checked;
      const around = known(input.tenant, checked.value);
      const plans: PlannedChanges[] = [];
      for (const one of checked.value.applications) plans.push(await changesOf(around, one));
      return ok(plans, checked.warnings);
    },
    async livePlan(input, hub) {
      const checked = await check(input, 'plan');
      if (!checked.ok) return checked;
      const newUid = () => newId('application', clock.now());
      const around = known(input.tenant, checked.value);
      const plan = await livePlanOf(around, checked.value.applications, { hub, newUid });
      return plan.ok ? ok(plan.value, checked.warnings) : plan;
    },
  };
}

const issuesOf = (result: Result<unknown>): readonly Issue[] => (result.ok ? [] : result.issues);

/** Warnings that are errors for who asks for strictness. */
const isStrictIssue = ({ code }: Issue): boolean => code === 'unknown-parameter' || code.startsWith('rule.');

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
  readonly registry: SubmissionRegistry;
  readonly policies: readonly PolicyObject[];
  readonly workflows: readonly WorkflowObject[];
  readonly targets: readonly Target[];
  /** What a cluster's agent said it serves; null where it has not reported. */
  served(cluster: string): ServedKinds | null;
  readonly cache: TemplateCache;
  readonly stepCache: TemplateCache;
  /** The number of the revision with this content. */
  revisionOf(specHash: string): Promise<number> | number;
}

/** Plans and renders one Application as if now. A cluster that is not there (yet) shows with the run instead. */
async function checkOne(
  application: Application,
  { registry, policies, workflows, targets, served, cache, stepCache, revisionOf }: Surroundings,
): Promise<Result<Checked>> {
  const around = { environment: { cache }, clusterVersion: clusterVersions(targets) };
  const plan = planApplication({ application, registry, policyObjects: policies, workflows, ...around });
  if (!plan.ok) return plan;
  const ref = application.spec.workflow?.ref;
  const workflow = workflows.find(({ metadata }) => metadata.name === ref) ?? null;
  const pins = registry.pins();
  const hash = revisionHash(specHash(application, { policies, workflow }), plan.value, pins);
  const revision = await revisionOf(hash);
  const rendered = renderApplication({
    plan: plan.value,
    revision: `${application.metadata.name}-v${revision}`,
    ...around,
    clusters: targets.map(({ name, labels }) => ({ name, labels })),
    postDispatch: 'try',
    traced: true,
  });
  const checked = { application, policies, workflow, plan: plan.value, pins, revision, specHash: hash };
  const judged = judge(plan.value, rendered, { served, cache, stepCache });
  const warnings = [...(plan.warnings ?? []), ...(rendered.warnings ?? []), ...(judged.warnings ?? [])];
  return judged.ok ? ok({ ...checked, rendering: judged.value }, warnings) : { ...judged, warnings };
}

/** The rendering, if nothing is wrong with it or with what it leaves to the run; null where only clusters keep it away. */
function judge(
  plan: ApplicationPlan,
  rendered: Result<Rendering>,
  { served, cache, stepCache }: Pick<Surroundings, 'served' | 'cache' | 'stepCache'>,
): Result<Rendering | null> {
  const parameters = checkDeclaredParameters(plan, { policy: { cache }, workflowstep: { cache: stepCache } });
  const warnings = [...(parameters.warnings ?? [])];
  if (rendered.ok) {
    const missing = missingKinds(plan, rendered.value, served, stepObjects(plan, { cache: stepCache }));
    warnings.push(...renderingIssues(plan, rendered.value));
    const wrong = [...issuesOf(parameters), ...missing];
    return wrong.length > 0 ? { ...fail(...wrong), warnings } : ok(rendered.value, warnings);
  }
  const issues = rendered.issues.filter(({ code }) => !code.startsWith('cluster.'));
  const told = new Set(issues.map(({ path }) => path));
  issues.push(...issuesOf(parameters).filter(({ path }) => !told.has(path)));
  return issues.length > 0 ? { ...fail(...issues), warnings } : ok(null, [...warnings, ...rendered.issues]);
}

/** What each cluster serves, by the tenant's name for it; worked out when it is first asked for. */
function servedBy(targets: readonly Target[]): (cluster: string) => ServedKinds | null {
  const known = new Map<string, ServedKinds | null>();
  return (cluster) => {
    const found = known.get(cluster);
    if (found !== undefined) return found;
    const target = targets.find(({ name, local }) => (cluster === localCluster ? local : name === cluster));
    const served = target === undefined ? null : servedKinds(target.capabilities);
    known.set(cluster, served);
    return served;
  };
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

/**
 * What decides whether a submission is a new revision: its content, and with autoUpdate the definitions that it means now
 * (kubevela.md §2.4).
 */
function revisionHash(
  content: string,
  { application, lookup }: ApplicationPlan,
  pins: readonly DefinitionPin[],
): string {
  if (!lookup.autoUpdate || application.metadata.annotations[annotation.publishVersion] !== undefined)
    return content;
  const definitions = pins.map(({ kind, type, contentHash: hash }) => `${kind}/${type}/${hash}`).sort();
  return contentHash({ content, definitions });
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
  const { application } = checked;
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
    specHash: checked.specHash,
    pins: checked.pins,
    engine: ENGINE_VERSION,
    extra: externalJson(checked),
    statusVisibility: visibilityOf(application, fallback),
  };
}

function storedDefinition(definition: Definition): PutDefinition {
  return {
    kind: storedKind[definition.kind],
    namespace: definition.namespace,
    name: definition.name,
    version: definition.version,
    format: 'yaml',
    ...sourceOf(definition),
  };
}
