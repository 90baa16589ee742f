import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  forceRule,
  managedByOtherMessage,
  notManagedMessage,
  ownerAnnotation,
  ownerLabel,
  ownerOf,
  ownershipOf,
  stampOwner,
} from '../../../engine/delivery/ownership.ts';
import type { ApplicationUid, TenantId } from '../../../engine/ids.ts';

const owner = ownerOf('hub', 'ten_a' as TenantId, 'app_a' as ApplicationUid);
const other = ownerOf('hub', 'ten_b' as TenantId, 'app_a' as ApplicationUid);
const config = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'shop', labels: { x: '1' } },
};

describe('ownership', () => {
  it('differs by hub, tenant and application, and fits a label', () => {
    const labels = [owner, other, ownerOf('hub2', 'ten_a' as TenantId, 'app_a' as ApplicationUid)].map(
      ({ label }) => label,
    );
    assert.equal(new Set(labels).size, 3);
    for (const label of labels) assert.match(label, /^[0-9a-f]{16}$/);
  });

  it('is marked beside what the object says already', () => {
    assert.deepEqual(stampOwner(config, owner).metadata, {
      name: 'a',
      namespace: 'shop',
      labels: { x: '1', [ownerLabel]: owner.label },
      annotations: { [ownerAnnotation]: owner.full },
    });
    assert.deepEqual(ownershipOf(stampOwner(config, owner), owner), { kind: 'ours' });
  });

  it("of an object with KubeVela's labels and without ours is nobody's", () => {
    const labels = { 'app.oam.dev/name': 'shop', 'app.oam.dev/namespace': 'default' };
    assert.deepEqual(ownershipOf({ ...config, metadata: { name: 'a', labels } }, owner), { kind: 'nobody' });
  });

  it('of another Application names it', () => {
    const labels = { 'app.oam.dev/name': 'shop', 'app.oam.dev/namespace': 'default' };
    const live = stampOwner({ ...config, metadata: { name: 'a', labels } }, other);
    assert.deepEqual(ownershipOf(live, owner), { kind: 'other', application: 'default/shop' });
  });

  it('goes by the annotation where two owners share a hash', () => {
    const live = stampOwner(config, { ...other, label: owner.label });
    assert.equal(ownershipOf(live, owner).kind, 'other');
  });

  it("speaks KubeVela's sentences", () => {
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'a' };
    assert.equal(notManagedMessage(ref), 'ConfigMap shop/a exists but not managed by any application now');
    assert.equal(
      managedByOtherMessage(ref, 'default/web'),
      'existing object ConfigMap shop/a is managed by other application default/web',
    );
  });
});

describe('the force rule', () => {
  it("overwrites anybody but another Application's manager", () => {
    const conflicts = [
      { manager: 'kubectl-edit', field: '.spec.replicas' },
      { manager: other.manager.replace('app_a', 'app_b'), field: '.data.k' },
    ];
    assert.deepEqual(forceRule(conflicts, owner), { overwritten: [conflicts[0]], yielded: [conflicts[1]] });
  });
});
