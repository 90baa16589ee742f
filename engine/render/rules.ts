/**
 * Checks of a whole rendering: the rules that definitions carry, and what only the rendered objects show: two
 * autoscalers on one target, two traits that write one field, a fixed number of replicas beside an autoscaler.
 */
import type { ComponentUnderRules } from '../definitions/rules.ts';
import { referencedResources, resourceOf, ruleIssues } from '../definitions/rules.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { at, canonicalJson, isArray, isObject } from '../json.ts';
import type { AppPolicy } from '../oam/application.ts';
import type { Issue } from '../result.ts';
import { pointer } from '../result.ts';
import type { RenderedEntry, Rendering } from './application.ts';
import type { RenderedComponent } from './made.ts';
import { nameOf, namespaceOf } from './output.ts';
import type { ApplicationPlan, PlannedComponent } from './plan.ts';

/** Everything that breaks a rule, each once. Whether that is a warning or an error is the caller's to say. */
export function renderingIssues(plan: ApplicationPlan, rendering: Rendering): readonly Issue[] {
  const issues = plan.components.flatMap((component) => {
    const entry = rendering.entries.find((one) => one.component.name === component.name);
    return entry === undefined ? [] : ruleIssues(underRules(component, entry.component));
  });
  const places = new Map<string, RenderedEntry[]>();
  for (const entry of rendering.entries) {
    const place = entry.placement?.cluster ?? '';
    places.set(place, [...(places.get(place) ?? []), entry]);
  }
  for (const entries of places.values()) {
    const written = entries.flatMap((entry) => writtenObjects(entry, plan));
    issues.push(
      ...twoAutoscalers(written),
      ...twoWriters(written),
      ...entries.flatMap((e) => overwritten(e, plan)),
    );
    issues.push(...entries.flatMap((entry) => fixedReplicas(entry, written, plan)));
  }
  return unique(issues);
}

function underRules(component: PlannedComponent, rendered: RenderedComponent): ComponentUnderRules {
  return {
    name: component.name,
    definition: component.definition,
    resources: resourcesOf([rendered.workload]),
    traits: component.traits.map(({ definition, type, path }) => ({
      definition,
      path: traitPath(path),
      resources: [
        ...referencedResources(definition),
        ...resourcesOf(rendered.objects.filter((o) => o.type === type).map((o) => o.object)),
      ],
    })),
  };
}

function resourcesOf(objects: readonly JsonObject[]): readonly string[] {
  return objects.flatMap(({ apiVersion, kind }) =>
    typeof apiVersion === 'string' && typeof kind === 'string' ? [resourceOf(apiVersion, kind)] : [],
  );
}

const traitPath = (propertiesPath: string): string => propertiesPath.replace(/\/properties$/, '');

/** An object and who writes it. */
interface Written {
  readonly object: JsonObject;
  /** e.g. `trait hpa of component "web"`. */
  readonly writer: string;
  readonly path: string;
}

function writtenObjects({ component }: RenderedEntry, plan: ApplicationPlan): readonly Written[] {
  const planned = plan.components.find(({ name }) => name === component.name);
  const own = {
    writer: `component "${component.name}"`,
    path: planned === undefined ? '' : componentPath(planned),
  };
  const workload = component.skipWorkload ? [] : [{ object: component.workload, ...own }];
  const others = component.objects.map(({ object, role, type }) => {
    if (role === 'auxiliary') return { object, ...own };
    const trait = planned?.traits.find((one) => one.type === type);
    return {
      object,
      writer: `trait "${type}" of component "${component.name}"`,
      path: trait === undefined ? own.path : traitPath(trait.path),
    };
  });
  return [...workload, ...others];
}

const componentPath = ({ path }: PlannedComponent): string => path.replace(/\/properties$/, '');

function identity(object: JsonObject): string {
  const { apiVersion = '', kind = '' } = object;
  return canonicalJson([apiVersion, kind, namespaceOf(object), nameOf(object)]);
}

interface Target {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/** What an autoscaler scales: `spec.scaleTargetRef` of HPA, cron HPA, KEDA's ScaledObject and their like. */
function scaleTarget(object: JsonObject): Target | null {
  const ref = at(object, 'spec', 'scaleTargetRef');
  if (!isObject(ref) || typeof ref['name'] !== 'string') return null;
  const kind = typeof ref['kind'] === 'string' ? ref['kind'] : 'Deployment';
  return { kind, name: ref['name'], namespace: namespaceOf(object) };
}

const targetText = ({ kind, name }: Target): string => `${kind} "${name}"`;

function twoAutoscalers(written: readonly Written[]): readonly Issue[] {
  const byTarget = new Map<string, Map<string, Written>>();
  const targets = new Map<string, Target>();
  for (const one of written) {
    const target = scaleTarget(one.object);
    if (target === null) continue;
    const key = canonicalJson([target.kind, target.namespace, target.name]);
    targets.set(key, target);
    byTarget.set(key, (byTarget.get(key) ?? new Map<string, Written>()).set(identity(one.object), one));
  }
  return [...byTarget].flatMap(([key, scalers]) => {
    const [first, second] = [...scalers.values()];
    const target = targets.get(key);
    if (first === undefined || second === undefined || target === undefined) return [];
    return [
      {
        code: 'rule.two-autoscalers',
        path: second.path,
        message: `Two autoscalers scale ${targetText(target)}: ${kindOf(first)} of ${first.writer} and ${kindOf(second)} of ${second.writer}. They will work against each other.`,
      },
    ];
  });
}

const kindOf = ({ object }: Written): string => String(object['kind']);

/** One object that two write, with a field that each sets to something else. */
function twoWriters(written: readonly Written[]): readonly Issue[] {
  const seen = new Map<string, Written>();
  return written.flatMap((one) => {
    const key = identity(one.object);
    const before = seen.get(key);
    if (before === undefined) seen.set(key, one);
    if (before === undefined || before.writer === one.writer) return [];
    const [here, there] = [leaves(withoutMetadata(one.object)), leaves(withoutMetadata(before.object))];
    const field = [...here].find(([path, value]) => there.has(path) && there.get(path) !== value);
    if (field === undefined) return [];
    return [
      {
        code: 'rule.two-writers',
        path: one.path,
        message: `${kindOf(one)} "${nameOf(one.object)}" is written by ${before.writer} and by ${one.writer}, each with another ${dotted(field[0])}.`,
      },
    ];
  });
}

function withoutMetadata({ metadata: _, ...object }: JsonObject): JsonObject {
  return object;
}

/** Fields of the workload that a trait set and a later trait set to something else. */
function overwritten({ component }: RenderedEntry, plan: ApplicationPlan): readonly Issue[] {
  const planned = plan.components.find(({ name }) => name === component.name);
  if (planned === undefined || component.found.length < 2) return [];
  const writers = new Map<string, { readonly trait: number; readonly value: string }>();
  const issues: Issue[] = [];
  for (const { trait, set } of changesByTrait(component)) {
    for (const [path, value] of set) {
      const before = writers.get(path);
      writers.set(path, { trait, value });
      if (before === undefined || before.value === value) continue;
      const [first, second] = [planned.traits[before.trait], planned.traits[trait]];
      if (first === undefined || second === undefined) continue;
      issues.push({
        code: 'rule.two-writers',
        path: traitPath(second.path),
        message: `Two traits of component "${component.name}" write ${dotted(path)} with different values: "${first.type}" and then "${second.type}", whose value stays.`,
      });
    }
  }
  return issues;
}

interface TraitChange {
  readonly trait: number;
  /** Fields that it set, by pointer; their values as JSON. */
  readonly set: ReadonlyMap<string, string>;
}

function changesByTrait({ found, workload }: RenderedComponent): readonly TraitChange[] {
  const states = [
    ...found.map((f) => leaves(withoutMetadata(f.workload))),
    leaves(withoutMetadata(workload)),
  ];
  return found.map(({ trait }, i) => {
    const [before, after] = [states[i], states[i + 1]];
    const set = [...(after ?? [])].filter(([path, value]) => before?.get(path) !== value);
    return { trait, set: new Map(set) };
  });
}

/** Pointer to JSON text of every value that is no map or list. */
function leaves(value: JsonValue): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  const visit = (here: JsonValue, path: string): void => {
    const inner = isArray(here) ? [...here.entries()] : isObject(here) ? Object.entries(here) : null;
    if (inner === null) out.set(path, JSON.stringify(here));
    else for (const [key, item] of inner) visit(item, path + pointer([key]));
  };
  visit(value, '');
  return out;
}

const dotted = (path: string): string =>
  path.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~');

/** A workload with a number of replicas and an autoscaler, where nothing leaves the number alone after the first time. */
function fixedReplicas(
  { component }: RenderedEntry,
  written: readonly Written[],
  plan: ApplicationPlan,
): readonly Issue[] {
  const { workload } = component;
  if (at(workload, 'spec', 'replicas') === undefined || component.skipWorkload) return [];
  const scaler = written.find(({ object }) => {
    const target = scaleTarget(object);
    return target !== null && target.kind === workload['kind'] && target.name === nameOf(workload);
  });
  if (scaler === undefined || leavesReplicas(plan.policies, component.name)) return [];
  const change = changesByTrait(component).find(({ set }) => set.has('/spec/replicas'));
  const planned = plan.components.find(({ name }) => name === component.name);
  const trait = change === undefined ? undefined : planned?.traits[change.trait];
  const writer =
    trait === undefined
      ? `component "${component.name}"`
      : `trait "${trait.type}" of component "${component.name}"`;
  return [
    {
      code: 'rule.fixed-replicas',
      path: trait === undefined ? scaler.path : traitPath(trait.path),
      message: `${writer} sets spec.replicas of ${String(workload['kind'])} "${nameOf(workload)}", which ${kindOf(scaler)} of ${scaler.writer} scales: every delivery sets it back. A policy apply-once for spec.replicas leaves it alone.`,
    },
  ];
}

/** Whether an apply-once policy lets go of `spec.replicas` of this component. */
function leavesReplicas(policies: readonly AppPolicy[], component: string): boolean {
  return policies.some(({ type, properties }) => {
    if (type !== 'apply-once' || !isObject(properties) || properties['enable'] !== true) return false;
    const rules = isArray(properties['rules']) ? properties['rules'].filter(isObject) : [];
    return rules.length === 0 || rules.some((rule) => ruleLeavesReplicas(rule, component));
  });
}

function ruleLeavesReplicas(rule: JsonObject, component: string): boolean {
  const names = at(rule, 'selector', 'componentNames');
  if (isArray(names) && names.length > 0 && !names.includes(component)) return false;
  const paths = at(rule, 'strategy', 'path');
  if (!isArray(paths)) return true;
  return paths.some((path) => path === '*' || path === 'spec' || path === 'spec.replicas');
}

function unique(issues: readonly Issue[]): readonly Issue[] {
  const seen = new Set<string>();
  return issues.filter((i) => !seen.has(i.message) && seen.add(i.message));
}
