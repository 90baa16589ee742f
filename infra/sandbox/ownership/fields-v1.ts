// The JSON form of a field set in metadata.managedFields[].fieldsV1.

import { isObject, type Json, type JsonObject, setKey } from '../json.ts';
import { FieldSet } from './field-set.ts';
import { compareElements, parseElement } from './path-element.ts';

const SELF = '.';

export function toFieldsV1(set: FieldSet): JsonObject {
  const result: JsonObject = {};
  const elements = [...set.sortedMembers(), ...set.sortedChildren().map((child) => child.element)];
  for (const element of elements.sort(compareElements)) {
    if (Object.hasOwn(result, element.id)) continue;
    const below = set.under(element);
    const inner = below ? toFieldsV1(below) : {};
    const own = below && set.members.has(element.id);
    setKey(result, element.id, own ? { [SELF]: {}, ...inner } : inner);
  }
  return result;
}

/** Undefined when the value is no field set; elements of an unknown kind are passed over. */
export function fromFieldsV1(value: Json | undefined): FieldSet | undefined {
  if (value === undefined || value === null) return new FieldSet();
  return isObject(value) ? read(value).set : undefined;
}

function read(value: JsonObject): { set: FieldSet; isMember: boolean } {
  const set = new FieldSet();
  let isMember = false;
  for (const [id, inner] of Object.entries(value)) {
    if (id === SELF) {
      isMember = true;
      continue;
    }
    const element = parseElement(id);
    if (!element || !isObject(inner)) continue;
    const below = read(inner);
    if (below.isMember) set.members.set(element.id, element);
    if (!below.set.isEmpty) set.children.set(element.id, { element, set: below.set });
  }
  return { set, isMember: isMember || set.isEmpty };
}
