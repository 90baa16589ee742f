/** What the jobs are given by their composition root. */
import type { LoadedRun } from '../db/model/run.ts';
import type { Stores } from '../db/stores.ts';
import type { Submissions } from '../db/submission/submit.ts';
import type { StatusEvaluator } from '../engine/health/service.ts';
import type { Result } from '../engine/result.ts';
import type { Rendering } from '../engine/workflow/rendering.ts';
import type { Clock, Cluster, GitReader, JobQueue, Signer } from './ports.ts';

export interface JobDeps {
  readonly stores: Stores;
  readonly submissions: Submissions;
  readonly queue: JobQueue;
  readonly cluster: Cluster;
  readonly signer: Signer;
  readonly git: GitReader;
  readonly clock: Clock;
  /** Name of the hub in ownership marks and bundles. */
  readonly hub: string;
  /** Renders a run's revision. What a user got wrong is a value. */
  readonly render: (loaded: LoadedRun) => Promise<Result<Rendering>>;
  readonly evaluate: StatusEvaluator;
  /** Names this worker in leases; anything unique. */
  readonly worker: string;
  /** Runs of one tenant that may be worked on at once. */
  readonly perTenantCap: number;
  readonly log: (line: Readonly<Record<string, unknown>>) => void;
}
