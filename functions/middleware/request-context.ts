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

/** What the description of a route says that a request may bring. */
export interface DescribedRoute {
  /** Names of its query parameters. */
  readonly query: readonly string[];
  /** Names at the top of its JSON body. */
  readonly body: readonly string[];
  /** `none`: it has no body, or reads the text itself. */
  readonly json: 'none' | 'optional' | 'required';
}

/** Hono's variables of every route. */
export interface Env {
  readonly Variables: {
    requestId: string;
    principal: Principal;
    /** Absent where the route is not described. */
    described: DescribedRoute | undefined;
    /** A claim that the route's own batch completes; absent once it has. */
    idempotency: IdempotencyClaim | undefined;
  };
}
