// A served resource: one version of one kind, with all that the verbs need to know about it.

import { fieldPath } from '../ownership/field-manager.ts';
import { FieldSet } from '../ownership/field-set.ts';
import type { Versions } from '../ownership/updater.ts';
import type { MapNode } from '../schema/node.ts';
import type { Structural } from '../schema/structural.ts';
import type { GroupNamed } from './status-error.ts';

export type Subresource = '' | 'status' | 'scale';

/** Where a custom resource keeps what its scale subresource shows. */
export interface ScalePaths {
  readonly spec: readonly string[];
  readonly status: readonly string[];
  /** of the selector in text form; empty: none */
  readonly selector: readonly string[];
}

export interface CustomType {
  readonly definition: string;
  readonly schema: Structural | undefined;
}

export interface ResourceType {
  readonly group: string;
  readonly version: string;
  /** `group/version`, or the version alone in the core group */
  readonly apiVersion: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly listKind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly subresources: ReadonlySet<Subresource>;
  /** of the objects in the store, the same for all versions */
  readonly storage: string;
  /** the apiVersion that objects are stored in */
  readonly storedAs: string;
  readonly node: MapNode;
  readonly versions: Versions;
  readonly custom: CustomType | undefined;
  readonly scale: ScalePaths | undefined;
}

export function apiVersionOf(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`;
}

export function resourceName(type: ResourceType): GroupNamed {
  return { group: type.group, name: type.plural };
}

export function kindName(type: ResourceType): GroupNamed {
  return { group: type.group, name: type.kind };
}

const STATUS = FieldSet.of(fieldPath('status'));
const SPEC = FieldSet.of(fieldPath('spec'));
const NOTHING = new FieldSet();

/** By `group/Kind`: what a write to the status endpoint leaves alone, apart from the spec. */
const STATUS_KEEPS: Readonly<Record<string, FieldSet>> = {
  'apps/Deployment': FieldSet.of(fieldPath('spec'), fieldPath('metadata', 'labels')),
  '/Pod': FieldSet.of(
    fieldPath('spec'),
    fieldPath('metadata', 'deletionTimestamp'),
    fieldPath('metadata', 'ownerReferences'),
  ),
  'apiextensions.k8s.io/CustomResourceDefinition': FieldSet.of(fieldPath('spec'), fieldPath('metadata')),
};

/** Fields that a write to this endpoint does not take. */
export function ignoredFields(type: ResourceType, subresource: Subresource): FieldSet {
  if (!type.subresources.has('status')) return NOTHING;
  if (subresource !== 'status') return STATUS;
  return STATUS_KEEPS[`${type.group}/${type.kind}`] ?? SPEC;
}

/** Where a kind has its pod template's spec. */
const POD_SPECS: Readonly<Record<string, readonly string[]>> = {
  '/Pod': ['spec'],
  'apps/Deployment': ['spec', 'template', 'spec'],
  'apps/ReplicaSet': ['spec', 'template', 'spec'],
  'apps/StatefulSet': ['spec', 'template', 'spec'],
  'apps/DaemonSet': ['spec', 'template', 'spec'],
  'batch/Job': ['spec', 'template', 'spec'],
  'batch/CronJob': ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
};

/** Undefined for kinds that run no pods. */
export function podSpecPath(type: ResourceType): readonly string[] | undefined {
  return POD_SPECS[`${type.group}/${type.kind}`];
}
