/**
 * Workers that come, die and come back, in any order, beside users who submit, command and delete. Whatever the order:
 * one writer an Application, bundles that count up by one, each event consumed once, and in the end every run finished.
 */
import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { describe, it } from 'node:test';
import { sql } from 'drizzle-orm';
import fc from 'fast-check';
import { nodeSqliteDriver } from '../../db/drivers/node-sqlite.ts';
import { newId } from '../../db/ids.ts';
import { migrate } from '../../db/migrations/migrate.ts';
import type { Cluster } from '../../db/model/cluster.ts';
import type { Lease, LoadedRun, RunSave } from '../../db/model/run.ts';
import { Fault } from '../../engine/fault.ts';
import {
  bundle,
  makeCluster,
  makeWorld,
  object,
  operator,
  submit,
  type World,
} from '../contract/repository/world.ts';

const ttlMs = 10_000;
const numRuns = process.env['MAINSHEET_LONG'] === undefined ? 40 : 2000;
const seed = Number(process.env['MAINSHEET_SEED'] ?? 20_261_121);

type Step =
  | { readonly kind: 'submit'; readonly app: number; readonly spec: number }
  | { readonly kind: 'command' | 'delete'; readonly app: number }
  | { readonly kind: 'claim' | 'load' | 'save' | 'die'; readonly worker: number; readonly more: boolean }
  | { readonly kind: 'wait'; readonly ms: number };

const app = fc.nat(2);
const worker = fc.nat(2);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('submit'), app, spec: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('command', 'delete'), app }) },
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constantFrom('claim', 'load', 'load', 'save', 'save', 'die'),
      worker,
      more: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait'), ms: fc.constantFrom(1, 1000, ttlMs) }) },
);

interface Worker {
  lease?: Lease | undefined;
  loaded?: LoadedRun | undefined;
}

const lost = (error: unknown): undefined => {
  assert(
    error instanceof Fault && ['lease.lost', 'store.conflict', 'resource.conflict'].includes(error.code),
    String(error),
  );
  return undefined;
};

class Lane {
  readonly world: World;
  readonly cluster: Cluster;
  readonly workers: Worker[] = [{}, {}, {}];
  /** The highest epoch that saved, by Application. */
  readonly epochs = new Map<string, number>();
  readonly sequences = new Map<string, number>();
  readonly consumed = new Map<string, number>();

  constructor(world: World, cluster: Cluster) {
    this.world = world;
    this.cluster = cluster;
  }

  async perform(step: Step): Promise<void> {
    const { world } = this;
    const name = 'app' in step ? `app-${step.app}` : '';
    switch (step.kind) {
      case 'submit':
        await submit(world, world.a, name, `spec ${step.spec}`).catch(lost);
        return;
      case 'command': {
        const application = await world.a.applications.get('default', name);
        if (application) await world.a.runs.tell(operator, application.run, { kind: 'command', payload: {} });
        return;
      }
      case 'delete':
        await world.a.applications.requestDeletion(operator, {
          namespace: 'default',
          name,
          run: newId('run', world.clock.at),
        });
        return;
      case 'wait':
        world.clock.at += step.ms;
        return;
      default:
        return this.work(step.kind, this.workers[step.worker] ?? {}, step.more, `worker ${step.worker}`);
    }
  }

  async work(
    kind: 'claim' | 'load' | 'save' | 'die',
    worker: Worker,
    more: boolean,
    owner: string,
  ): Promise<void> {
    const { a, stores, clock } = this.world;
    if (kind === 'die') Object.assign(worker, { lease: undefined, loaded: undefined });
    if (kind === 'claim' && worker.lease === undefined) {
      [worker.lease] = await stores.work.claimDueRuns({
        owner,
        now: clock.at,
        ttlMs,
        limit: 1,
        perTenantCap: 2,
      });
      worker.loaded = undefined;
    }
    if (kind === 'load' && worker.lease) {
      worker.loaded = await a.runs.load(worker.lease, clock.at).catch(lost);
      if (worker.loaded === undefined) worker.lease = undefined;
    }
    if (kind === 'save' && worker.loaded) await this.save(worker, worker.loaded, more);
  }

  async save(worker: Worker, loaded: LoadedRun, more: boolean): Promise<void> {
    const { a, clock } = this.world;
    const { application, run, lease } = loaded;
    const [head] = loaded.bundles;
    const superseded = application.run !== run.id;
    const objects = run.kind === 'delete' ? [] : [object(`of-${application.name}`, `sha of ${run.revision}`)];
    const next = superseded ? [] : [await bundle(a, this.cluster, (head?.sequence ?? 0) + 1, objects)];
    const save: RunSave = {
      phase: superseded ? 'superseded' : more ? 'running' : 'succeeded',
      state: { n: run.version },
      finished: superseded || !more,
      dueAt: clock.at + 50,
      consumedTo: loaded.events.at(-1)?.seq,
      bundles: next,
      release: true,
      remove: run.kind === 'delete' && !more && !superseded && loaded.inventory.length === 0,
    };
    const saved = await a.runs.save(loaded, save, clock.at).catch(lost);
    Object.assign(worker, { lease: undefined, loaded: undefined });
    if (saved === undefined) return;
    const { uid } = application;
    const epoch = this.epochs.get(uid) ?? 0;
    assert(lease.epoch > epoch, `epoch ${lease.epoch} saved after ${epoch}`);
    this.epochs.set(uid, lease.epoch);
    for (const put of next) {
      assert.equal(put.sequence, (this.sequences.get(uid) ?? 0) + 1);
      this.sequences.set(uid, put.sequence);
      if (run.kind === 'delete') await this.prune(uid, put.sequence);
    }
    for (const event of loaded.events) {
      const key = `${uid} ${event.seq}`;
      this.consumed.set(key, (this.consumed.get(key) ?? 0) + 1);
    }
  }

  async prune(uid: LoadedRun['run']['application'], sequence: number): Promise<void> {
    const { a } = this.world;
    const cluster = { owner: a.id, id: this.cluster.id };
    const objects = (await a.inventory.list(uid)).map(({ ref }) => ({ ref, outcome: 'deleted' }) as const);
    await a.inventory.report({ application: uid, cluster, sequence, complete: true, objects, event: {} });
  }

  /** Every worker dies; then sweeps and one worker, until nothing is due. */
  async settle(): Promise<void> {
    const { clock, stores } = this.world;
    for (let round = 0; round < 60; round++) {
      clock.at += ttlMs;
      if ((await stores.work.dueRuns(clock.at, 1, 10)).length === 0) return;
      for (let n = 0; n < 6; n++) {
        const worker: Worker = {};
        for (const kind of ['claim', 'load', 'save'] as const)
          await this.work(kind, worker, false, 'sweeper');
      }
    }
    assert.fail('runs are still due after many sweeps');
  }

  async check(): Promise<void> {
    const { driver, a } = this.world;
    const one = async (statement: ReturnType<typeof sql>) => Number((await driver.all(statement))[0]?.n);
    assert.equal(
      await one(sql`SELECT count(*) AS n FROM run WHERE finished_at IS NULL`),
      0,
      'unfinished runs',
    );
    assert.equal(
      await one(sql`SELECT count(*) AS n FROM run_event WHERE consumed_at IS NULL`),
      0,
      'pending events',
    );
    assert.equal(await one(sql`SELECT count(*) AS n FROM outbox WHERE kind = 'run.advance'`), 0, 'messages');
    assert.equal(
      await one(sql`SELECT count(*) AS n FROM application WHERE lease_until IS NOT NULL`),
      0,
      'leases',
    );
    for (const [event, times] of this.consumed)
      assert.equal(times, 1, `event ${event} was consumed ${times} times`);
    const gaps = await one(sql`SELECT count(*) AS n FROM application WHERE event_seq <>
      (SELECT count(*) FROM run_event e WHERE e.tenant = application.tenant AND e.application = application.uid)`);
    assert.equal(gaps, 0, 'events have gaps');
    for (const { uid, revision, latestRevision, name } of (await a.applications.list({}, { limit: 100 }))
      .items) {
      assert.equal((await a.revisions.list(uid, { limit: 100 })).items.length, latestRevision);
      const [head] = await a.bundles.heads(uid);
      assert.equal(head?.revision, revision, `${name} ends at the newest revision`);
    }
  }
}

describe('the lane of an Application', () => {
  it('has one writer, loses nothing and ends at the newest revision, in any order of events', async () => {
    const driver = nodeSqliteDriver(new DatabaseSync(':memory:'));
    await migrate(driver);
    const steps = fc.array(step, { minLength: 5, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(steps, async (todo) => {
        const world = await makeWorld(driver);
        const { cluster } = await makeCluster(world, world.a, 'east');
        const lane = new Lane(world, cluster);
        for (const one of todo) await lane.perform(one);
        await lane.settle();
        await lane.check();
        assert.equal((await world.a.audit.verify()).outcome, 'intact');
      }),
      { numRuns, seed },
    );
  });
});
