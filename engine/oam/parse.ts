/**
 * Manifests to the objects of the model. A text may hold Applications, Policies, Workflows and definitions; other
 * kinds are refused by name.
 */
import type { JsonValue } from '../json.ts';
import type { Issue, Result } from '../result.ts';
import { fail, ok } from '../result.ts';
import { admissionIssues } from './admission.ts';
import type {
  Application,
  AppPolicy,
  Component,
  ObjectMeta,
  PolicyObject,
  StepInput,
  StepOutput,
  WorkflowExecuteMode,
  WorkflowObject,
  WorkflowSpec,
  WorkflowStep,
  WorkflowSubStep,
} from './application.ts';
import { withoutSystemKeys } from './metadata.ts';
import type { Manifest, ReadOptions } from './read.ts';
import { readManifests } from './read.ts';
import type {
  RawApplication,
  RawComponent,
  RawInput,
  RawMetadata,
  RawOutput,
  RawPolicy,
  RawStep,
  RawSubStep,
  RawWorkflow,
} from './schema.ts';
import { applicationSchema, policySchema, workflowSchema } from './schema.ts';
import type { Locate } from './validate.ts';
import { validate } from './validate.ts';

export const definitionKinds = [
  'ComponentDefinition',
  'TraitDefinition',
  'PolicyDefinition',
  'WorkflowStepDefinition',
  'WorkloadDefinition',
] as const;

export interface Submission {
  readonly applications: readonly Application[];
  readonly policies: readonly PolicyObject[];
  readonly workflows: readonly WorkflowObject[];
  /** Definitions as they were written; engine/definitions reads them. */
  readonly definitions: readonly Manifest[];
  /** Where each object stands in the text. */
  readonly locations: ReadonlyMap<Application | PolicyObject | WorkflowObject, Locate>;
}

/** How labels and annotations that only the system may set are treated. */
export interface ParseOptions extends ReadOptions {
  /** `remove` (default): taken out with a warning. `keep`: for a text that the system itself wrote. */
  readonly systemKeys?: 'remove' | 'keep';
  /** `check` (default): what KubeVela's admission refuses is refused. `skip`: only what cannot be read is. */
  readonly admission?: 'check' | 'skip';
}

/** Reads and checks a text. All issues of all its objects are answered together. */
export function parseSubmission(content: string, options: ParseOptions = {}): Result<Submission> {
  const read = readManifests(content, options);
  if (!read.ok) return read;
  const issues: Issue[] = [];
  const warnings: Issue[] = [...(read.warnings ?? [])];
  const applications: Application[] = [];
  const policies: PolicyObject[] = [];
  const workflows: WorkflowObject[] = [];
  const definitions: Manifest[] = [];
  const locations = new Map<Application | PolicyObject | WorkflowObject, Locate>();
  const take = <T extends Application | PolicyObject | WorkflowObject>(
    result: Result<T>,
    into: T[],
    manifest: Manifest,
  ): void => {
    warnings.push(...(result.warnings ?? []));
    if (!result.ok) {
      issues.push(...result.issues);
      return;
    }
    into.push(result.value);
    locations.set(result.value, manifest.locate);
  };
  for (const manifest of read.value) {
    const kind = manifest.value['kind'];
    if (kind === 'Application') take(parseApplication(manifest, options), applications, manifest);
    else if (kind === 'Policy') take(parsePolicy(manifest), policies, manifest);
    else if (kind === 'Workflow') take(parseWorkflow(manifest), workflows, manifest);
    else if (isDefinitionKind(kind)) definitions.push(manifest);
    else issues.push(refusedKind(manifest));
  }
  if (issues.length > 0) return { ...fail(...issues), warnings };
  return ok({ applications, policies, workflows, definitions, locations }, warnings);
}

function isDefinitionKind(kind: JsonValue | undefined): boolean {
  return typeof kind === 'string' && (definitionKinds as readonly string[]).includes(kind);
}

function refusedKind(manifest: Manifest): Issue {
  const kind = manifest.value['kind'];
  const span = manifest.locate(['kind']);
  if (typeof kind !== 'string') {
    return { code: 'required', path: '/kind', message: '"kind" is required.', expected: 'a string', span };
  }
  return {
    code: 'kind-not-accepted',
    path: '/kind',
    message: `Objects of kind ${kind} are not accepted here; put them into a component of type k8s-objects.`,
    expected: `Application, Policy, Workflow or a definition`,
    actual: kind,
    span,
  };
}

/** One Application of a manifest, normalised. `namespace` stays absent where none is given. */
export function parseApplication(manifest: Manifest, options: ParseOptions = {}): Result<Application> {
  const checked = validate(applicationSchema, manifest.value, manifest.locate);
  if (!checked.ok) return checked;
  const raw = checked.value;
  const parsed = toMeta(raw.metadata);
  const cleaned =
    options.systemKeys === 'keep'
      ? { metadata: parsed, warnings: [] as readonly Issue[] }
      : withoutSystemKeys(parsed);
  const application: Application = {
    apiVersion: 'core.oam.dev/v1beta1',
    kind: 'Application',
    metadata: cleaned.metadata,
    spec: toSpec(raw.spec),
  };
  const warnings = [...(checked.warnings ?? []), ...cleaned.warnings];
  const refused = options.admission === 'skip' ? [] : admissionIssues(application, manifest.locate);
  return refused.length > 0 ? { ...fail(...refused), warnings } : ok(application, warnings);
}

export function parsePolicy(manifest: Manifest): Result<PolicyObject> {
  const checked = validate(policySchema, manifest.value, manifest.locate);
  if (!checked.ok) return checked;
  const { type, metadata, properties } = checked.value;
  return ok(
    { kind: 'Policy', metadata: toMeta(metadata), type, ...propertiesOf(properties) },
    checked.warnings,
  );
}

export function parseWorkflow(manifest: Manifest): Result<WorkflowObject> {
  const checked = validate(workflowSchema, manifest.value, manifest.locate);
  if (!checked.ok) return checked;
  const { metadata, mode, steps } = checked.value;
  return ok(
    {
      kind: 'Workflow',
      metadata: toMeta(metadata),
      steps: (steps ?? []).map(toStep),
      ...(mode ? { mode: toMode(mode) } : {}),
    },
    checked.warnings,
  );
}

function toMeta(raw: RawMetadata): ObjectMeta {
  return {
    name: raw.name,
    labels: raw.labels ?? {},
    annotations: raw.annotations ?? {},
    ...(raw.namespace ? { namespace: raw.namespace } : {}),
  };
}

function toSpec(raw: RawApplication['spec']): Application['spec'] {
  return {
    components: (raw.components ?? []).map(toComponent),
    ...(raw.policies ? { policies: raw.policies.map(toPolicy) } : {}),
    ...(raw.workflow ? { workflow: toWorkflow(raw.workflow) } : {}),
  };
}

function toComponent(raw: RawComponent): Component {
  return {
    name: raw.name ?? '',
    type: raw.type ?? '',
    ...(raw.externalRevision ? { externalRevision: raw.externalRevision } : {}),
    ...propertiesOf(raw.properties),
    ...flowOf(raw),
    ...(raw.traits?.length
      ? { traits: raw.traits.map((t) => ({ type: t.type ?? '', ...propertiesOf(t.properties) })) }
      : {}),
    ...(raw.scopes ? { scopes: raw.scopes } : {}),
  };
}

function toPolicy(raw: RawPolicy): AppPolicy {
  return { name: raw.name ?? '', type: raw.type ?? '', ...propertiesOf(raw.properties) };
}

function toWorkflow(raw: RawWorkflow): WorkflowSpec {
  return {
    ...(raw.ref ? { ref: raw.ref } : {}),
    ...(raw.mode ? { mode: toMode(raw.mode) } : {}),
    ...(raw.steps ? { steps: raw.steps.map(toStep) } : {}),
  };
}

function toStep(raw: RawStep): WorkflowStep {
  return {
    ...toSubStep(raw),
    ...(raw.mode ? { mode: raw.mode } : {}),
    ...(raw.subSteps?.length ? { subSteps: raw.subSteps.map(toSubStep) } : {}),
  };
}

function toSubStep(raw: RawSubStep): WorkflowSubStep {
  return {
    type: raw.type ?? '',
    ...(raw.name ? { name: raw.name } : {}),
    ...(raw.meta ? { meta: raw.meta.alias ? { alias: raw.meta.alias } : {} } : {}),
    ...(raw.if ? { if: raw.if } : {}),
    ...(raw.timeout ? { timeout: raw.timeout } : {}),
    ...flowOf(raw),
    ...propertiesOf(raw.properties),
  };
}

function toMode(raw: {
  steps?: WorkflowExecuteMode['steps'] | null | undefined;
  subSteps?: WorkflowExecuteMode['subSteps'] | null | undefined;
}): WorkflowExecuteMode {
  return { ...(raw.steps ? { steps: raw.steps } : {}), ...(raw.subSteps ? { subSteps: raw.subSteps } : {}) };
}

function flowOf(
  raw: Pick<RawSubStep, 'dependsOn' | 'inputs' | 'outputs'>,
): Pick<Component, 'dependsOn' | 'inputs' | 'outputs'> {
  return {
    ...(raw.dependsOn?.length ? { dependsOn: raw.dependsOn } : {}),
    ...(raw.inputs?.length ? { inputs: raw.inputs.map(toInput) } : {}),
    ...(raw.outputs?.length ? { outputs: raw.outputs.map(toOutput) } : {}),
  };
}

function toInput(raw: RawInput): StepInput {
  const from = raw.from ?? '';
  return raw.parameterKey ? { from, parameterKey: raw.parameterKey } : { from };
}

function toOutput(raw: RawOutput): StepOutput {
  return { name: raw.name ?? '', valueFrom: raw.valueFrom ?? '' };
}

/** `properties: null` is absent, as Go reads it. */
function propertiesOf(raw: unknown): { properties?: JsonValue } {
  // zod's `unknown` lets through what the readers built, which is JSON.
  return raw === undefined || raw === null ? {} : { properties: raw as JsonValue };
}
