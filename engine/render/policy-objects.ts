/** The objects of policies that render something (pkg/appfile/appfile.go GeneratePolicyManifests). */
import { templateOf } from '../definitions/definition.ts';
import type { JsonDraft, JsonObject } from '../json.ts';
import { isObject, own, put } from '../json.ts';
import type { Result } from '../result.ts';
import { fail, ok } from '../result.ts';
import type { RenderedComponent } from './component.ts';
import { dataFor } from './data.ts';
import { Manifest, ManifestError } from './manifest.ts';
import type { Contract } from './output.ts';
import { finishPolicyObject } from './output.ts';
import type { PlannedPolicy } from './plan.ts';
import type { RenderEnvironment, Subject } from './template.ts';
import { errorIssues, evaluateTemplate, explain } from './template.ts';

/** The policy's output and outputs, in order. `context` is a component's, with `artifacts`. */
export function renderPolicy(
  policy: PlannedPolicy,
  context: JsonObject,
  contract: Contract,
  environment: RenderEnvironment,
): Result<readonly JsonObject[]> {
  const { type } = { type: policy.definition.name };
  const subject: Subject = {
    title: `policy "${policy.name}" of type ${type}`,
    type,
    path: policy.path,
    properties: policy.properties,
  };
  const template = templateOf(policy.definition) ?? { text: '', source: type, line: 1 };
  const evaluated = evaluateTemplate(
    template,
    { parameter: policy.properties ?? {}, context: (use) => dataFor(context, use) },
    subject,
    environment,
  );
  if (!evaluated.ok) return evaluated;
  const { value, use, concrete } = evaluated.value;
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
  return ok(objects);
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
