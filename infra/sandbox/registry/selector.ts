// Label selectors, as objects and as query text, and field selectors.

import { isObject, type Json, type JsonObject, listOf, objectOf, stringOf } from '../json.ts';
import type { KubeObject } from '../kube-object.ts';
import { badRequest } from './status-error.ts';

export interface Requirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';
  readonly values: readonly string[];
}

export type Selector = readonly Requirement[];

/** Reads `{matchLabels, matchExpressions}`. */
export function selectorOf(selector: JsonObject): Selector {
  const requirements: Requirement[] = [];
  for (const [key, value] of Object.entries(objectOf(selector['matchLabels']))) {
    requirements.push({ key, operator: 'In', values: [stringOf(value)] });
  }
  for (const expression of listOf(selector['matchExpressions']).filter(isObject)) {
    const operator = (['In', 'NotIn', 'Exists', 'DoesNotExist'] as const).find(
      (one) => one === expression['operator'],
    );
    const values = listOf(expression['values']).map(stringOf);
    requirements.push({ key: stringOf(expression['key']), operator: operator ?? 'Exists', values });
  }
  return requirements;
}

export function selects(selector: Selector, labels: { readonly [name: string]: Json } | undefined): boolean {
  return selector.every((requirement) => meets(requirement, labels?.[requirement.key]));
}

function meets({ operator, values }: Requirement, value: Json | undefined): boolean {
  switch (operator) {
    case 'In':
      return typeof value === 'string' && values.includes(value);
    case 'NotIn':
      return typeof value !== 'string' || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return typeof value === 'string' && Number(value) > Number(values[0]);
    case 'Lt':
      return typeof value === 'string' && Number(value) < Number(values[0]);
    default:
      return operator satisfies never;
  }
}

/** Prints a selector object in query form, as scale subresources show it. */
export function printSelector(selector: JsonObject): string {
  return selectorOf(selector)
    .map(({ key, operator, values }) => {
      if (operator === 'Exists') return key;
      if (operator === 'DoesNotExist') return `!${key}`;
      if (operator === 'In' && values.length === 1) return `${key}=${values[0]}`;
      return `${key} ${operator === 'In' ? 'in' : 'notin'} (${[...values].sort().join(',')})`;
    })
    .sort()
    .join(',');
}

const TOKEN = /\s*(==|!=|=|!|>|<|\(|\)|,|[^\s=!<>(),]+)/y;

/** Reads `a=b,c in (d,e),!f`. */
export function parseSelector(text: string): Selector {
  const tokens = tokensOf(text);
  const requirements: Requirement[] = [];
  let at = 0;
  const next = () => tokens[at++] ?? '';
  while (at < tokens.length) {
    requirements.push(parseRequirement(next, () => tokens[at] ?? ''));
    if (at < tokens.length && next() !== ',')
      throw badRequest(
        `unable to parse requirement: found '${tokens[at - 1]}', expected: ',' or 'end of string'`,
      );
  }
  return requirements;
}

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const match = TOKEN.exec(text);
    if (!match?.[1]) throw badRequest(`unable to parse requirement: ${JSON.stringify(text)}`);
    tokens.push(match[1]);
  }
  return tokens;
}

function parseRequirement(next: () => string, peek: () => string): Requirement {
  const first = next();
  if (first === '!') return { key: identifier(next()), operator: 'DoesNotExist', values: [] };
  const key = identifier(first);
  const operator = peek();
  if (operator === '' || operator === ',') return { key, operator: 'Exists', values: [] };
  next();
  switch (operator) {
    case '=':
    case '==':
      return { key, operator: 'In', values: [optionalValue(next, peek)] };
    case '!=':
      return { key, operator: 'NotIn', values: [optionalValue(next, peek)] };
    case '>':
      return { key, operator: 'Gt', values: [identifier(next())] };
    case '<':
      return { key, operator: 'Lt', values: [identifier(next())] };
    case 'in':
      return { key, operator: 'In', values: parseValues(next) };
    case 'notin':
      return { key, operator: 'NotIn', values: parseValues(next) };
    default:
      throw badRequest(
        `unable to parse requirement: found '${operator}', expected: in, notin, =, ==, !=, gt, lt`,
      );
  }
}

function optionalValue(next: () => string, peek: () => string): string {
  return peek() === '' || peek() === ',' ? '' : identifier(next());
}

function identifier(token: string): string {
  if (/^[^=!<>(),]+$/.test(token)) return token;
  throw badRequest(`unable to parse requirement: found '${token}', expected: identifier`);
}

function parseValues(next: () => string): string[] {
  if (next() !== '(') throw badRequest("unable to parse requirement: found '', expected: '('");
  const values: string[] = [];
  for (let token = next(); token !== ')'; token = next()) {
    if (token === '')
      throw badRequest("unable to parse requirement: found '', expected: ',', ')' or identifier");
    if (token !== ',') values.push(identifier(token));
  }
  return values;
}

interface FieldRequirement {
  readonly path: string;
  readonly value: string;
  readonly equal: boolean;
}

/** Kinds that can be selected by more than name and namespace. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  '/Pod': [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  '/Event': [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  '/Namespace': ['status.phase'],
  '/Node': ['spec.unschedulable'],
  '/Secret': ['type'],
  '/Service': ['spec.clusterIP', 'spec.type'],
  'apps/ReplicaSet': ['status.replicas'],
  'batch/Job': ['status.successful'],
};

export function parseFieldSelector(text: string, kind: string): (object: KubeObject) => boolean {
  const known = ['metadata.name', 'metadata.namespace', ...(FIELDS[kind] ?? [])];
  const requirements = text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => fieldRequirement(part, known));
  return (object) =>
    requirements.every(({ path, value, equal }) => {
      const found = path.split('.').reduce<Json>((at, name) => objectOf(at)[name] ?? null, object);
      return (found === null ? '' : String(found)) === value ? equal : !equal;
    });
}

function fieldRequirement(part: string, known: readonly string[]): FieldRequirement {
  const match = /^(.*?)(==|!=|=)(.*)$/.exec(part);
  if (!match) throw badRequest(`invalid selector: '${part}'; can't understand '${part}'`);
  const [, path = '', operator, value = ''] = match;
  if (!known.includes(path)) {
    const list = ['metadata.name', 'metadata.namespace'].map((one) => JSON.stringify(one)).join(', ');
    throw badRequest(
      known.length > 2
        ? `field label not supported: ${path}`
        : `${JSON.stringify(path)} is not a known field selector: only ${list}`,
    );
  }
  return { path, value, equal: operator !== '!=' };
}
