// Which resources are served: the built-in ones and those that CustomResourceDefinitions add.

import { isObject, type JsonObject, listOf, objectOf, stringOf, valueAt } from '../json.ts';
import type { KubeObject } from '../kube-object.ts';
import type { Versions } from '../ownership/updater.ts';
import { BUILTIN_RESOURCES, builtinType } from '../schema/builtin.ts';
import type { ResourceFacts } from '../schema/builtin-file.ts';
import type { MapNode } from '../schema/node.ts';
import { customNode, readStructural } from '../schema/structural.ts';
import { convertAutoscaler } from './autoscaler-versions.ts';
import { apiVersionOf, type ResourceType, type ScalePaths, type Subresource } from './resource-type.ts';

const REPLICAS: ScalePaths = { spec: ['spec', 'replicas'], status: ['status', 'replicas'], selector: [] };
const PREFERRED: Readonly<Record<string, string>> = { autoscaling: 'v2' };

export class Resources {
  readonly #byPath = new Map<string, ResourceType>();
  /** definition name → the paths that it serves */
  readonly #defined = new Map<string, string[]>();
  #index: Index | undefined;

  constructor() {
    for (const facts of BUILTIN_RESOURCES) this.#add(builtin(facts));
  }

  find(group: string, version: string, plural: string): ResourceType | undefined {
    return this.#byPath.get(pathOf(group, version, plural));
  }

  /** The type of a kind in a version. */
  ofKind(apiVersion: string, kind: string): ResourceType | undefined {
    return this.#served().byKind.get(`${apiVersion} ${kind}`);
  }

  /** The stored version of what is stored under this name, or any that is served. */
  ofStorage(storage: string): ResourceType | undefined {
    return this.#served().byStorage.get(storage);
  }

  all(): readonly ResourceType[] {
    return this.#served().all;
  }

  /** Group → its versions, the preferred one first. */
  groups(): ReadonlyMap<string, readonly string[]> {
    return this.#served().groups;
  }

  /** Serves what an established definition says, instead of what it said before. */
  define(definition: KubeObject): void {
    this.undefine(definition.metadata.name ?? '');
    const types = customTypes(definition);
    for (const type of types) this.#add(type);
    this.#defined.set(
      definition.metadata.name ?? '',
      types.map((type) => pathOf(type.group, type.version, type.plural)),
    );
  }

  undefine(name: string): void {
    for (const path of this.#defined.get(name) ?? []) this.#byPath.delete(path);
    this.#defined.delete(name);
    this.#index = undefined;
  }

  #add(type: ResourceType): void {
    this.#byPath.set(pathOf(type.group, type.version, type.plural), type);
    this.#index = undefined;
  }

  #served(): Index {
    this.#index ??= indexOf([...this.#byPath.values()]);
    return this.#index;
  }
}

/** What is served, by what it is looked up by. */
interface Index {
  readonly all: readonly ResourceType[];
  readonly byKind: ReadonlyMap<string, ResourceType>;
  readonly byStorage: ReadonlyMap<string, ResourceType>;
  readonly groups: ReadonlyMap<string, readonly string[]>;
}

function indexOf(all: readonly ResourceType[]): Index {
  const byKind = new Map(all.map((type) => [`${type.apiVersion} ${type.kind}`, type]));
  const byStorage = new Map<string, ResourceType>();
  const groups = new Map<string, string[]>();
  for (const type of all) {
    if (!byStorage.has(type.storage) || type.apiVersion === type.storedAs) byStorage.set(type.storage, type);
    const versions = groups.get(type.group) ?? [];
    if (!versions.includes(type.version)) versions.push(type.version);
    groups.set(type.group, versions);
  }
  for (const [group, versions] of groups) versions.sort((a, b) => compareVersions(group, a, b));
  return { all, byKind, byStorage, groups };
}

function pathOf(group: string, version: string, plural: string): string {
  return `${group}/${version}/${plural}`;
}

/** v2 before v1 before v1beta2, the preferred version before all. */
function compareVersions(group: string, a: string, b: string): number {
  const preferred = PREFERRED[group];
  if (a === preferred || b === preferred) return a === b ? 0 : a === preferred ? -1 : 1;
  const rank = (version: string) => {
    const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
    if (!match) return [-1, 0, 0];
    return [
      match[2] === undefined ? 2 : match[2] === 'beta' ? 1 : 0,
      Number(match[1]),
      Number(match[3] ?? 0),
    ];
  };
  const [left, right] = [rank(a), rank(b)];
  for (const [i, value] of left.entries()) {
    const difference = (right[i] ?? 0) - value;
    if (difference !== 0) return difference;
  }
  return a < b ? -1 : 1;
}

function builtin(facts: ResourceFacts): ResourceType {
  const apiVersion = apiVersionOf(facts.group, facts.version);
  const served = BUILTIN_RESOURCES.filter((one) => one.group === facts.group && one.plural === facts.plural);
  const stored = served.find((one) => one.version === PREFERRED[facts.group]) ?? facts;
  const nodes = new Map(served.map((one) => [apiVersionOf(one.group, one.version), builtinType(one.type)]));
  return {
    ...facts,
    apiVersion,
    listKind: `${facts.kind}List`,
    subresources: new Set(['', ...facts.subresources] as Subresource[]), // status and scale only, by the generator
    storage: `${facts.group}/${facts.plural}`,
    storedAs: apiVersionOf(stored.group, stored.version),
    node: builtinType(facts.type),
    versions: {
      nodeOf: (version) => nodes.get(version),
      convert: (object, version) => (served.length > 1 ? convertAutoscaler(object, version) : object),
    },
    custom: undefined,
    scale: facts.subresources.includes('scale') ? REPLICAS : undefined,
  };
}

function customTypes(definition: KubeObject): ResourceType[] {
  const spec = objectOf(definition['spec']);
  const versions = listOf(spec['versions']).filter(isObject);
  const stored = versions.find((version) => version['storage'] === true);
  const shared = sharedParts(definition, stringOf(stored?.['name']));
  const nodes = new Map<string, MapNode>();
  const served: Versions = {
    nodeOf: (apiVersion) => nodes.get(apiVersion),
    convert: (object, apiVersion) =>
      object['apiVersion'] === apiVersion ? object : { ...object, apiVersion },
  };
  const types: ResourceType[] = [];
  for (const version of versions) {
    if (version['served'] !== true) continue;
    const type: ResourceType = { ...shared, ...versionParts(version, shared), versions: served };
    nodes.set(type.apiVersion, type.node);
    types.push(type);
  }
  return types;
}

/** What all versions of a custom resource have in common. */
function sharedParts(definition: KubeObject, stored: string) {
  const spec = objectOf(definition['spec']);
  const names = objectOf(spec['names']);
  const group = stringOf(spec['group']);
  const kind = stringOf(names['kind']);
  const plural = stringOf(names['plural']);
  return {
    definition: definition.metadata.name ?? '',
    group,
    plural,
    singular: stringOf(names['singular']) || kind.toLowerCase(),
    kind,
    listKind: stringOf(names['listKind']) || `${kind}List`,
    namespaced: spec['scope'] === 'Namespaced',
    shortNames: listOf(names['shortNames']).map(stringOf),
    categories: listOf(names['categories']).map(stringOf),
    storage: `${group}/${plural}`,
    storedAs: apiVersionOf(group, stored),
  };
}

function versionParts(version: JsonObject, { definition, group, kind }: ReturnType<typeof sharedParts>) {
  const name = stringOf(version['name']);
  const source = valueAt(version, 'schema', 'openAPIV3Schema');
  const schema = isObject(source) ? readStructural(source) : undefined;
  const scale = valueAt(version, 'subresources', 'scale');
  const subresources = new Set<Subresource>(['']);
  if (isObject(valueAt(version, 'subresources', 'status'))) subresources.add('status');
  if (isObject(scale)) subresources.add('scale');
  return {
    version: name,
    apiVersion: apiVersionOf(group, name),
    subresources,
    node: customNode(schema, `${group}.${name}.${kind}`),
    custom: { definition, schema },
    scale: isObject(scale) ? scalePaths(scale) : undefined,
  };
}

function scalePaths(scale: JsonObject): ScalePaths {
  const path = (key: string) =>
    stringOf(scale[key])
      .split('.')
      .filter((part) => part !== '');
  return {
    spec: path('specReplicasPath'),
    status: path('statusReplicasPath'),
    selector: path('labelSelectorPath'),
  };
}
