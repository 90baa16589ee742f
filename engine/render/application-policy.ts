/** One policy of scope Application evaluated (application_policies.go renderPolicy, extractEnabled, extractOutput). */
import type { Value } from '../cue/index.ts';
import { templateOf } from '../definitions/definition.ts';
import type { RevisionIdentity } from '../definitions/registry.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { isArray, isObject } from '../json.ts';
import type { Application, AppPolicy, Component, WorkflowSpec } from '../oam/application.ts';
import { componentJson, policyJson, specJson } from '../oam/application.ts';
import { parseApplication } from '../oam/parse.ts';
import type { Issue, Result } from '../result.ts';
import { fail, ok } from '../result.ts';
import type { TransformPolicy } from './application-policies.ts';
import type { ClusterVersion } from './context.ts';
import { componentContext, contextData, sharedContext } from './context.ts';
import type { ContextUse } from './context-use.ts';
import type { RenderEnvironment, UncheckedTemplate } from './template.ts';
import { evaluate } from './template.ts';
import type { Subject } from './template-issues.ts';
import { errorIssues, explain } from './template-issues.ts';

export interface ApplicationPolicyRequest {
  readonly policy: TransformPolicy;
  /** As the policies before left it. */
  readonly application: Application;
  readonly namespace: string;
  readonly clusterVersion: ClusterVersion;
  readonly version: RevisionIdentity;
}

export interface PolicyOutput {
  /** Empty leaves them as they are. */
  readonly components: readonly Component[];
  readonly workflow: WorkflowSpec | undefined;
  readonly policies: readonly AppPolicy[] | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly ctx: JsonObject;
}

export type PolicyOutcome =
  | { readonly state: 'enabled'; readonly output: PolicyOutput }
  | { readonly state: 'skipped'; readonly message: string };

/** What the policy asks for. Issues `policy.transform`, and those of provider calls. */
export function renderApplicationPolicy(
  request: ApplicationPolicyRequest,
  environment: RenderEnvironment,
): Result<PolicyOutcome> {
  const { policy } = request;
  const { properties = null, definition } = policy;
  const title = `policy "${policy.name}" of type ${policy.type}`;
  const subject: Subject = {
    title,
    type: policy.type,
    path: policy.path,
    properties: isObject(properties) ? properties : undefined,
  };
  if (properties !== null && !isObject(properties)) return wrong(subject, 'its properties must be a map');
  const template = templateOf(definition) ?? { text: '', source: definition.name, line: 1 };
  const context = contextOf(request);
  const data = {
    parameter: properties ?? {},
    context: (use: ContextUse) => contextData(context, new Map(), use),
    answer: () => undefined,
  };
  const outcome = evaluate(template, data, subject, environment);
  if (!outcome.ok) return fail(...outcome.issues.map(asTransform));
  if (outcome.value.state === 'needs') {
    const message = `${title}: ${outcome.value.need.call} asks for HTTP, which a policy of scope Application cannot do here.`;
    return fail({ code: 'provider.http', path: policy.path, message });
  }
  const { evaluated } = outcome.value;
  const { value, use } = evaluated;
  const invalid = value.validate();
  if (invalid !== null) return fail(...explain(invalid, value, subject, use).map(asTransform));
  const enabled = enabledOf(evaluated, subject);
  if (!enabled.ok) return enabled;
  if (!enabled.value) return ok({ state: 'skipped', message: 'enabled=false' });
  const output = outputOf(evaluated, subject);
  return output.ok ? ok({ state: 'enabled', output: output.value }) : output;
}

/** The issue as one of the policy, where it is not about what Mainsheet cannot do. */
function asTransform(issue: Issue): Issue {
  return issue.code.startsWith('provider.') ? issue : { ...issue, code: 'policy.transform' };
}

function wrong(subject: Subject, text: string): Result<never> {
  return fail({ code: 'policy.transform', path: subject.path, message: `${subject.title}: ${text}.` });
}

/** Prefixes of labels and annotations that templates of policies do not see. */
const internalPrefixes = [
  'app.oam.dev/',
  'oam.dev/',
  'kubectl.kubernetes.io/',
  'kubernetes.io/',
  'k8s.io/',
  'helm.sh/',
  'app.kubernetes.io/',
];

function seen(entries: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const kept = Object.entries(entries).filter(([key]) => !internalPrefixes.some((p) => key.startsWith(p)));
  return Object.fromEntries(kept);
}

/** `context`: that of a component named as the Application, with the Application's parts and the policy's own. */
function contextOf(request: ApplicationPolicyRequest): JsonObject {
  const { policy, application, namespace, clusterVersion, version } = request;
  const { metadata, spec } = application;
  const labels = seen(metadata.labels);
  const shared = sharedContext({
    name: metadata.name,
    namespace,
    revision: '',
    metadata: { ...metadata, labels, annotations: seen(metadata.annotations) },
    components: [],
  });
  const place = { cluster: '', namespace: '', replicaKey: '', componentRevision: '', clusterVersion };
  return {
    ...componentContext(shared, metadata.name, namespace, place),
    // KubeVela leaves these empty here.
    components: null,
    workflowName: '',
    publishVersion: '',
    appComponents: spec.components.map(componentJson),
    appWorkflow: specJson(spec)['workflow'] ?? null,
    appPolicies: spec.policies === undefined ? null : spec.policies.map(policyJson),
    policyName: policy.name,
    policyType: policy.type,
    policyRevisionName: version.name,
    policyRevision: version.number,
    policyRevisionHash: version.hash,
  };
}

/** `config.enabled`, else `enabled` where there is no `config`; true where neither is said. */
function enabledOf({ value, use }: UncheckedTemplate, subject: Subject): Result<boolean> {
  const config = value.lookup(['config']);
  const enabled = config.exists() ? config.lookup(['enabled']) : value.lookup(['enabled']);
  if (!enabled.exists()) return ok(true);
  const data = enabled.toData();
  if (!data.ok) return fail(...errorIssues('policy.transform', data.error, subject, use));
  if (typeof data.value === 'boolean') return ok(data.value);
  return wrong(subject, `${config.exists() ? 'config.' : ''}enabled must be true or false`);
}

/** A template makes many out of a few words. */
const MAX_COMPONENTS = 1000;

const outputFields = ['components', 'workflow', 'policies', 'labels', 'annotations', 'ctx'];

function outputOf({ value, use }: UncheckedTemplate, subject: Subject): Result<PolicyOutput> {
  const output = value.lookup(['output']);
  if (!output.exists()) return wrong(subject, 'it has no output');
  const json = jsonOf(output);
  if (!json.ok) {
    // The cause is often a parameter that was not given.
    const causes = explain(json.error, value, subject, use);
    return fail(...causes.map(asTransform));
  }
  if (!isObject(json.value)) return wrong(subject, 'output must be a struct');
  const unknown = Object.keys(json.value).find((name) => !outputFields.includes(name));
  if (unknown !== undefined)
    return wrong(subject, `output.${unknown} is not allowed; it may have ${outputFields.join(', ')}`);
  return readOutput(json.value, subject);
}

function jsonOf(value: Value) {
  const text = value.toJSONText();
  // The engine's text is JSON.
  return text.ok ? { ok: true as const, value: JSON.parse(text.value) as JsonValue } : text;
}

/** Read as the parts of an Application are; fields that none has are ignored. */
function readOutput(json: JsonObject, subject: Subject): Result<PolicyOutput> {
  const { components = null, workflow = null, policies = null } = json;
  const { labels = null, annotations = null, ctx = null } = json;
  if (isArray(components) && components.length > MAX_COMPONENTS)
    return wrong(subject, `output has more than ${MAX_COMPONENTS} components`);
  const manifest = {
    value: {
      apiVersion: 'core.oam.dev/v1beta1',
      kind: 'Application',
      metadata: { name: 'output', labels: labels ?? {}, annotations: annotations ?? {} },
      spec: { components, workflow, policies },
    },
    index: 0,
    locate: () => ({ source: subject.type, line: 1, column: 1 }),
  };
  const read = parseApplication(manifest, { admission: 'skip' });
  if (!read.ok) {
    const shown = (path: string) => path.replace(/^\/(?:metadata|spec)\//, '').replaceAll('/', '.');
    return fail(
      ...read.issues.map(({ path, message }) => ({
        code: 'policy.transform',
        path: subject.path,
        message: `${subject.title}: output.${shown(path)}: ${message}`,
      })),
    );
  }
  if (ctx !== null && !isObject(ctx)) return wrong(subject, 'output.ctx must be a struct');
  const { metadata, spec } = read.value;
  return ok({
    components: spec.components,
    workflow: spec.workflow,
    policies: spec.policies,
    labels: metadata.labels,
    annotations: metadata.annotations,
    ctx: ctx ?? {},
  });
}
