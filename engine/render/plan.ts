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

/** The namespace of an Application that names none. */
export const defaultNamespace = 'default';

export interface PlanInput {
  readonly application: Application;
  readonly registry: DefinitionRegistry;
  /** Policy and Workflow objects of the Application's namespace. */
  readonly policyObjects?: readonly PolicyObject[];
  readonly workflows?: readonly WorkflowObject[];
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
  readonly application: Application;
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

/** The plan, or what cannot be found or read, in KubeVela's order: components, steps, policies. */
export function planApplication(input: PlanInput): Result<ApplicationPlan> {
  const { application, registry } = input;
  const namespace = application.metadata.namespace ?? defaultNamespace;
  const lookup = {
    namespace,
    autoUpdate: application.metadata.annotations[annotation.autoUpdate] === 'true',
  };
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
  return ok({
    application,
    namespace,
    registry,
    lookup,
    components: components.value,
    policies: policies.value,
    renderedPolicies: rendered.value,
    workflow: workflow.value,
  });
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
    if (definition.value.attributes.scope === 'Application') continue;
    const issue = propertiesIssue(policy.properties, `${path}/properties`);
    if (issue !== null) issues.push(issue);
    planned.push({
      name: policy.name,
      definition: definition.value,
      properties: asProperties(policy.properties),
      path: `${path}/properties`,
    });
  }
  const empty = checkPolicyProperties(policies, (p) => isApplicationScoped(p, registry, lookup));
  const all = [...empty, ...issues];
  return all.length > 0 ? fail(...all) : ok(planned);
}

function isApplicationScoped(
  policy: AppPolicy,
  registry: DefinitionRegistry,
  lookup: LookupOptions,
): boolean {
  const definition = registry.lookup('policy', policy.type, '', lookup);
  return definition.ok && definition.value.attributes.scope === 'Application';
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
