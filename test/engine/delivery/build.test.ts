import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type BundleRequest, buildBundle, indexText } from '../../../engine/delivery/build.ts';
import { refKey } from '../../../engine/delivery/bundle.ts';
import { addressOf } from '../../../engine/delivery/canonical.ts';
import { ownerLabel, ownerOf } from '../../../engine/delivery/ownership.ts';
import { namespacing } from '../../../engine/delivery/scope.ts';
import type { ApplicationUid, ClusterId, TenantId } from '../../../engine/ids.ts';
import type { JsonObject } from '../../../engine/json.ts';
import type { RenderedTarget } from '../../../engine/workflow/rendering.ts';

const head = {
  v: 1,
  keyId: 'k1',
  hub: 'hub-a',
  tenant: 'ten_a' as TenantId,
  cluster: 'clu_a' as ClusterId,
  application: { uid: 'app_a' as ApplicationUid, namespace: 'default', name: 'shop' },
  revision: 1,
  sequence: 1,
  epoch: 1,
  prune: false,
  drift: 'heal',
} as const;

const config = (name: string, data: Record<string, string> = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});

function target(component: string, manifests: readonly JsonObject[], namespace = 'shop'): RenderedTarget {
  return {
    component,
    placement: { cluster: 'local', namespace, replicaKey: '' },
    workload: { apiVersion: '', kind: '' },
    templates: '',
    parameter: {},
    context: {},
    objects: manifests.map((manifest) => ({ role: 'auxiliary', output: '', manifest })),
    traits: [],
  };
}

function build(change: Partial<BundleRequest>) {
  const built = buildBundle({
    head,
    targets: [],
    revisionHash: 'a'.repeat(64),
    previous: null,
    isNamespaced: namespacing({}),
    ...change,
  });
  assert.ok(built.ok, built.ok ? '' : built.message);
  return built;
}

const keys = (built: { index: { objects: readonly { ref: Parameters<typeof refKey>[0] }[] } }) =>
  built.index.objects.map(({ ref }) => refKey(ref));

describe('a bundle', () => {
  it('names each object by its content and holds exactly those', () => {
    const built = build({ targets: [target('a', [config('one'), config('two')])] });
    assert.deepEqual(Object.keys(built.pack).sort(), built.index.objects.map(({ sha256 }) => sha256).sort());
    for (const [address, object] of Object.entries(built.pack)) assert.equal(addressOf(object), address);
  });

  it("puts objects into the placement's namespace where they name none and their kind has one", () => {
    const elsewhere = { ...config('c'), metadata: { name: 'c', namespace: 'other' } };
    const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'r' } };
    const built = build({ targets: [target('a', [config('b'), elsewhere, role])] });
    assert.deepEqual(keys(built), [
      '/ConfigMap/shop/b',
      '/ConfigMap/other/c',
      'rbac.authorization.k8s.io/ClusterRole//r',
    ]);
  });

  it('goes by what the cluster says of its kinds', () => {
    const widget = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' } };
    const said = { kinds: [{ group: 'example.com', kind: 'Widget', namespaced: false }] };
    assert.deepEqual(keys(build({ targets: [target('a', [widget])] })), ['example.com/Widget/shop/w']);
    const built = build({ targets: [target('a', [widget])], isNamespaced: namespacing(said) });
    assert.deepEqual(keys(built), ['example.com/Widget//w']);
  });

  it('marks every object as its own and with what KubeVela adds at dispatch', () => {
    const [object] = Object.values(build({ targets: [target('a', [config('one')])] }).pack);
    assert.ok(object);
    const { labels } = object['metadata'] as { labels: Record<string, string> };
    assert.equal(labels[ownerLabel], ownerOf('hub-a', head.tenant, head.application.uid).label);
    assert.equal(labels['app.oam.dev/cluster'], '');
    assert.equal(labels['app.oam.dev/app-revision-hash'], 'a'.repeat(16));
    assert.match(labels['oam.dev/render-hash'] ?? '', /^[0-9a-f]{16}$/);
  });

  it('keeps what the one before held, and counts it, until it prunes', () => {
    const before = build({ targets: [target('a', [config('one', { v: '1' }), config('two')])] });
    const previous = { objects: before.index.objects, pack: before.pack };
    const targets = [target('a', [config('one', { v: '2' })])];
    const kept = build({ targets, previous });
    assert.deepEqual(keys(kept), ['/ConfigMap/shop/one', '/ConfigMap/shop/two']);
    assert.equal(kept.surplus, 1);
    assert.notEqual(kept.index.objects[0]?.sha256, before.index.objects[0]?.sha256);
    const pruned = build({ targets, previous, head: { ...head, prune: true } });
    assert.deepEqual([keys(pruned), pruned.surplus], [['/ConfigMap/shop/one'], 0]);
  });

  it('says what goes before the workloads, also where it is only kept', () => {
    const role = (manifest: JsonObject) => ({ role: 'trait' as const, output: 'o', manifest });
    const trait = { type: 't', templates: '', parameter: {}, objects: [role(config('late'))] };
    const early = { ...trait, stage: 'PreDispatch' as const, objects: [role(config('early'))] };
    const one = { ...target('a', [config('one')]), traits: [trait, early] };
    const stages = ({ index }: ReturnType<typeof build>) =>
      index.objects.map(({ ref, stage }) => [ref.name, stage]);
    const built = build({ targets: [one] });
    const expected = [
      ['one', undefined],
      ['late', undefined],
      ['early', 0],
    ];
    assert.deepEqual(stages(built), expected);
    const previous = { objects: built.index.objects, pack: built.pack };
    assert.deepEqual(stages(build({ previous })), expected);
  });

  it('of nothing that prunes is empty', () => {
    const before = build({ targets: [target('a', [config('one')])] });
    const previous = { objects: before.index.objects, pack: before.pack };
    assert.deepEqual(build({ previous, head: { ...head, prune: true } }).index.objects, []);
  });

  it('is refused above its caps, and where an object has no name', () => {
    const many = Array.from({ length: 501 }, (_, i) => config(`c${i}`));
    const large = Array.from({ length: 6 }, (_, i) => config(`c${i}`, { v: 'x'.repeat(1024 * 1024) }));
    for (const manifests of [many, large, [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: {} }]]) {
      const request = {
        head,
        targets: [target('a', manifests)],
        revisionHash: '',
        previous: null,
        isNamespaced: () => true,
      };
      assert.equal(buildBundle(request).ok, false);
    }
  });

  it('is the same text for the same content', () => {
    const once = build({ targets: [target('a', [config('one')])] });
    const again = build({ targets: [target('a', [config('one')])], head: { ...head } });
    assert.equal(indexText(again.index), indexText(once.index));
  });
});
