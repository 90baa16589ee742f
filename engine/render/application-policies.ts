/**
 * Policies of scope Application: each changes the Application before anything is looked up or rendered
 * (pkg/controller/core.oam.dev/v1beta1/application/application_policies.go). KubeVela does so behind its gates
 * EnableApplicationScopedPolicies and EnableGlobalPolicies; here both are on.
 */
import type { Definition } from '../definitions/definition.ts';
import type { DefinitionRegistry, LookupOptions } from '../definitions/registry.ts';
import type { JsonDraft, JsonObject, JsonValue } from '../json.ts';
import { isObject } from '../json.ts';
import type { Application, AppPolicy } from '../oam/application.ts';
import { annotation } from '../oam/metadata.ts';
import type { Issue, Result } from '../result.ts';
import { fail, ok, pointer } from '../result.ts';
import type { PolicyOutcome, PolicyOutput } from './application-policy.ts';
import { renderApplicationPolicy } from './application-policy.ts';
import type { ClusterVersion } from './context.ts';
import type { RenderEnvironment } from './template.ts';

export interface TransformInput {
  readonly application: Application;
  readonly registry: DefinitionRegistry;
  readonly lookup: LookupOptions;
  readonly environment: RenderEnvironment;
  /** The control plane's. */
  readonly clusterVersion: ClusterVersion;
}

/** An entry of KubeVela's `status.appliedApplicationPolicies`; what is 0, false or empty is left out there. */
export interface AppliedPolicy {
  readonly name: string;
  readonly type: string;
  readonly namespace: string;
  readonly source: 'global' | 'explicit';
  readonly applied: boolean;
  readonly error?: boolean;
  readonly message?: string;
  readonly specModified?: boolean;
  readonly labelsCount?: number;
  readonly annotationsCount?: number;
  readonly hasContext?: boolean;
  readonly definitionRevisionName?: string;
  readonly revision?: number;
  readonly revisionHash?: string;
}

export interface Transformed {
  readonly application: Application;
  /** What templates see as `context.custom`. */
  readonly custom: JsonObject | undefined;
  /** In the order in which they were applied. */
  readonly applied: readonly AppliedPolicy[];
}

/** A policy that is to change the Application. */
export interface TransformPolicy {
  readonly name: string;
  readonly type: string;
  readonly properties: JsonValue | undefined;
  readonly definition: Definition;
  readonly source: 'global' | 'explicit';
  readonly path: string;
}

/**
 * The Application as its policies and the global ones make it. Issues `policy.global` (a global policy is named) and those
 * of an explicit policy that fails; a global one that fails is left out with a warning, unless Mainsheet cannot do what
 * KubeVela could.
 */
export function transformApplication(input: TransformInput): Result<Transformed> {
  const named = (input.application.spec.policies ?? []).flatMap((policy, i) => namedGlobal(policy, i, input));
  if (named.length > 0) return fail(...named);
  const policies = inOrder([...globalPolicies(input), ...explicitPolicies(input)]);
  const chain = new Chain(input);
  for (const policy of policies) {
    const issues = chain.apply(policy);
    if (issues.length > 0) return fail(...issues);
  }
  return ok(chain.result(), chain.warnings);
}

function namedGlobal(
  policy: AppPolicy,
  index: number,
  { registry, lookup }: TransformInput,
): readonly Issue[] {
  const path = pointer(['spec', 'policies', index, 'type']);
  const found = registry.lookup('policy', policy.type, path, { ...lookup, autoUpdate: false });
  if (!found.ok || !found.value.attributes.global) return [];
  const message = `The policy type "${policy.type}" is global: it applies by itself and cannot be named.`;
  return [{ code: 'policy.global', path, message, actual: policy.type }];
}

function globalPolicies({ application, registry, lookup }: TransformInput): readonly TransformPolicy[] {
  if (application.metadata.annotations[annotation.skipGlobalPolicies] === 'true') return [];
  return registry.globalPolicies(lookup.namespace).map((definition) => ({
    name: definition.name,
    type: definition.name,
    properties: undefined,
    definition,
    source: 'global',
    path: '/spec/policies',
  }));
}

/** What is not found is told when the Application is planned. */
function explicitPolicies({ application, registry, lookup }: TransformInput): readonly TransformPolicy[] {
  return (application.spec.policies ?? []).flatMap(({ name, type, properties }, i): TransformPolicy[] => {
    const path = pointer(['spec', 'policies', i, 'properties']);
    const [plain = type] = type.split('@');
    const newest = registry.lookup('policy', plain, path, lookup);
    if (!newest.ok || newest.value.attributes.scope !== 'Application') return [];
    const found = type === plain ? newest : registry.lookup('policy', type, path, lookup);
    if (!found.ok || found.value.attributes.scope !== 'Application') return [];
    return [{ name, type, properties, definition: found.value, source: 'explicit', path }];
  });
}

/** By priority; explicit ones have none, and come after the global ones that have none. */
function inOrder(policies: readonly TransformPolicy[]): readonly TransformPolicy[] {
  const priority = ({ source, definition }: TransformPolicy) =>
    source === 'global' ? definition.attributes.priority : 0;
  return policies.toSorted((a, b) => {
    if (priority(a) !== priority(b)) return priority(a) - priority(b);
    if (a.source !== b.source) return a.source === 'global' ? -1 : 1;
    return a.source === 'global' ? compareText(a.name, b.name) : 0;
  });
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Each policy sees the Application as those before it left it. */
class Chain {
  readonly warnings: Issue[] = [];
  readonly #input: TransformInput;
  readonly #applied: AppliedPolicy[] = [];
  readonly #outputs: PolicyOutput[] = [];
  #application: Application;

  constructor(input: TransformInput) {
    this.#input = input;
    this.#application = input.application;
  }

  /** The issues that end it. */
  apply(policy: TransformPolicy): readonly Issue[] {
    const { environment, clusterVersion, lookup, registry } = this.#input;
    const version = registry.revisionOf(policy.definition);
    const { namespace } = lookup;
    const application = this.#application;
    const rendered = renderApplicationPolicy(
      { policy, application, namespace, clusterVersion, version },
      environment,
    );
    const isFatal = !rendered.ok && (policy.source === 'explicit' || rendered.issues.some(isOfMainsheet));
    if (isFatal) return rendered.issues;
    const outcome: PolicyOutcome = rendered.ok
      ? rendered.value
      : { state: 'skipped', message: `render error: ${rendered.issues[0]?.message ?? ''}` };
    if (!rendered.ok) this.#warn(policy, rendered.issues);
    const who = { name: policy.name, type: policy.type, namespace: policy.definition.namespace };
    const pinned = {
      ...(version.name === '' ? {} : { definitionRevisionName: version.name }),
      ...(version.number === 0 ? {} : { revision: version.number }),
      ...(version.hash === '' ? {} : { revisionHash: version.hash }),
    };
    const { source } = policy;
    if (outcome.state === 'enabled') {
      const { output } = outcome;
      this.#applied.push({ ...who, applied: true, source, ...countsOf(output), ...pinned });
      this.#take(output);
    } else if (policy.name !== '') {
      const { message } = outcome;
      const error = rendered.ok ? {} : { error: true };
      this.#applied.push({ ...who, applied: false, source, ...error, message, ...pinned });
    }
    return [];
  }

  #warn({ name }: TransformPolicy, issues: readonly Issue[]): void {
    const reason = issues[0]?.message ?? 'it fails';
    const message = `The global policy "${name}" is left out: ${reason}`;
    this.warnings.push({ code: 'policy.global-skipped', path: '/spec/policies', message });
  }

  #take(output: PolicyOutput): void {
    this.#outputs.push(output);
    const { metadata, spec } = this.#application;
    const { components, workflow, policies } = output;
    this.#application = {
      ...this.#application,
      metadata: {
        ...metadata,
        labels: { ...metadata.labels, ...output.labels },
        annotations: { ...metadata.annotations, ...output.annotations },
      },
      spec: {
        ...spec,
        ...(components.length > 0 ? { components } : {}),
        ...(workflow === undefined ? {} : { workflow }),
        ...(policies === undefined ? {} : { policies }),
      },
    };
  }

  result(): Transformed {
    const { spec } = this.#input.application;
    // Policies that were only emptied stay, as in KubeVela.
    const isChanged = this.#outputs.some((output) => countsOf(output).specModified);
    const application = isChanged ? this.#application : { ...this.#application, spec };
    const custom: JsonDraft = {};
    for (const { ctx } of this.#outputs) Object.assign(custom, ctx);
    return {
      application,
      custom: Object.keys(custom).length === 0 ? undefined : custom,
      applied: this.#applied,
    };
  }
}

/** A policy that cannot be carried out here must not be skipped as one that is wrong. */
function isOfMainsheet({ code }: Issue): boolean {
  return code === 'provider.cluster' || code === 'provider.unsupported' || code === 'provider.http';
}

function countsOf(output: PolicyOutput) {
  const { components, workflow, policies, labels, annotations, ctx } = output;
  const isModified = components.length > 0 || workflow !== undefined || (policies ?? []).length > 0;
  const labelsCount = Object.keys(labels).length;
  const annotationsCount = Object.keys(annotations).length;
  return {
    ...(isModified ? { specModified: true } : {}),
    ...(labelsCount > 0 ? { labelsCount } : {}),
    ...(annotationsCount > 0 ? { annotationsCount } : {}),
    ...(isObject(ctx) && Object.keys(ctx).length > 0 ? { hasContext: true } : {}),
  };
}
