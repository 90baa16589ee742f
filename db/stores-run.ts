import type { ApplicationUid, RunId } from '../engine/ids.ts';
import type {
  JournalEntry,
  Lease,
  LeaseRequest,
  LoadedRun,
  NewRunEvent,
  Rendering,
  Run,
  RunEvent,
  RunListItem,
  RunSave,
  RunStep,
  Saved,
  StartedRun,
} from './model/run.ts';
import type { Actor, Millis, OutboxMessage, Page, PageRequest } from './model/shared.ts';

export interface RunRepository {
  get(id: RunId): Promise<Run | undefined>;
  /** The run with its steps, of one moment. */
  view(id: RunId): Promise<{ readonly run: Run; readonly steps: readonly RunStep[] } | undefined>;
  /** Newest first. */
  list(
    filter: { readonly application?: ApplicationUid; readonly unfinished?: boolean },
    page: PageRequest,
  ): Promise<Page<RunListItem>>;
  renderings(id: RunId): Promise<readonly Rendering[]>;
  /** The newest run that has renderings of a revision; `undefined`: it was never rendered. */
  renderedBy(application: ApplicationUid, revision: number): Promise<RunId | undefined>;
  /**
   * Takes the run's Application for `ttlMs`, with an epoch above all before. `undefined`: the run is finished, not due (a second ahead is near enough) or unknown,
   * another lease of the Application lives, an older unfinished run of it comes first, or the tenant is at its cap.
   */
  lease(request: LeaseRequest): Promise<Lease | undefined>;
  /** Fault `lease.lost`. */
  renew(lease: Lease, now: Millis, ttlMs: number): Promise<Lease>;
  /** Gives the Application back; nothing when it was lost. `retryAt`: the run isn't due before. */
  release(lease: Lease, retryAt?: Millis): Promise<void>;
  /** Fault `lease.lost` when the lease isn't held at `now`. */
  load(lease: Lease, now: Millis): Promise<LoadedRun>;
  /**
   * One batch, refused with Fault `lease.lost` when the epoch isn't the newest, the lease is over, or the run was saved
   * by someone else since `loaded`; `store.conflict` when `remove` finds an inventory that isn't empty.
   */
  save(loaded: LoadedRun, save: RunSave, now: Millis): Promise<Saved>;
  /** Tells a run something and makes it due. `undefined`: finished or unknown. */
  tell(
    actor: Actor,
    run: RunId,
    event: NewRunEvent,
  ): Promise<{ readonly event: RunEvent; readonly messages: readonly OutboxMessage[] } | undefined>;
  /** A new run of the wanted revision. `undefined`: no such Application. Fault `resource.conflict`: it is being deleted. */
  restart(actor: Actor, application: ApplicationUid, run: RunId): Promise<StartedRun | undefined>;
  /**
   * A run of kind `rollback`: what was last rendered for `revision` is delivered again as a new sequence, and `revision`
   * is the wanted one. `undefined`: no such Application or revision. Faults: `resource.conflict` (being deleted,
   * or nothing of that revision was ever rendered), `request.precondition`.
   */
  startRollback(
    actor: Actor,
    rollback: {
      readonly application: ApplicationUid;
      readonly revision: number;
      readonly run: RunId;
      readonly expectResourceVersion?: number | undefined;
    },
  ): Promise<StartedRun | undefined>;
}

export interface EventRepository {
  /** In order, those after `after` (0: from the first that is kept), for streams that resume. */
  ofRun(run: RunId, after: number, limit: number): Promise<readonly RunEvent[]>;
  ofApplication(application: ApplicationUid, after: number, limit: number): Promise<readonly RunEvent[]>;
}

export interface JournalRepository {
  /** By step, path, hash, attempt; also of a packed run. */
  ofRun(run: RunId): Promise<readonly JournalEntry[]>;
  /** A write between two saves, so that what was done is not done again. Fault `lease.lost`. */
  append(lease: Lease, entries: readonly JournalEntry[], now: Millis): Promise<void>;
  /** Puts the journal of a finished run into one blob. `false`: nothing to pack. */
  pack(run: RunId): Promise<boolean>;
}
