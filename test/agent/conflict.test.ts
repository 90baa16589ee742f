import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseFieldPath, withoutFields } from '../../agent/conflict.ts';

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { 'app.oam.dev/name': 'shop' }, finalizers: ['a', 'b'] },
  spec: {
    replicas: 2,
    template: {
      spec: {
        containers: [
          { name: 'web', image: 'a', ports: [{ containerPort: 80, protocol: 'TCP' }, { containerPort: 81 }] },
          { name: 'side', image: 'b' },
        ],
      },
    },
  },
};

describe('field paths as the API server prints them', () => {
  it('are read', () => {
    assert.deepEqual(parseFieldPath('.spec.replicas'), [{ key: 'spec' }, { key: 'replicas' }]);
    assert.deepEqual(parseFieldPath('.spec.ports[containerPort=80,protocol="TCP"].name'), [
      { key: 'spec' },
      { key: 'ports' },
      { where: { containerPort: 80, protocol: 'TCP' } },
      { key: 'name' },
    ]);
    assert.deepEqual(parseFieldPath('.metadata.finalizers[="a"]'), [
      { key: 'metadata' },
      { key: 'finalizers' },
      { value: 'a' },
    ]);
  });

  it('that are none are refused', () => {
    for (const path of ['', 'spec', '.spec[', '.spec[0', '.a..b'])
      assert.equal(parseFieldPath(path), undefined, path);
  });
});

describe('a manifest without what another Application holds', () => {
  it('lacks exactly those fields', () => {
    const rest = withoutFields(deployment, [
      '.spec.replicas',
      '.spec.template.spec.containers[name="web"].image',
      '.spec.template.spec.containers[name="web"].ports[containerPort=80,protocol="TCP"]',
      '.metadata.finalizers[="a"]',
    ]);
    assert.deepEqual(rest, {
      ...deployment,
      metadata: { ...deployment.metadata, finalizers: ['b'] },
      spec: {
        template: {
          spec: {
            containers: [
              { name: 'web', ports: [{ containerPort: 81 }] },
              { name: 'side', image: 'b' },
            ],
          },
        },
      },
    });
  });

  it('finds a list element though the manifest leaves a key to its default', () => {
    const rest = withoutFields(deployment, [
      '.spec.template.spec.containers[name="web"].ports[containerPort=81,protocol="TCP"]',
    ]);
    assert.equal(JSON.stringify(rest).includes('81'), false);
  });

  it('is not made where a field cannot be found: then nothing is forced', () => {
    for (const path of [
      '.spec.paused',
      '.spec.template.spec.containers[name="none"].image',
      '.spec.replicas.x',
      'odd',
    ]) {
      assert.equal(withoutFields(deployment, ['.spec.replicas', path]), undefined, path);
    }
  });

  it('leaves the manifest as it was', () => {
    const before = structuredClone(deployment);
    withoutFields(deployment, ['.spec.replicas']);
    assert.deepEqual(deployment, before);
  });
});
