/** Parameters against what a definition declares: warnings about names, and better words for evaluation errors. */
import type { JsonValue } from '../json.ts';
import { at, isArray, isObject } from '../json.ts';
import { nearestName } from '../oam/nearest.ts';
import { describe } from '../oam/validate.ts';
import type { Issue } from '../result.ts';
import { pointer } from '../result.ts';
import type { FieldShape, Shape } from './parameter-shape.ts';

/** Whose parameters are looked at, e.g. the type and the pointer of a component's properties. */
export interface ParameterPlace {
  readonly type: string;
  /** JSON pointer to the properties in the user's document. */
  readonly path: string;
}

/** A warning for each name that the definition does not declare, with the nearest one that it does. */
export function unknownParameters(
  properties: JsonValue | undefined,
  parameter: FieldShape,
  place: ParameterPlace,
): readonly Issue[] {
  const issues: Issue[] = [];
  visit(properties, parameter.shape, [], (path, names) => {
    const name = String(path.at(-1));
    const near = nearestName(name, names);
    issues.push({
      code: 'unknown-parameter',
      path: place.path + pointer(path),
      message: `"${path.join('.')}" is no parameter of ${place.type} and has no effect.${near === null ? '' : ` Did you mean "${near}"?`}`,
      actual: name,
      definition: parameter.span,
    });
  });
  return issues;
}

type Path = readonly (string | number)[];

/** `path` is that of the value, changed on the way down and back. */
function visit(
  value: JsonValue | undefined,
  shape: Shape,
  path: (string | number)[],
  unknown: (path: Path, names: readonly string[]) => void,
): void {
  if (shape.kind === 'list' && isArray(value)) {
    for (const [i, item] of value.entries()) {
      path.push(i);
      visit(item, shape.element, path, unknown);
      path.pop();
    }
  }
  if (shape.kind !== 'struct' || !isObject(value)) return;
  // A struct within that declares nothing stands for any object, as in `objects: [...{}]`.
  if (path.length > 0 && shape.fields.size === 0 && shape.rest === null) return;
  for (const name of Object.keys(value)) {
    path.push(name);
    const inner = shape.fields.get(name)?.shape ?? shape.rest;
    // The keys are the object's own.
    if (inner !== null) visit(value[name] as JsonValue, inner, path, unknown);
    else unknown(path, [...shape.fields.keys()]);
    path.pop();
  }
}

/** What an evaluation found wrong with a parameter. */
export interface ParameterFinding {
  /** Below `parameter`. */
  readonly path: Path;
  readonly reason: 'missing' | 'not-allowed' | 'wrong';
  /** CUE's own words. */
  readonly message: string;
}

/** The finding as an issue with pointer, expected, actual, allowed values and the definition's line. */
export function explainParameter(
  finding: ParameterFinding,
  properties: JsonValue | undefined,
  parameter: FieldShape | null,
  place: ParameterPlace,
): Issue {
  const field = parameter === null ? null : fieldAt(parameter, finding.path);
  const value = at(properties, ...finding.path);
  const name = finding.path.join('.');
  const base = {
    path: place.path + pointer(finding.path),
    ...(field === null ? {} : { definition: field.span }),
  };
  if (finding.reason === 'not-allowed') return { ...base, ...notAllowed(finding, parameter, place, name) };
  const expected = field === null ? {} : { expected: expectedText(field) };
  if (finding.reason === 'missing' || value === undefined) {
    const stray = strayName(finding.path, properties, parameter);
    return {
      ...base,
      code: 'parameter.required',
      message: `The parameter "${name}" of ${place.type} is required.${stray === null ? '' : ` Is it meant by "${stray}", which is no parameter?`}`,
      ...expected,
    };
  }
  const actual = describe(value);
  const wanted = field === null ? finding.message : `it must be ${expectedText(field)}, not ${actual}`;
  const near = field === null || typeof value !== 'string' ? null : nearestName(value, allowedTexts(field));
  return {
    ...base,
    code: 'parameter.invalid',
    message: `The parameter "${name}" of ${place.type} does not fit: ${wanted}.${near === null ? '' : ` Did you mean "${near}"?`}`,
    ...expected,
    actual,
  };
}

/** The nearest name that stands beside a missing one and is not declared; null where there is none. */
function strayName(
  path: Path,
  properties: JsonValue | undefined,
  parameter: FieldShape | null,
): string | null {
  const around = path.slice(0, -1);
  const given = at(properties, ...around);
  const holder = parameter === null ? null : fieldAt(parameter, around);
  if (!isObject(given) || holder === null || holder.shape.kind !== 'struct') return null;
  const { fields } = holder.shape;
  return nearestName(
    String(path.at(-1)),
    Object.keys(given).filter((name) => !fields.has(name)),
  );
}

function notAllowed(
  finding: ParameterFinding,
  parameter: FieldShape | null,
  place: ParameterPlace,
  name: string,
): Pick<Issue, 'code' | 'message' | 'expected' | 'actual'> {
  const holder = parameter === null ? null : fieldAt(parameter, finding.path.slice(0, -1));
  const names = holder?.shape.kind === 'struct' ? [...holder.shape.fields.keys()] : [];
  const last = String(finding.path.at(-1) ?? '');
  if (names.includes(last)) {
    return {
      code: 'parameter.invalid',
      message: `The parameter "${name}" of ${place.type} fits none of the alternatives that its definition has.`,
      actual: last,
    };
  }
  const near = nearestName(last, names);
  const hint = near === null ? '' : ` Did you mean "${near}"?`;
  return {
    code: 'parameter.not-allowed',
    message: `${place.type} takes no parameter "${name}".${hint}`,
    expected: near ?? (names.length === 0 ? 'nothing' : `one of ${names.join(', ')}`),
    actual: last,
  };
}

function fieldAt(parameter: FieldShape, path: Path): FieldShape | null {
  let field: FieldShape = parameter;
  for (const step of path) {
    const { shape } = field;
    if (shape.kind === 'list' && typeof step === 'number') field = { ...field, shape: shape.element };
    else if (shape.kind === 'struct') {
      const next = shape.fields.get(String(step));
      if (next === undefined && shape.rest === null) return null;
      field = next ?? { ...field, shape: shape.rest ?? { kind: 'any' } };
    } else return null;
  }
  return field;
}

function allowedTexts({ shape }: FieldShape): readonly string[] {
  return shape.kind === 'scalar' ? shape.allowed.filter((one) => typeof one === 'string') : [];
}

function expectedText(field: FieldShape): string {
  if (field.shape.kind === 'scalar' && field.shape.allowed.length > 1) {
    return `one of ${field.shape.allowed.map((v) => JSON.stringify(v)).join(', ')}`;
  }
  const text = field.text.replace(/^\s*\/\/.*$/gm, '').replace(/\s+/g, ' ');
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}
