// Who is asking. Everyone with the token is admin; who may be impersonated can be limited.

import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { JsonObject } from '../json.ts';
import { forbidden, StatusError } from '../registry/status-error.ts';

export interface User {
  readonly name: string;
  readonly groups: readonly string[];
}

const ADMIN: User = { name: 'sandbox-admin', groups: ['system:masters', 'system:authenticated'] };

export interface Access {
  readonly token: string;
  /** who may be impersonated; undefined: anybody */
  readonly impersonable: readonly string[] | undefined;
}

/** Throws 401 without the token, 403 where impersonation is not allowed. */
export function userOf(headers: IncomingHttpHeaders, access: Access): User {
  const given = Buffer.from(/^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '');
  const wanted = Buffer.from(access.token);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    throw new StatusError(401, 'Unauthorized', 'Unauthorized');
  }
  const name = one(headers['impersonate-user']);
  if (name === undefined) {
    if (headers['impersonate-group'] === undefined) return ADMIN;
    throw new StatusError(500, '', 'requested [{Group  }] without impersonating a user');
  }
  if (access.impersonable && !access.impersonable.includes(name)) throw cannotImpersonate(name);
  return { name, groups: groupsOf(name, headers['impersonate-group']) };
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function groupsOf(name: string, header: string | string[] | undefined): string[] {
  const asked = (Array.isArray(header) ? header : (header?.split(',') ?? [])).map((group) => group.trim());
  const [, namespace] = /^system:serviceaccount:([^:]+):[^:]+$/.exec(name) ?? [];
  const own = namespace ? ['system:serviceaccounts', `system:serviceaccounts:${namespace}`] : [];
  return [...new Set([...(asked.length > 0 ? asked : own), 'system:authenticated'])];
}

function cannotImpersonate(name: string): StatusError {
  const [, namespace, account] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name) ?? [];
  const plural = account ? 'serviceaccounts' : 'users';
  const where = namespace ? `in the namespace ${JSON.stringify(namespace)}` : 'at the cluster scope';
  const text = `User ${JSON.stringify(ADMIN.name)} cannot impersonate resource ${JSON.stringify(plural)} in API group "" ${where}`;
  return forbidden({ group: '', name: plural }, account ?? name, text);
}

export function userInfo(user: User): JsonObject {
  return { username: user.name, groups: [...user.groups] };
}
