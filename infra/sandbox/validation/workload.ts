// Checks Deployments, ReplicaSets, StatefulSets, DaemonSets, Jobs and CronJobs.

import {
  equalJson,
  isObject,
  type Json,
  type JsonObject,
  listOf,
  numberOf,
  objectOf,
  stringOf,
} from '../json.ts';
import { selectorOf, selects } from '../registry/selector.ts';
import {
  type FieldProblem,
  forbiddenField,
  invalidValue,
  required,
  unsupported,
} from '../registry/status-error.ts';
import { podTemplateProblems } from './pod.ts';

const TEMPLATE = 'spec.template';

function countProblems(spec: JsonObject, ...fields: string[]): FieldProblem[] {
  return fields
    .filter((field) => numberOf(spec[field]) < 0)
    .map((field) => invalidValue(`spec.${field}`, spec[field] ?? 0, 'must be greater than or equal to 0'));
}

function selectorProblems(spec: JsonObject, kind: string): FieldProblem[] {
  const selector = spec['selector'];
  const labels = objectOf(objectOf(spec['template'])['metadata'])['labels'];
  const problems: FieldProblem[] = [];
  if (!isObject(selector)) problems.push(required('spec.selector'));
  else if (isEmptySelector(selector)) {
    problems.push(invalidValue('spec.selector', {}, `empty selector is invalid for ${kind}`));
    return problems;
  }
  if (!isObject(selector) || !selects(selectorOf(selector), objectOf(labels))) {
    problems.push(
      invalidValue(
        `${TEMPLATE}.metadata.labels`,
        labels ?? null,
        '`selector` does not match template `labels`',
      ),
    );
  }
  return problems;
}

function isEmptySelector(selector: JsonObject): boolean {
  return (
    Object.keys(objectOf(selector['matchLabels'])).length === 0 &&
    listOf(selector['matchExpressions']).length === 0
  );
}

function templateProblems(spec: JsonObject): FieldProblem[] {
  return podTemplateProblems(objectOf(spec['template']), TEMPLATE);
}

function restartsAlways(spec: JsonObject): FieldProblem[] {
  const policy = stringOf(objectOf(objectOf(spec['template'])['spec'])['restartPolicy']);
  return policy === 'Always' ? [] : [unsupported(`${TEMPLATE}.spec.restartPolicy`, policy, ['Always'])];
}

export function deploymentProblems(object: JsonObject): FieldProblem[] {
  const spec = objectOf(object['spec']);
  return [
    ...countProblems(spec, 'replicas'),
    ...selectorProblems(spec, 'deployment'),
    ...templateProblems(spec),
    ...restartsAlways(spec),
    ...strategyProblems(objectOf(spec['strategy'])),
    ...countProblems(spec, 'minReadySeconds', 'revisionHistoryLimit'),
  ];
}

function strategyProblems(strategy: JsonObject): FieldProblem[] {
  const rolling = strategy['rollingUpdate'];
  switch (strategy['type']) {
    case 'Recreate': {
      const text = "may not be specified when strategy `type` is 'Recreate'";
      return rolling === undefined ? [] : [forbiddenField('spec.strategy.rollingUpdate', text)];
    }
    case 'RollingUpdate': {
      const update = objectOf(rolling);
      const zero = [update['maxUnavailable'], update['maxSurge']].every(
        (value) => value === 0 || value === '0%',
      );
      const text = 'may not be 0 when `maxSurge` is 0';
      return zero
        ? [invalidValue('spec.strategy.rollingUpdate.maxUnavailable', update['maxUnavailable'] ?? 0, text)]
        : [];
    }
    default: {
      const shown = { Type: strategy['type'] ?? '', RollingUpdate: rolling ?? null };
      return [unsupported('spec.strategy', shown, ['Recreate', 'RollingUpdate'])];
    }
  }
}

export function replicaSetProblems(object: JsonObject): FieldProblem[] {
  const spec = objectOf(object['spec']);
  return [
    ...countProblems(spec, 'replicas', 'minReadySeconds'),
    ...selectorProblems(spec, 'replicaset'),
    ...templateProblems(spec),
    ...restartsAlways(spec),
  ];
}

export function statefulSetProblems(object: JsonObject): FieldProblem[] {
  const spec = objectOf(object['spec']);
  const policy = spec['podManagementPolicy'] ?? '';
  const problems =
    policy === 'OrderedReady' || policy === 'Parallel'
      ? []
      : [invalidValue('spec.podManagementPolicy', policy, "must be 'OrderedReady' or 'Parallel'")];
  return [
    ...problems,
    ...countProblems(spec, 'replicas'),
    ...selectorProblems(spec, 'statefulset'),
    ...templateProblems(spec),
    ...restartsAlways(spec),
  ];
}

export function daemonSetProblems(object: JsonObject): FieldProblem[] {
  const spec = objectOf(object['spec']);
  return [...selectorProblems(spec, 'daemonset'), ...templateProblems(spec), ...restartsAlways(spec)];
}

function jobSpecProblems(spec: JsonObject, at: string): FieldProblem[] {
  const below = (problem: FieldProblem) => ({ ...problem, field: problem.field.replace(/^spec/, at) });
  const problems = [
    ...countProblems(spec, 'parallelism', 'completions', 'backoffLimit', 'ttlSecondsAfterFinished'),
    ...countProblems(spec, 'activeDeadlineSeconds'),
    ...templateProblems(spec),
  ];
  const policy = stringOf(objectOf(objectOf(spec['template'])['spec'])['restartPolicy']);
  if (policy === 'Always') {
    problems.push(required(`${TEMPLATE}.spec.restartPolicy`, 'valid values: "OnFailure", "Never"'));
  }
  return problems.map(below);
}

export function jobProblems(object: JsonObject): FieldProblem[] {
  return jobSpecProblems(objectOf(object['spec']), 'spec');
}

const CONCURRENCY = ['Allow', 'Forbid', 'Replace'];

export function cronJobProblems(object: JsonObject): FieldProblem[] {
  const spec = objectOf(object['spec']);
  const problems: FieldProblem[] = [];
  const schedule = stringOf(spec['schedule']);
  if (schedule === '') problems.push(required('spec.schedule'));
  else problems.push(...scheduleProblems(schedule));
  const policy = stringOf(spec['concurrencyPolicy']);
  if (!CONCURRENCY.includes(policy))
    problems.push(unsupported('spec.concurrencyPolicy', policy, CONCURRENCY));
  const jobSpec = objectOf(objectOf(spec['jobTemplate'])['spec']);
  return [...problems, ...jobSpecProblems(jobSpec, 'spec.jobTemplate.spec')];
}

function scheduleProblems(schedule: string): FieldProblem[] {
  if (/^@(yearly|annually|monthly|weekly|daily|midnight|hourly|every .+)$/.test(schedule)) return [];
  const fields = schedule.split(/\s+/).filter((field) => field !== '');
  if (fields.length === 5) return [];
  return [
    invalidValue(
      'spec.schedule',
      schedule,
      `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`,
    ),
  ];
}

/** `spec.selector`, and what else of a workload stays as it was created. */
export function immutable(field: string): (next: JsonObject, live: JsonObject) => FieldProblem[] {
  const at = (object: JsonObject): Json =>
    field.split('.').reduce<Json>((value, name) => objectOf(value)[name] ?? null, object);
  return (next, live) =>
    equalJson(at(next), at(live)) ? [] : [invalidValue(field, at(next), 'field is immutable')];
}

const MUTABLE = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

export function statefulSetUpdateProblems(next: JsonObject, live: JsonObject): FieldProblem[] {
  const fixed = (object: JsonObject) =>
    Object.fromEntries(Object.entries(objectOf(object['spec'])).filter(([key]) => !MUTABLE.includes(key)));
  if (equalJson(fixed(next), fixed(live))) return [];
  const names = MUTABLE.map((name) => `'${name}'`);
  const list = `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  return [forbiddenField('spec', `updates to statefulset spec for fields other than ${list} are forbidden`)];
}

export function jobUpdateProblems(next: JsonObject, live: JsonObject): FieldProblem[] {
  return ['spec.completions', 'spec.selector', 'spec.template', 'spec.completionMode'].flatMap((field) => {
    // an indexed job may change both numbers together
    if (field === 'spec.completions' && objectOf(next['spec'])['completionMode'] === 'Indexed') return [];
    return immutable(field)(next, live);
  });
}
