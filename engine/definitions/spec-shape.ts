/**
 * Which fields a definition's spec has and of which type (apis/core.oam.dev/v1beta1). A custom resource may have
 * more: the API server drops what it does not know. A .cue file may not (pkg/definition/definition.go validateSpec).
 */
import type { JsonObject, JsonValue } from '../json.ts';
import { isArray, isObject } from '../json.ts';
import { nearestName } from '../oam/nearest.ts';
import { describe } from '../oam/validate.ts';
import type { Issue } from '../result.ts';
import { pointer } from '../result.ts';
import type { DefinitionKind } from './definition.ts';

type Shape =
  | { readonly type: 'string' | 'boolean' | 'integer' | 'any' | 'texts' }
  | { readonly type: 'list'; readonly of: Shape }
  | { readonly type: 'fields'; readonly fields: Readonly<Record<string, Shape>> };

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const texts = { type: 'list', of: text } as const;
const fields = (of: Readonly<Record<string, Shape>>): Shape => ({ type: 'fields', fields: of });

const named = fields({ name: text, namespace: text });
const definitionRef = fields({ name: text, version: text });
const gvk = fields({ apiVersion: text, kind: text });
const schematic = fields({
  cue: fields({ template: text }),
  terraform: fields({
    configuration: text,
    type: text,
    path: text,
    writeConnectionSecretToRef: named,
    providerRef: named,
    deleteResource: flag,
    customRegion: text,
    gitCredentialsSecretReference: named,
  }),
});
const status = fields({ customStatus: text, healthPolicy: text, details: text });
const workloadFields = {
  childResourceKinds: {
    type: 'list',
    of: fields({ apiVersion: text, kind: text, selector: { type: 'texts' } }),
  },
  revisionLabel: text,
  podSpecPath: text,
  status,
  schematic,
  extension: { type: 'any' },
} as const;

const shapes: Readonly<Record<DefinitionKind, Shape>> = {
  component: fields({ version: text, workload: fields({ type: text, definition: gvk }), ...workloadFields }),
  workload: fields({ definitionRef, ...workloadFields }),
  trait: fields({
    definitionRef,
    revisionEnabled: flag,
    workloadRefPath: text,
    podDisruptive: flag,
    appliesToWorkloads: texts,
    conflictsWith: texts,
    schematic,
    status,
    extension: { type: 'any' },
    manageWorkload: flag,
    controlPlaneOnly: flag,
    stage: text,
    version: text,
  }),
  policy: fields({
    definitionRef,
    schematic,
    manageHealthCheck: flag,
    version: text,
    scope: text,
    global: flag,
    priority: { type: 'integer' },
  }),
  workflowstep: fields({ definitionRef, schematic, version: text }),
};

export interface SpecShapeIssues {
  /** Fields of a wrong type: no reader takes these. */
  readonly wrong: readonly Issue[];
  /** Fields that nothing reads. */
  readonly unknown: readonly Issue[];
}

/** Compares a spec with what its kind declares. */
export function specShapeIssues(kind: DefinitionKind, spec: JsonObject): SpecShapeIssues {
  const wrong: Issue[] = [];
  const unknown: Issue[] = [];
  const visit = (value: JsonValue, shape: Shape, path: readonly (string | number)[]): void => {
    if (value === null || shape.type === 'any') return;
    const expected = expectedText(value, shape);
    if (expected !== null) {
      wrong.push(wrongType(path, expected, value));
      return;
    }
    if (shape.type === 'list' && isArray(value)) {
      for (const [i, item] of value.entries()) visit(item, shape.of, [...path, i]);
    }
    if (shape.type === 'texts' && isObject(value)) {
      for (const [key, item] of Object.entries(value)) visit(item, text, [...path, key]);
    }
    if (shape.type !== 'fields' || !isObject(value)) return;
    for (const [key, item] of Object.entries(value)) {
      const inner = fieldShape(shape.fields, key);
      if (inner === undefined) unknown.push(unknownField(path, key, Object.keys(shape.fields)));
      else visit(item, inner, [...path, key]);
    }
  };
  visit(spec, shapes[kind], []);
  return { wrong, unknown };
}

/** Go's decoder finds fields whatever the case of their letters. */
function fieldShape(declared: Readonly<Record<string, Shape>>, key: string): Shape | undefined {
  if (Object.hasOwn(declared, key)) return declared[key];
  const folded = key.toLowerCase();
  return Object.entries(declared).find(([name]) => name.toLowerCase() === folded)?.[1];
}

/** What was expected, or null where the value is of that type. */
function expectedText(value: JsonValue, shape: Shape): string | null {
  switch (shape.type) {
    case 'any':
      return null;
    case 'string':
      return typeof value === 'string' ? null : 'a string';
    case 'boolean':
      return typeof value === 'boolean' ? null : 'a boolean';
    case 'integer':
      return Number.isInteger(value) ? null : 'an integer';
    case 'list':
      return isArray(value) ? null : shape.of.type === 'string' ? 'a list of strings' : 'a list';
    case 'texts':
    case 'fields':
      return isObject(value) ? null : 'a map';
    default:
      return shape satisfies never;
  }
}

function wrongType(path: readonly (string | number)[], expected: string, value: JsonValue): Issue {
  const actual = describe(value);
  return {
    code: 'definition.wrong-type',
    path: pointer(['spec', ...path]),
    message: `spec.${path.join('.')} must be ${expected}, not ${actual}.`,
    expected,
    actual,
  };
}

function unknownField(path: readonly (string | number)[], key: string, names: readonly string[]): Issue {
  const near = nearestName(key, names);
  return {
    code: 'definition.unknown-field',
    path: pointer(['spec', ...path, key]),
    message: `spec has no field "${[...path, key].join('.')}" in this kind of definition.${near === null ? '' : ` Did you mean "${near}"?`}`,
    expected: names.join(', '),
    actual: key,
  };
}
