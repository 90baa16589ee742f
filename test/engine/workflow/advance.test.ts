import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { advance, PROGRESS_DEADLINE_MS } from '../../../engine/workflow/advance.ts';
import { newRun, progressOf } from '../../../engine/workflow/run.ts';
import {
  around,
  clusterId,
  destination,
  head,
  here,
  phases,
  plan,
  present,
  report,
  runId,
  started,
  step,
  World,
} from './scene.ts';

const target = (component: string, placement = here) => ({ component, placement });
const healthy = (component: string, sequence: number, counter = 1) => ({
  ...target(component),
  observed: present(sequence, true, counter),
});

describe('a new run', () => {
  it('asks for a rendering, and asks again when it was interrupted before the answer', () => {
    const first = advance(newRun(head()), [{ kind: 'submitted' }], 2000);
    assert.deepEqual(first.effects, [{ kind: 'render' }]);
    assert.equal(first.run.startedAt, 2000);
    assert.deepEqual(advance(first.run, [], 3000).effects, [{ kind: 'render' }]);
  });

  it('starts without the event that announces it', () => {
    assert.deepEqual(advance(newRun(head()), [], 2000).effects, [{ kind: 'render' }]);
  });

  it('of a rollback looks the rendering up and renders nothing', () => {
    const world = new World(plan([step('web')]));
    const { run } = world.advance(newRun(head({ purpose: { kind: 'rollback' } })), [], 2000);
    assert.deepEqual(
      world.performed.map(({ kind }) => kind),
      ['recall', 'deliver'],
    );
    assert.equal(run.state.phase, 'running');
  });

  it('fails with the issues of a rendering that cannot be made', () => {
    const { run } = advance(newRun(head()), [], 2000);
    const issues = [{ code: 'template', path: '/spec/components/0', message: 'conflicting values' }];
    const failed = advance(run, [{ kind: 'unrenderable', issues }], 3000);
    assert.deepEqual(failed.run.state, { phase: 'failed', endedAt: 3000, issues, progress: null });
    assert.deepEqual(failed.effects, []);
  });

  it('waits for a cluster that nobody answers for, and goes on when there is one', () => {
    const world = new World(plan([step('web')]));
    const waiting = world.advance(newRun(head()), [], 2000, [{ kind: 'clusters', clusters: [] }]);
    assert.deepEqual(waiting.run.state.phase === 'waiting' && waiting.run.state.on, {
      kind: 'NoCluster',
      clusters: ['local'],
    });
    assert.ok(waiting.dueAt !== null && waiting.dueAt > 2000);
    assert.equal(world.advance(waiting.run, [], 5000).run.state.phase, 'running');
  });
});

describe('a running run', () => {
  it('delivers what may start in one bundle a cluster', () => {
    const { run, world } = started([step('a'), step('b'), step('c', ['a'])]);
    assert.deepEqual(world.delivered, [
      { kind: 'deliver', cluster: clusterId('one'), targets: [target('a'), target('b')], prune: false },
    ]);
    assert.deepEqual(phases(run), { a: 'running', b: 'running', c: 'pending' });
  });

  it('starts a dependant when its dependency is healthy, with a bundle that still holds the dependency', () => {
    const { run, world } = started([step('a'), step('c', ['a'])]);
    const unhealthy = { ...target('a'), observed: present(1, false) };
    const waiting = world.advance(run, [report('one', { sequence: 1, counter: 1 }, [unhealthy])], 3000);
    assert.equal(world.delivered.length, 1);
    const next = world.advance(
      waiting.run,
      [report('one', { sequence: 1, counter: 2 }, [healthy('a', 1, 2)])],
      4000,
    );
    assert.deepEqual(world.delivered[1]?.targets, [target('a'), target('c')]);
    assert.deepEqual(phases(next.run), { a: 'succeeded', c: 'running' });
  });

  it('does not take a report of an earlier bundle for its own', () => {
    const { run, world } = started([step('a'), step('c', ['a'])]);
    const first = world.advance(
      run,
      [report('one', { sequence: 1, counter: 1 }, [healthy('a', 1)])],
      3000,
    ).run;
    const stale = world.advance(
      first,
      [report('one', { sequence: 1, counter: 2 }, [healthy('c', 1, 2)])],
      4000,
    ).run;
    assert.deepEqual(phases(stale), { a: 'succeeded', c: 'running' });
  });

  it('succeeds when every step has, and prunes nothing where nothing is left over', () => {
    const { run, world } = started([step('a')]);
    const done = world.advance(run, [report('one', { sequence: 1, counter: 1 }, [healthy('a', 1)])], 3000);
    assert.equal(done.run.state.phase, 'succeeded');
    assert.equal(done.dueAt, null);
    assert.deepEqual(
      world.delivered.map(({ prune }) => prune),
      [false],
    );
  });

  it('prunes after success, in its own clusters and in those it left', () => {
    const { run, world } = started([step('a')]);
    world.surplus = 2;
    const surroundings = around(run, { holdings: ['one', 'two'] });
    const again = new World(plan([step('a')]));
    again.surplus = 2;
    const fresh = again.advance(newRun(head()), [], 2000, surroundings).run;
    assert.deepEqual(
      again.delivered.map(({ prune }) => prune),
      [false],
    );
    const done = again.advance(
      fresh,
      [report('one', { sequence: 1, counter: 1 }, [healthy('a', 1)])],
      3000,
      surroundings,
    );
    assert.equal(done.run.state.phase, 'succeeded');
    assert.deepEqual(
      again.delivered.slice(1).map(({ cluster, targets, prune }) => ({ cluster, targets, prune })),
      [
        { cluster: clusterId('one'), targets: [target('a')], prune: true },
        { cluster: clusterId('two'), targets: [], prune: true },
      ],
    );
  });

  it('keeps a step running while its objects are refused, and goes on when they are not any more', () => {
    const { run, world } = started([step('a')]);
    const problems = [{ object: 'ConfigMap default/a', reason: 'not-managed' as const, message: 'no' }];
    const refused = {
      ...target('a'),
      observed: { kind: 'refused' as const, stamp: { sequence: 1, counter: 1 }, problems },
    };
    const stuck = world.advance(run, [report('one', { sequence: 1, counter: 1 }, [refused])], 3000);
    assert.deepEqual(phases(stuck.run), { a: 'running' });
    const done = world.advance(
      stuck.run,
      [report('one', { sequence: 1, counter: 2 }, [healthy('a', 1, 2)])],
      4000,
    );
    assert.equal(done.run.state.phase, 'succeeded');
  });

  it('fails a step at its timeout and not before', () => {
    const { run, world } = started([step('a', [], { timeoutMs: 3000 })]);
    assert.equal(world.advance(run, [{ kind: 'timer' }], 4999).run.state.phase, 'running');
    const failed = world.advance(run, [{ kind: 'timer' }], 5000).run;
    assert.equal(failed.state.phase, 'failed');
    assert.deepEqual(progressOf(failed)?.steps[0]?.state, {
      phase: 'failed',
      since: 2000,
      at: 5000,
      reason: 'Timeout',
      message: 'not done within 3 s',
    });
  });

  it('skips what depends on a failed step and goes on with the rest', () => {
    const { run, world } = started([step('a', [], { timeoutMs: 3000 }), step('b', ['a']), step('c')]);
    const timedOut = world.advance(run, [], 5000).run;
    assert.deepEqual(phases(timedOut), { a: 'failed', b: 'skipped', c: 'running' });
    const ended = world.advance(
      timedOut,
      [report('one', { sequence: 1, counter: 1 }, [healthy('c', 1)])],
      6000,
    ).run;
    assert.equal(ended.state.phase, 'failed');
  });

  it('takes steps one after the other where the mode says so', () => {
    const { run, world } = started([step('a'), step('b')], 'StepByStep');
    assert.deepEqual(phases(run), { a: 'running', b: 'pending' });
    const next = world.advance(
      run,
      [report('one', { sequence: 1, counter: 1 }, [healthy('a', 1)])],
      3000,
    ).run;
    assert.deepEqual(phases(next), { a: 'succeeded', b: 'running' });
  });

  it('says so when steps wait for each other', () => {
    const { run } = started([step('a', ['b']), step('b', ['a'])]);
    assert.equal(run.state.phase, 'failed');
    assert.equal(run.state.phase === 'failed' && run.state.issues[0]?.code, 'dependency-cycle');
  });

  it('holds the targets of a deploy step apart by placement and orders them by component', () => {
    const places = [here, { ...here, cluster: 'two' }];
    const targets = places.flatMap((placement) => [
      { component: 'db', placement, dependsOn: [] },
      { component: 'web', placement, dependsOn: ['db'] },
    ]);
    const { run, world } = started([step('deploy', [], { type: 'deploy', targets })]);
    assert.deepEqual(
      world.delivered.map(({ cluster, targets }) => [cluster, targets.length]),
      [
        [clusterId('one'), 1],
        [clusterId('two'), 1],
      ],
    );
    const dbOfTwo = { ...target('db', places[1]), observed: present(1, true) };
    world.advance(run, [report('two', { sequence: 1, counter: 1 }, [dbOfTwo])], 3000);
    assert.deepEqual(
      world.delivered.slice(2).map(({ cluster }) => cluster),
      [clusterId('two')],
    );
  });

  it('gives one bundle to a cluster that two names mean', () => {
    const targets = [here, { ...here, cluster: 'one', namespace: 'b' }].map((placement) => ({
      component: 'web',
      placement,
      dependsOn: [],
    }));
    const { run, world } = started([step('deploy', [], { type: 'deploy', targets })]);
    assert.equal(world.delivered.length, 1);
    assert.deepEqual(destination(run, 'one')?.names, ['local', 'one']);
  });

  it('asks to be looked at when ten minutes without progress are over', () => {
    const { run } = started([step('a')]);
    assert.equal(advance(run, around(run), 3000).dueAt, 2000 + PROGRESS_DEADLINE_MS);
  });

  it('is stalled from then on until it moves again', () => {
    const { run, world } = started([step('a')]);
    const late = world.advance(run, [{ kind: 'timer' }], 2000 + PROGRESS_DEADLINE_MS);
    assert.deepEqual(late.run.stalled, { since: 2000, unreachable: [] });
    assert.equal(late.run.state.phase, 'running');
    const moved = report('one', { sequence: 1, counter: 1 }, [
      { ...target('a'), observed: present(1, false) },
    ]);
    assert.equal(world.advance(late.run, [moved], 3000 + PROGRESS_DEADLINE_MS).run.stalled, null);
  });

  it('takes the same observation under a new stamp for no progress', () => {
    const { run, world } = started([step('a')]);
    const seen = (counter: number) =>
      report('one', { sequence: 1, counter }, [{ ...target('a'), observed: present(1, false, counter) }]);
    const first = world.advance(run, [seen(1)], 3000).run;
    assert.equal(world.advance(first, [seen(2)], 9000).run.progressedAt, first.progressedAt);
  });
});

describe('commands', () => {
  it('a suspended run ignores a timer tick and reports start nothing in it', () => {
    const { run, world } = started([step('a'), step('b', ['a'])]);
    const suspended = world.advance(run, [{ kind: 'command', command: 'suspend' }], 3000);
    assert.equal(suspended.run.state.phase, 'suspended');
    assert.equal(suspended.dueAt, null);
    const ticked = world.advance(suspended.run, [{ kind: 'timer' }], 3000 + 30 * PROGRESS_DEADLINE_MS);
    assert.deepEqual(ticked.run, suspended.run);
    const told = world.advance(
      ticked.run,
      [report('one', { sequence: 1, counter: 1 }, [healthy('a', 1)])],
      4000,
    );
    assert.equal(world.delivered.length, 1);
    const resumed = world.advance(told.run, [{ kind: 'command', command: 'resume' }], 5000);
    assert.deepEqual(phases(resumed.run), { a: 'succeeded', b: 'running' });
  });

  it('a run suspended until a time goes on then and not before', () => {
    const { run, world } = started([step('a')]);
    const progress = progressOf(run);
    assert.ok(progress);
    const suspended = {
      ...run,
      state: { phase: 'suspended', reason: 'Step', until: 9000, progress } as const,
    };
    assert.equal(world.advance(suspended, [], 8999).run.state.phase, 'suspended');
    assert.equal(world.advance(suspended, [], 8999).dueAt, 9000);
    assert.equal(world.advance(suspended, [], 9000).run.state.phase, 'running');
  });

  it('a suspension that comes before the rendering takes effect after it', () => {
    const world = new World(plan([step('a')]));
    const { run } = world.advance(newRun(head()), [{ kind: 'command', command: 'suspend' }], 2000);
    assert.equal(run.state.phase, 'suspended');
    assert.equal(world.delivered.length, 0);
    assert.equal(
      world.advance(run, [{ kind: 'command', command: 'resume' }], 3000).run.state.phase,
      'running',
    );
  });

  it('terminate fails what runs, skips what waits and ends the run for good', () => {
    const { run, world } = started([step('a'), step('b', ['a'])]);
    const ended = world.advance(run, [{ kind: 'command', command: 'terminate' }], 3000).run;
    assert.equal(ended.state.phase, 'terminated');
    assert.deepEqual(phases(ended), { a: 'failed', b: 'skipped' });
    const late = [
      report('one', { sequence: 1, counter: 1 }, [healthy('a', 1)]),
      { kind: 'command', command: 'resume' } as const,
    ];
    const after = world.advance(ended, late, 4000);
    assert.equal(after.run.state.phase, 'terminated');
    assert.equal(world.delivered.length, 1);
  });
});

describe('a newer run', () => {
  it('supersedes an older one before any further effect', () => {
    const { run, world } = started([step('a'), step('b', ['a'])]);
    const events = [report('one', { sequence: 1, counter: 1 }, [healthy('a', 1)])];
    const old = world.advance(run, events, 3000, around(run, { newest: '2' })).run;
    assert.deepEqual(old.state.phase === 'superseded' && old.state.by, runId('2'));
    assert.equal(world.delivered.length, 1);
  });

  it('supersedes a suspended and a waiting run, but not one that has ended', () => {
    const { run, world } = started([step('a')]);
    const suspended = world.advance(run, [{ kind: 'command', command: 'suspend' }], 3000).run;
    const newer = around(run, { newest: '2' });
    assert.equal(world.advance(suspended, [], 4000, newer).run.state.phase, 'superseded');
    const done = world.advance(
      run,
      [report('one', { sequence: 1, counter: 1 }, [healthy('a', 1)])],
      3000,
    ).run;
    assert.equal(world.advance(done, [], 4000, newer).run.state.phase, 'succeeded');
  });

  it('keeps an ended run from pruning what the newer one delivers', () => {
    const { run, world } = started([step('a')]);
    const done = world.advance(
      run,
      [report('one', { sequence: 1, counter: 1 }, [healthy('a', 1)])],
      3000,
    ).run;
    const progress = progressOf(done);
    assert.ok(progress && done.state.phase === 'succeeded');
    const [first] = progress.destinations;
    assert.ok(first?.delivered);
    const owing = {
      ...progress,
      destinations: [{ ...first, delivered: { ...first.delivered, surplus: 1 } }],
    };
    const interrupted = { ...done, state: { ...done.state, progress: owing } };
    assert.deepEqual(advance(interrupted, around(run, { newest: '2' }), 4000).effects, []);
    assert.equal(advance(interrupted, around(run), 4000).effects.length, 1);
  });
});

describe('a delete run', () => {
  const deleting = () => newRun(head({ id: runId('9'), purpose: { kind: 'delete' } }));

  it('empties every cluster that holds something, and forgets when all have said so', () => {
    const world = new World(plan([]));
    const held = around(deleting(), { holdings: ['one', 'two'] });
    const { run } = world.advance(deleting(), [], 2000, held);
    assert.deepEqual(
      world.delivered.map(({ cluster, targets, prune }) => ({ cluster, targets, prune })),
      [
        { cluster: clusterId('one'), targets: [], prune: true },
        { cluster: clusterId('two'), targets: [], prune: true },
      ],
    );
    const half = world.advance(run, [report('one', { sequence: 1, counter: 1 }, [], [])], 3000, held);
    assert.equal(half.run.state.phase, 'running');
    const stuck = world.advance(
      half.run,
      [report('two', { sequence: 1, counter: 1 }, [], ['Pod default/x'])],
      4000,
      held,
    );
    assert.equal(stuck.run.state.phase, 'running');
    const done = world.advance(
      stuck.run,
      [report('two', { sequence: 1, counter: 2 }, [], [])],
      5000,
      around(run),
    );
    assert.equal(done.run.state.phase, 'succeeded');
    assert.deepEqual(world.performed.at(-1), { kind: 'forget' });
  });

  it('ends at once where nothing was ever delivered', () => {
    const world = new World(plan([]));
    const { run } = world.advance(deleting(), [], 2000);
    assert.equal(run.state.phase, 'succeeded');
    assert.deepEqual(world.performed, [{ kind: 'forget' }]);
  });

  it('is neither superseded nor terminated nor suspended', () => {
    const world = new World(plan([]));
    const held = around(deleting(), { holdings: ['one'], newest: '10' });
    const commands = (['suspend', 'terminate'] as const).map(
      (command) => ({ kind: 'command', command }) as const,
    );
    assert.equal(world.advance(deleting(), commands, 2000, held).run.state.phase, 'running');
  });
});

describe('traits that wait for their workload', () => {
  const late = (component: string) =>
    step(component, [], {
      targets: [{ component, placement: here, dependsOn: [], late: 'awaited' }],
    });
  const said = (sequence: number, counter: number, status: string, isHealthy = true) =>
    report('one', { sequence, counter }, [
      { ...target('a'), observed: present(sequence, isHealthy, counter, status) },
    ]);
  const bundles = (world: World) => world.delivered.map(({ targets }) => targets.length);
  const asked = (world: World) =>
    world.performed.flatMap((effect) => (effect.kind === 'complete' ? effect.targets : []));

  it('are rendered when it is healthy, delivered in a bundle of their own, and then the step can end', () => {
    const { run, world } = started([late('a')]);
    const unhealthy = world.advance(run, [said(1, 1, 's0', false)], 3000);
    assert.deepEqual(asked(world), []);
    const complete = world.advance(unhealthy.run, [said(1, 2, 's1')], 4000);
    assert.deepEqual(asked(world), [{ ...target('a'), status: 's1' }]);
    assert.deepEqual(bundles(world), [1, 1]);
    assert.deepEqual(phases(complete.run), { a: 'running' });
    const stale = world.advance(complete.run, [said(1, 3, 's1')], 5000);
    assert.deepEqual(phases(stale.run), { a: 'running' });
    const done = world.advance(stale.run, [said(2, 4, 's1')], 6000);
    assert.equal(done.run.state.phase, 'succeeded');
    assert.equal(asked(world).length, 1);
  });

  it('are rendered again while the run is the newest, and delivered again only where they are something else', () => {
    const { run, world } = started([late('a')]);
    let now = world.advance(run, [said(1, 1, 's1')], 3000);
    now = world.advance(now.run, [said(2, 2, 's1')], 4000);
    assert.deepEqual([now.run.state.phase, now.finished, now.dueAt], ['succeeded', false, null]);
    world.completes = () => 'unchanged';
    now = world.advance(now.run, [said(2, 3, 's2')], 5000);
    assert.deepEqual([asked(world).length, world.delivered.length], [2, 2]);
    world.completes = () => 'rendered';
    now = world.advance(now.run, [said(2, 4, 's3')], 6000);
    assert.deepEqual(world.delivered[2], {
      kind: 'deliver',
      cluster: clusterId('one'),
      targets: [target('a')],
      prune: true,
    });
    now = world.advance(now.run, [said(3, 5, 's3')], 7000);
    assert.deepEqual([asked(world).length, world.delivered.length, now.finished], [3, 3, false]);
  });

  it('end with the run that a newer one follows', () => {
    const { run, world } = started([late('a')]);
    let now = world.advance(run, [said(1, 1, 's1')], 3000);
    now = world.advance(now.run, [said(2, 2, 's1')], 4000);
    now = world.advance(now.run, [said(2, 3, 's2')], 5000, around(run, { newest: '2' }));
    assert.deepEqual([now.run.state.phase, now.finished], ['succeeded', true]);
    assert.equal(asked(world).length, 1);
  });

  it('that cannot be rendered yet are tried again with the next status, and not before', () => {
    const { run, world } = started([late('a')]);
    world.completes = ({ status }) => (status === 's1' ? 'failed' : 'rendered');
    let now = world.advance(run, [said(1, 1, 's1')], 3000);
    now = world.advance(now.run, [said(1, 2, 's1'), { kind: 'timer' }], 4000);
    assert.equal(asked(world).length, 1);
    const waiting = progressOf(now.run)?.steps[0]?.targets[0]?.late;
    assert.deepEqual(waiting, { phase: 'awaited', tried: 's1', problem: 'not with s1' });
    now = world.advance(now.run, [said(1, 3, 's2')], 5000);
    assert.deepEqual([asked(world).length, world.delivered.length], [2, 2]);
  });

  it('of a rendering that is delivered again go with the workload', () => {
    const world = new World(
      plan([step('a', [], { targets: [{ ...target('a'), dependsOn: [], late: 'rendered' }] })]),
    );
    const { run } = world.advance(newRun(head({ purpose: { kind: 'rollback' } })), [], 2000);
    world.completes = () => 'unchanged';
    const done = world.advance(run, [said(1, 1, 's1')], 3000);
    assert.deepEqual([done.run.state.phase, world.delivered.length], ['succeeded', 1]);
  });

  it('wait while the run is suspended', () => {
    const { run, world } = started([late('a')]);
    let now = world.advance(run, [{ kind: 'command', command: 'suspend' }], 3000);
    now = world.advance(now.run, [said(1, 1, 's1')], 4000);
    assert.deepEqual(asked(world), []);
    world.advance(now.run, [{ kind: 'command', command: 'resume' }], 5000);
    assert.equal(asked(world).length, 1);
  });
});
