/**
 * The properties of the policies that shape what is rendered, and of the deploy step, read strictly: an unknown
 * field is an error, as in KubeVela (utils.StrictUnmarshal). `null` counts as absent.
 */
import { z } from 'zod';
import type { JsonValue } from '../json.ts';
import { at } from '../json.ts';
import type { AppPolicy, WorkflowSubStep } from '../oam/application.ts';
import { nearestName } from '../oam/nearest.ts';
import { describe } from '../oam/validate.ts';
import type { Issue, Result } from '../result.ts';
import { fail, ok, pointer } from '../result.ts';

const strings = z
  .array(z.string())
  .nullish()
  .transform((v) => v ?? null);
const map = z
  .record(z.string(), z.string())
  .nullish()
  .transform((v) => v ?? null);
const text = z
  .string()
  .nullish()
  .transform((v) => v ?? '');
const flag = z
  .boolean()
  .nullish()
  .transform((v) => v ?? false);
// zod's `unknown` lets through what the readers built, which is JSON; null is absent.
const json = z.unknown().transform((v) => (v ?? undefined) as JsonValue | undefined);

const topology = z.strictObject({
  clusters: strings,
  clusterLabelSelector: map,
  /** Deprecated and without effect (feature gate DeprecatedPolicySpec, off). */
  clusterSelector: map,
  allowEmpty: flag,
  namespace: text,
});

const traitPatch = z.strictObject({ type: text, properties: json.optional(), disable: flag });
const componentPatch = z.strictObject({
  name: text,
  type: text,
  properties: json.optional(),
  traits: z
    .array(traitPatch)
    .nullish()
    .transform((v) => v ?? []),
  externalRevision: text,
});
const override = z.strictObject({
  components: z
    .array(componentPatch)
    .nullish()
    .transform((v) => v ?? []),
  selector: strings,
});

const replication = z.strictObject({ keys: strings, selector: strings });

const envBinding = z.object({
  envs: z
    .array(
      z.object({
        name: text,
        selector: z.object({ components: strings }).nullish(),
        patch: z
          .object({
            components: z
              .array(componentPatch)
              .nullish()
              .transform((v) => v ?? []),
          })
          .nullish(),
        placement: z
          .object({
            clusterSelector: z.object({ name: text, labels: map }).nullish(),
            namespaceSelector: z.object({ name: text, labels: map }).nullish(),
          })
          .nullish(),
      }),
    )
    .nullish()
    .transform((v) => v ?? []),
});

const deployStep = z.strictObject({
  auto: z
    .boolean()
    .nullish()
    .transform((v) => v ?? true),
  policies: z
    .array(z.string())
    .nullish()
    .transform((v) => v ?? []),
  parallelism: z
    .number()
    .int()
    .nullish()
    .transform((v) => v ?? 5),
  ignoreTerraformComponent: z
    .boolean()
    .nullish()
    .transform((v) => v ?? true),
});

export type TopologySpec = z.infer<typeof topology>;
export type OverrideSpec = z.infer<typeof override>;
export type ComponentPatch = z.infer<typeof componentPatch>;
export type TraitPatch = z.infer<typeof traitPatch>;
export type ReplicationSpec = z.infer<typeof replication>;
export type EnvBindingSpec = z.infer<typeof envBinding>;
export type DeployStepSpec = z.infer<typeof deployStep>;

export function readTopology(policy: AppPolicy): Result<TopologySpec> {
  return read(topology, policy.properties, policyPlace(policy));
}
export function readOverride(policy: AppPolicy): Result<OverrideSpec> {
  return read(override, policy.properties, policyPlace(policy));
}
export function readReplication(policy: AppPolicy): Result<ReplicationSpec> {
  return read(replication, policy.properties, policyPlace(policy));
}
export function readEnvBinding(policy: AppPolicy): Result<EnvBindingSpec> {
  return read(envBinding, policy.properties, policyPlace(policy));
}
export function readDeployStep(step: WorkflowSubStep, path: string): Result<DeployStepSpec> {
  return read(deployStep, step.properties ?? {}, { path, what: `the deploy step "${step.name ?? ''}"` });
}

interface Place {
  readonly path: string;
  readonly what: string;
}

/** Policies are addressed by name: an external one has no place in the Application's text. */
function policyPlace(policy: AppPolicy): Place {
  return {
    path: pointer(['policies', policy.name, 'properties']),
    what: `the ${policy.type} policy "${policy.name}"`,
  };
}

function read<S extends z.ZodType>(
  schema: S,
  value: JsonValue | undefined,
  place: Place,
): Result<z.infer<S>> {
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return ok(parsed.data);
  return fail(...parsed.error.issues.flatMap((i) => toIssues(i, value ?? {}, place)));
}

const fieldNames = [
  ...Object.keys(topology.shape),
  ...Object.keys(override.shape),
  ...Object.keys(componentPatch.shape),
  ...Object.keys(traitPatch.shape),
  ...Object.keys(replication.shape),
  ...Object.keys(deployStep.shape),
];

const typeNames: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a map',
  record: 'a map of strings',
};

function toIssues(issue: z.core.$ZodIssue, value: JsonValue, place: Place): readonly Issue[] {
  const path = issue.path.map((p) => (typeof p === 'number' ? p : String(p)));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const near = nearestName(key, fieldNames);
      return {
        code: 'policy.unknown-field',
        path: place.path + pointer([...path, key]),
        message: `Unknown field "${key}" in ${place.what}.${near === null ? '' : ` Did you mean "${near}"?`}`,
        actual: key,
      };
    });
  }
  const got = at(value, ...path);
  const expected =
    issue.code === 'invalid_type' ? (typeNames[issue.expected] ?? `a ${issue.expected}`) : 'a valid value';
  const actual = got === undefined ? 'nothing' : describe(got);
  const field = path.length === 0 ? 'properties' : path.join('.');
  return [
    {
      code: 'policy.wrong-type',
      path: place.path + pointer(path),
      message: `${field} of ${place.what} must be ${expected}, not ${actual}.`,
      expected,
      actual,
    },
  ];
}
