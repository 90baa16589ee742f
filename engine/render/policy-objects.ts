/** The objects of policies that render something (pkg/appfile/appfile.go GeneratePolicyManifests). */
import { templateOf } from '../definitions/definition.ts';
import type { JsonDraft, JsonObject } from '../json.ts';
import { isObject, own, put } from '../json.ts';
import type { Result } from '../result.ts';
import { fail, ok } from '../result.ts';
import { contextData } from './context.ts';
import type { ContextUse } from './context-use.ts';
import type { HttpNeed } from './http-request.ts';
import { requestHash } from './http-request.ts';
import type { RenderedComponent } from './made.ts';
import { Manifest, ManifestError } from './manifest.ts';
import type { Contract } from './output.ts';
import { finishPolicyObject } from './output.ts';
import type { PlannedPolicy } from './plan.ts';
import type { CallNeed } from './provider-calls.ts';
import type { RenderEnvironment } from './template.ts';
import { evaluateTemplate } from './template.ts';
import type { Subject } from './template-issues.ts';
import { errorIssues, explain } from './template-issues.ts';

export interface PolicyRequest {
  readonly policy: PlannedPolicy;
  /** A component's, with `artifacts`. */
  readonly context: JsonObject;
  readonly contract: Contract;
  readonly environment: RenderEnvironment;
  readonly responses: ReadonlyMap<string, JsonObject> | undefined;
}

export type PolicyRendering =
  | { readonly state: 'rendered'; readonly objects: readonly JsonObject[] }
  /** Render again with the response. */
  | { readonly state: 'needs'; readonly need: HttpNeed };

/** The policy's output and outputs, in order. */
export function renderPolicy(request: PolicyRequest): Result<PolicyRendering> {
  const { policy, context, contract, environment, responses } = request;
  const { name: type } = policy.definition;
  const subject: Subject = {
    title: `policy "${policy.name}" of type ${type}`,
    type,
    path: policy.path,
    properties: policy.properties,
  };
  const template = templateOf(policy.definition) ?? { text: '', source: type, line: 1 };
  const keyOf = (need: CallNeed) => `policy/${policy.name}/${need.call}#${requestHash(need.request)}`;
  const answer = (need: CallNeed) => responses?.get(keyOf(need));
  const data = {
    parameter: policy.properties ?? {},
    context: (use: ContextUse) => contextData(context, new Map(), use),
    answer,
  };
  const outcome = evaluateTemplate(template, data, subject, environment);
  if (!outcome.ok) return outcome;
  if (outcome.value.state === 'needs') {
    const { need } = outcome.value;
    const { title, path } = subject;
    const { request: asked } = need;
    const answered = { answer: 'response', component: '', title, path } as const;
    return ok({ state: 'needs', need: { key: keyOf(need), request: asked, ...answered } });
  }
  const { value, use, concrete } = outcome.value.evaluated;
  const output = new Manifest(value.lookup(['output']), concrete).finished();
  if (output instanceof ManifestError) {
    if (output.cause !== null) return fail(...explain(output.cause, value, subject, use));
    return fail({ code: 'template', path: subject.path, message: `${subject.title}: ${output.message}.` });
  }
  const objects = [finishPolicyObject(output, policy.name, contract)];
  for (const entry of value.lookup(['outputs']).fields() ?? []) {
    const object = new Manifest(entry.value, concrete).finished();
    if (object instanceof ManifestError) {
      if (object.cause !== null) return fail(...errorIssues('evaluate', object.cause, subject, use));
      return fail({
        code: 'evaluate',
        path: subject.path,
        message: `${subject.title}: outputs.${entry.name}: ${object.message}.`,
      });
    }
    objects.push(finishPolicyObject(object, policy.name, contract));
  }
  return ok({ state: 'rendered', objects });
}

/** `context.artifacts`: the objects of all components, by name, trait type and resource. */
export function artifactsOf(components: readonly RenderedComponent[]): JsonObject {
  const artifacts: JsonDraft = {};
  for (const component of components) {
    const traits: JsonDraft = {};
    for (const { object, type, resource } of component.objects) {
      const known = own(traits, type);
      put(traits, type, { ...(isObject(known) ? known : {}), [resource]: object });
    }
    put(artifacts, component.name, {
      workload: component.workload,
      ...(component.objects.length > 0 ? { traits } : {}),
    });
  }
  return artifacts;
}
