// POST, and the first apply.

import type { Json } from '../json.ts';
import type { KubeObject, StoredObject } from '../kube-object.ts';
import { trackUpdate } from '../ownership/field-manager.ts';
import { StoreFull } from '../store/store.ts';
import { validationOf } from '../validation/kinds.ts';
import { metadataProblems } from '../validation/metadata.ts';
import { structuralProblems } from '../validation/structural.ts';
import { type Cluster, timestamp } from './cluster.ts';
import { completed, decodeBody } from './decode-object.ts';
import { fieldManagerOf } from './field-manager-of.ts';
import { generateName } from './generated-name.ts';
import { prepareCreate } from './prepare.ts';
import { kindName, type ResourceType, resourceName } from './resource-type.ts';
import {
  alreadyExists,
  type FieldProblem,
  forbidden,
  invalid,
  methodNotAllowed,
  notFound,
  StatusError,
} from './status-error.ts';
import { find, inVersion, placed, type Target, type WriteOptions, type Written } from './target.ts';
import { warningsOf } from './warnings.ts';

export function create(cluster: Cluster, target: Target, body: Json, options: WriteOptions): Written {
  if (target.subresource !== '') throw methodNotAllowed();
  const { type } = target;
  const object = decodeBody(type, body, options);
  if (object.metadata.resourceVersion) {
    throw new StatusError(500, '', 'resourceVersion should not be set on objects to be created');
  }
  const here = withoutSystemFields(placed(object, target));
  const { name, generateName: base } = here.metadata;
  const named: KubeObject =
    !name && base ? { ...here, metadata: { ...here.metadata, name: generateName(base) } } : here;
  return createNamed(cluster, { ...target, name: named.metadata.name ?? '' }, named, options);
}

/** A new object has none of what only the server gives, and nobody owns it. */
function withoutSystemFields(object: KubeObject): KubeObject {
  const {
    uid: _,
    creationTimestamp: __,
    deletionTimestamp: ___,
    deletionGracePeriodSeconds: ____,
    selfLink: _____,
    ...metadata
  } = object.metadata;
  return { ...object, metadata };
}

/** Creates a decoded object, as POST does and as PUT does for some kinds. */
export function createNamed(
  cluster: Cluster,
  target: Target,
  object: KubeObject,
  options: WriteOptions,
): Written {
  const tracked = trackUpdate(fieldManagerOf(target.type, ''), undefined, object, {
    manager: options.manager,
    now: timestamp(cluster),
  });
  return { object: insert(cluster, target, tracked, options), created: true };
}

/** Stores a decoded object that is not there yet, with all that admission and the kind ask for. */
export function insert(
  cluster: Cluster,
  target: Target,
  object: KubeObject,
  options: WriteOptions,
): KubeObject {
  const { type } = target;
  checkNamespace(cluster, target);
  const prepared = prepareCreate(cluster, type, object);
  const problems = problemsOf(type, prepared);
  if (problems.length > 0) throw invalid(kindName(type), prepared.metadata.name ?? '', problems);
  for (const warning of warningsOf(type, prepared)) options.warn(warning);
  if (find(cluster, target)) throw alreadyExists(resourceName(type), target.name);
  if (options.dryRun) return inVersion(type, prepared);
  return inVersion(type, store(cluster, type, prepared));
}

/** The kind's own problems first, metadata's after them, each said once. */
export function problemsOf(type: ResourceType, object: KubeObject): FieldProblem[] {
  const metadata = metadataProblems(type, object);
  const names = metadata.filter((problem) => problem.field.startsWith('metadata.'));
  const schema = type.custom?.schema;
  const own = schema ? structuralProblems(object, schema) : validationOf(type.group, type.kind).check(object);
  const seen = new Set(names.map((problem) => problem.field + problem.message));
  return [...names, ...own.filter((problem) => !seen.has(problem.field + problem.message))];
}

/** Puts an object into the store in the version that is kept there. */
export function store(cluster: Cluster, type: ResourceType, object: KubeObject): StoredObject {
  const converted = type.versions.convert(object, type.storedAs);
  const storedType = cluster.resources.ofStorage(type.storage) ?? type;
  const kept = converted === object ? object : completed(storedType, converted).object;
  try {
    return cluster.store.put(type.storage, kept as StoredObject); // prepared: name, uid and time are set
  } catch (error) {
    if (error instanceof StoreFull)
      throw new StatusError(500, 'InternalError', `Internal error occurred: ${error.message}`);
    throw error;
  }
}

/** Nothing can be made in a namespace that is not there or on its way out. */
function checkNamespace(cluster: Cluster, { type, namespace, name }: Target): void {
  if (!type.namespaced) return;
  const found = cluster.store.get('/namespaces', namespace);
  if (!found) throw notFound({ group: '', name: 'namespaces' }, namespace);
  if (found.metadata.deletionTimestamp === undefined) return;
  const text = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const refused = forbidden(resourceName(type), name, text);
  const causes = [
    {
      reason: 'NamespaceTerminating',
      message: `namespace ${namespace} is being terminated`,
      field: 'metadata.namespace',
    },
  ];
  throw new StatusError(refused.code, refused.reason, refused.message, { ...refused.details, causes });
}
