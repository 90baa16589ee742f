/** What an apply would change of a live object, in a form that may leave its cluster. */
import { MAX_CHANGES, MAX_CHANGES_BYTES, MAX_VALUE_BYTES } from '../delivery/protocol.ts';
import { isObject, type JsonDraft, type JsonObject, type JsonValue, utf8Length } from '../json.ts';
import { withoutDispatchKeys } from './dispatch-keys.ts';
import { diffObjects, type FieldChange } from './fields.ts';

/** Metadata that only the server writes. */
const serverFields = [
  'managedFields',
  'resourceVersion',
  'generation',
  'uid',
  'creationTimestamp',
  'selfLink',
];

/** Differences of an object before and after an apply, secret values hidden; what only the server writes is left out. */
export function liveChanges(before: JsonObject, after: JsonObject): readonly FieldChange[] {
  return diffObjects(comparable(before), comparable(after));
}

function comparable(object: JsonObject): JsonObject {
  const { status: _, ...rest } = withoutDispatchKeys(object);
  const metadata: JsonDraft = { ...(isObject(rest['metadata']) ? rest['metadata'] : {}) };
  for (const field of serverFields) delete metadata[field];
  return { ...rest, metadata };
}

/** Bytes that the changes of one answer may still take. */
export interface ChangeBudget {
  bytes: number;
}

export const changeBudget = (): ChangeBudget => ({ bytes: MAX_CHANGES_BYTES });

export interface ShownChanges {
  readonly changes: readonly FieldChange[];
  readonly omitted: number;
}

/** As many changes as the budget has room for, large values told by their size only. */
export function withinBudget(changes: readonly FieldChange[], budget: ChangeBudget): ShownChanges {
  const shown: FieldChange[] = [];
  for (const change of changes.slice(0, MAX_CHANGES)) {
    const small = shortened(change);
    const bytes = utf8Length(JSON.stringify(small));
    if (bytes > budget.bytes || change.path.length > 2048) break;
    budget.bytes -= bytes;
    shown.push(small);
  }
  return { changes: shown, omitted: changes.length - shown.length };
}

function shortened({ path, from, to }: FieldChange): FieldChange {
  const short = (value: JsonValue): JsonValue => {
    const bytes = utf8Length(JSON.stringify(value));
    return bytes > MAX_VALUE_BYTES ? `(${bytes} bytes, not shown)` : value;
  };
  return {
    path,
    ...(from === undefined ? {} : { from: short(from) }),
    ...(to === undefined ? {} : { to: short(to) }),
  };
}
