import type { FieldManager } from '../ownership/field-manager.ts';
import { FieldSet } from '../ownership/field-set.ts';
import { emptyObject } from './prepare.ts';
import { ignoredFields, type ResourceType, type Subresource } from './resource-type.ts';

/** Who keeps the managedFields of a resource's endpoint. */
export function fieldManagerOf(type: ResourceType, subresource: Subresource): FieldManager {
  return {
    versions: type.versions,
    apiVersion: type.apiVersion,
    subresource,
    ignored: subresource === 'scale' ? new FieldSet() : ignoredFields(type, subresource),
    empty: emptyObject(type),
  };
}
