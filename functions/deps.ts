/** What the HTTP functions are given by their composition root. */

import type { Clock, Stores } from '../db/stores.ts';
import type { Submissions } from '../db/submission/submit.ts';
import type { EgressPolicy } from '../engine/egress/policy.ts';
import type { HubIdentity, JobQueue, Wake } from '../queues/ports.ts';

export interface Deps {
  readonly stores: Stores;
  readonly submissions: Submissions;
  readonly queue: JobQueue;
  readonly wake: Wake;
  readonly clock: Clock;
  readonly hub: HubIdentity;
  /** Hex SHA-256 of the operator's key. */
  readonly operatorKeyHash: string;
  /** Which addresses a receiver may name. */
  readonly egress: EgressPolicy;
  /** Log line of the operator: one JSON object. */
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}
