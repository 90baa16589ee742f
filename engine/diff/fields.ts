/** The field differences of two objects, for people: which path, what it was, what it becomes. */
import { isArray, isObject, type JsonObject, type JsonValue, own } from '../json.ts';
import { pointer } from '../result.ts';
import { MASKED, masked, valueAt } from './mask.ts';

export interface FieldChange {
  /** JSON pointer. */
  readonly path: string;
  /** Absent: the field is new. */
  readonly from?: JsonValue;
  /** Absent: the field goes. */
  readonly to?: JsonValue;
}

/**
 * Differences in order of path. Lists are compared element by element. Values of Secrets show as hidden, also where
 * they differ.
 */
export function diffObjects(before: JsonObject, after: JsonObject): readonly FieldChange[] {
  const changes: FieldChange[] = [];
  compare(before, after, [], changes);
  const [was, becomes] = [masked(before), masked(after)];
  return changes.map((change) => hide(change, was, becomes));
}

function compare(
  from: JsonValue | undefined,
  to: JsonValue | undefined,
  path: readonly (string | number)[],
  changes: FieldChange[],
): void {
  if (isObject(from) && isObject(to)) {
    const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
    for (const name of names) compare(own(from, name), own(to, name), [...path, name], changes);
  } else if (isArray(from) && isArray(to)) {
    const length = Math.max(from.length, to.length);
    for (let index = 0; index < length; index++) compare(from[index], to[index], [...path, index], changes);
  } else if (from !== to) {
    changes.push({
      path: pointer(path),
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
    });
  }
}

/** A change whose value the masked object does not show in full is told without it. */
function hide(change: FieldChange, before: JsonObject, after: JsonObject): FieldChange {
  const { path, from, to } = change;
  const shown = (value: JsonValue | undefined, object: JsonObject): JsonValue | undefined => {
    if (value === undefined) return undefined;
    return valueAt(object, path) ?? MASKED;
  };
  const [was, becomes] = [shown(from, before), shown(to, after)];
  return {
    path,
    ...(was === undefined ? {} : { from: was }),
    ...(becomes === undefined ? {} : { to: becomes }),
  };
}
