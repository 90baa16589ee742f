// The scenarios on custom resources, deletion and preconditions.

import assert from 'node:assert/strict';
import {
  at,
  bareConfigMap,
  configMap,
  MERGE,
  object,
  ownedBy,
  refused,
  type Scenario,
  type ScenarioCluster,
  STRATEGIC,
} from './cluster-field-ownership.ts';
import type { Json } from './kube-http.ts';

type JsonObject = { [key: string]: Json };

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

const SPEC_SCHEMA: JsonObject = {
  type: 'object',
  required: ['size'],
  properties: {
    size: { type: 'integer', minimum: 1, maximum: 9 },
    mode: { type: 'string', enum: ['a', 'b'], default: 'a' },
    items: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: {
        type: 'object',
        required: ['name'],
        properties: {
          name: { type: 'string' },
          value: { type: 'string' },
          n: { type: 'integer', default: 3 },
        },
      },
    },
    tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
    list: { type: 'array', items: { type: 'string' } },
    any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    whole: {
      type: 'object',
      'x-kubernetes-map-type': 'atomic',
      properties: { x: { type: 'string' }, y: { type: 'string' } },
    },
    port: { 'x-kubernetes-int-or-string': true },
    map: { type: 'object', additionalProperties: { type: 'string' } },
    none: { type: 'string', nullable: true },
  },
};

/** Defines `Widget` in a group. */
export function widgetDefinition(group: string): JsonObject {
  const schema = {
    type: 'object',
    required: ['spec'],
    properties: {
      spec: SPEC_SCHEMA,
      status: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    },
  };
  const version = {
    name: 'v1',
    served: true,
    storage: true,
    subresources: { status: {} },
    schema: { openAPIV3Schema: schema },
  };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${group}` },
    spec: { group, scope: 'Namespaced', names: { kind: 'Widget', plural: 'widgets' }, versions: [version] },
  };
}

/** A definition of the scenario's own, since definitions are everybody's. */
async function define(k: ScenarioCluster): Promise<{ api: string; kind: string; plural: string }> {
  const group = `${k.namespace.replaceAll('-', '')}.example.com`;
  await k.quietly('POST', DEFINITIONS, widgetDefinition(group));
  await k.untilQuietly(`/apis/${group}/v1/namespaces/${k.namespace}/widgets`);
  return { api: `${group}/v1`, kind: 'Widget', plural: 'widgets' };
}

async function withWidgets(k: ScenarioCluster, run: (widget: Widgets) => Promise<void>): Promise<void> {
  const { api, kind, plural } = await define(k);
  const body = (spec: JsonObject, rest: JsonObject = {}) => ({
    apiVersion: api,
    kind,
    metadata: { name: 'w' },
    spec,
    ...rest,
  });
  try {
    await run({ path: k.path(api, plural, 'w'), collection: k.path(api, plural), body });
  } finally {
    await k.quietly('DELETE', `${DEFINITIONS}/widgets.${api.split('/')[0]}`);
  }
}

interface Widgets {
  readonly path: string;
  readonly collection: string;
  readonly body: (spec: JsonObject, rest?: JsonObject) => JsonObject;
}

const custom: readonly Scenario[] = [
  {
    name: 'a custom resource is owned by its schema’s list and map types',
    run: (k) =>
      withWidgets(k, async ({ path, body }) => {
        const made = await k.apply(
          path,
          'one',
          body({
            size: 1,
            items: [{ name: 'a', value: '1' }],
            tags: ['x'],
            list: ['p'],
            any: { q: { z: 1 } },
            whole: { x: '1' },
          }),
        );
        assert.deepEqual(at(ownedBy(made, 'one'), 'f:spec'), {
          'f:any': { 'f:q': { '.': {}, 'f:z': {} } },
          'f:items': { 'k:{"name":"a"}': { '.': {}, 'f:name': {}, 'f:value': {} } },
          'f:list': {},
          'f:size': {},
          'f:tags': { 'v:"x"': {} },
          'f:whole': {},
        });
        const both = await k.apply(
          path,
          'two',
          body({ size: 1, items: [{ name: 'b' }], tags: ['y'], any: { q: { y: 2 } } }),
        );
        assert.deepEqual(at(object(both), 'spec', 'tags'), ['x', 'y']);
        refused(await k.apply(path, 'two', body({ size: 1, list: ['p', 'q'] })), 409, 'Conflict');
        refused(await k.apply(path, 'two', body({ size: 1, whole: { y: '2' } })), 409, 'Conflict');
        const less = await k.apply(path, 'one', body({ size: 1 }));
        assert.deepEqual(at(object(less), 'spec', 'any'), { q: { y: 2 } });
      }),
  },
  {
    name: 'a custom resource gets its defaults and is checked against its schema',
    run: (k) =>
      withWidgets(k, async ({ path, collection, body }) => {
        const made = await k.apply(path, 'one', body({ size: 1, items: [{ name: 'a' }] }));
        assert.equal(at(object(made), 'spec', 'mode'), 'a');
        assert.equal(at(made.body, 'spec', 'items', 0, 'n'), 3);
        refused(await k.apply(path, 'one', body({ size: 10 })), 422, 'Invalid');
        refused(await k.apply(path, 'one', body({ size: 1, mode: 'c' })), 422, 'Invalid');
        assert.equal((await k.apply(path, 'one', body({ size: 'x' }))).code, 500);
        assert.equal((await k.apply(path, 'one', body({ size: 1, foo: 1 }))).code, 500);
        const wrong = { size: 30, mode: 'c', items: [{ value: '1' }], tags: ['x', 'x'], port: [] };
        refused(
          await k.ask('POST', collection, { body: { ...body(wrong), metadata: { name: 'v' } } }),
          422,
          'Invalid',
        );
        const pruned = await k.ask('POST', collection, {
          body: {
            ...body({ size: 2, foo: 1, none: null, map: null, any: { a: null } }),
            metadata: { name: 'v' },
          },
        });
        assert.equal(at(object(pruned), 'spec', 'foo'), undefined);
      }),
  },
  {
    name: 'nulls in a custom resource are kept where the schema allows them',
    run: (k) =>
      withWidgets(k, async ({ path, body }) => {
        await k.apply(path, 'one', body({ size: 1, none: null }));
        await k.apply(path, 'one', body({ size: 1, any: { a: null, b: {} } }));
        await k.apply(path, 'one', body({ size: 1, map: { a: '1' } }));
        await k.apply(path, 'one', body({ size: 1, map: {} }));
        await k.apply(path, 'two', body({ size: 1, map: { a: '1' }, items: [] }));
        await k.apply(path, 'one', body({ size: 1 }));
      }),
  },
  {
    name: 'a custom resource’s status has a door of its own',
    run: (k) =>
      withWidgets(k, async ({ path, body }) => {
        const made = await k.apply(path, 'one', body({ size: 1 }, { status: { ready: true } }));
        assert.equal(at(object(made), 'status'), undefined);
        const status = {
          apiVersion: at(made.body, 'apiVersion') ?? '',
          kind: 'Widget',
          metadata: { name: 'w', labels: { a: 'b' } },
        };
        const set = await k.apply(`${path}/status`, 'op', {
          ...status,
          spec: { size: 7 },
          status: { ready: true },
        });
        assert.equal(at(object(set), 'spec', 'size'), 1);
        assert.equal(at(set.body, 'metadata', 'generation'), 1);
        assert.deepEqual(ownedBy(set, 'op', 'Apply', 'status'), {
          'f:metadata': { 'f:labels': { 'f:a': {} } },
          'f:status': { 'f:ready': {} },
        });
        const next = await k.ask('PATCH', `${path}/status`, {
          body: { status: { ready: false } },
          contentType: MERGE,
        });
        assert.equal(at(object(next), 'status', 'ready'), false);
        const changed = await k.apply(path, 'one', body({ size: 2 }));
        assert.equal(at(object(changed), 'metadata', 'generation'), 2);
        assert.deepEqual(at(changed.body, 'status'), { ready: false });
        refused(
          await k.ask('PATCH', path, { body: {}, contentType: STRATEGIC }),
          415,
          'UnsupportedMediaType',
        );
      }),
  },
  {
    name: 'an update of a custom resource owns what it changes',
    run: (k) =>
      withWidgets(k, async ({ path, collection, body }) => {
        const made = await k.ask('POST', collection, {
          body: body({ size: 1, items: [{ name: 'a', value: '1' }] }),
          query: { fieldManager: 'maker' },
        });
        const next = {
          ...object(made),
          spec: { size: 2, items: [{ name: 'a', value: '2' }, { name: 'b' }], tags: ['t'] },
        };
        const put = await k.ask('PUT', path, { body: next, query: { fieldManager: 'editor' } });
        assert.notEqual(ownedBy(put, 'editor', 'Update'), undefined);
        await k.apply(path, 'one', body({ size: 3 }), { force: 'true' });
        const stale = { ...next, spec: { size: 5 } };
        refused(await k.ask('PUT', path, { body: stale }), 409, 'Conflict');
      }),
  },
];

const deletion: readonly Scenario[] = [
  {
    name: 'a delete keeps to its preconditions',
    run: async (k) => {
      const path = k.path('v1', 'configmaps', 'a');
      await k.apply(path, 'one', configMap('a', { x: '1' }));
      refused(await k.ask('DELETE', path, { body: { preconditions: { uid: 'f00' } } }), 409, 'Conflict');
      refused(
        await k.ask('DELETE', path, { body: { preconditions: { resourceVersion: '1' } } }),
        409,
        'Conflict',
      );
      await k.ask('DELETE', path, { query: { dryRun: 'All' } });
      const found = await k.ask('GET', path);
      const uid = String(at(object(found), 'metadata', 'uid'));
      const gone = await k.ask('DELETE', path, { body: { preconditions: { uid } } });
      assert.equal(at(object(gone), 'status'), 'Success');
      refused(await k.ask('GET', path), 404, 'NotFound');
      refused(await k.ask('DELETE', path), 404, 'NotFound');
    },
  },
  {
    name: 'a finalizer holds a deleted object until it is taken off',
    run: async (k) => {
      const path = k.path('v1', 'configmaps', 'a');
      await k.apply(path, 'one', configMap('a', { x: '1' }, { finalizers: ['x.io/a'] }));
      const marked = await k.ask('DELETE', path);
      assert.notEqual(at(object(marked), 'metadata', 'deletionTimestamp'), undefined);
      const added = await k.apply(path, 'two', bareConfigMap('a', { finalizers: ['x.io/b'] }));
      refused(added, 422, 'Invalid');
      await k.apply(path, 'one', configMap('a', { x: '2' }, { finalizers: ['x.io/a'] }));
      await k.apply(path, 'one', configMap('a', { x: '2' }));
      refused(await k.ask('GET', path), 404, 'NotFound');
    },
  },
  {
    name: 'foreground deletion waits for what is owned, background does not, orphaning leaves it',
    run: async (k) => {
      for (const policy of ['Foreground', 'Background', 'Orphan']) {
        const owner = k.path('v1', 'configmaps', 'owner');
        const owned = k.path('v1', 'configmaps', 'owned');
        const made = await k.apply(owner, 'one', configMap('owner', {}));
        const uid = String(at(object(made), 'metadata', 'uid'));
        const reference = {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          name: 'owner',
          uid,
          blockOwnerDeletion: true,
        };
        await k.applyQuietly(owned, 'one', bareConfigMap('owned', { ownerReferences: [reference] }));
        await k.settle();
        await k.ask('DELETE', owner, { body: { propagationPolicy: policy } });
        await k.until(owner, (answer) => answer.code === 404);
        if (policy === 'Orphan') {
          const left = await k.ask('GET', owned);
          assert.equal(at(object(left), 'metadata', 'ownerReferences'), undefined);
          await k.ask('DELETE', owned);
        } else await k.until(owned, (answer) => answer.code === 404);
      }
    },
  },
  {
    name: 'a collection is deleted by its labels',
    run: async (k) => {
      for (const [name, label] of [
        ['a', '1'],
        ['b', '2'],
        ['c', '1'],
      ] as const) {
        await k.apply(k.path('v1', 'secrets', name), 'one', {
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name, labels: { l: label } },
        });
      }
      await k.ask('DELETE', k.path('v1', 'secrets'), { query: { labelSelector: 'l in (1)' } });
      const left = await k.ask('GET', k.path('v1', 'secrets'), { query: { labelSelector: 'l' } });
      assert.equal((at(object(left), 'items') as unknown[]).length, 1);
    },
  },
];

export const customScenarios: readonly Scenario[] = [...custom, ...deletion];
