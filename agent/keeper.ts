/**
 * Keeps one Application in the cluster as its newest bundle says. Everything that concerns it happens here one
 * after the other: a bundle, somebody's change, a retry, a pruning. What is asked for while something is going on
 * is gathered and done next.
 */
import { type BundleIndex, type IndexEntry, type ObjectRef, refKey } from '../engine/delivery/bundle.ts';
import { applyTurn, inApplyOrder, inPruneOrder } from '../engine/delivery/order.ts';
import { type Owner, ownerOf } from '../engine/delivery/ownership.ts';
import type { ObjectReport } from '../engine/delivery/protocol.ts';
import { redact } from '../engine/delivery/redact.ts';
import type { JsonObject } from '../engine/json.ts';
import { type Applied, applyObject, type Cluster, driftRuleOf, locate } from './apply-object.ts';
import { Backoff } from './backoff.ts';
import { fieldsHeld, resourceVersionOf, uidOf } from './kube/objects.ts';
import { findOwned, pruneObject } from './prune.ts';
import { type Refused, refusalOf } from './refusal.ts';
import type { Reporter } from './reporter.ts';
import {
  type ApplicationState,
  entryOf,
  type Held,
  type StateFolder,
  surplusOf,
  takeBundle,
} from './state.ts';
import type { Watches } from './watches.ts';

const PARALLEL_OBJECTS = 8;
/** A change that comes back sooner than this after it was healed is healed later and later. */
const QUIET_MS = 60_000;
const RETRY_CAP_MS = 60_000;
/** How long a taken-up Application waits for the watches to show what is there. */
const FIRST_LIST_MS = 3000;

export interface KeeperTools {
  readonly cluster: Cluster;
  readonly watches: Watches;
  readonly folder: StateFolder;
  readonly reporter: Reporter;
  /** Waits for a place among the Applications that may work at once. */
  readonly turn: <T>(work: () => Promise<T>) => Promise<T>;
  /** Whether this agent is the active one; nothing is written otherwise. */
  active(): boolean;
  log(message: string): void;
}

/** What is to be looked at: everything, or these objects. */
type Due = 'all' | Set<string>;

export class Keeper {
  private readonly tools: KeeperTools;
  private state: ApplicationState;
  private owner: Owner;
  private due: Due = new Set();
  private working = false;
  private stopped = false;
  /** State was lost and something may be in the cluster that nobody here knows of. */
  private searchFirst: boolean;
  /** Taken up from the folder: what is there need not be written again. */
  private resumed: boolean;
  /** An object of the bundle cannot be read: the whole bundle is wanted again. */
  private incomplete = false;
  private retry: NodeJS.Timeout | undefined;
  private readonly backoff = new Backoff({ firstMs: 1000, capMs: RETRY_CAP_MS });
  private readonly refused = new Map<string, Refused>();
  private readonly healed = new Map<string, { at: number; times: number }>();

  /** Goes on with a state of the folder. */
  constructor(tools: KeeperTools, state: ApplicationState, { searchFirst = false, resumed = true } = {}) {
    this.tools = tools;
    this.state = state;
    this.searchFirst = searchFirst;
    this.resumed = resumed;
    this.owner = ownerOf(state.hub, state.tenant, state.application.uid);
  }

  /** Begins with a first bundle. */
  static begin(tools: KeeperTools, index: BundleIndex): Keeper {
    const state = takeBundle(undefined, index);
    tools.folder.write(state, { durable: true });
    return new Keeper(tools, state, { searchFirst: index.sequence > 1, resumed: false });
  }

  /** The sequence below which bundles are refused, and whether the hub may leave out what it has sent before. */
  get held(): { readonly sequence: number; readonly whole: boolean } {
    return { sequence: this.state.sequence - (this.incomplete ? 1 : 0), whole: !this.incomplete };
  }

  /** The next sync asks for all of the bundle, also for what the hub has sent before. */
  wantWhole(): void {
    this.incomplete = true;
  }

  /** Address of what was last applied as this object; '' and undefined: nothing. */
  appliedAs(key: string): string | undefined {
    return this.heldOf(key)?.sha256;
  }

  get label(): string {
    return this.owner.label;
  }

  get refs(): readonly ObjectRef[] {
    return this.state.held.map(({ ref }) => ref);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.retry);
  }

  /** Takes a newer bundle. From here on it is what this Application shall be, whatever happens to the process. */
  take(index: BundleIndex): void {
    this.state = takeBundle(this.state, index);
    this.tools.folder.write(this.state, { durable: true });
    this.refused.clear();
    this.incomplete = false;
    this.backoff.reset();
    this.look('all');
  }

  /** Looks at everything again, or at these objects. */
  look(what: 'all' | readonly string[]): void {
    if (this.stopped) return;
    if (what === 'all' || this.due === 'all') this.due = 'all';
    else for (const key of what) this.due.add(key);
    if (this.working) return;
    this.working = true;
    void this.work();
  }

  /** A watch saw an object of ours. */
  changed(object: JsonObject, key: string): void {
    const held = this.heldOf(key);
    if (held === undefined) return;
    const entry = entryOf(this.state, key);
    if (entry === undefined) {
      this.look([key]);
      return;
    }
    const settled = held.sha256 === entry.sha256 && held.sequence === this.state.sequence;
    const intact = held.uid === uidOf(object) && held.fields === fieldsHeld(object, this.owner.manager);
    if (settled && intact) {
      this.report(held.sequence, { ref: entry.ref, outcome: 'observed', live: redact(object) });
    } else if (settled) {
      this.healSoon(key);
    }
  }

  /** A watch lost an object of ours: it is gone, or has lost its label. */
  gone(key: string): void {
    const held = this.heldOf(key);
    if (held === undefined) return;
    if (entryOf(this.state, key) === undefined) this.look([key]);
    else this.healSoon(key);
  }

  /** The hub knows that these are gone. */
  forget(refs: readonly ObjectRef[]): void {
    const keys = new Set(refs.map(refKey));
    const held = this.state.held.filter(
      ({ ref }) => !keys.has(refKey(ref)) || entryOf(this.state, refKey(ref)) !== undefined,
    );
    if (held.length === this.state.held.length) return;
    this.state = { ...this.state, held };
    this.tools.folder.write(this.state, { durable: false });
  }

  private heldOf(key: string): Held | undefined {
    return this.state.held.find(({ ref }) => refKey(ref) === key);
  }

  /** Somebody and we may be at odds: then each repair waits longer than the one before. */
  private healSoon(key: string): void {
    const last = this.healed.get(key);
    const now = performance.now();
    const alone = last === undefined || now - last.at > QUIET_MS;
    const delay = alone ? 0 : Math.min(100 * 2 ** Math.min(last.times, 10), QUIET_MS);
    if (delay === 0) this.look([key]);
    else setTimeout(() => this.look([key]), delay).unref();
  }

  private async work(): Promise<void> {
    while (!this.stopped && (this.due === 'all' || this.due.size > 0)) {
      const due = this.due;
      this.due = new Set();
      try {
        await this.tools.turn(() => this.pass(due));
      } catch (error) {
        this.tools.log(
          `${this.state.application.name}: ${error instanceof Error ? error.message : String(error)}`,
        );
        this.retryLater(due);
      }
    }
    this.working = false;
  }

  private async pass(due: Due): Promise<void> {
    if (!this.tools.active()) return this.retryLater(due);
    const { sequence } = this.state;
    await this.tools.watches.follow(this.refs).catch(() => undefined);
    if (this.resumed) await this.tools.watches.listed(this.refs, FIRST_LIST_MS);
    this.resumed = false;
    if (this.searchFirst) await this.search();
    const wanted =
      due === 'all' ? this.state.desired : this.state.desired.filter(({ ref }) => due.has(refKey(ref)));
    for (const group of byTurn(inApplyOrder(wanted))) {
      await inParallel(group, (entry) => this.applyOne(entry));
      // A newer bundle came meanwhile: go on with that one.
      if (this.state.sequence !== sequence || this.stopped) return;
    }
    if (this.state.prune) await this.prune(due);
    if (this.state.sequence !== sequence) return;
    this.tools.folder.write(this.state, { durable: false });
    if (due === 'all') this.settle();
    if (this.refused.size > 0) this.retryLater(new Set(this.refused.keys()));
    else this.backoff.reset();
  }

  private settle(): void {
    const left = this.state.prune ? surplusOf(this.state).map(({ ref }) => refKey(ref)) : undefined;
    this.tools.reporter.complete(this.state.application.uid, this.state.sequence, left);
    this.tools.folder.tidy(this.state);
  }

  private async applyOne(entry: IndexEntry): Promise<void> {
    const { application, sequence } = this.state;
    const key = refKey(entry.ref);
    const manifest = this.tools.folder.readObject(application.uid, entry.sha256);
    if (manifest === undefined) {
      this.incomplete = true;
      return this.refuse(entry, damaged);
    }
    const held = this.heldOf(key);
    const repeated = held?.sha256 === entry.sha256;
    const known = await this.liveOf(entry);
    const { manager } = this.owner;
    const intact =
      repeated &&
      known !== undefined &&
      held.uid === uidOf(known) &&
      held.fields === fieldsHeld(known, manager);
    if (intact)
      return this.keep(
        entry,
        { ...held, sequence },
        { ref: entry.ref, outcome: 'unchanged', live: redact(known) },
      );
    if (repeated && driftRuleOf(manifest, this.state.drift) === 'report') return this.reportDrift(entry);
    const desired = {
      ref: entry.ref,
      manifest,
      owner: this.owner,
      namespace: application.namespace,
      repeated,
      drift: this.state.drift,
    };
    const applied = await applyObject(this.tools.cluster, desired, known);
    if (!applied.ok) return this.refuse(entry, applied.refused, applied.live);
    this.noteApplied(entry, applied);
    await this.catchUp(entry, applied.live);
  }

  /** Watches may have seen more of an object before the answer to its apply came; nobody has told that yet. */
  private async catchUp(entry: IndexEntry, live: JsonObject): Promise<void> {
    const seen = await this.liveOf(entry);
    if (seen !== undefined && isNewer(seen, live)) this.changed(seen, refKey(entry.ref));
  }

  /** The live object as far as it is known without asking; drift is judged by what the watch has. */
  private async liveOf(entry: IndexEntry): Promise<JsonObject | undefined> {
    const at = await locate(this.tools.cluster, entry.ref, this.state.application.namespace).catch(
      () => undefined,
    );
    return at === undefined ? undefined : this.tools.watches.get(at, entry.ref.apiVersion);
  }

  private noteApplied(entry: IndexEntry, applied: Extract<Applied, { ok: true }>): void {
    const key = refKey(entry.ref);
    const { live, outcome, drift, yielded } = applied;
    if (entry.ref.kind === 'CustomResourceDefinition') this.tools.cluster.discovery.expire();
    if (outcome === 'healed') {
      const last = this.healed.get(key);
      const times = last !== undefined && performance.now() - last.at < QUIET_MS ? last.times + 1 : 1;
      this.healed.set(key, { at: performance.now(), times });
    }
    const held: Held = {
      ref: entry.ref,
      uid: uidOf(live),
      sha256: entry.sha256,
      sequence: this.state.sequence,
      fields: fieldsHeld(live, this.owner.manager),
    };
    const kept = yielded.map(({ field, manager }) => `${field} (${manager})`).join(', ');
    this.keep(entry, held, {
      ref: entry.ref,
      outcome,
      live: redact(live),
      ...(drift !== undefined && { drift }),
      ...(kept !== '' && {
        reason: 'field-conflict',
        message: `another application holds ${kept}`.slice(0, 2048),
      }),
    });
  }

  private keep(entry: IndexEntry, held: Held, report: ObjectReport): void {
    const key = refKey(entry.ref);
    this.refused.delete(key);
    this.setHeld(key, held);
    this.report(held.sequence, report);
  }

  private setHeld(key: string, held: Held): void {
    const others = this.state.held.filter(({ ref }) => refKey(ref) !== key);
    this.state = { ...this.state, held: [...others, held] };
  }

  private async reportDrift({ ref }: IndexEntry): Promise<void> {
    const { cluster } = this.tools;
    const at = await locate(cluster, ref, this.state.application.namespace);
    const live = at === undefined ? undefined : await cluster.objects.read(at);
    const drift = { manager: '', fields: [], deleted: live === undefined, at: cluster.now() };
    const outcome = live === undefined ? 'missing' : 'drifted';
    this.report(this.state.sequence, { ref, outcome, drift, ...(live && { live: redact(live) }) });
  }

  private refuse({ ref }: IndexEntry, refused: Refused, live?: JsonObject): void {
    this.refused.set(refKey(ref), refused);
    const { reason, message } = refused;
    // Somebody else's object is none of the hub's business.
    const ours = live !== undefined && reason !== 'not-managed' && reason !== 'managed-by-other';
    this.report(this.state.sequence, {
      ref,
      outcome: 'refused',
      reason,
      message: message.slice(0, 2048),
      ...(ours && { live: redact(live) }),
    });
  }

  private report(sequence: number, report: ObjectReport): void {
    this.tools.reporter.object(this.state.application.uid, sequence, report);
  }

  private async prune(due: Due): Promise<void> {
    const leaving = surplusOf(this.state).filter(({ ref }) => due === 'all' || due.has(refKey(ref)));
    for (const group of byTurn(inPruneOrder(leaving))) await inParallel(group, (held) => this.pruneOne(held));
  }

  private async pruneOne({ ref }: Held): Promise<void> {
    const key = refKey(ref);
    try {
      const result = await pruneObject(this.tools.cluster, ref, this.owner, this.state.application.namespace);
      this.refused.delete(key);
      const { outcome, message, live } = result;
      this.report(this.state.sequence, {
        ref,
        outcome,
        ...(message && { message }),
        ...(live && { live: redact(live) }),
      });
      if (outcome === 'deleting') this.refused.set(key, stillThere);
    } catch (error) {
      const refused = refusalOf(error, ref);
      this.refused.set(key, refused);
      const { reason, message } = refused;
      this.report(this.state.sequence, { ref, outcome: 'refused', reason, message });
    }
  }

  /** Finds by label what an earlier life of this agent may have left behind. */
  private async search(): Promise<void> {
    const found = await findOwned(this.tools.cluster, this.owner);
    const known = new Set(this.state.held.map(({ ref }) => refKey(ref)));
    const lost = found.filter(({ ref }) => !known.has(refKey(ref)));
    this.state = { ...this.state, held: [...this.state.held, ...lost] };
    this.searchFirst = false;
  }

  private retryLater(due: Due): void {
    if (this.stopped) return;
    clearTimeout(this.retry);
    const hopeful = this.refused.size === 0 || [...this.refused.values()].some(({ transient }) => transient);
    const delay = hopeful ? this.backoff.next() : RETRY_CAP_MS;
    this.retry = setTimeout(() => this.look(due === 'all' ? due : [...due]), delay);
  }
}

/** Versions of one kind of resource count up, as decimal numbers (Kubernetes 1.35, KEP-5504). */
function isNewer(a: JsonObject, b: JsonObject): boolean {
  const [one, other] = [resourceVersionOf(a), resourceVersionOf(b)];
  return one.length === other.length ? one > other : one.length > other.length;
}

const damaged: Refused = {
  reason: 'other',
  message: "the agent's copy of this object is damaged; it is fetched again",
  transient: true,
};
const stillThere: Refused = { reason: 'terminating', message: 'not gone yet', transient: true };

/** Those of one turn together, in the order given. */
function byTurn<T extends { readonly ref: ObjectRef; readonly stage?: 0 | undefined }>(
  entries: readonly T[],
): T[][] {
  const groups: T[][] = [];
  for (const entry of entries) {
    const last = groups.at(-1);
    if (last?.[0] !== undefined && applyTurn(last[0]) === applyTurn(entry)) last.push(entry);
    else groups.push([entry]);
  }
  return groups;
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL_OBJECTS, items.length) }, worker));
}
