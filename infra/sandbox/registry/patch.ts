// PATCH in its four forms.

import { isObject, type Json, type JsonObject, stringOf } from '../json.ts';
import type { KubeObject, StoredObject } from '../kube-object.ts';
import { trackApply, trackUpdate } from '../ownership/field-manager.ts';
import { managerInfo } from '../ownership/managed-fields.ts';
import { printPath } from '../ownership/path-element.ts';
import { printProblems, problemsOf } from '../ownership/typed.ts';
import type { Conflict } from '../ownership/updater.ts';
import { applyJsonPatch } from '../patch/json-patch.ts';
import { applyMergePatch } from '../patch/merge-patch.ts';
import { applyStrategicPatch, MissingMergeKey } from '../patch/strategic-merge-patch.ts';
import { builtinType } from '../schema/builtin.ts';
import { type Cluster, timestamp } from './cluster.ts';
import { insert } from './create.ts';
import { completed, decodeObject } from './decode-object.ts';
import { fieldManagerOf } from './field-manager-of.ts';
import { type ResourceType, resourceName } from './resource-type.ts';
import { scaleOf, writeScale } from './scale.ts';
import { badRequest, conflict, invalid, invalidValue, notFound, StatusError } from './status-error.ts';
import {
  checkName,
  find,
  findRequired,
  inVersion,
  placed,
  type Target,
  type WriteOptions,
  type Written,
} from './target.ts';
import { persist } from './update.ts';

export type PatchKind = 'json' | 'merge' | 'strategic' | 'apply';

const MAX_OPERATIONS = 10_000;

export interface PatchRequest {
  readonly kind: PatchKind;
  readonly body: Json;
  readonly force: boolean;
}

export function patch(
  cluster: Cluster,
  target: Target,
  request: PatchRequest,
  options: WriteOptions,
): Written {
  if (request.kind === 'apply') return apply(cluster, target, request, options);
  if (target.subresource === 'scale') return patchScale(cluster, target, request, options);
  const { type } = target;
  const live = inVersion(type, findRequired(cluster, target)) as StoredObject; // a stored one
  const patched = patchedValue(target, live, request);
  checkSameKind(type, patched);
  const { object, problem, unknown } = decodeObject(type, isObject(patched) ? patched : {}, true);
  const strict = unknown.map((field) => `unknown field ${JSON.stringify(field)}`);
  if (problem !== undefined || !isObject(patched)) throw unfit(patched, problem ?? 'not an object');
  if (options.validation === 'Strict' && strict.length > 0)
    throw unfit(patched, `strict decoding error: ${strict.join(', ')}`);
  const here = placed(checkName(object, target), target);
  const tracked = trackUpdate(fieldManagerOf(type, target.subresource), live, here, {
    manager: options.manager,
    now: timestamp(cluster),
  });
  if (options.validation === 'Warn') for (const text of strict) options.warn(text);
  return { object: persist(cluster, target, { next: tracked, live }, options), created: false };
}

/** A patch may not make the object one of another kind. */
function checkSameKind(type: ResourceType, patched: Json): void {
  if (!isObject(patched)) return;
  const { kind, apiVersion } = patched;
  if (kind === type.kind && apiVersion === type.apiVersion) return;
  const text = `no kind ${JSON.stringify(kind ?? '')} is registered for version ${JSON.stringify(apiVersion ?? '')} in scheme "pkg/runtime/scheme.go:111"`;
  throw unfit(patched, text);
}

/** Throws 400 for a patch that is no object. */
function requiredObject(body: Json, prefix: string): JsonObject {
  if (isObject(body)) return body;
  throw badRequest(
    `${prefix}json: cannot unmarshal ${jsonKind(body)} into Go value of type map[string]interface {}`,
  );
}

function jsonKind(value: Json): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

function unfit(patched: Json, problem: string): StatusError {
  return invalid({ group: '', name: '' }, '', [invalidValue('patch', JSON.stringify(patched), problem)]);
}

function patchedValue(target: Target, live: JsonObject, { kind, body }: PatchRequest): Json {
  switch (kind) {
    case 'json': {
      if (!Array.isArray(body)) {
        throw badRequest(
          `error decoding patch: json: cannot unmarshal ${isObject(body) ? 'object' : 'value'} into Go value of type []handlers.jsonPatchOp`,
        );
      }
      if (body.length > MAX_OPERATIONS) {
        const text = `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${body.length}`;
        throw new StatusError(413, 'RequestEntityTooLarge', `Request entity too large: ${text}`);
      }
      const result = applyJsonPatch(live, body.filter(isObject));
      if (result.ok) return result.value;
      throw new StatusError(
        422,
        'Invalid',
        'the server rejected our request due to an error in our request',
        {},
      );
    }
    case 'merge':
      return applyMergePatch(live, requiredObject(body, 'error decoding patch: '));
    case 'strategic':
      return strategic(target, live, requiredObject(body, ''));
    case 'apply':
      return body;
    default:
      return kind satisfies never;
  }
}

function strategic(target: Target, live: JsonObject, body: JsonObject): Json {
  const type = target.subresource === 'scale' ? builtinType('autoscaling.v1.Scale') : target.type.node;
  try {
    return applyStrategicPatch(type, live, body);
  } catch (error) {
    if (error instanceof MissingMergeKey) throw new StatusError(500, '', error.message);
    throw error;
  }
}

function patchScale(cluster: Cluster, target: Target, request: PatchRequest, options: WriteOptions): Written {
  const live = inVersion(target.type, findRequired(cluster, target));
  return writeScale(cluster, target, patchedValue(target, scaleOf(target, live), request), options);
}

function apply(
  cluster: Cluster,
  target: Target,
  { body, force }: PatchRequest,
  options: WriteOptions,
): Written {
  const { type } = target;
  const applied = configuration(target, body);
  const found = find(cluster, target);
  const live = found && (inVersion(type, found) as StoredObject); // a stored one
  if (!live && target.subresource !== '') throw notFound(resourceName(type), target.name);
  const result = trackApply(fieldManagerOf(type, target.subresource), live, applied, {
    manager: options.manager,
    now: timestamp(cluster),
    force,
  });
  if (!result.ok) throw conflicts(result.conflicts);
  const { object, problem } = completed(type, result.object);
  if (problem !== undefined) throw new StatusError(500, '', `failed to convert new object: ${problem}`);
  const here = placed(checkName(object, target), target);
  if (live) {
    const stored = persist(cluster, target, { next: here, live }, options);
    const shown = target.subresource === 'scale' ? (scaleOf(target, stored) as KubeObject) : stored; // it has kind and metadata
    return { object: shown, created: false };
  }
  if (here.metadata.uid) {
    const text = `uid mismatch: the provided object specified uid ${here.metadata.uid}, and no existing object was found`;
    throw conflict(resourceName(type), target.name, text);
  }
  return { object: insert(cluster, target, here, options), created: true };
}

/** The applied object, checked as far as it can be without the live one. */
function configuration(target: Target, body: Json): JsonObject {
  const { type } = target;
  const given = configurationOf(
    target,
    requiredObject(body, 'error decoding YAML: error unmarshaling JSON: while decoding JSON: '),
  );
  const kind = stringOf(given['kind']);
  const apiVersion = stringOf(given['apiVersion']);
  if (kind !== type.kind || apiVersion !== type.apiVersion) {
    const shown = apiVersion.includes('/') ? apiVersion : `/${apiVersion}`;
    throw badRequest(`invalid object type: ${shown}, Kind=${kind}`);
  }
  const metadata = isObject(given['metadata']) ? given['metadata'] : {};
  if (metadata['managedFields'] !== undefined && metadata['managedFields'] !== null) {
    throw badRequest('metadata.managedFields must be nil');
  }
  const problems = problemsOf(type.node, given);
  if (problems.length > 0) {
    const where = `${stringOf(metadata['namespace'])}/${stringOf(metadata['name'])}`;
    const group = type.group === '' ? `/${type.version}` : type.apiVersion;
    const text = `failed to create typed patch object (${where}; ${group}, Kind=${kind}): ${printProblems(problems)}`;
    throw new StatusError(500, '', text);
  }
  return given;
}

/** A Scale that is applied is an apply to the replicas of what it scales. */
function configurationOf({ type, subresource }: Target, body: JsonObject): JsonObject {
  if (subresource !== 'scale' || body['kind'] !== 'Scale') return body;
  const { apiVersion: _, kind: __, status: ___, ...rest } = body;
  return { ...rest, apiVersion: type.apiVersion, kind: type.kind };
}

function conflicts(found: readonly Conflict[]): StatusError {
  const causes = found.map(({ manager, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${printManager(manager)}`,
    field: printPath(path),
  }));
  return new StatusError(409, 'Conflict', conflictMessage(found), { causes });
}

function conflictMessage(found: readonly Conflict[]): string {
  const [first] = found;
  if (found.length === 1 && first) {
    return `Apply failed with 1 conflict: conflict with ${printManager(first.manager)}: ${printPath(first.path)}`;
  }
  const managers = [...new Set(found.map(({ manager }) => manager))];
  const lines = managers.flatMap((manager) => [
    `conflicts with ${printManager(manager)}:`,
    ...found.filter((one) => one.manager === manager).map(({ path }) => `- ${printPath(path)}`),
  ]);
  return `Apply failed with ${found.length} conflicts: ${lines.join('\n')}`;
}

function printManager(id: string): string {
  const { manager, operation, apiVersion, subresource } = managerInfo(id);
  const name =
    JSON.stringify(manager) + (subresource === '' ? '' : ` with subresource ${JSON.stringify(subresource)}`);
  return operation === 'Update' ? `${name} using ${apiVersion}` : name;
}
