/**
 * The Application and its parts (core.oam.dev/v1beta1), as plain immutable data. Field names, and which of them
 * may be absent, are KubeVela's (apis/core.oam.dev/v1beta1/application_types.go, common/types.go).
 */
import type { JsonDraft, JsonObject, JsonValue } from '../json.ts';
import { sortKeys } from '../json.ts';

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface Application {
  readonly apiVersion: 'core.oam.dev/v1beta1';
  readonly kind: 'Application';
  readonly metadata: ObjectMeta;
  readonly spec: ApplicationSpec;
}

export interface ApplicationSpec {
  readonly components: readonly Component[];
  readonly policies?: readonly AppPolicy[];
  readonly workflow?: WorkflowSpec;
}

export interface Component {
  readonly name: string;
  readonly type: string;
  readonly externalRevision?: string;
  /** Numbers are float64, as KubeVela keeps them. */
  readonly properties?: JsonValue;
  readonly dependsOn?: readonly string[];
  readonly inputs?: readonly StepInput[];
  readonly outputs?: readonly StepOutput[];
  readonly traits?: readonly TraitUse[];
  readonly scopes?: Readonly<Record<string, string>>;
  /** Set by the replication policy, never by a user. */
  readonly replicaKey?: string;
}

export interface TraitUse {
  readonly type: string;
  readonly properties?: JsonValue;
}

export interface AppPolicy {
  /** Empty until `namePolicies` has given it one. */
  readonly name: string;
  readonly type: string;
  readonly properties?: JsonValue;
}

export type WorkflowMode = 'DAG' | 'StepByStep';
export interface WorkflowExecuteMode {
  readonly steps?: WorkflowMode;
  readonly subSteps?: WorkflowMode;
}

export interface WorkflowSpec {
  readonly ref?: string;
  readonly mode?: WorkflowExecuteMode;
  readonly steps?: readonly WorkflowStep[];
}

export interface WorkflowSubStep {
  readonly name?: string;
  readonly type: string;
  readonly meta?: { readonly alias?: string };
  readonly if?: string;
  readonly timeout?: string;
  readonly dependsOn?: readonly string[];
  readonly inputs?: readonly StepInput[];
  readonly outputs?: readonly StepOutput[];
  readonly properties?: JsonValue;
}

export interface WorkflowStep extends WorkflowSubStep {
  readonly mode?: WorkflowMode;
  readonly subSteps?: readonly WorkflowSubStep[];
}

export interface StepInput {
  readonly from: string;
  readonly parameterKey?: string;
}

export interface StepOutput {
  readonly name: string;
  readonly valueFrom: string;
}

/** A Policy object beside the Application (core.oam.dev/v1alpha1), found by name in the Application's namespace. */
export interface PolicyObject {
  readonly kind: 'Policy';
  readonly metadata: ObjectMeta;
  readonly type: string;
  readonly properties?: JsonValue;
}

/** A Workflow object beside the Application (core.oam.dev/v1alpha1). */
export interface WorkflowObject {
  readonly kind: 'Workflow';
  readonly metadata: ObjectMeta;
  readonly mode?: WorkflowExecuteMode;
  readonly steps: readonly WorkflowStep[];
}

/**
 * A component as KubeVela marshals it (`context.components`, canonical specs): fields without a value are left
 * out, `replicaKey` never shows, properties have their keys in byte order.
 */
export function componentJson(component: Component): JsonObject {
  const out: JsonDraft = { name: component.name, type: component.type };
  if (component.externalRevision) out['externalRevision'] = component.externalRevision;
  if (component.properties !== undefined) out['properties'] = sortKeys(component.properties);
  if (component.dependsOn?.length) out['dependsOn'] = component.dependsOn;
  if (component.inputs?.length) out['inputs'] = component.inputs.map(inputJson);
  if (component.outputs?.length) out['outputs'] = component.outputs.map(outputJson);
  if (component.traits?.length) out['traits'] = component.traits.map(traitJson);
  if (component.scopes && Object.keys(component.scopes).length > 0) out['scopes'] = component.scopes;
  return out;
}

export function traitJson(trait: TraitUse): JsonObject {
  return trait.properties === undefined
    ? { type: trait.type }
    : { type: trait.type, properties: sortKeys(trait.properties) };
}

export function policyJson(policy: AppPolicy): JsonObject {
  const out: JsonDraft = {};
  if (policy.name !== '') out['name'] = policy.name;
  out['type'] = policy.type;
  if (policy.properties !== undefined) out['properties'] = sortKeys(policy.properties);
  return out;
}

export function stepJson(step: WorkflowStep): JsonObject {
  const out: JsonDraft = { ...subStepJson(step) };
  if (step.mode !== undefined) out['mode'] = step.mode;
  if (step.subSteps?.length) out['subSteps'] = step.subSteps.map(subStepJson);
  return out;
}

function subStepJson(step: WorkflowSubStep): JsonObject {
  const out: JsonDraft = {};
  if (step.name) out['name'] = step.name;
  out['type'] = step.type;
  if (step.meta !== undefined) out['meta'] = step.meta.alias ? { alias: step.meta.alias } : {};
  if (step.if) out['if'] = step.if;
  if (step.timeout) out['timeout'] = step.timeout;
  if (step.dependsOn?.length) out['dependsOn'] = step.dependsOn;
  if (step.inputs?.length) out['inputs'] = step.inputs.map(inputJson);
  if (step.outputs?.length) out['outputs'] = step.outputs.map(outputJson);
  if (step.properties !== undefined) out['properties'] = sortKeys(step.properties);
  return out;
}

function inputJson(input: StepInput): JsonObject {
  return input.parameterKey ? { parameterKey: input.parameterKey, from: input.from } : { from: input.from };
}

function outputJson(output: StepOutput): JsonObject {
  return { valueFrom: output.valueFrom, name: output.name };
}

export function modeJson(mode: WorkflowExecuteMode): JsonObject {
  const out: JsonDraft = {};
  if (mode.steps !== undefined) out['steps'] = mode.steps;
  if (mode.subSteps !== undefined) out['subSteps'] = mode.subSteps;
  return out;
}

/** The spec as JSON; equal for two texts that differ only in spelling, key order or unknown fields. */
export function specJson(spec: ApplicationSpec): JsonObject {
  const out: JsonDraft = { components: spec.components.map(componentJson) };
  if (spec.policies?.length) out['policies'] = spec.policies.map(policyJson);
  if (spec.workflow !== undefined) {
    const workflow: JsonDraft = {};
    if (spec.workflow.ref) workflow['ref'] = spec.workflow.ref;
    if (spec.workflow.mode !== undefined) workflow['mode'] = modeJson(spec.workflow.mode);
    if (spec.workflow.steps?.length) workflow['steps'] = spec.workflow.steps.map(stepJson);
    out['workflow'] = workflow;
  }
  return out;
}
