/** The agent: enrols, fetches bundles, keeps Applications, follows what it has put into the cluster, and reports. */
import { createHash } from 'node:crypto';
import { refKey, refOf } from '../engine/delivery/bundle.ts';
import { ownerLabel } from '../engine/delivery/ownership.ts';
import {
  BEAT_SECONDS,
  type Capabilities,
  parseEnrolmentToken,
  type SignedBundle,
} from '../engine/delivery/protocol.ts';
import type { ApplicationUid } from '../engine/ids.ts';
import { isObject, type JsonObject } from '../engine/json.ts';
import type { Cluster } from './apply-object.ts';
import { Backoff, pause } from './backoff.ts';
import { Hub, HubError } from './hub.ts';
import {
  type AgentKey,
  type Membership,
  openCounter,
  openInstance,
  openKey,
  readMembership,
  writeMembership,
} from './identity.ts';
import { Keeper, type KeeperTools } from './keeper.ts';
import type { KubeApi } from './kube/api.ts';
import { capabilitiesOf, clusterUid, Discovery, serverVersion } from './kube/discovery.ts';
import { dryRunOf, metadataOf, objectsOf } from './kube/objects.ts';
import { Lease } from './lease.ts';
import { Planner } from './planner.ts';
import { Reporter } from './reporter.ts';
import { StateFolder } from './state.ts';
import { turns } from './turns.ts';
import { acceptKeys, isPinned, openIndex } from './verify.ts';
import { keepWakeSocket } from './wake.ts';
import { Watches } from './watches.ts';

export const AGENT_VERSION = 'mainsheet-agent/1';
const PARALLEL_APPLICATIONS = 8;
const RESYNC_MS = 10 * 60_000;
const LEASE_NAME = 'mainsheet-agent';

export interface AgentOptions {
  readonly hub: string;
  /** Enrolment token; needed until the enrolment was accepted. */
  readonly token: string | undefined;
  readonly state: string;
  readonly api: KubeApi;
  /** Where the Lease lies. */
  readonly namespace: string;
  /** Overrides the hub's beat. */
  readonly beatSeconds: number | undefined;
  readonly signal: AbortSignal;
  log(message: string): void;
}

/** Runs until the signal aborts. Rejects where it cannot even begin: a wrong token, a refused enrolment. */
export async function runAgent(options: AgentOptions): Promise<void> {
  const key = openKey(options.state);
  const hub = new Hub(options.hub, key);
  const membership = readMembership(options.state) ?? (await enrol(options, hub, key));
  if (membership === undefined) return;
  options.log(`agent ${membership.agent} of cluster ${membership.cluster.name}`);
  await new Agent(options, hub, membership).run();
}

async function enrol(options: AgentOptions, hub: Hub, key: AgentKey): Promise<Membership | undefined> {
  const token = parseEnrolmentToken(options.token ?? '');
  if (token === undefined) throw new Error('an enrolment token is needed: it is not given, or none of ours');
  const backoff = new Backoff({ firstMs: 1000, capMs: 60_000 });
  let told = '';
  while (!options.signal.aborted) {
    try {
      const kubernetes = { version: await serverVersion(options.api), uid: await clusterUid(options.api) };
      const nonce = crypto.randomUUID();
      const answer = await hub.enrol({
        v: 1,
        token: options.token ?? '',
        publicKey: key.publicKey,
        nonce,
        kubernetes,
      });
      if (!isPinned(answer.keys, token.hubKeySha256))
        throw new Error('the hub is not the one that the token is for');
      if (answer.state === 'refused') throw new Error('the hub has refused this agent');
      if (answer.state === 'accepted') {
        // The token vouches for the first key only; the others must be endorsed, as in any rotation.
        const membership = { ...answer, keys: [...acceptKeys(answer.keys.slice(0, 1), answer.keys)] };
        writeMembership(options.state, membership);
        return membership;
      }
      if (told !== answer.state) options.log(`enrolled as ${answer.agent}; waits to be accepted`);
      told = answer.state;
      backoff.reset();
      await pause(answer.retryAfter * 1000, options.signal);
    } catch (error) {
      if (!isPassing(error)) throw error;
      options.log(`cannot enrol yet: ${error instanceof Error ? error.message : String(error)}`);
      await backoff.wait(options.signal);
    }
  }
  return undefined;
}

/** Whether trying again may help: the way is broken, or the other side is. */
function isPassing(error: unknown): boolean {
  if (error instanceof HubError) return error.status === 0 || error.status >= 500 || error.status === 429;
  return error instanceof Error && error.name === 'KubeError';
}

class Agent {
  private readonly options: AgentOptions;
  private readonly hub: Hub;
  private membership: Membership;
  private readonly keepers = new Map<ApplicationUid, Keeper>();
  private readonly byLabel = new Map<string, Keeper>();
  private readonly tools: KeeperTools;
  private readonly reporter: Reporter;
  private readonly planner: Planner;
  private readonly discovery: Discovery;
  private readonly watches: Watches;
  private readonly lease: Lease;
  private saidCapabilities = '';
  private saidReading = 0;
  private wakeUp: (() => void) | undefined;
  private hinted = false;

  constructor(options: AgentOptions, hub: Hub, membership: Membership) {
    this.options = options;
    this.hub = hub;
    this.membership = membership;
    const { api, log } = options;
    this.discovery = new Discovery(api);
    const cluster: Cluster = { objects: objectsOf(api), discovery: this.discovery, now: () => Date.now() };
    this.watches = new Watches(api, this.discovery, {
      changed: (object) => this.seen(object, 'changed'),
      gone: (object) => this.seen(object, 'gone'),
      failed: (kind, error) => log(`cannot follow ${kind}: ${error.message}`),
    });
    const counter = openCounter(options.state);
    this.reporter = new Reporter({
      send: (reports) => this.hub.report(this.membership.agent, counter(), { reports }),
      sendPlan: (answer) => this.hub.report(this.membership.agent, counter(), { plans: [answer] }),
      planSent: (plan, reached) => {
        // There may be more plans than one answer of the hub holds.
        if (reached) this.hint();
        else this.planner.lost(plan);
      },
      acknowledged: (application, deleted) => this.keepers.get(application)?.forget(deleted),
      failed: (error) => log(`cannot report: ${error instanceof Error ? error.message : String(error)}`),
    });
    this.lease = new Lease({
      api,
      namespace: options.namespace,
      name: LEASE_NAME,
      holder: `${membership.agent}/${openInstance(options.state)}`,
      signal: options.signal,
      changed: (active, why) => this.leaseChanged(active, why),
    });
    this.planner = new Planner({
      cluster: { objects: dryRunOf(api), discovery: this.discovery },
      membership: () => this.membership,
      applied: (application, key) => this.keepers.get(application)?.appliedAs(key),
      active: () => this.lease.active(),
      answer: (answer) => this.reporter.plan(answer),
    });
    this.tools = {
      cluster,
      watches: this.watches,
      folder: new StateFolder(options.state),
      reporter: this.reporter,
      turn: turns(PARALLEL_APPLICATIONS),
      active: () => this.lease.active(),
      log,
    };
  }

  async run(): Promise<void> {
    const { signal } = this.options;
    for (const state of this.tools.folder.readAll())
      this.add(state.application.uid, new Keeper(this.tools, state));
    await this.lease.attempt();
    const parts = [
      this.lease.run(),
      this.reporter.run(),
      this.beat(),
      this.resync(),
      keepWakeSocket({
        target: () => this.hub.wake(this.membership.agent),
        hint: () => this.hint(),
        signal,
      }),
    ];
    signal.addEventListener('abort', () => this.stop(), { once: true });
    if (signal.aborted) this.stop();
    await Promise.all(parts);
  }

  private stop(): void {
    for (const keeper of this.keepers.values()) keeper.stop();
    this.watches.stop();
    this.planner.stop();
    this.reporter.stop();
    this.wakeUp?.();
  }

  private add(application: ApplicationUid, keeper: Keeper): void {
    this.keepers.set(application, keeper);
    this.byLabel.set(keeper.label, keeper);
    keeper.look('all');
  }

  private leaseChanged(active: boolean, why: string): void {
    this.options.log(active ? 'active' : `standing by: ${why}`);
    if (active) for (const keeper of this.keepers.values()) keeper.look('all');
  }

  private seen(object: JsonObject, what: 'changed' | 'gone'): void {
    const { labels } = metadataOf(object);
    const label = isObject(labels) ? labels[ownerLabel] : undefined;
    const keeper = typeof label === 'string' ? this.byLabel.get(label) : undefined;
    const ref = refOf(object);
    if (keeper === undefined || ref === undefined) return;
    if (what === 'gone') keeper.gone(refKey(ref));
    else keeper.changed(object, refKey(ref));
  }

  private hint(): void {
    this.hinted = true;
    this.wakeUp?.();
  }

  /** Asks the hub at every hint and every beat. */
  private async beat(): Promise<void> {
    const { signal, log } = this.options;
    const backoff = new Backoff({ firstMs: 1000, capMs: 60_000 });
    let seconds = BEAT_SECONDS;
    while (!signal.aborted) {
      this.hinted = false;
      try {
        seconds = this.options.beatSeconds ?? (await this.sync());
        if (this.options.beatSeconds !== undefined) await this.sync();
        backoff.reset();
      } catch (error) {
        log(`cannot sync: ${error instanceof Error ? error.message : String(error)}`);
        await backoff.wait(signal);
        continue;
      }
      if (!this.hinted) await this.sleep(seconds * 1000);
    }
  }

  private async sleep(ms: number): Promise<void> {
    const early = new AbortController();
    this.wakeUp = () => early.abort();
    await pause(ms, early.signal);
    this.wakeUp = undefined;
  }

  /** Now and then everything is looked at, whatever the watches have said or not. */
  private async resync(): Promise<void> {
    const { signal } = this.options;
    while (!signal.aborted) {
      await pause(RESYNC_MS, signal);
      if (!signal.aborted) for (const keeper of this.keepers.values()) keeper.look('all');
    }
  }

  /** One question to the hub, or several where the answer does not fit into one. Gives the seconds of the beat. */
  private async sync(): Promise<number> {
    const capabilities = await this.capabilities();
    for (let said: Capabilities | undefined = capabilities; ; said = undefined) {
      const have = [...this.keepers].flatMap(([application, { held }]) =>
        held.whole ? [{ application, sequence: held.sequence }] : [],
      );
      const answer = await this.hub.sync(this.membership.agent, have, said);
      if (said !== undefined) this.saidCapabilities = digest(said);
      if (answer.unchanged) return answer.beatSeconds;
      if (answer.keys !== undefined) this.learnKeys(answer.keys);
      const taken = answer.bundles.map((bundle) => this.take(bundle));
      this.planner.take(answer.plans ?? []);
      // Nothing of it could be used: asking at once would be answered alike.
      if (!answer.more || !taken.includes(true)) return answer.beatSeconds;
    }
  }

  /** The kinds of the cluster, at the start and where they have changed since they were last said. */
  private async capabilities(): Promise<Capabilities | undefined> {
    try {
      if (!this.discovery.isReadSince(RESYNC_MS)) await this.discovery.refresh();
      if (this.discovery.reading === this.saidReading) return undefined;
      const now = await capabilitiesOf(this.options.api, this.discovery, AGENT_VERSION);
      this.saidReading = this.discovery.reading;
      return digest(now) === this.saidCapabilities ? undefined : now;
    } catch {
      return undefined;
    }
  }

  private learnKeys(offered: Membership['keys']): void {
    const keys = acceptKeys(this.membership.keys, offered);
    if (keys.length === this.membership.keys.length) return;
    this.membership = { ...this.membership, keys: [...keys] };
    writeMembership(this.options.state, this.membership);
  }

  /** Takes a bundle, or says why not. */
  private take({ index: envelope, objects }: SignedBundle): boolean {
    const opened = openIndex(envelope, this.membership, (uid) => this.keepers.get(uid)?.held.sequence ?? 0);
    if (!opened.ok) {
      this.options.log(`refused a bundle: ${opened.reason}`);
      return false;
    }
    const { index } = opened;
    const { uid, name } = index.application;
    const keeper = this.keepers.get(uid);
    const missing = this.tools.folder.putObjects(index, objects);
    if (missing.length > 0) {
      this.options.log(
        `a bundle of ${name} came without ${missing.length} of its objects; asks for all of it`,
      );
      keeper?.wantWhole();
      return keeper !== undefined;
    }
    if (keeper === undefined) this.add(uid, Keeper.begin(this.tools, index));
    else keeper.take(index);
    return true;
  }
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
