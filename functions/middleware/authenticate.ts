/** Who is asking: a tenant's key or the operator's. Keys travel as `Authorization: Bearer`. */
import type { Context, MiddlewareHandler } from 'hono';
import { hashKey, hashToken } from '../../db/keys.ts';
import { Fault } from '../../engine/fault.ts';
import type { Deps } from '../deps.ts';
import type { Env, Principal } from './request-context.ts';
import { type Scope, scopesOf } from './scopes.ts';

function bearer(context: Context): string {
  const header = context.req.header('authorization');
  if (header === undefined) throw new Fault('auth.missing', 'Send a key as "Authorization: Bearer <key>".');
  const match = /^Bearer +(\S+)$/i.exec(header);
  if (match?.[1] === undefined || match[1].length > 200) {
    throw new Fault('auth.invalid', 'The Authorization header is not of the form "Bearer <key>".');
  }
  return match[1];
}

const invalid = () => new Fault('auth.invalid', 'This key is not valid: unknown, expired or revoked.');

/** Requires a tenant's key and sets the principal. An ill-formed key is refused without asking the store. */
export function authenticate(deps: Deps): MiddlewareHandler<Env> {
  return async (context, next) => {
    const secret = bearer(context);
    const now = deps.clock.now();
    const hash = await hashKey(secret);
    const found = hash === undefined ? undefined : await deps.stores.directory.key(hash, now);
    if (found === undefined) throw invalid();
    const { key, tenant } = found;
    const principal: Principal = {
      tenant,
      actor: { kind: 'key', id: key.id },
      scopes: scopesOf({ roles: key.subject.roles, scopes: key.scopes }),
      name: key.id,
    };
    context.set('principal', principal);
    await deps.stores.of(tenant).keys.used(key.id, now);
    await next();
  };
}

/** Faults `auth.forbidden` unless the principal may do this. */
export function requireScope(principal: Principal, scope: Scope): void {
  if (principal.scopes.has(scope)) return;
  throw new Fault('auth.forbidden', `This key lacks the scope ${scope}.`);
}

/** Whether two hex digests are equal, without telling where they differ. */
function same(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let index = 0; index < a.length; index++) difference |= a.charCodeAt(index) ^ b.charCodeAt(index);
  return difference === 0;
}

/** Requires the operator's key. */
export function operatorOnly(deps: Deps): MiddlewareHandler<Env> {
  return async (context, next) => {
    if (!same(await hashToken(bearer(context)), deps.operatorKeyHash)) {
      throw new Fault('auth.forbidden', "Only the operator's key may do this.");
    }
    await next();
  };
}
