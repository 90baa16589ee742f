// Reviews: asked for and answered at once, never stored. Everything is allowed here.

import { isObject, type Json, type JsonObject, objectOf, stringOf } from '../json.ts';
import { badRequest } from '../registry/status-error.ts';
import { reviewKind } from './discovery.ts';
import { type User, userInfo } from './user.ts';

export function review(group: string, plural: string, body: Json, user: User): JsonObject {
  const kind = reviewKind(plural);
  if (!isObject(body)) throw badRequest(`the object provided is unrecognized (must be of type ${kind})`);
  const spec = objectOf(body['spec']);
  return { kind, apiVersion: `${group}/v1`, metadata: {}, spec, status: statusOf(plural, spec, user) };
}

function statusOf(plural: string, spec: JsonObject, user: User): JsonObject {
  switch (plural) {
    case 'selfsubjectreviews':
      return { userInfo: userInfo(user) };
    case 'tokenreviews':
      return stringOf(spec['token']) === ''
        ? { user: {} }
        : { user: {}, error: 'the sandbox knows one token' };
    case 'selfsubjectrulesreviews':
      return {
        resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
        nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
        incomplete: false,
      };
    default:
      return { allowed: true, reason: 'sandbox' };
  }
}
