/**
 * The queue side under everything that can go wrong, in an order that a seed decides: messages lost, doubled and
 * late, batches that fail before or after they are done, workers that die, agents that lose their reports. When the
 * faults end, every Application must be at its newest revision, whatever happened before.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Driver } from '../../db/drivers/driver.ts';
import { Fault } from '../../engine/fault.ts';
import { openQueueSide, type QueueSide } from '../support/queue-side.ts';

const seeds = process.env['MAINSHEET_LONG'] === '1' ? 2000 : 30;
const first = Number(process.env['MAINSHEET_SEED'] ?? 1);
const STEPS = 60;
const names = ['shop', 'desk'];

/** mulberry32: small, and the same everywhere. */
function dice(seed: number): { chance(of: number): boolean; below(n: number): number } {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return { chance: (of) => next() < of, below: (n) => Math.floor(next() * n) };
}

type Dice = ReturnType<typeof dice>;

/** A database that does not answer now and then, before or after it has done what it was asked. */
function faulty(driver: Driver, throws: () => 'before' | 'after' | undefined): Driver {
  const gone = () => new Fault('store.unavailable', 'gone');
  return {
    dialect: driver.dialect,
    async batch(statements) {
      const when = throws();
      if (when === 'before') throw gone();
      const results = await driver.batch(statements);
      if (when === 'after') throw gone();
      return results;
    },
    async all(statement) {
      if (throws() !== undefined) throw gone();
      return driver.all(statement);
    },
  };
}

interface World {
  readonly side: QueueSide;
  readonly roll: Dice;
  /** Newest content that was accepted, by Application. */
  readonly newest: Map<string, { revision: number; data: Record<string, Record<string, string>> }>;
}

const isReady = { conditions: [{ type: 'Ready', status: 'True' }] };

/** One thing that happens. */
async function step({ side, roll, newest }: World): Promise<void> {
  const { messages } = side;
  switch (roll.below(7)) {
    case 0:
    case 1: {
      const [message] = messages.splice(roll.below(messages.length), 1);
      if (message === undefined) return;
      if (roll.chance(0.15)) return;
      if (roll.chance(0.15)) messages.push(message);
      await side.handle(message);
      return;
    }
    case 2:
      return side.agent.sync();
    case 3: {
      const announced = await side.agent.report();
      if (roll.chance(0.7)) side.send(announced);
      return;
    }
    case 4:
      side.clock.at += roll.below(20_000);
      for (const key of side.agent.objects.keys())
        if (key.endsWith('b') && roll.chance(0.5))
          side.agent.setStatus(key, { ...isReady, seen: String(roll.below(3)) });
      return;
    case 5:
      side.clock.at += 61_000;
      await side.sweep().catch(() => undefined);
      return;
    default: {
      const name = names[roll.below(names.length)] ?? 'shop';
      const data = content(roll, name);
      // A client that gets no answer asks again; the same content makes no new revision.
      for (let attempt = 0; attempt < 20; attempt++) {
        try {
          await side.submitText(applicationOf(name, data));
          newest.set(name, { revision: 0, data });
          return;
        } catch (error) {
          if (!(error instanceof Fault)) throw error;
        }
      }
    }
  }
}

function content(roll: Dice, name: string): Record<string, Record<string, string>> {
  const configs = ['a', 'b', 'c'].slice(0, 1 + roll.below(3));
  return Object.fromEntries(configs.map((config) => [`${name}-${config}`, { v: String(roll.below(4)) }]));
}

const copyTrait = `apiVersion: core.oam.dev/v1beta1
kind: TraitDefinition
metadata: {name: copy, namespace: vela-system}
spec:
  stage: PostDispatch
  schematic:
    cue:
      template: |
        outputs: copy: {
          apiVersion: "v1"
          kind: "ConfigMap"
          metadata: name: context.name + "-copy"
          data: {v: context.output.data.v, seen: "\\(*context.output.status.seen | "nothing")"}
        }
        parameter: {}
`;

/** ConfigMaps; those whose names end with b have a trait that waits for them and copies them. */
function applicationOf(name: string, data: Record<string, Record<string, string>>): string {
  const components = Object.entries(data).map(([config, values]) => ({
    name: config,
    type: 'k8s-objects',
    properties: {
      objects: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: config }, data: values }],
    },
    traits: config.endsWith('b') ? [{ type: 'copy' }] : [],
  }));
  const metadata = { name, namespace: 'default' };
  return JSON.stringify({
    apiVersion: 'core.oam.dev/v1beta1',
    kind: 'Application',
    metadata,
    spec: { components },
  });
}

/** No more faults: messages, beats and sweeps go on until nothing moves. */
async function settle(side: QueueSide): Promise<void> {
  for (let round = 0; round < 30; round++) {
    side.clock.at += 61_000;
    await side.sweep();
    await side.drain();
    await side.agent.sync();
    side.send(await side.agent.report());
    await side.drain();
    if (round > 2 && (await isAtRest(side))) return;
  }
}

async function isAtRest(side: QueueSide): Promise<boolean> {
  const { items } = await side.store.runs.list({ unfinished: true }, { limit: 100 });
  const waiting = (await side.store.outbox.list(100)).filter(({ kind }) => kind !== 'audit.seal');
  // Runs that have succeeded and follow what a trait copies stay open.
  return items.every(({ phase }) => phase === 'succeeded') && waiting.length === 0;
}

async function play(seed: number): Promise<void> {
  const roll = dice(seed);
  let failing = 0;
  const side = await openQueueSide({
    wrap: (driver) =>
      faulty(driver, () => (roll.chance(failing) ? (roll.chance(0.5) ? 'before' : 'after') : undefined)),
  });
  const world: World = { side, roll, newest: new Map() };
  await side.submitText(copyTrait);
  failing = 0.05;
  for (let i = 0; i < STEPS; i++) await step(world);
  failing = 0;
  await settle(side);
  await check(world);
}

async function check({ side, newest }: World): Promise<void> {
  const statuses = new Map<string, string>();
  for (const { metadata, status } of [...side.agent.objects.values()]) {
    if (status !== undefined)
      statuses.set((metadata as { name: string }).name, (status as { seen: string }).seen);
  }
  const wanted = new Map<string, unknown>();
  for (const [name, { data }] of newest) {
    const view = await side.store.applications.view('default', name);
    assert.equal(view?.run?.phase, 'succeeded', `${name} ends in ${view?.run?.phase}`);
    assert.ok(
      view?.inventory.every((row) => row.wanted === 'yes'),
      `${name} has leftovers`,
    );
    for (const [config, values] of Object.entries(data)) {
      wanted.set(`${name} ${config}`, values);
      const status = statuses.get(config);
      if (config.endsWith('b'))
        wanted.set(`${name} ${config}-copy`, { ...values, seen: status ?? 'nothing' });
    }
    const { items } = await side.store.runs.list(
      { application: view.application.uid, unfinished: true },
      { limit: 100 },
    );
    const open = items.filter(({ id }) => id !== view.run?.id);
    assert.deepEqual(open, [], `${name} has older unfinished runs`);
    const follows = Object.keys(data).some((config) => config.endsWith('b'));
    assert.equal(items.length, follows ? 1 : 0, `${name} is followed`);
  }
  const there = new Map<string, unknown>();
  for (const object of side.agent.objects.values()) {
    const metadata = object['metadata'] as { name: string; labels: Record<string, string> };
    there.set(`${metadata.labels['app.oam.dev/name']} ${metadata.name}`, object['data']);
  }
  assert.deepEqual(there, wanted);
  assert.ok(await isAtRest(side), 'something is left to do');
}

describe('whatever goes wrong', () => {
  it(`every Application ends at its newest revision (${seeds} seeds from ${first})`, async () => {
    for (let seed = first; seed < first + seeds; seed++) {
      await play(seed).catch((error: unknown) => {
        throw new Error(`seed ${seed}: ${error instanceof Error ? error.stack : String(error)}`);
      });
    }
  });
});
