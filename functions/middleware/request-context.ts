/** What travels with a request: its id, who asks, its body, and a place for the idempotency claim. */
import type { IdempotencyClaim } from '../../db/model/access.ts';
import type { Actor } from '../../db/model/shared.ts';
import type { TenantId } from '../../engine/ids.ts';
import type { Scope } from './scopes.ts';

export interface Principal {
  readonly tenant: TenantId;
  readonly actor: Actor;
  /** What this key may do. */
  readonly scopes: ReadonlySet<Scope>;
  /** Names the key in idempotency keys, so that two keys never share one. */
  readonly name: string;
}

/** Hono's variables of every route. */
export interface Env {
  readonly Variables: {
    requestId: string;
    principal: Principal;
    /** A claim that the route's own batch completes; absent once it has. */
    idempotency: IdempotencyClaim | undefined;
  };
}
