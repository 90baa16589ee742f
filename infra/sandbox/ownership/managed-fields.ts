// metadata.managedFields in and out of the form that the updater works on.

import type { ManagedFieldsEntry } from '../kube-object.ts';
import { fromFieldsV1, toFieldsV1 } from './fields-v1.ts';
import type { Managers, Ownership } from './updater.ts';

export interface Managed {
  readonly managers: Managers;
  /** when each manager last changed something, RFC 3339 */
  readonly times: ReadonlyMap<string, string>;
}

export const NO_MANAGERS: Managed = { managers: new Map(), times: new Map() };

export interface ManagerInfo {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource: string;
}

/** Who a manager is: an applier by its name whatever version it uses, an updater by name and version. */
export function managerId(info: ManagerInfo): string {
  const { operation, subresource } = info;
  const apiVersion = operation === 'Apply' ? '' : info.apiVersion;
  return JSON.stringify([info.manager || 'unknown', operation, apiVersion, subresource]);
}

export function managerInfo(id: string): ManagerInfo {
  const [manager, operation, apiVersion, subresource] = JSON.parse(id) as [
    string,
    'Apply' | 'Update',
    string,
    string,
  ]; // by managerId
  return { manager, operation, apiVersion, subresource };
}

/** Undefined when an entry is malformed. */
export function decodeManaged(entries: readonly ManagedFieldsEntry[] | undefined): Managed | undefined {
  const managers = new Map<string, Ownership>();
  const times = new Map<string, string>();
  for (const entry of entries ?? []) {
    const { apiVersion, fieldsType } = entry;
    const operation = (['Apply', 'Update'] as const).find((known) => known === entry.operation);
    if (!operation || !apiVersion || fieldsType !== 'FieldsV1') return undefined;
    const set = fromFieldsV1(entry.fieldsV1);
    if (!set) return undefined;
    const info = {
      manager: entry.manager ?? '',
      operation,
      apiVersion,
      subresource: entry.subresource ?? '',
    };
    const id = managerId(info);
    managers.set(id, { set, apiVersion, applied: operation === 'Apply' });
    if (entry.time) times.set(id, entry.time);
  }
  return { managers, times };
}

/** Appliers first, then by time, name, version and subresource. */
export function encodeManaged({ managers, times }: Managed): ManagedFieldsEntry[] {
  const entries = [...managers].map(([id, { set, apiVersion }]) => {
    const { manager, operation, subresource } = managerInfo(id);
    const time = times.get(id);
    const entry: ManagedFieldsEntry = {
      manager,
      operation,
      apiVersion,
      ...(time === undefined ? {} : { time }),
      fieldsType: 'FieldsV1',
      fieldsV1: toFieldsV1(set),
      ...(subresource === '' ? {} : { subresource }),
    };
    return entry;
  });
  return entries.sort(compareEntries);
}

function compareEntries(a: ManagedFieldsEntry, b: ManagedFieldsEntry): number {
  const by = (key: 'operation' | 'time' | 'manager' | 'apiVersion' | 'subresource') => {
    const [left, right] = [a[key] ?? '', b[key] ?? ''];
    return left < right ? -1 : left > right ? 1 : 0;
  };
  return by('operation') || by('time') || by('manager') || by('apiVersion') || by('subresource');
}
