import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../../engine/json.ts';
import { contractOf, finishTrait, finishWorkload, withWorkloadRef } from '../../../engine/render/output.ts';

const metadata = {
  name: 'app',
  labels: { team: 'red' },
  annotations: { note: 'hi', 'filter.oam.dev/label-keys': 'team, app.oam.dev/name' },
};
const source = {
  name: 'app',
  namespace: 'ns',
  revision: 'app-v1',
  metadata: { ...metadata, annotations: { note: 'hi' } },
};
const contract = contractOf(source, 'web', '');

function meta(object: JsonObject): JsonObject {
  return object['metadata'] as JsonObject;
}

describe('a workload', () => {
  it('is named like its component, in the namespace of the Application, with the labels of both', () => {
    assert.deepEqual(finishWorkload({ kind: 'Deployment' }, 'webservice', contract)['metadata'], {
      name: 'web',
      namespace: 'ns',
      annotations: { note: 'hi' },
      labels: {
        team: 'red',
        'app.oam.dev/name': 'app',
        'app.oam.dev/namespace': 'ns',
        'app.oam.dev/appRevision': 'app-v1',
        'app.oam.dev/component': 'web',
        'app.oam.dev/resourceType': 'WORKLOAD',
        'workload.oam.dev/type': 'webservice',
      },
    });
  });
  it('keeps a name and a namespace that the template sets, but not labels of the system’s name', () => {
    const object = finishWorkload(
      {
        kind: 'X',
        metadata: { name: 'n', namespace: 'other', labels: { 'app.oam.dev/name': 'evil', a: 'b' } },
      },
      't',
      contract,
    );
    assert.deepEqual([meta(object)['name'], meta(object)['namespace']], ['n', 'other']);
    assert.deepEqual(
      [
        (meta(object)['labels'] as JsonObject)['app.oam.dev/name'],
        (meta(object)['labels'] as JsonObject)['a'],
      ],
      ['app', 'b'],
    );
  });
  it('goes to the namespace of the placement whatever the template says', () => {
    const object = finishWorkload(
      { kind: 'X', metadata: { namespace: 'other' } },
      't',
      contractOf(source, 'web', 'east'),
    );
    assert.equal(meta(object)['namespace'], 'east');
  });
  it('loses all labels of the template where one is no string', () => {
    const object = finishWorkload({ kind: 'X', metadata: { labels: { a: 'b', n: null } } }, 't', contract);
    assert.equal('a' in (meta(object)['labels'] as JsonObject), false);
  });
  it('of kind Namespace gets no namespace', () => {
    assert.equal(
      'namespace' in meta(finishWorkload({ apiVersion: 'v1', kind: 'Namespace' }, 't', contract)),
      false,
    );
  });
});

it('filter annotations take labels away, but not those that name the object’s origin', () => {
  const filtered = contractOf({ ...source, metadata }, 'web', '');
  const object = finishWorkload({ kind: 'X' }, 't', filtered);
  assert.equal('team' in (meta(object)['labels'] as JsonObject), false);
  assert.equal((meta(object)['labels'] as JsonObject)['app.oam.dev/name'], 'app');
  assert.deepEqual(meta(object)['annotations'], { note: 'hi' });
});

describe('an object of a trait', () => {
  it('without a name gets one from its content, the same for every revision', () => {
    const first = finishTrait({ kind: 'Service', spec: { a: 1 } }, 'expose', 'service', contract);
    const second = finishTrait(
      { kind: 'Service', spec: { a: 1 } },
      'expose',
      'service',
      contractOf({ ...source, revision: 'app-v2' }, 'web', ''),
    );
    const other = finishTrait({ kind: 'Service', spec: { a: 2 } }, 'expose', 'service', contract);
    assert.match(String(meta(first.object)['name']), /^web-expose-[bcdfghjklmnpqrstvwxz2456789]+$/);
    assert.equal(meta(first.object)['name'], meta(second.object)['name']);
    assert.notEqual(meta(first.object)['name'], meta(other.object)['name']);
    assert.deepEqual(
      [first.generatedName, (meta(first.object)['labels'] as JsonObject)['trait.oam.dev/resource']],
      [true, 'service'],
    );
  });
  it('can take a reference to the workload', () => {
    const workload = { apiVersion: 'v1', kind: 'X', metadata: { name: 'w' } };
    assert.deepEqual(withWorkloadRef({ kind: 'T' }, 'spec.workloadRef', workload), {
      kind: 'T',
      spec: { workloadRef: { apiVersion: 'v1', kind: 'X', name: 'w' } },
    });
  });
});
