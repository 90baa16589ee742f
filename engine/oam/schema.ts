/**
 * The zod schemas of the objects that a user writes. They are strict: what they do not know is found, told as a
 * warning and left out, as Kubernetes prunes it. `null` counts as absent, as it does in Go. What must be there at
 * all is admission's question (admission.ts).
 */
import { z } from 'zod';

const text = z.string().nullish();
const stringMap = z.record(z.string(), z.string()).nullish();
const json = z.unknown();

/** Only what the engine reads of the metadata; the rest (uid, managedFields, …) passes unseen. */
const metadata = z.looseObject({
  name: z.string().min(1),
  namespace: text,
  labels: stringMap,
  annotations: stringMap,
});

const input = z.strictObject({ from: text, parameterKey: text });
const output = z.strictObject({ name: text, valueFrom: text });
const flow = {
  dependsOn: z.array(z.string()).nullish(),
  inputs: z.array(input).nullish(),
  outputs: z.array(output).nullish(),
};

const trait = z.strictObject({ type: text, properties: json.optional() });

const component = z.strictObject({
  name: text,
  type: text,
  externalRevision: text,
  properties: json.optional(),
  ...flow,
  traits: z.array(trait).nullish(),
  scopes: stringMap,
});

const policy = z.strictObject({ name: text, type: text, properties: json.optional() });

const mode = z.enum(['DAG', 'StepByStep']);
const executeMode = z.strictObject({ steps: mode.nullish(), subSteps: mode.nullish() });

const stepBase = {
  name: text,
  type: text,
  meta: z.strictObject({ alias: text }).nullish(),
  if: text,
  timeout: text,
  ...flow,
  properties: json.optional(),
};
const subStep = z.strictObject(stepBase);
const step = z.strictObject({ ...stepBase, mode: mode.nullish(), subSteps: z.array(subStep).nullish() });

const workflow = z.strictObject({
  ref: text,
  mode: executeMode.nullish(),
  steps: z.array(step).nullish(),
});

export const applicationSchema = z.strictObject({
  apiVersion: z.literal('core.oam.dev/v1beta1'),
  kind: z.literal('Application'),
  metadata,
  spec: z.strictObject({
    components: z.array(component).nullish(),
    policies: z.array(policy).nullish(),
    workflow: workflow.nullish(),
  }),
  /** What a cluster reported goes out with `kubectl get -o yaml`; it is no input. */
  status: z.unknown().optional(),
});

export const policySchema = z.strictObject({
  apiVersion: z.literal('core.oam.dev/v1alpha1'),
  kind: z.literal('Policy'),
  metadata,
  type: z.string().min(1),
  properties: json.optional(),
});

export const workflowSchema = z.strictObject({
  apiVersion: z.literal('core.oam.dev/v1alpha1'),
  kind: z.literal('Workflow'),
  metadata,
  mode: executeMode.nullish(),
  steps: z.array(step).nullish(),
});

export type RawApplication = z.infer<typeof applicationSchema>;
export type RawComponent = z.infer<typeof component>;
export type RawPolicy = z.infer<typeof policy>;
export type RawStep = z.infer<typeof step>;
export type RawSubStep = z.infer<typeof subStep>;
export type RawWorkflow = z.infer<typeof workflow>;
export type RawInput = z.infer<typeof input>;
export type RawOutput = z.infer<typeof output>;
export type RawMetadata = z.infer<typeof metadata>;
