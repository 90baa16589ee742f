/** What templates see as `context` (pkg/cue/process/contexthook of KubeVela: handle.go NewContext). */
import type { Data } from '../cue/index.ts';
import { CueError } from '../cue/index.ts';
import type { JsonDraft, JsonObject, JsonValue } from '../json.ts';
import { own } from '../json.ts';
import type { Component, ObjectMeta } from '../oam/application.ts';
import { componentJson } from '../oam/application.ts';
import { annotation } from '../oam/metadata.ts';
import type { ContextUse } from './context-use.ts';
import { dataFor, dataInOrder } from './data.ts';

export interface ClusterVersion {
  readonly major: string;
  /** As the cluster reports it, e.g. `31` or `31+`. */
  readonly minor: string;
  readonly gitVersion?: string;
  readonly platform?: string;
}

/** What is the same for every component of one rendering. */
export interface ApplicationContext {
  readonly name: string;
  readonly namespace: string;
  /** `<app>-v<n>`. */
  readonly revision: string;
  readonly metadata: ObjectMeta;
  readonly components: readonly Component[];
  /** `context.custom`: what policies of scope Application add. */
  readonly custom?: JsonObject;
}

/** Where one component goes. All are `''` where the Application is rendered without a deploy step. */
export interface PlacementContext {
  readonly cluster: string;
  readonly namespace: string;
  readonly replicaKey: string;
  /** Name of the component's revision. */
  readonly componentRevision: string;
  readonly clusterVersion: ClusterVersion;
}

/** The parts of `context` that all components share; made once, so that rendering stays linear. */
export function sharedContext(application: ApplicationContext): JsonObject {
  const { annotations, labels } = application.metadata;
  const shared: JsonDraft = {
    appName: application.name,
    appRevision: application.revision,
    appRevisionNum: revisionNumber(application.revision),
    appLabels: labels,
    appAnnotations: annotations,
    components: application.components.map(componentJson),
    workflowName: annotations[annotation.workflowName] ?? '',
    publishVersion: annotations[annotation.publishVersion] ?? '',
  };
  if (application.custom !== undefined) shared['custom'] = application.custom;
  return shared;
}

/** `context` of one component at one place, before its own `output`. */
export function componentContext(
  shared: JsonObject,
  name: string,
  applicationNamespace: string,
  place: PlacementContext,
): JsonObject {
  return {
    ...shared,
    name,
    namespace: place.namespace === '' ? applicationNamespace : place.namespace,
    cluster: place.cluster,
    replicaKey: place.replicaKey,
    revision: place.componentRevision,
    clusterVersion: clusterVersionJson(place.clusterVersion),
  };
}

function clusterVersionJson(version: ClusterVersion): JsonValue {
  const minor = /^[+-]?[0-9]{1,15}$/.exec(version.minor.trim().replace(/[.+\-/?!]+$/, ''));
  return {
    major: version.major,
    minor: minor === null ? 0 : Number(minor[0]),
    gitVersion: version.gitVersion ?? '',
    platform: version.platform ?? '',
  };
}

/** `n` of `<app>-v<n>`; 0 where the name has another form. */
export function revisionNumber(revision: string): number {
  const match = /-v([+-]?[0-9]{1,15})$/.exec(revision);
  return match === null ? 0 : Number(match[1]);
}

/** `1.31` or `v1.31.2` as a version; null if it is none. */
export function parseClusterVersion(text: string): ClusterVersion | null {
  const match = /^v?([0-9]+)\.([0-9]+\+?)/.exec(text.trim());
  if (match === null) return null;
  const [, major = '', minor = ''] = match;
  return text.startsWith('v') ? { major, minor, gitVersion: text } : { major, minor };
}

/**
 * The parts of `context` that `use` names, in byte order: of the objects where one has the name, else of what is
 * plain.
 */
export function contextData(
  plain: JsonObject,
  objects: ReadonlyMap<string, (use: ContextUse) => Data | CueError>,
  use: ContextUse,
): Data | CueError {
  const fields = new Map<string, Data>();
  const names = use === 'all' ? [...new Set([...Object.keys(plain), ...objects.keys()])].sort() : use.keys();
  for (const name of names) {
    const part = use === 'all' ? use : (use.get(name) ?? 'all');
    const json = own(plain, name);
    const object = objects.get(name);
    if (object === undefined && json === undefined) continue;
    const data = object?.(part) ?? plainData(name, json ?? null, part);
    if (data instanceof CueError) return data;
    fields.set(name, data);
  }
  return { type: 'struct', fields };
}

/** What KubeVela has as Go structs, whose fields keep their order; everything else is sorted. */
const structs: ReadonlySet<string> = new Set(['components', 'appComponents', 'appWorkflow', 'appPolicies']);

function plainData(name: string, json: JsonValue, use: ContextUse): Data {
  return structs.has(name) ? dataInOrder(json) : dataFor(json, use);
}
