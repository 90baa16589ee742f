// The scenarios on built-in kinds: apply, conflicts, force, removal, lists, and how other writes meet them.

import assert from 'node:assert/strict';
import {
  at,
  bareConfigMap,
  causes,
  configMap,
  deployment,
  JSON_PATCH,
  MERGE,
  object,
  ownedBy,
  refused,
  type Scenario,
  STRATEGIC,
} from './cluster-field-ownership.ts';

const V1 = 'v1';
const APPS = 'apps/v1';

const maps: readonly Scenario[] = [
  {
    name: 'an apply makes the object and owns what it says',
    run: async (k) => {
      const made = await k.apply(
        k.path(V1, 'configmaps', 'a'),
        'one',
        configMap('a', { x: '1' }, { labels: { l: '1' } }),
      );
      assert.equal(made.code, 201);
      assert.deepEqual(ownedBy(made, 'one'), {
        'f:data': { 'f:x': {} },
        'f:metadata': { 'f:labels': { 'f:l': {} } },
      });
    },
  },
  {
    name: 'the same apply again changes nothing',
    run: async (k) => {
      const path = k.path(V1, 'configmaps', 'a');
      const first = await k.apply(path, 'one', configMap('a', { x: '1' }));
      const again = await k.apply(path, 'one', configMap('a', { x: '1' }));
      assert.equal(again.code, 200);
      assert.equal(
        at(again.body, 'metadata', 'resourceVersion'),
        at(first.body, 'metadata', 'resourceVersion'),
      );
    },
  },
  {
    name: 'what a manager stops applying goes',
    run: async (k) => {
      const path = k.path(V1, 'configmaps', 'a');
      await k.apply(path, 'one', configMap('a', { x: '1', y: '2' }, { annotations: { n: '1' } }));
      const next = await k.apply(path, 'one', configMap('a', { x: '1' }));
      assert.deepEqual(at(object(next), 'data'), { x: '1' });
      assert.equal(at(next.body, 'metadata', 'annotations'), undefined);
    },
  },
  {
    name: 'what somebody else owns as well stays when one stops applying it',
    run: async (k) => {
      const path = k.path(V1, 'configmaps', 'a');
      await k.apply(path, 'one', configMap('a', { x: '1', y: '2' }));
      await k.apply(path, 'two', configMap('a', { y: '2', z: '3' }));
      const next = await k.apply(path, 'one', configMap('a', { x: '1' }));
      assert.deepEqual(at(object(next), 'data'), { x: '1', y: '2', z: '3' });
      const last = await k.apply(path, 'two', configMap('a', { z: '3' }));
      assert.deepEqual(at(object(last), 'data'), { x: '1', z: '3' });
    },
  },
  {
    name: 'another value for what another manager owns is a conflict that names the field',
    run: async (k) => {
      const path = k.path(V1, 'configmaps', 'a');
      await k.apply(path, 'one', configMap('a', { x: '1', y: '2' }));
      const one = refused(await k.apply(path, 'two', configMap('a', { x: '9' })), 409, 'Conflict');
      assert.equal(one['message'], 'Apply failed with 1 conflict: conflict with "one": .data.x');
      const both = await k.apply(path, 'two', configMap('a', { x: '9', y: '9' }));
      assert.deepEqual(causes(both), [
        { field: '.data.x', message: 'conflict with "one"' },
        { field: '.data.y', message: 'conflict with "one"' },
      ]);
      const unchanged = await k.ask('GET', path);
      assert.deepEqual(at(object(unchanged), 'data'), { x: '1', y: '2' });
    },
  },
  {
    name: 'conflicts with several managers are told apart',
    run: async (k) => {
      const path = k.path(V1, 'configmaps', 'a');
      await k.apply(path, 'one', configMap('a', { x: '1' }));
      await k.apply(path, 'two', configMap('a', { y: '2' }));
      await k.ask('PATCH', path, {
        body: { data: { z: '3' } },
        contentType: MERGE,
        query: { fieldManager: 'three' },
      });
      const answer = await k.apply(path, 'four', configMap('a', { x: '9', y: '9', z: '9' }));
      refused(answer, 409, 'Conflict');
      assert.deepEqual(causes(answer), [
        { field: '.data.x', message: 'conflict with "one"' },
        { field: '.data.y', message: 'conflict with "two"' },
        { field: '.data.z', message: 'conflict with "three" using v1' },
      ]);
    },
  },
  {
    name: 'force takes the field from its owner',
    run: async (k) => {
      const path = k.path(V1, 'configmaps', 'a');
      await k.apply(path, 'one', configMap('a', { x: '1', y: '2' }));
      const forced = await k.apply(path, 'two', configMap('a', { x: '9' }), { force: 'true' });
      assert.deepEqual(at(object(forced), 'data'), { x: '9', y: '2' });
      assert.deepEqual(ownedBy(forced, 'one'), { 'f:data': { 'f:y': {} } });
      assert.deepEqual(ownedBy(forced, 'two'), { 'f:data': { 'f:x': {} } });
      // the loser may let go without taking the field along
      const later = await k.apply(path, 'one', configMap('a', { y: '2' }));
      assert.deepEqual(at(object(later), 'data'), { x: '9', y: '2' });
    },
  },
  {
    name: 'the last field forced away takes the manager out',
    run: async (k) => {
      const path = k.path(V1, 'configmaps', 'a');
      await k.apply(path, 'one', configMap('a', { x: '1' }));
      const forced = await k.apply(path, 'two', configMap('a', { x: '9' }), { force: 'true' });
      assert.equal(ownedBy(forced, 'one'), undefined);
    },
  },
  {
    name: 'applying the value that is there shares the field without conflict',
    run: async (k) => {
      const path = k.path(V1, 'configmaps', 'a');
      await k.apply(path, 'one', configMap('a', { x: '1' }));
      const shared = await k.apply(path, 'two', configMap('a', { x: '1' }));
      assert.deepEqual(ownedBy(shared, 'one'), ownedBy(shared, 'two'));
      refused(await k.apply(path, 'two', configMap('a', { x: '2' })), 409, 'Conflict');
    },
  },
  {
    name: 'an update takes ownership of what it changes, and of no more',
    run: async (k) => {
      const path = k.path(V1, 'configmaps', 'a');
      const made = await k.apply(path, 'one', configMap('a', { x: '1', y: '2' }));
      const body = { ...object(made), data: { x: '9', y: '2', z: '3' } };
      const put = await k.ask('PUT', path, { body, query: { fieldManager: 'editor' } });
      assert.deepEqual(ownedBy(put, 'one'), { 'f:data': { 'f:y': {} } });
      assert.deepEqual(ownedBy(put, 'editor', 'Update'), { 'f:data': { 'f:x': {}, 'f:z': {} } });
      refused(await k.apply(path, 'one', configMap('a', { x: '1', y: '2' })), 409, 'Conflict');
    },
  },
  {
    name: 'a created object belongs to its creator, who is no applier of the same name',
    run: async (k) => {
      const path = k.path(V1, 'configmaps', 'a');
      const made = await k.ask('POST', k.path(V1, 'configmaps'), {
        body: configMap('a', { x: '1' }, { labels: { l: '1' } }),
        query: { fieldManager: 'one' },
      });
      assert.deepEqual(ownedBy(made, 'one', 'Update'), {
        'f:data': { '.': {}, 'f:x': {} },
        'f:metadata': { 'f:labels': { '.': {}, 'f:l': {} } },
      });
      refused(await k.apply(path, 'one', configMap('a', { x: '2' })), 409, 'Conflict');
      // created, not applied: leaving it out removes nothing
      const applied = await k.apply(path, 'one', configMap('a', { y: '2' }));
      assert.deepEqual(at(object(applied), 'data'), { x: '1', y: '2' });
    },
  },
  {
    name: 'null and empty values own what they name',
    run: async (k) => {
      const path = k.path(V1, 'configmaps', 'a');
      await k.apply(path, 'one', {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'a', labels: null },
        data: {},
      });
      await k.apply(path, 'one', {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'a', labels: {} },
        data: { x: null },
      });
      await k.apply(path, 'two', configMap('a', { x: '1', y: '' }));
      const last = await k.apply(path, 'two', configMap('a', { y: '' }));
      assert.deepEqual(at(object(last), 'data', 'y'), '');
    },
  },
  {
    name: 'managedFields in an apply are refused, and an empty one in an update resets them',
    run: async (k) => {
      const path = k.path(V1, 'configmaps', 'a');
      await k.apply(path, 'one', configMap('a', { x: '1' }));
      const given = await k.apply(
        path,
        'one',
        configMap('a', { x: '1' }, { managedFields: [{ manager: 'x' }] }),
      );
      refused(given, 400, 'BadRequest');
      const reset = await k.ask('PATCH', path, {
        body: { metadata: { managedFields: [{}] } },
        contentType: MERGE,
      });
      assert.equal(at(object(reset), 'metadata', 'managedFields'), undefined);
      const after = await k.apply(path, 'two', configMap('a', { y: '2' }));
      assert.deepEqual(ownedBy(after, 'before-first-apply', 'Update'), { 'f:data': { '.': {}, 'f:x': {} } });
      refused(await k.apply(path, 'two', configMap('a', { x: '9' })), 409, 'Conflict');
    },
  },
  {
    name: 'the eleventh updater makes the oldest ones one',
    run: async (k) => {
      const path = k.path(V1, 'configmaps', 'a');
      await k.apply(path, 'one', configMap('a', { x: '1' }));
      for (let i = 0; i < 12; i++) {
        const body = { data: { [`k${i}`]: '1' } };
        await k.ask('PATCH', path, {
          body,
          contentType: MERGE,
          query: { fieldManager: `m${String(i).padStart(2, '0')}` },
        });
      }
      const found = await k.ask('GET', path);
      assert.notEqual(ownedBy(found, 'ancient-changes', 'Update'), undefined);
    },
  },
];

const lists: readonly Scenario[] = [
  {
    name: 'containers, ports and variables merge by their keys',
    run: async (k) => {
      const path = k.path(APPS, 'deployments', 'd');
      const main = {
        name: 'main',
        image: 'a:1',
        ports: [{ containerPort: 80 }],
        env: [{ name: 'A', value: '1' }],
      };
      const made = await k.apply(path, 'one', deployment('d', [main]));
      assert.deepEqual(at(ownedBy(made, 'one'), 'f:spec', 'f:template', 'f:spec', 'f:containers'), {
        'k:{"name":"main"}': {
          '.': {},
          'f:env': { 'k:{"name":"A"}': { '.': {}, 'f:name': {}, 'f:value': {} } },
          'f:image': {},
          'f:name': {},
          'f:ports': { 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} } },
        },
      });
      const side = { name: 'side', image: 'b:1' };
      const more = {
        name: 'main',
        ports: [{ containerPort: 81, name: 'm' }],
        env: [{ name: 'B', value: '2' }],
      };
      const both = await k.apply(path, 'two', sparse([more, side]));
      const containers = at(object(both), 'spec', 'template', 'spec', 'containers');
      assert.deepEqual(at(containers, 0, 'env'), [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ]);
      const less = await k.apply(path, 'two', sparse([{ name: 'main', env: [{ name: 'B', value: '2' }] }]));
      const left = at(object(less), 'spec', 'template', 'spec', 'containers');
      assert.equal(Array.isArray(left) && left.length, 1);
      assert.equal(at(left, 0, 'ports', 1), undefined);
    },
  },
  {
    name: 'a port in another protocol is another port',
    run: async (k) => {
      const path = k.path(APPS, 'deployments', 'd');
      await k.apply(
        path,
        'one',
        deployment('d', [{ name: 'c', image: 'a:1', ports: [{ containerPort: 53, name: 't' }] }]),
      );
      const udp = { name: 'c', ports: [{ containerPort: 53, protocol: 'UDP', name: 'u' }] };
      const both = await k.apply(path, 'two', sparse([udp]));
      assert.equal(
        (at(object(both), 'spec', 'template', 'spec', 'containers', 0, 'ports') as unknown[]).length,
        2,
      );
      const same = { name: 'c', ports: [{ containerPort: 53, protocol: 'TCP', name: 'x' }] };
      refused(await k.apply(path, 'two', sparse([same])), 409, 'Conflict');
    },
  },
  {
    name: 'an applied list keeps the order it was applied in, around what others hold',
    run: async (k) => {
      const path = k.path(APPS, 'deployments', 'd');
      const env = (...names: string[]) => names.map((name) => ({ name, value: name }));
      await k.apply(path, 'one', deployment('d', [{ name: 'c', image: 'a:1', env: env('A', 'B', 'C') }]));
      await k.apply(path, 'two', sparse([{ name: 'c', env: env('X', 'B', 'Y') }]));
      await k.apply(
        path,
        'one',
        deployment('d', [{ name: 'c', image: 'a:1', env: env('C', 'B', 'A', 'D') }]),
      );
      const last = await k.apply(path, 'two', sparse([{ name: 'c', env: env('Y', 'X') }]));
      assert.equal(
        (at(object(last), 'spec', 'template', 'spec', 'containers', 0, 'env') as unknown[]).length,
        6,
      );
    },
  },
  {
    name: 'an atomic list is one field: another one replaces it as a whole',
    run: async (k) => {
      const path = k.path(APPS, 'deployments', 'd');
      await k.apply(path, 'one', deployment('d', [{ name: 'c', image: 'a:1', command: ['a', 'b'] }]));
      const other = sparse([{ name: 'c', command: ['a', 'c'] }]);
      const answer = await k.apply(path, 'two', other);
      refused(answer, 409, 'Conflict');
      assert.deepEqual(causes(answer), [
        { field: '.spec.template.spec.containers[name="c"].command', message: 'conflict with "one"' },
      ]);
      const forced = await k.apply(path, 'two', other, { force: 'true' });
      assert.deepEqual(at(object(forced), 'spec', 'template', 'spec', 'containers', 0, 'command'), [
        'a',
        'c',
      ]);
    },
  },
  {
    name: 'an atomic map is one field',
    run: async (k) => {
      const path = k.path(V1, 'services', 's');
      const service = (selector: { [key: string]: string }, ports = [{ port: 80 }]) => ({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 's' },
        spec: { selector, ports },
      });
      await k.apply(path, 'one', service({ app: 'a' }));
      refused(await k.apply(path, 'two', service({ app: 'a', tier: 'b' })), 409, 'Conflict');
      const forced = await k.apply(path, 'two', service({ tier: 'b' }), { force: 'true' });
      assert.deepEqual(at(object(forced), 'spec', 'selector'), { tier: 'b' });
    },
  },
  {
    name: 'a set is owned value by value',
    run: async (k) => {
      const path = k.path(V1, 'configmaps', 'a');
      const finalizers = (...names: string[]) => bareConfigMap('a', { finalizers: names });
      await k.apply(path, 'one', finalizers('x.io/a', 'x.io/b'));
      const both = await k.apply(path, 'two', finalizers('x.io/b', 'x.io/c'));
      assert.deepEqual(at(object(both), 'metadata', 'finalizers'), ['x.io/a', 'x.io/b', 'x.io/c']);
      const less = await k.apply(path, 'one', finalizers('x.io/a'));
      assert.deepEqual(at(object(less), 'metadata', 'finalizers'), ['x.io/a', 'x.io/b', 'x.io/c']);
      const last = await k.apply(path, 'two', finalizers());
      assert.deepEqual(at(object(last), 'metadata', 'finalizers'), ['x.io/a']);
      await k.ask('PATCH', path, { body: { metadata: { finalizers: null } }, contentType: MERGE });
    },
  },
  {
    name: 'double items in an applied list are refused',
    run: async (k) => {
      const path = k.path(APPS, 'deployments', 'd');
      const env = [
        { name: 'A', value: '1' },
        { name: 'A', value: '2' },
      ];
      const answer = await k.apply(path, 'one', deployment('d', [{ name: 'c', image: 'a:1', env }]));
      assert.equal(answer.code, 500);
      assert.match(String(at(answer.body, 'message')), /duplicate entries for key \[name="A"\]/);
      const keyless = await k.apply(path, 'one', deployment('d', [{ image: 'a:1' }]));
      refused(keyless, 422, 'Invalid');
    },
  },
  {
    name: 'double items that an update let in are owned as one and replaced by an apply',
    run: async (k) => {
      const path = k.path(APPS, 'deployments', 'd');
      const env = (...values: string[]) => values.map((value) => ({ name: 'A', value }));
      const body = deployment('d', [{ name: 'c', image: 'a:1', env: env('1', '2') }]);
      await k.ask('POST', k.path(APPS, 'deployments'), { body, query: { fieldManager: 'maker' } });
      await k.apply(path, 'one', sparse([{ name: 'c', env: env('2') }]));
      const forced = await k.apply(path, 'one', sparse([{ name: 'c', env: env('3') }]), { force: 'true' });
      assert.deepEqual(at(object(forced), 'spec', 'template', 'spec', 'containers', 0, 'env'), env('3'));
    },
  },
  {
    name: 'owner references merge by uid',
    run: async (k) => {
      const path = k.path(V1, 'configmaps', 'a');
      const owners: { [key: string]: string }[] = [];
      for (const name of ['p', 'q']) {
        const made = await k.apply(k.path(V1, 'configmaps', name), 'one', configMap(name, {}));
        owners.push({
          apiVersion: 'v1',
          kind: 'ConfigMap',
          name,
          uid: String(at(made.body, 'metadata', 'uid')),
        });
      }
      const [p, q] = owners as [{ [key: string]: string }, { [key: string]: string }]; // two were made
      const first = await k.applyQuietly(path, 'one', bareConfigMap('a', { ownerReferences: [p] }));
      assert.equal((at(first.body, 'metadata', 'ownerReferences') as unknown[]).length, 1);
      const both = await k.applyQuietly(path, 'two', bareConfigMap('a', { ownerReferences: [q] }));
      assert.equal((at(both.body, 'metadata', 'ownerReferences') as unknown[]).length, 2);
      const last = await k.applyQuietly(path, 'one', bareConfigMap('a', {}));
      assert.deepEqual(at(last.body, 'metadata', 'ownerReferences', 0, 'name'), 'q');
    },
  },
];

const writes: readonly Scenario[] = [
  {
    name: 'a dry run answers the result and leaves everything as it was',
    run: async (k) => {
      const path = k.path(V1, 'configmaps', 'a');
      const tried = await k.apply(path, 'one', configMap('a', { x: '1' }), { dryRun: 'All' });
      assert.equal(tried.code, 201);
      refused(await k.ask('GET', path), 404, 'NotFound');
      await k.apply(path, 'one', configMap('a', { x: '1' }));
      const again = await k.apply(path, 'one', configMap('a', { y: '2' }), { dryRun: 'All' });
      assert.deepEqual(at(object(again), 'data'), { y: '2' });
      assert.deepEqual(at(object(await k.ask('GET', path)), 'data'), { x: '1' });
      refused(await k.apply(path, 'two', configMap('a', { x: '9' }), { dryRun: 'All' }), 409, 'Conflict');
    },
  },
  {
    name: 'a resourceVersion in an apply is a precondition, a uid without object a conflict',
    run: async (k) => {
      const path = k.path(V1, 'configmaps', 'a');
      refused(await k.apply(path, 'one', configMap('a', { x: '1' }, { uid: 'f00' })), 409, 'Conflict');
      await k.apply(path, 'one', configMap('a', { x: '1' }));
      refused(
        await k.apply(path, 'one', configMap('a', { x: '2' }, { resourceVersion: '1' })),
        409,
        'Conflict',
      );
      refused(await k.apply(path, 'one', configMap('b', { x: '2' })), 400, 'BadRequest');
      refused(await k.apply(path, 'one', configMap('a', {}, { namespace: 'default' })), 400, 'BadRequest');
    },
  },
  {
    name: 'unknown fields and wrong types in an apply are errors',
    run: async (k) => {
      const path = k.path(APPS, 'deployments', 'd');
      const wrong = [
        deployment('d', [{ name: 'c', image: 'a:1', imge: 'x' }]),
        deployment('d', [{ name: 'c', image: 5 }]),
        deployment('d', { name: 'c' }),
        deployment('d', ['c']),
        deployment('d', [{ name: 'c', image: 'a:1' }], { replicas: '1' }),
        deployment('d', [{ name: 'c', image: 'a:1' }], { paused: 'yes' }),
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'd' } },
        { metadata: { name: 'd' } },
      ];
      for (const body of wrong) {
        const answer = await k.apply(path, 'one', body);
        assert.ok(answer.code >= 400, JSON.stringify(body));
      }
    },
  },
  {
    name: 'defaults are nobody’s, and owning one is no conflict',
    run: async (k) => {
      const path = k.path(APPS, 'deployments', 'd');
      const made = await k.apply(path, 'one', deployment('d', [{ name: 'c', image: 'a:1' }]));
      assert.equal(at(object(made), 'spec', 'revisionHistoryLimit'), 10);
      assert.equal(at(ownedBy(made, 'one'), 'f:spec', 'f:revisionHistoryLimit'), undefined);
      const owned = await k.apply(path, 'two', {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'd' },
        spec: { revisionHistoryLimit: 3 },
      });
      assert.equal(at(object(owned), 'spec', 'revisionHistoryLimit'), 3);
      const left = await k.apply(path, 'two', {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'd' },
      });
      assert.equal(at(object(left), 'spec', 'revisionHistoryLimit'), 10);
    },
  },
  {
    name: 'values in another form are the same values',
    run: async (k) => {
      const path = k.path(APPS, 'deployments', 'd');
      const container = (cpu: string | number, value: string) => [
        {
          name: 'c',
          image: 'a:1',
          resources: { limits: { cpu, memory: '1024Mi' } },
          env: [{ name: 'A', value }],
        },
      ];
      await k.apply(path, 'one', deployment('d', container('1000m', '')));
      await k.apply(path, 'one', deployment('d', container('1000m', '')));
      await k.apply(path, 'two', sparse(container(1, '')));
      await k.apply(path, 'two', sparse(container('1', '')));
    },
  },
  {
    name: 'the generation rises with the specification only',
    run: async (k) => {
      const path = k.path(APPS, 'deployments', 'd');
      const containers = [{ name: 'c', image: 'a:1' }];
      const made = await k.apply(path, 'one', deployment('d', containers));
      const labelled = { ...deployment('d', containers), metadata: { name: 'd', labels: { a: 'b' } } };
      const same = await k.apply(path, 'one', labelled);
      assert.equal(at(same.body, 'metadata', 'generation'), at(made.body, 'metadata', 'generation'));
      const changed = await k.apply(path, 'one', deployment('d', containers, { minReadySeconds: 5 }));
      assert.equal(
        at(changed.body, 'metadata', 'generation'),
        Number(at(made.body, 'metadata', 'generation')) + 1,
      );
    },
  },
  {
    name: 'a patch of any kind owns what it changes',
    run: async (k) => {
      const path = k.path(APPS, 'deployments', 'd');
      await k.apply(
        path,
        'one',
        deployment('d', [{ name: 'c', image: 'a:1', env: [{ name: 'A', value: '1' }] }]),
      );
      const asked = (body: Parameters<typeof k.apply>[2], contentType: string, fieldManager: string) =>
        k.ask('PATCH', path, { body, contentType, query: { fieldManager } });
      await asked({ metadata: { labels: { m: '1' } } }, MERGE, 'merger');
      const strategic = { spec: { template: { spec: { containers: [{ name: 'c', image: 'a:2' }] } } } };
      const patched = await asked(strategic, STRATEGIC, 'strategist');
      assert.equal(at(object(patched), 'spec', 'template', 'spec', 'containers', 0, 'env', 0, 'name'), 'A');
      await asked([{ op: 'add', path: '/spec/minReadySeconds', value: 3 }], JSON_PATCH, 'stepper');
      const gone = {
        spec: { template: { spec: { containers: [{ name: 'c', env: [{ name: 'A', $patch: 'delete' }] }] } } },
      };
      const last = await asked(gone, STRATEGIC, 'strategist');
      assert.equal(at(object(last), 'spec', 'template', 'spec', 'containers', 0, 'env'), undefined);
    },
  },
  {
    name: 'the status belongs to those who write it through its own door',
    run: async (k) => {
      const path = k.path(V1, 'services', 's');
      const service = {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 's' },
        spec: { ports: [{ port: 80 }] },
      };
      const status = { loadBalancer: { ingress: [{ ip: '192.0.2.1' }] } };
      const made = await k.apply(path, 'one', { ...service, status });
      assert.deepEqual(at(object(made), 'status', 'loadBalancer'), {});
      assert.equal(at(ownedBy(made, 'one'), 'f:status'), undefined);
      const lb = { ...service, spec: { ...service.spec, type: 'ExternalName', externalName: 'a.b' } };
      await k.apply(path, 'one', lb, { dryRun: 'All' });
      const own = await k.apply(k.path(V1, 'services', 's', 'status'), 'lb', {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 's' },
        status: {
          conditions: [
            {
              type: 'X',
              status: 'True',
              reason: 'R',
              message: '',
              lastTransitionTime: '2026-01-01T00:00:00Z',
            },
          ],
        },
      });
      assert.deepEqual(Object.keys((ownedBy(own, 'lb', 'Apply', 'status') ?? {}) as object), ['f:status']);
      assert.equal(at(object(own), 'spec', 'ports', 0, 'port'), 80);
    },
  },
  {
    name: 'the scale door owns the replicas',
    run: async (k) => {
      const path = k.path(APPS, 'deployments', 'd');
      await k.apply(path, 'one', deployment('d', [{ name: 'c', image: 'a:1' }]));
      const scale = k.path(APPS, 'deployments', 'd', 'scale');
      await k.ask('PATCH', scale, {
        body: { spec: { replicas: 0 } },
        contentType: MERGE,
        query: { fieldManager: 'hpa' },
      });
      const read = await k.ask('GET', scale);
      assert.equal(at(object(read), 'status', 'selector'), 'app=d');
    },
  },
  {
    name: 'a secret’s text and bytes are one content with two owners’ names',
    run: async (k) => {
      const path = k.path(V1, 'secrets', 's');
      const secret = (fields: { [key: string]: { [key: string]: string } }) => ({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 's' },
        ...fields,
      });
      await k.apply(path, 'one', secret({ stringData: { a: 'b' } }));
      await k.apply(path, 'one', secret({ data: { a: 'Yg==' } }));
      await k.apply(path, 'two', secret({ data: { a: 'Yw==' } }));
      const last = await k.apply(path, 'one', secret({ data: {} }));
      assert.equal(at(object(last), 'type'), 'Opaque');
    },
  },
];

/** A Deployment of which only containers are applied. */
function sparse(containers: Parameters<typeof deployment>[1]) {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'd' },
    spec: { template: { spec: { containers } } },
  };
}

export const builtinScenarios: readonly Scenario[] = [...maps, ...lists, ...writes];
