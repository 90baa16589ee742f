/** What the jobs are given by their composition root. */
import type { Stores } from '../db/stores.ts';
import type { Submissions } from '../db/submission/submit.ts';
import type { StatusEvaluator } from '../engine/health/service.ts';
import type { Clock, Cluster, GitReader, JobQueue, Signer } from './ports.ts';
import type { RevisionRenderer } from './render.ts';

export interface JobDeps extends RevisionRenderer {
  readonly stores: Stores;
  readonly submissions: Submissions;
  readonly queue: JobQueue;
  readonly cluster: Cluster;
  readonly signer: Signer;
  readonly git: GitReader;
  readonly clock: Clock;
  /** Name of the hub in ownership marks and bundles. */
  readonly hub: string;
  readonly evaluate: StatusEvaluator;
  /** Names this worker in leases; anything unique. */
  readonly worker: string;
  /** Runs of one tenant that may be worked on at once. */
  readonly perTenantCap: number;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}
