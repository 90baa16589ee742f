/**
 * The objects that a workflow's steps apply, as far as they are known before anything runs: what the templates of the
 * steps hand to `kube.#Apply` and its like, by evaluating them with their parameters. A template that needs an answer
 * first tells what does not depend on it; one that cannot be evaluated tells nothing.
 */
import type { Value } from '../cue/index.ts';
import { templateOf } from '../definitions/definition.ts';
import { isArray, isObject, type JsonObject } from '../json.ts';
import type { WorkflowSubStep } from '../oam/application.ts';
import { localCluster } from '../policy/topology.ts';
import { builtinStepTypes, flatSteps, stepPlace } from '../workflow/steps.ts';
import { dataFor, dataOf } from './data.ts';
import type { EmittedObject } from './missing-kinds.ts';
import type { ApplicationPlan } from './plan.ts';
import type { RenderEnvironment } from './template.ts';

/** `environment`: with the packages that steps import. */
export function stepObjects(plan: ApplicationPlan, environment: RenderEnvironment): readonly EmittedObject[] {
  return flatSteps(plan.workflow.steps).flatMap(({ step, path }) => {
    if (builtinStepTypes.has(step.type)) return [];
    const place = stepPlace(plan.application.spec, step, path)('type');
    const found = plan.registry.lookup('workflowstep', step.type, place, plan.lookup);
    const template = found.ok ? templateOf(found.value) : null;
    if (!found.ok || template === null) return [];
    const properties = isObject(step.properties) && !isArray(step.properties) ? step.properties : {};
    const compiled = environment.cache.get(template);
    if (!compiled.ok) return [];
    const context = dataFor(contextOf(plan, step), compiled.use.context);
    const budget = environment.budget ?? {};
    const bindings = { parameter: dataOf(properties), context };
    const value = compiled.template.evaluate({ bindings, budget });
    if (value.validate() !== null) return [];
    return callsOf(value, 0).map((one) => ({
      ...one,
      definition: found.value.name,
      path: place,
    }));
  });
}

function contextOf({ application, namespace }: ApplicationPlan, { name = '' }: WorkflowSubStep): JsonObject {
  const app = application.metadata.name;
  return { name: app, appName: app, namespace, stepName: name, stepSessionID: '' };
}

/** Calls stand at the top of a template, or in a struct of calls. */
const maxDepth = 3;
const maxElements = 500;
const applying: ReadonlySet<unknown> = new Set(['apply', 'apply-in-parallel']);

type Call = Pick<EmittedObject, 'object' | 'cluster'>;

function callsOf(value: Value, depth: number): readonly Call[] {
  return (value.fields() ?? []).flatMap((entry) => {
    if (applying.has(text(entry.value, '#do'))) return callOf(entry.value);
    return depth < maxDepth ? callsOf(entry.value, depth + 1) : [];
  });
}

/** `vela/kube` takes its parameters under `$params`, the older `vela/op` at the top. */
function callOf(call: Value): readonly Call[] {
  const nested = call.lookup(['$params']);
  const parameters = nested.exists() ? nested : call;
  const cluster = text(parameters, 'cluster');
  if (cluster === null) return [];
  const value = parameters.lookup(['value']);
  const values = [value, ...elementsOf(value)];
  return values.flatMap((one) => {
    const [apiVersion, kind] = [text(one, 'apiVersion'), text(one, 'kind')];
    if (apiVersion === null || kind === null) return [];
    const whole = one.toJSONText();
    // The evaluator writes JSON of a struct; of an object that is not complete yet its kind is enough.
    const object = whole.ok ? (JSON.parse(whole.value) as JsonObject) : { apiVersion, kind };
    return [{ object, cluster: cluster === '' ? localCluster : cluster }];
  });
}

/** Of a list; none of anything else. */
function elementsOf(value: Value): readonly Value[] {
  const elements: Value[] = [];
  for (let index = 0; index < maxElements; index++) {
    const element = value.lookup([index]);
    if (!element.exists()) break;
    elements.push(element);
  }
  return elements;
}

/** Null where it is no text yet. */
function text(value: Value, name: string): string | null {
  return value.lookup([name]).string();
}
