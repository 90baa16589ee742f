import type { Fault } from '../engine/fault.ts';
import type { ApplicationUid, RunId, StatusId } from '../engine/ids.ts';
import type { IdempotencyClaim, StoredResponse } from './model/access.ts';
import type {
  Application,
  ApplicationFilter,
  ApplicationListItem,
  ApplicationView,
  Definition,
  DefinitionKey,
  DefinitionKind,
  Observation,
  PublicStatus,
  PutDefinition,
  Revision,
  RevisionListItem,
  StatusVisibility,
  SubmitApplication,
  SubmittedApplication,
} from './model/application.ts';
import type { StartedRun } from './model/run.ts';
import type { Actor, Json, JsonObject, OutboxMessage, Page, PageRequest } from './model/shared.ts';

export interface DefinitionFilter {
  readonly kind?: DefinitionKind | undefined;
  readonly namespace?: string | undefined;
  /** What else the caller asks of the items, and of which list they become a part: a cursor fits the same only. */
  readonly also?: Json;
}

export interface DefinitionRepository {
  /** The newest version that isn't deleted, or the named one. */
  get(key: DefinitionKey, version?: string): Promise<Definition | undefined>;
  /** By what a revision pinned; also one that was deleted since. */
  byContentHash(key: DefinitionKey, contentHash: string): Promise<Definition | undefined>;
  versions(key: DefinitionKey): Promise<readonly Omit<Definition, 'source'>[]>;
  /** The newest version of each, by kind, namespace, name. */
  list(filter: DefinitionFilter, page: PageRequest): Promise<Page<Definition>>;
  /** Kind and name of all in one namespace. */
  names(namespace: string): Promise<readonly Pick<DefinitionKey, 'kind' | 'name'>[]>;
  /** All newest versions with their sources of the given namespaces: what a render needs, in one query. */
  registry(namespaces: readonly string[]): Promise<readonly Definition[]>;
  /**
   * All versions with their sources of the given names (at most 50), of every kind, the newest first: what `name@version`
   * chooses from. Not those of deleted definitions.
   */
  versionsOf(namespaces: readonly string[], names: readonly string[]): Promise<readonly Definition[]>;
  /**
   * The same content as the newest, or as the version that is named, makes no new version. Faults: `request.precondition` (expect), `resource.conflict`
   * (the version exists with other content).
   */
  put(
    actor: Actor,
    definition: PutDefinition,
  ): Promise<{ readonly definition: Definition; readonly outcome: 'created' | 'revised' | 'unchanged' }>;
  /**
   * At most 100 puts in one batch; each of what is refused by itself (Faults of `put`, and one that an earlier of the puts
   * names too) is an answer, and keeps no other away.
   */
  putAll(
    actor: Actor,
    definitions: readonly PutDefinition[],
  ): Promise<
    readonly (
      | {
          readonly kind: 'put';
          readonly definition: Definition;
          readonly outcome: 'created' | 'revised' | 'unchanged';
        }
      | { readonly kind: 'refused'; readonly fault: Fault }
    )[]
  >;
  /** Hides all versions; revisions that pinned them still find them. `expect`: content hash of the newest (If-Match). */
  delete(actor: Actor, key: DefinitionKey, expect?: string): Promise<boolean>;
}

export interface Submission {
  /** All or nothing. */
  readonly applications: readonly SubmitApplication[];
  readonly definitions?: readonly PutDefinition[] | undefined;
  /** When the request has an Idempotency-Key: the answer is stored in the same batch. */
  readonly idempotency?:
    | {
        readonly claim: IdempotencyClaim;
        respond(applications: readonly SubmittedApplication[]): StoredResponse;
      }
    | undefined;
}

export interface Submitted {
  readonly applications: readonly SubmittedApplication[];
  readonly definitions: readonly {
    readonly definition: Definition;
    readonly outcome: 'created' | 'revised' | 'unchanged';
  }[];
  /** Send these; if that fails, the sweep does. */
  readonly messages: readonly OutboxMessage[];
}

export interface ApplicationRepository {
  get(namespace: string, name: string): Promise<Application | undefined>;
  byUid(uid: ApplicationUid): Promise<Application | undefined>;
  /** The Application with its newest run, steps, inventory and targets, in one round trip. */
  view(namespace: string, name: string): Promise<ApplicationView | undefined>;
  viewByUid(uid: ApplicationUid): Promise<ApplicationView | undefined>;
  /** Ordered by time of making; an item that is there throughout appears exactly once, whatever else comes or goes. */
  list(filter: ApplicationFilter, page: PageRequest): Promise<Page<ApplicationListItem>>;
  /**
   * One batch for the whole submission. A changed hash makes a revision and a queued run, and tells unfinished runs
   * (event `submitted`). Faults: `request.precondition`, `resource.conflict` (it is being deleted),
   * `store.conflict` (lost too many races).
   */
  submit(actor: Actor, submission: Submission): Promise<Submitted>;
  /**
   * Marks it deleting and makes a run of kind `delete`; asked again, it answers the run that does it. `undefined`: there
   * is none. Fault `request.precondition`.
   */
  requestDeletion(
    actor: Actor,
    deletion: {
      readonly namespace: string;
      readonly name: string;
      readonly run: RunId;
      readonly expectResourceVersion?: number | undefined;
    },
  ): Promise<StartedRun | undefined>;
  /** What `application.observe` works on. `undefined`: no such Application, or nothing to observe. */
  observation(uid: ApplicationUid): Promise<Observation | undefined>;
  /**
   * Stores the services' health, and the public status when it changed. `outboxVersion`: of the observation; the
   * announcement goes unless a newer report came. `false`: another observation was stored after this one was loaded.
   */
  observed(
    uid: ApplicationUid,
    health: { readonly services: Json; readonly publicStatus?: JsonObject | undefined },
    outboxVersion: number,
  ): Promise<boolean>;
}

export interface RevisionRepository {
  get(application: ApplicationUid, number: number): Promise<Revision | undefined>;
  /** Newest first. */
  list(application: ApplicationUid, page: PageRequest): Promise<Page<RevisionListItem>>;
}

export interface StatusRepository {
  get(id: StatusId): Promise<PublicStatus | undefined>;
  ofApplication(application: ApplicationUid): Promise<PublicStatus | undefined>;
  /**
   * Stores what the public may read. `from`: the version that the summary was computed over; `false` when another was
   * faster: look again. The same summary changes nothing.
   */
  publish(application: ApplicationUid, summary: JsonObject, from: number): Promise<boolean>;
  setVisibility(actor: Actor, application: ApplicationUid, visibility: StatusVisibility): Promise<boolean>;
}
