import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { regexpLibrary as regexp } from '../../../engine/definitions/regexp-library.ts';
import type { JsonObject } from '../../../engine/json.ts';
import type { AppPolicy, Component } from '../../../engine/oam/application.ts';
import { environmentsOf, planEnvironment } from '../../../engine/policy/env-binding.ts';
import {
  checkPolicyProperties,
  joinExternalPolicies,
  namePolicies,
  selectPolicies,
} from '../../../engine/policy/kinds.ts';
import { mergeMaps, overrideComponents } from '../../../engine/policy/override.ts';
import { replicateComponents } from '../../../engine/policy/replication.ts';
import { placementsOf } from '../../../engine/policy/topology.ts';
import type { Result } from '../../../engine/result.ts';

function policy(type: string, properties: JsonObject, name = 'p'): AppPolicy {
  return { name, type, properties };
}
function value<T>(result: Result<T>): T {
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}
function code(result: Result<unknown>): string {
  assert.ok(!result.ok, 'succeeded');
  return result.issues[0]!.code;
}

describe('topology', () => {
  const fleet = [
    { name: 'b', labels: { zone: 'x' } },
    { name: 'a', labels: { zone: 'x', tier: 'one' } },
    { name: 'c', labels: { zone: 'y' } },
  ];
  const places = (...policies: AppPolicy[]): readonly string[] =>
    value(placementsOf(policies, fleet)).map((p) => `${p.cluster}/${p.namespace}`);

  it('is the local cluster where no policy is named', () => {
    assert.deepEqual(places(), ['local/']);
  });
  it('keeps the order of named clusters and drops repetitions over all policies', () => {
    assert.deepEqual(
      places(
        policy('topology', { clusters: ['c', 'local'] }),
        policy('topology', { clusters: ['local', 'a', 'c'], namespace: '' }),
      ),
      ['c/', 'local/', 'a/'],
    );
  });
  it('lists clusters by label in byte order, local first', () => {
    assert.deepEqual(places(policy('topology', { clusterLabelSelector: { zone: 'x' }, namespace: 'n' })), [
      'a/n',
      'b/n',
    ]);
    assert.deepEqual(places(policy('topology', { clusterLabelSelector: {} })), ['local/', 'a/', 'b/', 'c/']);
  });
  it('goes nowhere for an empty list, and to local for the deprecated selector, with a warning', () => {
    assert.deepEqual(places(policy('topology', { clusters: [] })), []);
    const deprecated = placementsOf([policy('topology', { clusterSelector: { zone: 'y' } })], fleet);
    assert.deepEqual(value(deprecated), [{ cluster: 'local', namespace: '' }]);
    assert.equal(deprecated.warnings?.[0]?.code, 'policy.deprecated-field');
  });
  it('refuses unknown clusters, labels without a match and unknown fields', () => {
    assert.equal(
      code(placementsOf([policy('topology', { clusters: ['ghost'] })], fleet)),
      'cluster.not-found',
    );
    assert.equal(
      code(placementsOf([policy('topology', { clusterLabelSelector: { zone: 'q' } })], fleet)),
      'cluster.no-match',
    );
    assert.deepEqual(
      places(policy('topology', { clusterLabelSelector: { zone: 'q' }, allowEmpty: true })),
      [],
    );
    assert.equal(code(placementsOf([policy('topology', { cluster: ['a'] })], fleet)), 'policy.unknown-field');
  });
});

describe('override', () => {
  const web: Component = {
    name: 'web',
    type: 'webservice',
    properties: { image: 'i', env: [1, 2], probe: { path: '/a', port: 1 } },
  };
  const api: Component = { name: 'my-web-api', type: 'worker', properties: { image: 'j' } };
  const patched = (components: Component[], ...specs: JsonObject[]): readonly Component[] =>
    value(
      overrideComponents(
        specs.map((s, i) => policy('override', s, `o${i}`)),
        components,
        regexp,
      ),
    );

  it('merges maps deeply, replaces lists, passes null on', () => {
    assert.deepEqual(
      mergeMaps(
        { a: { x: 1, y: 2 }, l: [1, 2], s: 'v', z: 0 },
        { a: { y: 3 }, l: [9], s: null, z: { q: 1 } },
      ),
      {
        a: { x: 1, y: 3 },
        l: [9],
        s: null,
        z: { q: 1 },
      },
    );
  });
  it('replaces a scalar by a map and a map by a scalar', () => {
    assert.deepEqual(mergeMaps({ a: 'v', b: { x: 1 } }, { a: { x: 1 }, b: 0 }), { a: { x: 1 }, b: 0 });
  });
  it('finds names anywhere in a name, and says so', () => {
    const result = overrideComponents(
      [policy('override', { components: [{ name: 'web', properties: { cpu: '1' } }] })],
      [web, api],
      regexp,
    );
    assert.deepEqual(
      value(result).map((c) => (c.properties as JsonObject)['cpu']),
      ['1', '1'],
    );
    assert.equal(result.warnings?.[0]?.code, 'override-matches-more');
  });
  it('takes * for anything', () => {
    assert.deepEqual(
      patched([web, api], { components: [{ name: 'my*api', properties: { image: 'k' } }] }).map(
        (c) => (c.properties as JsonObject)['image'],
      ),
      ['i', 'k'],
    );
  });
  it('adds a component that no name matches', () => {
    assert.deepEqual(
      patched([web], { components: [{ name: 'new', type: 'task', properties: { a: 1 } }] })[1],
      { name: 'new', type: 'task', properties: { a: 1 } },
    );
  });
  it('replaces a component of another type and drops its traits', () => {
    const base = { ...web, traits: [{ type: 'scaler' }] };
    assert.deepEqual(
      patched([base], { components: [{ name: 'web', type: 'worker', properties: { image: 'w' } }] }),
      [{ name: 'web', type: 'worker', properties: { image: 'w' } }],
    );
  });
  it('without a name reaches all components, or those of a type', () => {
    assert.deepEqual(
      patched([web, api], { components: [{ type: 'worker', properties: { cpu: '2' } }] }).map(
        (c) => 'cpu' in (c.properties as JsonObject),
      ),
      [false, true],
    );
  });
  it('merges traits by type: of two with one type the last one stands in both places', () => {
    const base: Component = {
      name: 'x',
      type: 't',
      traits: [
        { type: 'labels', properties: { a: 1 } },
        { type: 'labels', properties: { b: 1 } },
        { type: 'gone' },
      ],
    };
    const [result] = patched([base], {
      components: [
        {
          traits: [
            { type: 'labels', properties: { c: 1 } },
            { type: 'gone', disable: true },
            { type: 'new', properties: {} },
          ],
        },
      ],
    });
    assert.deepEqual(result!.traits, [
      { type: 'labels', properties: { b: 1, c: 1 } },
      { type: 'labels', properties: { b: 1, c: 1 } },
      { type: 'new', properties: {} },
    ]);
  });
  it('selects in the order of the components', () => {
    assert.deepEqual(
      patched([web, api], { selector: ['my-web-api', 'web', 'ghost'] }).map((c) => c.name),
      ['web', 'my-web-api'],
    );
    assert.deepEqual(patched([web, api], { selector: [] }), []);
  });
  it('refuses unknown fields', () => {
    assert.equal(
      code(overrideComponents([policy('override', { component: [] })], [web], regexp)),
      'policy.unknown-field',
    );
  });
});

describe('replication', () => {
  const components: Component[] = [
    { name: 'a', type: 't' },
    { name: 'b', type: 't' },
  ];
  it('puts the copies behind what is not replicated', () => {
    const result = value(
      replicateComponents([policy('replication', { keys: ['x', 'y'], selector: ['a'] })], components),
    );
    assert.deepEqual(
      result.map((c) => [c.name, c.replicaKey]),
      [
        ['b', undefined],
        ['a', 'x'],
        ['a', 'y'],
      ],
    );
  });
  it('refuses to select nothing', () => {
    assert.equal(
      code(replicateComponents([policy('replication', { keys: ['x'], selector: ['ghost'] })], components)),
      'policy.nothing-selected',
    );
  });
});

describe('env-binding', () => {
  const binding = policy('env-binding', {
    envs: [
      {
        name: 'test',
        placement: { clusterSelector: { name: 'c1' }, namespaceSelector: { name: 'n1' } },
        selector: { components: ['a'] },
        patch: { components: [{ name: 'a', properties: { x: 2 } }] },
      },
    ],
  });
  it('gives an environment its place, components and patch', () => {
    assert.deepEqual(value(environmentsOf(binding)), ['test']);
    const plan = value(
      planEnvironment(
        binding,
        'test',
        [
          { name: 'a', type: 't' },
          { name: 'b', type: 't' },
        ],
        regexp,
      ),
    );
    assert.deepEqual(plan, {
      env: 'test',
      placement: { cluster: 'c1', namespace: 'n1' },
      components: [{ name: 'a', type: 't', properties: { x: 2 } }],
    });
  });
  it('names the nearest environment', () => {
    const result = planEnvironment(binding, 'tets', [], regexp);
    assert.ok(!result.ok);
    assert.match(result.issues[0]!.message, /Did you mean "test"/);
  });
});

describe('policies of an Application', () => {
  it('are named by type and index', () => {
    assert.deepEqual(
      namePolicies([
        { name: '', type: 'topology' },
        { name: 'x', type: 'override' },
        { name: '', type: 'topology' },
      ]).map((p) => p.name),
      ['topology-auto-gen-0', 'x', 'topology-auto-gen-2'],
    );
  });
  it('are joined by those that deploy steps name', () => {
    const beside = [
      {
        kind: 'Policy',
        metadata: { name: 'ext', labels: {}, annotations: {} },
        type: 'override',
        properties: { selector: [] },
      } as const,
    ];
    const joined = value(
      joinExternalPolicies([], [{ type: 'deploy', properties: { policies: ['ext', 'ext'] } }], beside),
    );
    assert.deepEqual(joined, [{ name: 'ext', type: 'override', properties: { selector: [] } }]);
    assert.equal(
      code(joinExternalPolicies([], [{ type: 'deploy', properties: { policies: ['ghost'] } }], beside)),
      'policy.not-found',
    );
    assert.equal(
      code(joinExternalPolicies([], [{ type: 'deploy', properties: { policys: [] } }], beside)),
      'policy.unknown-field',
    );
  });
  it('need properties, except debug', () => {
    assert.deepEqual(
      checkPolicyProperties([
        { name: 'a', type: 'topology' },
        { name: 'b', type: 'debug' },
      ]).map((i) => i.path),
      ['/spec/policies/0/properties'],
    );
  });
  it('of one name: the last counts', () => {
    const selected = value(
      selectPolicies(
        [policy('topology', { namespace: 'one' }), policy('topology', { namespace: 'two' })],
        ['p'],
        '',
      ),
    );
    assert.deepEqual(selected[0]!.properties, { namespace: 'two' });
  });
});
