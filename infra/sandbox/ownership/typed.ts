// Reads a value by its type: is it valid, and which fields does it hold?

import { isObject, type Json, type JsonObject } from '../json.ts';
import {
  ANY_MAP,
  type ListNode,
  type MapNode,
  type Node,
  nodeAt,
  OPEN_LIST,
  OPEN_MAP,
  type ScalarNode,
} from '../schema/node.ts';
import { FieldSet } from './field-set.ts';
import {
  fieldElement,
  keyElement,
  type Path,
  type PathElement,
  printElement,
  valueElement,
} from './path-element.ts';

/** What a type means for a value at hand: `open` and `any` become scalar, list or map by the value. */
export type Shape =
  | { readonly kind: 'scalar'; readonly node: ScalarNode | undefined }
  | { readonly kind: 'list'; readonly node: ListNode }
  | { readonly kind: 'map'; readonly node: MapNode };

const ANY_SCALAR: Shape = { kind: 'scalar', node: undefined };

export function shapeOf(node: Node, value: Json | undefined): Shape {
  switch (node.kind) {
    case 'scalar':
      return { kind: 'scalar', node };
    case 'list':
      return { kind: 'list', node };
    case 'map':
      return { kind: 'map', node };
    case 'open':
    case 'any':
      if (Array.isArray(value)) return { kind: 'list', node: OPEN_LIST };
      if (value === undefined || value === null || isObject(value)) {
        return { kind: 'map', node: node.kind === 'open' ? OPEN_MAP : ANY_MAP };
      }
      return ANY_SCALAR;
    default:
      return node satisfies never;
  }
}

export interface TypeProblem {
  readonly path: string;
  readonly message: string;
}

/** As the API server joins them. */
export function printProblems(problems: readonly TypeProblem[]): string {
  const lines = problems.map(({ path, message }) => (path ? `${path}: ${message}` : message));
  return lines.length === 1 ? (lines[0] ?? '') : ['errors:', ...lines.map((line) => `  ${line}`)].join('\n');
}

/** Which list item this is: by its keys, or in a set by its value. A string says why it cannot be told. */
export function itemElement(list: ListNode, item: Json): PathElement | string {
  if (list.as === 'set') {
    if (isObject(item)) return "associative list without keys has an element that's a map type";
    if (Array.isArray(item)) return 'not supported: associative list with lists as elements';
    if (item === null) return "associative list without keys has an element that's an explicit null";
    return valueElement(item);
  }
  if (item === null) return 'associative list with keys may not have a null element';
  if (!isObject(item)) return 'associative list with keys may not have non-map elements';
  const keys: [string, Json][] = [];
  for (const key of list.keys) {
    const given = Object.hasOwn(item, key) ? item[key] : undefined;
    const value = given ?? (given === undefined ? defaultOf(list, key) : null);
    if (value !== undefined) keys.push([key, value]);
  }
  if (keys.length > 0) return keyElement(keys);
  const names = `[${list.keys.map((key) => JSON.stringify(key)).join(' ')}]`;
  return `associative list with keys has an element that omits all key fields ${names} (and doesn't have default values for any key fields)`;
}

function defaultOf(list: ListNode, key: string): Json | undefined {
  return list.item.kind === 'map' ? list.item.fields.get(key)?.default : undefined;
}

/** What is wrong with a value that someone wants to apply; unknown fields and double list items are. */
export function problemsOf(node: Node, value: Json, allowDuplicates = false): TypeProblem[] {
  const shape = shapeOf(node, value);
  switch (shape.kind) {
    case 'scalar':
      return scalarProblems(shape.node, value);
    case 'list':
      return listProblems(shape.node, value, allowDuplicates);
    case 'map':
      return mapProblems(shape.node, value, allowDuplicates);
    default:
      return shape satisfies never;
  }
}

function scalarProblems(node: ScalarNode | undefined, value: Json): TypeProblem[] {
  if (value === null) return [];
  const message = scalarProblem(node, value);
  return message === undefined ? [] : [{ path: '', message }];
}

function scalarProblem(node: ScalarNode | undefined, value: Json): string | undefined {
  switch (node?.format) {
    case 'int32':
    case 'int64':
    case 'number':
      return typeof value === 'number' ? undefined : `expected numeric (int or float), got ${goType(value)}`;
    case 'string':
    case 'bytes':
      return typeof value === 'string'
        ? undefined
        : `expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `expected boolean, got &{${goPlain(value)}}`;
    default:
      return typeof value === 'object' ? `expected any scalar, got &{${goPlain(value)}}` : undefined;
  }
}

function goType(value: Json): string {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  return Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}';
}

function goSyntax(value: Json): string {
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (isObject(value)) {
    const inner = Object.entries(value).map(([key, of]) => `${JSON.stringify(key)}:${goSyntax(of)}`);
    return `map[string]interface {}{${inner.join(', ')}}`;
  }
  return JSON.stringify(value);
}

/** A value the way Go prints it: `map[a:1]`. */
export function goPlain(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(goPlain).join(' ')}]`;
  if (isObject(value)) {
    const keys = Object.keys(value).sort();
    return `map[${keys.map((key) => `${key}:${goPlain(value[key] ?? null)}`).join(' ')}]`;
  }
  return value === null ? '<nil>' : String(value);
}

function listProblems(node: ListNode, value: Json, allowDuplicates: boolean): TypeProblem[] {
  if (value === null) return [];
  if (!Array.isArray(value)) return [{ path: '', message: `expected list, got &{${goPlain(value)}}` }];
  const problems: TypeProblem[] = [];
  const seen = new Set<string>();
  for (const [i, item] of value.entries()) {
    const element: PathElement | string =
      node.as === 'atomic' ? { kind: 'index', id: `i:${i}`, index: i } : itemElement(node, item);
    if (typeof element === 'string') {
      problems.push({ path: '', message: `element ${i}: ${element}` });
      return problems;
    }
    if (seen.has(element.id) && !allowDuplicates) {
      problems.push({ path: '', message: `duplicate entries for key ${printElement(element)}` });
    }
    seen.add(element.id);
    problems.push(...under(printElement(element), problemsOf(node.item, item, allowDuplicates)));
  }
  return problems;
}

function mapProblems(node: MapNode, value: Json, allowDuplicates: boolean): TypeProblem[] {
  if (value === null) return [];
  if (!isObject(value)) return [{ path: '', message: `expected map, got &{${goPlain(value)}}` }];
  const problems: TypeProblem[] = [];
  for (const key of Object.keys(value).sort()) {
    const type = nodeAt(node, key);
    const found = type
      ? problemsOf(type, value[key] ?? null, allowDuplicates)
      : [{ path: '', message: 'field not declared in schema' }];
    problems.push(...under(`.${key}`, found));
    if (!type) return problems;
  }
  return problems;
}

function under(prefix: string, problems: readonly TypeProblem[]): TypeProblem[] {
  return problems.map(({ path, message }) => ({ path: prefix + path, message }));
}

/** Every field that the value holds, as a manager who applies it owns them. */
export function fieldSetOf(node: Node, value: Json): FieldSet {
  const set = new FieldSet();
  collect(node, value, [], set);
  return set;
}

function collect(node: Node, value: Json, path: Path, set: FieldSet): void {
  const shape = shapeOf(node, value);
  if (shape.kind === 'scalar') set.insert(path);
  else if (shape.kind === 'list') collectList(shape.node, value, path, set);
  else collectMap(shape.node, value, path, set);
}

function collectList(node: ListNode, value: Json, path: Path, set: FieldSet): void {
  if (node.as === 'atomic') {
    set.insert(path);
    return;
  }
  const items = Array.isArray(value) ? value : [];
  const counts = new Map<string, number>();
  const elements = items.map((item) => itemElement(node, item));
  for (const element of elements) {
    if (typeof element !== 'string') counts.set(element.id, (counts.get(element.id) ?? 0) + 1);
  }
  for (const [i, element] of elements.entries()) {
    if (typeof element === 'string') continue;
    const inner = [...path, element];
    set.insert(inner);
    // an item that is there twice is owned as a whole
    if (counts.get(element.id) === 1) collect(node.item, items[i] ?? null, inner, set);
  }
}

function collectMap(node: MapNode, value: Json, path: Path, set: FieldSet): void {
  if (node.atomic) {
    set.insert(path);
    return;
  }
  if (!isObject(value)) return;
  for (const [key, of] of Object.entries(value)) {
    const inner = [...path, fieldElement(key)];
    const type = nodeAt(node, key);
    if (type) collect(type, of, inner, set);
    if (of === null || isEmptyMap(of) || !node.fields.has(key)) set.insert(inner);
  }
}

function isEmptyMap(value: Json): boolean {
  return isObject(value) && Object.keys(value as JsonObject).length === 0;
}
