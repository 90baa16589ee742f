import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { advance } from '../../../engine/workflow/advance.ts';
import {
  hasEnded,
  newRun,
  type PlannedStep,
  progressOf,
  type Run,
  type RunEvent,
  type TargetName,
  targetKey,
} from '../../../engine/workflow/run.ts';
import { around, head, here, phases, plan, present, report, step, World } from './scene.ts';

const seed = Number(process.env['MAINSHEET_SEED'] ?? 1);
const numRuns = Number(process.env['MAINSHEET_RUNS'] ?? 300);

/**
 * A plan without cycles: a step depends on earlier ones only; steps after the third deploy to both clusters. Some
 * targets have traits that wait for their workload.
 */
const plans = fc
  .array(fc.array(fc.nat(20), { maxLength: 3 }), { minLength: 1, maxLength: 7 })
  .map((needs) => needs.map((picks, i) => stepOf(i, picks)));

function stepOf(i: number, picks: readonly number[]): PlannedStep {
  const dependsOn = i === 0 ? [] : [...new Set(picks.map((pick) => `s${pick % i}`))];
  const late = picks.some((pick) => pick > 10) ? ({ late: 'awaited' } as const) : {};
  if (i < 3) {
    const targets = [{ component: `s${i}`, placement: here, dependsOn: [], ...late }];
    return step(`s${i}`, dependsOn, { targets });
  }
  const targets = ['local', 'two'].flatMap((cluster) => [
    { component: `db${i}`, placement: { ...here, cluster }, dependsOn: [], ...late },
    { component: `web${i}`, placement: { ...here, cluster }, dependsOn: [`db${i}`] },
  ]);
  return step(`s${i}`, dependsOn, { type: 'deploy', targets });
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) deepFreeze(inner);
  }
  return value;
}

const shortName = (cluster: string) => cluster.replace(/^clu_/, '');

/** What a cluster says once it has done the newest bundle that it was given. */
function finalWord(world: World, counter: number): RunEvent[] {
  const newest = new Map<string, { sequence: number; targets: readonly TargetName[] }>();
  for (const { cluster, targets } of world.delivered) {
    newest.set(cluster, { sequence: (newest.get(cluster)?.sequence ?? 0) + 1, targets });
  }
  return [...newest].map(([cluster, { sequence, targets }]) => {
    // The status changes every second time.
    const status = `status ${Math.floor(counter / 2)}`;
    const seen = targets.map((target) => ({ ...target, observed: present(sequence, true, counter, status) }));
    return report(shortName(cluster), { sequence, counter }, seen, []);
  });
}

/** Drives a run to its end, with noise between the final words: `noise` picks earlier reports to repeat. */
function drive(
  steps: readonly PlannedStep[],
  noise: readonly number[],
): { run: Run; world: World; seen: Run[] } {
  const world = new World(plan(steps));
  // Of what has to be rendered late, some is something else each time, and some cannot be rendered at first.
  const asked = new Map<string, number>();
  world.completes = (due) => {
    const times = asked.get(targetKey(due)) ?? noise.length;
    asked.set(targetKey(due), times + 1);
    return (['failed', 'rendered', 'unchanged'] as const)[times % 3] ?? 'rendered';
  };
  const log: RunEvent[] = [];
  let { run } = world.advance(newRun(head()), [{ kind: 'submitted' }], 1000);
  const seen = [run];
  for (let round = 1; !hasEnded(run) && round < 40; round++) {
    const fresh = finalWord(world, round);
    log.push(...fresh);
    const old = noise.map((pick) => log[(pick * round) % log.length]).filter((event) => event !== undefined);
    const batch =
      (noise[0] ?? 0) % 2 === 0 ? [...old, ...fresh, ...old] : [...fresh, ...old, { kind: 'timer' } as const];
    run = world.advance(run, batch, 1000 + round).run;
    seen.push(run);
  }
  return { run, world, seen };
}

describe('advance, over any plan', () => {
  it('gives the same answer to the same question and changes nothing that it is given', () => {
    fc.assert(
      fc.property(plans, fc.array(fc.nat(50), { maxLength: 5 }), (steps, noise) => {
        for (const run of drive(steps, noise).seen) {
          const frozen = deepFreeze(run);
          const events = deepFreeze([...around(run), { kind: 'timer' } as const]);
          const again = advance(structuredClone(run), structuredClone(events), 5000);
          assert.deepEqual(advance(frozen, events, 5000), again);
        }
      }),
      { seed, numRuns },
    );
  });

  it('brings every step to success whatever is repeated or comes late', () => {
    fc.assert(
      fc.property(plans, fc.array(fc.nat(50), { maxLength: 5 }), (steps, noise) => {
        const { run } = drive(steps, noise);
        assert.equal(run.state.phase, 'succeeded');
        assert.deepEqual(new Set(Object.values(phases(run))), new Set(['succeeded']));
      }),
      { seed, numRuns },
    );
  });

  it('loses no step and no target, and never takes back one that has succeeded', () => {
    fc.assert(
      fc.property(plans, fc.array(fc.nat(50), { maxLength: 5 }), (steps, noise) => {
        const { seen } = drive(steps, noise);
        const done = new Set<string>();
        for (const run of seen) {
          const now = progressOf(run)?.steps ?? [];
          assert.deepEqual(
            now.map(({ name }) => name),
            steps.map(({ name }) => name),
          );
          assert.deepEqual(
            now.map(({ targets }) => targets.length),
            steps.map(({ targets }) => targets.length),
          );
          for (const [name, phase] of Object.entries(phases(run))) {
            if (phase === 'succeeded') done.add(name);
            else assert.ok(!done.has(name), `${name} went back to ${phase}`);
          }
        }
      }),
      { seed, numRuns },
    );
  });

  it('starts no step and delivers no target before what it depends on is healthy', () => {
    fc.assert(
      fc.property(plans, (steps) => {
        for (const run of drive(steps, []).seen) {
          const now = phases(run);
          for (const { name, dependsOn } of steps) {
            if (now[name] !== 'pending') assert.ok(dependsOn.every((need) => now[need] === 'succeeded'));
          }
        }
      }),
      { seed, numRuns },
    );
  });

  it('asks for late traits only over a healthy workload that was delivered, and ends no step without them', () => {
    fc.assert(
      fc.property(plans, fc.array(fc.nat(50), { maxLength: 5 }), (steps, noise) => {
        const { seen, world } = drive(steps, noise);
        for (const run of seen) {
          for (const { state, targets } of progressOf(run)?.steps ?? []) {
            for (const { late, delivered } of targets) {
              if (late === undefined) continue;
              if (late.phase !== 'awaited') assert.ok(delivered !== null);
              if (state.phase === 'succeeded') assert.ok(late.phase !== 'awaited' && late.delivered !== null);
            }
          }
        }
        for (const effect of world.performed) {
          if (effect.kind !== 'complete') continue;
          const held = world.delivered.filter(({ cluster }) => cluster === effect.cluster);
          const keys = new Set(held.flatMap(({ targets }) => targets.map(targetKey)));
          assert.ok(effect.targets.every((target) => keys.has(targetKey(target))));
        }
      }),
      { seed, numRuns },
    );
  });

  it('comes to the same end in whatever order the same reports arrive', () => {
    const reports = fc.array(
      fc.record({ component: fc.nat(2), counter: fc.integer({ min: 1, max: 6 }), healthy: fc.boolean() }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(reports, fc.infiniteStream(fc.nat(1000)), (said, picks) => {
        // One report has one counter: a counter said twice is the same report repeated.
        const byCounter = new Map(said.map((one) => [one.counter, one]));
        const events = [...byCounter.values()].map(({ component, counter, healthy }) => {
          const seen = {
            component: `s${component}`,
            placement: here,
            observed: present(1, healthy, counter),
          };
          return report('one', { sequence: 1, counter }, [seen]);
        });
        // Suspended, so that no step ends on the way: what is compared is what was observed.
        const ends = [events, shuffled([...events, ...events], picks)].map((order) => {
          const world = new World(plan([step('s0'), step('s1'), step('s2')]));
          let { run } = world.advance(newRun(head()), [], 1000);
          run = world.advance(run, [{ kind: 'command', command: 'suspend' }], 1000).run;
          for (const event of order) run = world.advance(run, [event], 2000).run;
          return world.advance(run, [{ kind: 'command', command: 'resume' }], 3000).run.state;
        });
        assert.deepEqual(ends[1], ends[0]);
      }),
      { seed, numRuns },
    );
  });

  it('asks for the same effects again when it was interrupted before they were saved', () => {
    fc.assert(
      fc.property(plans, (steps) => {
        const { seen, world } = drive(steps, []);
        for (const [i, run] of seen.entries()) {
          const events = [...finalWord(world, 100 + i), ...around(run)];
          assert.deepEqual(advance(run, events, 9000).effects, advance(run, events, 9000).effects);
        }
      }),
      { seed, numRuns: Math.ceil(numRuns / 3) },
    );
  });
});

function shuffled<T>(items: readonly T[], picks: Iterator<number>): T[] {
  const left = [...items];
  const out: T[] = [];
  while (left.length > 0) out.push(...left.splice((picks.next().value as number) % left.length, 1));
  return out;
}
