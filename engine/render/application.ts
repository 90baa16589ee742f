/**
 * A whole Application rendered: every component where its workflow would put it. With deploy steps there is one
 * rendering a (step, placement, component), else one a component.
 */

import type { JsonObject, JsonValue } from '../json.ts';
import type { AppPolicy, Component } from '../oam/application.ts';
import type { DeployPlan } from '../policy/deploy.ts';
import { planDeploy } from '../policy/deploy.ts';
import { readDeployStep } from '../policy/specs.ts';
import type { ClusterInfo, Placement } from '../policy/topology.ts';
import type { Issue, Result } from '../result.ts';
import { fail, ok, pointer, segmentsOf } from '../result.ts';
import { flatSteps } from '../workflow/steps.ts';
import type { ComponentMaking, ComponentRendering, ComponentRequest, PostDispatchMode } from './component.ts';
import { finished, makeComponent } from './component.ts';
import type { ClusterVersion, PlacementContext } from './context.ts';
import { componentContext, sharedContext } from './context.ts';
import type { HttpNeed } from './http-request.ts';
import type { RenderedComponent } from './made.ts';
import { placeUse } from './made.ts';
import type { ContractSource } from './output.ts';
import { contractOf } from './output.ts';
import type { ApplicationPlan, PlannedComponent } from './plan.ts';
import { planComponent, planComponents } from './plan.ts';
import { artifactsOf, renderPolicy } from './policy-objects.ts';
import type { RenderEnvironment } from './template.ts';
import type { TemplateCache } from './template-cache.ts';

export interface RenderRequest {
  readonly plan: ApplicationPlan;
  /** `<app>-v<n>`. */
  readonly revision: string;
  readonly environment: RenderEnvironment;
  readonly clusters?: readonly ClusterInfo[];
  /** The version of a cluster; `''` asks for that of the control plane. */
  readonly clusterVersion: (cluster: string) => ClusterVersion;
  readonly responses?: ReadonlyMap<string, JsonObject>;
  /** Keeps the workloads as each trait found them, which `renderingIssues` looks at. */
  readonly traced?: boolean;
  /** `include` where absent. */
  readonly postDispatch?: Exclude<PostDispatchMode, 'only'>;
  /** Renders nothing but traits of stage PostDispatch, and those only where it answers something. */
  late?(component: string, placement: RenderedPlacement | null): LateRequest | null;
}

/** A workload that is healthy, for the traits that have waited for it. */
export interface LateRequest {
  /** The live object's `status`; absent where it has none. */
  readonly liveStatus?: JsonValue;
}

/** Where a rendered component goes. */
export interface RenderedPlacement extends Placement {
  readonly step: string;
  readonly policies: readonly string[];
  readonly replicaKey: string;
}

export interface RenderedEntry {
  readonly component: RenderedComponent;
  /** As the workflow's policies have changed it for this place. */
  readonly planned: PlannedComponent;
  /** Null without deploy steps. */
  readonly placement: RenderedPlacement | null;
}

export interface Rendering {
  readonly entries: readonly RenderedEntry[];
  readonly deploys: readonly DeployPlan[];
  readonly policyObjects: readonly JsonObject[];
  /** What has to be fetched before the rendering is complete. */
  readonly needs: readonly HttpNeed[];
}

/** Components of which something is missing: a response, or a live status that a trait waits for. */
export function openComponents({ entries, needs }: Rendering): ReadonlySet<string> {
  const waiting = entries.filter(({ component }) => component.pendingTraits.length > 0);
  return new Set([
    ...needs.map(({ component }) => component),
    ...waiting.map(({ component }) => component.name),
  ]);
}

/** A warning for each request that has to be answered before what asks for it can be rendered. */
export function needWarnings({ needs }: Rendering): readonly Issue[] {
  return needs.map(({ title, path, request: { method, url } }) => ({
    code: 'needs-answer',
    path,
    message: `${title} asks for ${method} ${url} first; it is not rendered here.`,
  }));
}

export function renderApplication(request: RenderRequest): Result<Rendering> {
  const renderer = new ApplicationRenderer(request);
  const deploys = planDeploys(request);
  if (!deploys.ok) return deploys;
  const rendered = deploys.value.length > 0 ? renderer.deployed(deploys.value) : renderer.plain();
  if (!rendered.ok) return rendered;
  // Policies see what was rendered of all components.
  const partial = renderer.needs.length > 0 || request.late !== undefined;
  const policyObjects = partial ? ok([]) : renderer.policyObjects(rendered.value);
  if (!policyObjects.ok) return policyObjects;
  const warnings = [...(deploys.warnings ?? []), ...renderer.warnings];
  return ok(
    {
      entries: rendered.value,
      deploys: deploys.value,
      policyObjects: policyObjects.value,
      needs: renderer.needs,
    },
    unique(warnings),
  );
}

/** All deploy steps taken apart, those in groups as well. */
export function planDeploys(request: RenderRequest): Result<readonly DeployPlan[]> {
  const { plan, clusters, environment } = request;
  const deploys: DeployPlan[] = [];
  const warnings: Issue[] = [];
  for (const { step, path } of flatSteps(plan.workflow.steps)) {
    if (step.type !== 'deploy') continue;
    const at = pointer(['spec', 'workflow', 'steps', ...path, 'properties']);
    const spec = readDeployStep(step, at);
    if (!spec.ok) return spec;
    const deploy = planDeploy({
      step: step.name ?? '',
      policyNames: spec.value.policies,
      policies: plan.policies,
      components: deployable(plan, spec.value.ignoreTerraformComponent),
      clusters: clusters ?? [],
      regexp: environment.cache.libraries.regexp,
      path: `${at}/policies`,
    });
    const own = plan.application.spec.policies ?? [];
    if (!deploy.ok) return fail(...atPolicies(deploy.issues, plan.policies, own.length));
    deploys.push(deploy.value);
    warnings.push(...atPolicies(deploy.warnings ?? [], plan.policies, own.length));
  }
  return ok(deploys, warnings);
}

/** Policies tell their issues under their names; those of the Application get the pointer into its document. */
function atPolicies(issues: readonly Issue[], policies: readonly AppPolicy[], own: number): readonly Issue[] {
  return issues.map((issue) => {
    const [root, name, ...rest] = segmentsOf(issue.path);
    const index = root === 'policies' ? policies.findLastIndex((p) => p.name === name) : -1;
    return index < 0 || index >= own
      ? issue
      : { ...issue, path: pointer(['spec', 'policies', index, ...rest]) };
  });
}

function deployable(plan: ApplicationPlan, ignoreTerraform: boolean): readonly Component[] {
  const kept = ignoreTerraform ? plan.components.filter((c) => !c.terraform) : plan.components;
  return kept.map((c) => c.source);
}

const nowhere = { cluster: '', namespace: '', replicaKey: '', componentRevision: '' } as const;

/** One component at one place, as a workflow step asks for it. */
export interface ComponentPlace {
  /** `''` for the cluster and the namespace of the Application itself. */
  readonly cluster: string;
  readonly namespace: string;
  /** What templates see as `context.revision`. */
  readonly componentRevision?: string;
}

export type ComponentOptions = Pick<ComponentRequest, 'postDispatch' | 'liveStatus' | 'responses'>;

/** Renders components of one Application; what they share is made once. */
export class ApplicationRenderer {
  readonly warnings: Issue[] = [];
  readonly needs: HttpNeed[] = [];
  readonly #request: RenderRequest;
  readonly #shared: JsonObject;
  readonly #source: ContractSource;

  constructor(request: RenderRequest) {
    const { application, namespace } = request.plan;
    const { metadata, spec } = application;
    this.#request = request;
    this.#source = { name: metadata.name, namespace, revision: request.revision, metadata };
    const { custom } = request.plan;
    this.#shared = sharedContext({
      ...this.#source,
      components: spec.components,
      ...(custom === undefined ? {} : { custom }),
    });
  }

  /** Renders a component (of the Application, or as a policy has changed it) for one place. */
  at(
    component: Component,
    place: ComponentPlace,
    options: ComponentOptions = {},
  ): Result<ComponentRendering> {
    const { registry, lookup } = this.#request.plan;
    const planned = planComponent(component, '/spec/components', registry, lookup);
    if (!planned.ok) return planned;
    const { cluster, namespace, componentRevision = '' } = place;
    const replicaKey = component.replicaKey ?? '';
    const clusterVersion = this.#request.clusterVersion(cluster);
    return this.#render(
      planned.value,
      { cluster, namespace, replicaKey, componentRevision, clusterVersion },
      options,
      null,
    );
  }

  plain(): Result<readonly RenderedEntry[]> {
    const place = { ...nowhere, clusterVersion: this.#request.clusterVersion('') };
    return this.#all(this.#request.plan.components, place, null, null);
  }

  deployed(deploys: readonly DeployPlan[]): Result<readonly RenderedEntry[]> {
    const entries: RenderedEntry[] = [];
    const { registry, lookup } = this.#request.plan;
    for (const deploy of deploys) {
      const components = planComponents(deploy.components, '/spec/components', registry, lookup);
      if (!components.ok) return components;
      const made = deploy.placements.length > 1 ? new MadeAtPlaces(this.#request.environment.cache) : null;
      for (const placement of deploy.placements) {
        const place = {
          ...nowhere,
          ...placement,
          clusterVersion: this.#request.clusterVersion(placement.cluster),
        };
        const rendered = this.#all(components.value, place, deploy, made);
        if (!rendered.ok) return rendered;
        entries.push(...rendered.value);
      }
    }
    return ok(entries);
  }

  policyObjects(entries: readonly RenderedEntry[]): Result<readonly JsonObject[]> {
    const { plan, environment, responses } = this.#request;
    if (plan.renderedPolicies.length === 0) return ok([]);
    const artifacts = artifactsOf(entries.filter((e) => e.placement === null).map((e) => e.component));
    const place = { ...nowhere, clusterVersion: this.#request.clusterVersion('') };
    const objects: JsonObject[] = [];
    for (const policy of plan.renderedPolicies) {
      const context = { ...componentContext(this.#shared, policy.name, plan.namespace, place), artifacts };
      const contract = contractOf(this.#source, policy.name, '');
      const rendered = renderPolicy({ policy, context, contract, environment, responses });
      if (!rendered.ok) return rendered;
      if (rendered.value.state === 'needs') this.needs.push(rendered.value.need);
      else objects.push(...rendered.value.objects);
    }
    return ok(objects);
  }

  #all(
    components: readonly PlannedComponent[],
    place: PlacementContext,
    deploy: DeployPlan | null,
    made: MadeAtPlaces | null,
  ): Result<readonly RenderedEntry[]> {
    const entries: RenderedEntry[] = [];
    const issues: Issue[] = [];
    for (const component of components) {
      const here = { ...place, replicaKey: component.source.replicaKey ?? '' };
      const entry = this.#one(component, here, deploy, made);
      if (!entry.ok) issues.push(...entry.issues);
      else if (entry.value !== null) entries.push(entry.value);
    }
    return issues.length > 0 ? fail(...issues) : ok(entries);
  }

  /** One component at one place; null where it needs a response first, or is not asked for. */
  #one(
    component: PlannedComponent,
    place: PlacementContext,
    deploy: DeployPlan | null,
    made: MadeAtPlaces | null,
  ): Result<RenderedEntry | null> {
    const { cluster, namespace, replicaKey } = place;
    const placement =
      deploy === null
        ? null
        : { step: deploy.step, policies: deploy.policies, cluster, namespace, replicaKey };
    const options = this.#optionsFor(component.name, placement);
    if (options === null) return ok(null);
    // A response, and a live status, are of one place.
    const shared = options.responses === undefined && options.liveStatus === undefined ? made : null;
    const rendered = this.#render(component, place, options, shared);
    if (!rendered.ok) return rendered;
    this.warnings.push(...(rendered.warnings ?? []));
    if (rendered.value.state === 'needs') {
      this.needs.push(...rendered.value.requests);
      return ok(null);
    }
    return ok({ component: rendered.value.component, planned: component, placement });
  }

  /** Null where nothing is to be rendered. */
  #optionsFor(component: string, placement: RenderedPlacement | null): ComponentOptions | null {
    const { responses, postDispatch, late } = this.#request;
    const given = responses === undefined ? {} : { responses };
    if (late === undefined) return postDispatch === undefined ? given : { ...given, postDispatch };
    const asked = late(component, placement);
    return asked === null ? null : { ...given, ...asked, postDispatch: 'only' };
  }

  #render(
    component: PlannedComponent,
    place: PlacementContext,
    options: ComponentOptions,
    made: MadeAtPlaces | null,
  ): Result<ComponentRendering> {
    const { plan, environment, traced = false } = this.#request;
    const context = componentContext(this.#shared, component.name, plan.namespace, place);
    const contract = contractOf(this.#source, component.name, place.namespace);
    const make = () => makeComponent({ component, traced, context, contract, environment, ...options });
    return finished(made === null ? make() : made.of(component, context, make), contract);
  }
}

/** What was made of the components of one deploy step, by what their templates read of the places. */
class MadeAtPlaces {
  readonly #cache: TemplateCache;
  readonly #read = new Map<PlannedComponent, readonly string[] | null>();
  readonly #made = new Map<PlannedComponent, Map<string, Result<ComponentMaking>>>();

  constructor(cache: TemplateCache) {
    this.#cache = cache;
  }

  of(
    component: PlannedComponent,
    context: JsonObject,
    make: () => Result<ComponentMaking>,
  ): Result<ComponentMaking> {
    let read = this.#read.get(component);
    if (read === undefined) {
      read = placeUse(component, this.#cache);
      this.#read.set(component, read);
    }
    if (read === null) return make();
    const made = this.#made.get(component) ?? new Map<string, Result<ComponentMaking>>();
    this.#made.set(component, made);
    const key = JSON.stringify(read.map((name) => context[name]));
    const making = made.get(key) ?? make();
    // What is needed first is asked for at each place.
    if (!making.ok || making.value.state === 'made') made.set(key, making);
    return making;
  }
}

function unique(issues: readonly Issue[]): readonly Issue[] {
  const seen = new Set<string>();
  return issues.filter((i) => {
    const key = `${i.code}\n${i.path}`;
    return !seen.has(key) && seen.add(key);
  });
}
