/**
 * An Application with everything it refers to found: definitions, policies, workflow steps (pkg/appfile/parser.go).
 * Nothing is evaluated here; what is wrong now is wrong at submission.
 */
import type { Definition } from '../definitions/definition.ts';
import { isTerraform } from '../definitions/definition.ts';
import type { DefinitionRegistry, LookupOptions } from '../definitions/registry.ts';
import { revisionName } from '../definitions/registry.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { isArray, isObject } from '../json.ts';
import type {
  Application,
  AppPolicy,
  Component,
  PolicyObject,
  TraitUse,
  WorkflowObject,
} from '../oam/application.ts';
import { annotation } from '../oam/metadata.ts';
import { describe } from '../oam/validate.ts';
import {
  checkPolicyProperties,
  internalPolicyTypes,
  joinExternalPolicies,
  namePolicies,
} from '../policy/kinds.ts';
import type { Issue, Result } from '../result.ts';
import { fail, ok, pointer } from '../result.ts';
import type { WorkflowPlan } from '../workflow/steps.ts';
import { builtinStepTypes, flatSteps, planWorkflow } from '../workflow/steps.ts';
import type { AppliedPolicy, Transformed } from './application-policies.ts';
import { transformApplication } from './application-policies.ts';
import type { ClusterVersion } from './context.ts';
import type { RenderEnvironment } from './template.ts';

/** The namespace of an Application that names none. */
export const defaultNamespace = 'default';

export interface PlanInput {
  readonly application: Application;
  readonly registry: DefinitionRegistry;
  /** Policy and Workflow objects of the Application's namespace. */
  readonly policyObjects?: readonly PolicyObject[];
  readonly workflows?: readonly WorkflowObject[];
  /** Policies of scope Application are evaluated with it. */
  readonly environment: RenderEnvironment;
  /** The version of a cluster; `''` asks for that of the control plane. */
  readonly clusterVersion: (cluster: string) => ClusterVersion;
}

export interface PlannedTrait {
  /** The type as labels show it: `scaler`, or `scaler-v2` for `scaler@v2`. */
  readonly type: string;
  readonly definition: Definition;
  readonly properties: JsonObject | undefined;
  /** JSON pointer to the trait's properties. */
  readonly path: string;
}

export interface PlannedComponent {
  readonly name: string;
  readonly type: string;
  readonly definition: Definition;
  readonly terraform: boolean;
  readonly properties: JsonObject | undefined;
  readonly path: string;
  readonly traits: readonly PlannedTrait[];
  readonly source: Component;
}

export interface PlannedPolicy {
  readonly name: string;
  readonly definition: Definition;
  readonly properties: JsonObject | undefined;
  readonly path: string;
}

export interface ApplicationPlan {
  /** As the policies of scope Application have made it. */
  readonly application: Application;
  /** What they give to templates as `context.custom`. */
  readonly custom: JsonObject | undefined;
  /** Those policies, in the order in which they were applied. */
  readonly applied: readonly AppliedPolicy[];
  readonly namespace: string;
  readonly registry: DefinitionRegistry;
  readonly lookup: LookupOptions;
  readonly components: readonly PlannedComponent[];
  /** With generated names, the external ones joined. */
  readonly policies: readonly AppPolicy[];
  /** The policies that render objects. */
  readonly renderedPolicies: readonly PlannedPolicy[];
  readonly workflow: WorkflowPlan;
}

/**
 * The plan, or what cannot be found or read, in KubeVela's order: policies of scope Application, components, steps,
 * policies.
 */
export function planApplication(input: PlanInput): Result<ApplicationPlan> {
  const { registry } = input;
  const transformed = transform(input);
  if (!transformed.ok) return transformed;
  const { application, custom, applied } = transformed.value;
  const lookup = lookupOf(application);
  const { namespace } = lookup;
  const own = namePolicies(application.spec.policies ?? []);
  const components = planComponents(application.spec.components, '/spec/components', registry, lookup);
  if (!components.ok) return components;
  const workflow = planWorkflow(application.spec, own, input.workflows ?? []);
  if (!workflow.ok) return workflow;
  const stepIssues = missingSteps(workflow.value, registry, lookup);
  if (stepIssues.length > 0) return fail(...stepIssues);
  const policies = joinExternalPolicies(own, workflow.value.steps, input.policyObjects ?? []);
  if (!policies.ok) return policies;
  const rendered = planPolicies(policies.value, registry, lookup);
  if (!rendered.ok) return rendered;
  const plan = {
    application,
    custom,
    applied,
    namespace,
    registry,
    lookup,
    components: components.value,
    policies: policies.value,
    renderedPolicies: rendered.value,
    workflow: workflow.value,
  };
  return ok(plan, transformed.warnings);
}

function transform({ application, registry, environment, clusterVersion }: PlanInput): Result<Transformed> {
  const lookup = lookupOf(application);
  return transformApplication({
    application,
    registry,
    lookup,
    environment,
    clusterVersion: clusterVersion(''),
  });
}

function lookupOf({ metadata }: Application): LookupOptions {
  return {
    namespace: metadata.namespace ?? defaultNamespace,
    autoUpdate: metadata.annotations[annotation.autoUpdate] === 'true',
  };
}

/** Finds the definitions of components and their traits. All that are missing are told together. */
export function planComponents(
  components: readonly Component[],
  path: string,
  registry: DefinitionRegistry,
  lookup: LookupOptions,
): Result<readonly PlannedComponent[]> {
  const planned: PlannedComponent[] = [];
  const issues: Issue[] = [];
  for (const [i, component] of components.entries()) {
    const result = planComponent(component, `${path}/${i}`, registry, lookup);
    if (result.ok) planned.push(result.value);
    else issues.push(...result.issues);
  }
  return issues.length > 0 ? fail(...issues) : ok(planned);
}

export function planComponent(
  component: Component,
  path: string,
  registry: DefinitionRegistry,
  lookup: LookupOptions,
): Result<PlannedComponent> {
  const issues: Issue[] = [];
  const definition = registry.lookup('component', component.type, `${path}/type`, lookup);
  if (!definition.ok) issues.push(...definition.issues);
  const propertyIssue = propertiesIssue(component.properties, `${path}/properties`);
  if (propertyIssue !== null) issues.push(propertyIssue);
  const traits: PlannedTrait[] = [];
  for (const [i, trait] of (component.traits ?? []).entries()) {
    const planned = planTrait(trait, `${path}/traits/${i}`, registry, lookup);
    if (planned.ok) traits.push(planned.value);
    else issues.push(...planned.issues);
  }
  if (!definition.ok || issues.length > 0) return fail(...issues);
  return ok({
    name: component.name,
    type: revisionName(component.type),
    definition: definition.value,
    terraform: isTerraform(definition.value),
    properties: asProperties(component.properties),
    path: `${path}/properties`,
    traits,
    source: component,
  });
}

function planTrait(
  trait: TraitUse,
  path: string,
  registry: DefinitionRegistry,
  lookup: LookupOptions,
): Result<PlannedTrait> {
  const definition = registry.lookup('trait', trait.type, `${path}/type`, lookup);
  if (!definition.ok) return definition;
  const issue = propertiesIssue(trait.properties, `${path}/properties`);
  if (issue !== null) return fail(issue);
  return ok({
    type: revisionName(trait.type),
    definition: definition.value,
    properties: asProperties(trait.properties),
    path: `${path}/properties`,
  });
}

function propertiesIssue(properties: JsonValue | undefined, path: string): Issue | null {
  if (properties === undefined || (isObject(properties) && !isArray(properties))) return null;
  const actual = describe(properties);
  return {
    code: 'parse.properties',
    path,
    message: `Properties must be a map, not ${actual}.`,
    expected: 'a map',
    actual,
  };
}

/** Checked by `propertiesIssue` before. */
function asProperties(properties: JsonValue | undefined): JsonObject | undefined {
  return isObject(properties) ? properties : undefined;
}

function missingSteps(
  workflow: WorkflowPlan,
  registry: DefinitionRegistry,
  lookup: LookupOptions,
): readonly Issue[] {
  const issues: Issue[] = [];
  for (const { step, path } of flatSteps(workflow.steps)) {
    if (builtinStepTypes.has(step.type)) continue;
    const found = registry.lookup(
      'workflowstep',
      step.type,
      pointer(['spec', 'workflow', 'steps', ...path, 'type']),
      lookup,
    );
    if (!found.ok) issues.push(...found.issues);
  }
  return issues;
}

/** Checks all policies and finds the definitions of those that render objects, and of what overrides bring in. */
function planPolicies(
  policies: readonly AppPolicy[],
  registry: DefinitionRegistry,
  lookup: LookupOptions,
): Result<readonly PlannedPolicy[]> {
  const planned: PlannedPolicy[] = [];
  const issues: Issue[] = [];
  for (const [i, policy] of policies.entries()) {
    const path = pointer(['spec', 'policies', i]);
    if (internalPolicyTypes.has(policy.type)) {
      if (policy.type === 'override') issues.push(...missingInOverride(policy, path, registry, lookup));
      continue;
    }
    const definition = registry.lookup('policy', policy.type, `${path}/type`, lookup);
    if (!definition.ok) {
      issues.push(...definition.issues);
      continue;
    }
    if (definition.value.attributes.scope !== '') continue;
    const issue = propertiesIssue(policy.properties, `${path}/properties`);
    if (issue !== null) issues.push(issue);
    planned.push({
      name: policy.name,
      definition: definition.value,
      properties: asProperties(policy.properties),
      path: `${path}/properties`,
    });
  }
  const empty = checkPolicyProperties(policies, (p) => isScoped(p, registry, lookup));
  const all = [...empty, ...issues];
  return all.length > 0 ? fail(...all) : ok(planned);
}

/** Policies with a scope are no part of the rendering. */
function isScoped(policy: AppPolicy, registry: DefinitionRegistry, lookup: LookupOptions): boolean {
  const definition = registry.lookup('policy', policy.type, '', lookup);
  return definition.ok && definition.value.attributes.scope !== '';
}

/** The types that an override names must exist (pkg/policy/override.go); its other fields are read when it is used. */
function missingInOverride(
  policy: AppPolicy,
  path: string,
  registry: DefinitionRegistry,
  lookup: LookupOptions,
): readonly Issue[] {
  const components = isObject(policy.properties) ? policy.properties['components'] : undefined;
  if (!isArray(components)) return [];
  const issues: Issue[] = [];
  const check = (kind: 'component' | 'trait', type: JsonValue | undefined, at: string): void => {
    if (typeof type !== 'string' || type === '') return;
    const found = registry.lookup(kind, type, at, lookup);
    if (!found.ok) issues.push(...found.issues);
  };
  for (const [i, component] of components.entries()) {
    if (!isObject(component)) continue;
    const here = `${path}/properties/components/${i}`;
    check('component', component['type'], `${here}/type`);
    const traits = isArray(component['traits']) ? component['traits'] : [];
    for (const [j, trait] of traits.entries())
      if (isObject(trait)) check('trait', trait['type'], `${here}/traits/${j}/type`);
  }
  return issues;
}
