import assert from 'node:assert/strict';
import { newId } from '../../../db/ids.ts';
import { hashToken } from '../../../db/keys.ts';
import { Fault } from '../../../engine/fault.ts';
import type { Cases } from './cases.ts';
import { begin, bundle, finish, makeCluster, object, operator, saving, submit } from './world.ts';

const failsWith = (code: string) => (error: unknown) => error instanceof Fault && error.code === code;
const all = [{ namespace: '*', serviceAccount: 'mainsheet/deployer' }];

export const clusterCases: Cases = {
  'a cluster goes from its token over an agent that waits to active': async (world) => {
    const { a, stores, clock } = world;
    const tokenHash = await hashToken('token');
    const id = newId('cluster', clock.at);
    const invitation = { id, name: 'east', tokenHash, expiresAt: clock.at + 1000 };
    assert.equal((await a.clusters.invite(operator, invitation)).state, 'awaiting');
    assert.equal(await stores.directory.enrolment(tokenHash), a.id);
    const agent = newId('agent', clock.at);
    const asked = { tokenHash, agent, publicKey: 'pk', version: '1', kubernetes: { version: 'v1.35' } };
    const enrolled = await a.agents.enrol(asked, clock.at);
    assert.deepEqual([enrolled?.agent.state, enrolled?.cluster.state], ['pending', 'pending']);
    const found = await stores.directory.agent(agent);
    assert.deepEqual([found?.agent.tenant, found?.cluster.id], [a.id, id]);
    assert.deepEqual(await a.clusters.targets(), []);
    const grant = { namespaces: all, clusterScopedAccount: 'mainsheet/root' };
    const accepted = await a.clusters.accept(operator, 'east', agent, grant);
    assert.equal(accepted?.state, 'active');
    assert.equal((await a.agents.get(agent))?.state, 'active');
    const [target] = await a.clusters.targets();
    assert.deepEqual([target?.name, target?.local, target?.grant.namespaces], ['east', true, all]);
    assert.equal(target?.grant.clusterScopedAccount, 'mainsheet/root');
    assert.deepEqual((await a.tenant.get())?.localCluster, { owner: a.id, id });
    assert.deepEqual(await a.clusters.accept(operator, 'east', agent, grant), accepted);
  },
  'a token works once, for one key, until it expires': async (world) => {
    const { a, clock } = world;
    const tokenHash = await hashToken('token');
    await a.clusters.invite(operator, {
      id: newId('cluster', 0),
      name: 'east',
      tokenHash,
      expiresAt: clock.at + 1000,
    });
    const asked = (publicKey: string) => ({
      tokenHash,
      agent: newId('agent', 0),
      publicKey,
      version: '1',
      kubernetes: {},
    });
    const [first, second] = await Promise.all([
      a.agents.enrol(asked('k1'), clock.at),
      a.agents.enrol(asked('k2'), clock.at),
    ]);
    assert.equal([first, second].filter((one) => one !== undefined).length, 1);
    const winner = first ?? second;
    assert(winner !== undefined);
    assert.equal((await a.agents.ofCluster(winner.cluster.id)).length, 1);
    const again = await a.agents.enrol(asked(winner.agent.publicKey), clock.at + 5000);
    assert.equal(again?.agent.id, winner.agent.id);
    const late = await hashToken('late');
    await a.clusters.invite(operator, {
      id: newId('cluster', 0),
      name: 'west',
      tokenHash: late,
      expiresAt: clock.at,
    });
    assert.equal(await a.agents.enrol({ ...asked('k3'), tokenHash: late }, clock.at), undefined);
    assert.equal(await a.agents.enrol({ ...asked('k3'), tokenHash: 'none' }, clock.at), undefined);
  },
  'a second agent takes the place of the first when it is accepted': async (world) => {
    const { a, clock } = world;
    const { cluster, agent } = await makeCluster(world, a, 'east');
    const tokenHash = await hashToken('again');
    await a.clusters.invite(operator, {
      id: newId('cluster', 0),
      name: 'east',
      tokenHash,
      expiresAt: clock.at + 1000,
    });
    const second = newId('agent', clock.at);
    const asked = { tokenHash, agent: second, publicKey: 'k2', version: '1', kubernetes: {} };
    const enrolled = await a.agents.enrol(asked, clock.at);
    assert.deepEqual([enrolled?.cluster.id, enrolled?.cluster.state], [cluster.id, 'active']);
    assert.equal((await a.agents.get(agent))?.state, 'active');
    await a.clusters.accept(operator, 'east', second, { namespaces: all });
    assert.deepEqual((await a.agents.ofCluster(cluster.id)).map((one) => one.state).toSorted(), [
      'active',
      'revoked',
    ]);
    assert.equal((await a.agents.get(second))?.state, 'active');
  },
  'only the agent that waits is accepted': async (world) => {
    const { a } = world;
    const { agent } = await makeCluster(world, a, 'east');
    await makeCluster(world, a, 'west');
    const other = newId('agent', 0);
    await assert.rejects(
      a.clusters.accept(operator, 'east', other, { namespaces: all }),
      failsWith('resource.conflict'),
    );
    await assert.rejects(
      a.clusters.accept(operator, 'west', agent, { namespaces: all }),
      failsWith('resource.conflict'),
    );
    assert.equal(await a.clusters.accept(operator, 'none', agent, { namespaces: all }), undefined);
  },
  'a counter is accepted once, and only above all before': async (world) => {
    const { a } = world;
    const { agent } = await makeCluster(world, a, 'east');
    const at = (counter: number) => a.agents.acceptCounter(agent, counter);
    assert.deepEqual([await at(5), await at(5), await at(4), await at(6)], [true, false, false, true]);
    const race = await Promise.all([at(9), at(9), at(9)]);
    assert.equal(race.filter(Boolean).length, 1);
    await a.agents.revoke(operator, agent);
    assert.equal(await at(10), false);
  },
  'a beat is noted at most every half minute, a change at once': async (world) => {
    const { a, clock } = world;
    const { agent, cluster } = await makeCluster(world, a, 'east');
    const seen = async () => (await a.clusters.byId(cluster.id))?.lastSeenAt;
    const first = clock.at;
    await a.agents.seen(agent, first + 10_000, {});
    assert.equal(await seen(), first);
    await a.agents.seen(agent, first + 30_000, {});
    assert.equal(await seen(), first + 30_000);
    await a.agents.seen(agent, first + 31_000, {
      capabilities: { kinds: [] },
      kubernetes: { version: 'v2' },
    });
    const now = await a.clusters.byId(cluster.id);
    assert.deepEqual([now?.capabilities, now?.kubernetes], [{ kinds: [] }, { version: 'v2' }]);
  },
  'a granted cluster is a target of both, by each one’s name for it': async (world) => {
    const { a, b } = world;
    const { cluster } = await makeCluster(world, a, 'east');
    const grant = {
      grantee: b.id,
      name: 'shared',
      namespaces: [{ namespace: 'team-b', serviceAccount: 'team-b/deployer' }],
    };
    const made = await a.grants.put(operator, cluster.id, grant);
    assert.deepEqual(made?.namespaces, grant.namespaces);
    const [target] = await b.clusters.targets();
    assert.deepEqual([target?.name, target?.owner, target?.local], ['shared', a.id, false]);
    assert.equal(target?.grant.clusterScopedAccount, undefined);
    assert.equal(await b.clusters.setLocal(operator, 'shared'), true);
    assert.equal((await b.clusters.targets())[0]?.local, true);
    assert.equal((await a.grants.list(cluster.id)).length, 2);
    assert.equal(await b.clusters.byId(cluster.id), undefined);
  },
  'a namespace is granted to one tenant only': async (world) => {
    const { a, b, stores, clock } = world;
    const { cluster } = await makeCluster(world, a, 'east');
    const third = newId('tenant', clock.at);
    await stores.createTenant(operator, { id: third, name: 'c' });
    const namespaces = [{ namespace: 'x', serviceAccount: 's' }];
    await a.grants.put(operator, cluster.id, { grantee: b.id, name: 'one', namespaces });
    const put = (name: string, grantee = third) =>
      a.grants.put(operator, cluster.id, { grantee, name, namespaces });
    await assert.rejects(put('two'), failsWith('resource.conflict'));
    assert.equal((await a.grants.list(cluster.id)).length, 2);
    assert.equal(await a.grants.delete(operator, cluster.id, b.id), true);
    assert.deepEqual(await b.clusters.targets(), []);
    await put('two');
    await assert.rejects(put('x', newId('tenant', 0)), failsWith('resource.conflict'));
  },
  'sequences go on where a revoked grant ended': async (world) => {
    const { a, b, clock } = world;
    const { cluster } = await makeCluster(world, a, 'east');
    const namespaces = [{ namespace: 'x', serviceAccount: 's' }];
    await a.grants.put(operator, cluster.id, { grantee: b.id, name: 'one', namespaces });
    const { run, uid } = await submit(world, b, 'web', 'one');
    const loaded = await begin(world, b, run);
    const put = await bundle(b, cluster, 1, [object('x')]);
    await b.runs.save(loaded, saving({ bundles: [put], dueAt: clock.at }), clock.at);
    assert.deepEqual(
      (await a.bundles.forCluster(cluster.id)).map((one) => one.tenant),
      [b.id],
    );
    await a.grants.delete(operator, cluster.id, b.id);
    assert.deepEqual(await a.bundles.forCluster(cluster.id), []);
    const refused = b.runs.save(
      await begin(world, b, run),
      saving({ bundles: [await bundle(b, cluster, 2, [])] }),
      clock.at,
    );
    await assert.rejects(refused, failsWith('store.conflict'));
    await a.grants.put(operator, cluster.id, { grantee: b.id, name: 'one', namespaces });
    assert.equal((await b.bundles.heads(uid))[0]?.sequence, 1);
  },
  'accepting a cluster makes runs that waited for one due': async (world) => {
    const { a, clock } = world;
    const { run } = await submit(world, a, 'web', 'one');
    await a.runs.save(await begin(world, a, run), saving({ phase: 'waiting', consumedTo: 1 }), clock.at);
    assert.equal((await a.runs.get(run))?.dueAt, undefined);
    clock.at += 10;
    await makeCluster(world, a, 'east');
    assert.equal((await a.runs.get(run))?.dueAt, clock.at);
    assert.equal((await a.outbox.list(10))[0]?.subject, run);
  },
  'labels and taints of a cluster change under its resourceVersion': async (world) => {
    const { a } = world;
    const { cluster } = await makeCluster(world, a, 'east');
    const taints = [{ key: 'k', value: 'v', effect: 'NoSchedule' }];
    const change = { labels: { region: 'eu' }, taints, expectResourceVersion: cluster.resourceVersion };
    const changed = await a.clusters.update(operator, 'east', change);
    assert.deepEqual([changed?.labels, changed?.taints], [{ region: 'eu' }, taints]);
    await assert.rejects(a.clusters.update(operator, 'east', change), failsWith('request.precondition'));
    assert.equal(await a.clusters.update(operator, 'none', {}), undefined);
  },
  'a revoked cluster gets nothing more, and can enrol anew': async (world) => {
    const { a, clock } = world;
    const { cluster, agent } = await makeCluster(world, a, 'east');
    const { run } = await submit(world, a, 'web', 'one');
    await finish(world, a, run, { bundles: [await bundle(a, cluster, 1, [object('x')])] });
    assert.equal((await a.bundles.forCluster(cluster.id)).length, 1);
    assert.equal(await a.clusters.revoke(operator, 'east'), true);
    assert.equal(await a.clusters.revoke(operator, 'east'), false);
    assert.deepEqual(await a.bundles.forCluster(cluster.id), []);
    assert.equal((await a.agents.get(agent))?.state, 'revoked');
    assert.equal((await a.clusters.targets())[0]?.state, 'revoked');
    clock.at += 1;
    const again = await makeCluster(world, a, 'east');
    assert.deepEqual([again.cluster.id, again.cluster.state], [cluster.id, 'active']);
    assert.equal((await a.bundles.forCluster(cluster.id))[0]?.sequence, 1);
  },
};
