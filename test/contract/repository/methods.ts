/** One call of every method of a tenant's store, with given ids: whose they are is the question. */
import { newId } from '../../../db/ids.ts';
import type { IdempotencyClaim } from '../../../db/model/access.ts';
import type { DefinitionKey } from '../../../db/model/application.ts';
import type { Lease, LoadedRun } from '../../../db/model/run.ts';
import type { BlobAddress, ClusterRef } from '../../../db/model/shared.ts';
import type { TenantStore } from '../../../db/stores.ts';
import type {
  AgentId,
  ApplicationUid,
  DeliveryId,
  KeyId,
  PlanId,
  ReceiverId,
  RunId,
  StatusId,
} from '../../../engine/ids.ts';
import { operator, saving } from './world.ts';

export interface Keys {
  readonly uid: ApplicationUid;
  readonly run: RunId;
  readonly done: RunId;
  readonly lease: Lease;
  readonly loaded: LoadedRun;
  readonly status: StatusId;
  readonly cluster: ClusterRef;
  readonly agent: AgentId;
  readonly tokenHash: string;
  readonly definition: DefinitionKey;
  readonly key: KeyId;
  readonly receiver: ReceiverId;
  readonly delivery: DeliveryId;
  readonly plan: PlanId;
  readonly claim: IdempotencyClaim;
  readonly blob: BlobAddress;
  readonly object: string;
  readonly now: number;
}

export interface Call {
  call(): Promise<unknown>;
  /** It makes something of its own, so that its answer isn't empty. */
  readonly creates?: true;
}

/** `repository.method` of all there are, sorted. */
export function allMethods(store: TenantStore): readonly string[] {
  return Object.entries(store)
    .filter(([, repository]) => typeof repository === 'object')
    .flatMap(([name, repository]) => Object.keys(repository).map((method) => `${name}.${method}`))
    .toSorted();
}

export function callsWith(store: TenantStore, keys: Keys): Readonly<Record<string, Call>> {
  return {
    ...readCalls(store, keys),
    ...runCalls(store, keys),
    ...clusterCalls(store, keys),
    ...otherCalls(store, keys),
  };
}

const page = { limit: 10 };
const git = { name: 'fresh', kind: 'github', repository: 'u', ref: 'r', path: 'p', namespace: 'n' } as const;

function readCalls(store: TenantStore, k: Keys): Record<string, Call> {
  const { applications, definitions, revisions, statuses, events } = store;
  const { uid } = k;
  return {
    'applications.get': { call: () => applications.get('default', 'web') },
    'applications.byUid': { call: () => applications.byUid(uid) },
    'applications.view': { call: () => applications.view('default', 'web') },
    'applications.viewByUid': { call: () => applications.viewByUid(uid) },
    'applications.list': {
      call: () => applications.list({ labels: [{ operator: 'exists', name: 'team' }] }, page),
    },
    'applications.submit': { creates: true, call: () => applications.submit(operator, { applications: [] }) },
    'applications.requestDeletion': {
      call: () =>
        applications.requestDeletion(operator, { namespace: 'default', name: 'web', run: newId('run', 0) }),
    },
    'applications.observation': { call: () => applications.observation(uid) },
    'applications.observed': {
      call: () => applications.observed(uid, { services: 1, publicStatus: { a: 1 } }, 0),
    },
    'definitions.get': { call: () => definitions.get(k.definition) },
    'definitions.byContentHash': { call: () => definitions.byContentHash(k.definition, 'h') },
    'definitions.versions': { call: () => definitions.versions(k.definition) },
    'definitions.list': { call: () => definitions.list({}, page) },
    'definitions.names': { call: () => definitions.names(k.definition.namespace) },
    'definitions.registry': { call: () => definitions.registry([k.definition.namespace]) },
    'definitions.versionsOf': {
      call: () => definitions.versionsOf([k.definition.namespace], [k.definition.name]),
    },
    'definitions.put': {
      creates: true,
      call: () =>
        definitions.put(operator, {
          ...k.definition,
          name: 'other',
          format: 'cue',
          source: '',
          contentHash: 'z',
        }),
    },
    'definitions.putAll': {
      creates: true,
      call: () =>
        definitions.putAll(operator, [
          { ...k.definition, name: 'another', format: 'cue', source: '', contentHash: 'z' },
        ]),
    },
    'definitions.delete': { call: () => definitions.delete(operator, k.definition) },
    'revisions.get': { call: () => revisions.get(uid, 1) },
    'revisions.list': { call: () => revisions.list(uid, page) },
    'statuses.get': { call: () => statuses.get(k.status) },
    'statuses.ofApplication': { call: () => statuses.ofApplication(uid) },
    'statuses.publish': { call: () => statuses.publish(uid, { phase: 'x' }, 1) },
    'statuses.setVisibility': { call: () => statuses.setVisibility(operator, uid, 'off') },
    'cursors.read': { call: () => store.cursors.read({ list: 'l' }, {}) },
    'cursors.write': { creates: true, call: () => store.cursors.write({ list: 'l' }, ['x']) },
    'events.ofRun': { call: () => events.ofRun(k.run, 0, 10) },
    'events.ofApplication': { call: () => events.ofApplication(uid, 0, 10) },
  };
}

function runCalls(store: TenantStore, k: Keys): Record<string, Call> {
  const { runs, journal, outbox } = store;
  const entry = { step: 'x', path: 'p', hash: 'h', attempt: 1, kind: 'k', result: 1, createdAt: 1 };
  const rollback = { application: k.uid, revision: 1, run: newId('run', 0) };
  const request = { run: k.run, owner: 'thief', now: k.now + 60_000, ttlMs: 1000, perTenantCap: 10 };
  return {
    'runs.get': { call: () => runs.get(k.run) },
    'runs.view': { call: () => runs.view(k.run) },
    'runs.list': { call: () => runs.list({ application: k.uid }, page) },
    'runs.renderings': { call: () => runs.renderings(k.done) },
    'runs.renderedBy': { call: () => runs.renderedBy(k.uid, 1) },
    'runs.lease': { call: () => runs.lease(request) },
    'runs.renew': { call: () => runs.renew({ ...k.lease, tenant: store.id }, k.now, 1000) },
    'runs.release': { call: () => runs.release(k.lease, k.now + 1000) },
    'runs.load': { call: () => runs.load(k.lease, k.now) },
    'runs.save': { call: () => runs.save(k.loaded, saving({ consumedTo: 99, release: false }), k.now) },
    'runs.tell': { call: () => runs.tell(operator, k.run, { kind: 'timer', payload: null }) },
    'runs.restart': { call: () => runs.restart(operator, k.uid, newId('run', 0)) },
    'runs.startRollback': { call: () => runs.startRollback(operator, rollback) },
    'journal.ofRun': { call: () => journal.ofRun(k.run) },
    'journal.append': { call: () => journal.append(k.lease, [entry], k.now) },
    'journal.pack': { call: () => journal.pack(k.run) },
    'outbox.list': { call: () => outbox.list(10) },
    'outbox.done': {
      call: () => outbox.done({ kind: 'run.advance', tenant: k.lease.tenant, subject: k.run }),
    },
  };
}

function clusterCalls(store: TenantStore, k: Keys): Record<string, Call> {
  const { clusters, grants, agents, bundles, inventory } = store;
  const { id } = k.cluster;
  const namespaces = [{ namespace: 'stolen', serviceAccount: 's' }];
  const enrolment = {
    tokenHash: k.tokenHash,
    agent: newId('agent', 0),
    publicKey: 'x',
    version: '1',
    kubernetes: {},
  };
  const invitation = { id: newId('cluster', 0), name: 'fresh', tokenHash: 'fresh', expiresAt: k.now + 1 };
  const report = { application: k.uid, cluster: k.cluster, sequence: 1, complete: true, event: {} };
  return {
    'clusters.get': { call: () => clusters.get('east') },
    'clusters.byId': { call: () => clusters.byId(id) },
    'clusters.list': { call: () => clusters.list(page) },
    'clusters.targets': { call: () => clusters.targets() },
    'clusters.accept': { call: () => clusters.accept(operator, 'east', k.agent, { namespaces }) },
    'clusters.update': { call: () => clusters.update(operator, 'east', { labels: { x: 'y' } }) },
    'clusters.setLocal': { call: () => clusters.setLocal(operator, 'east') },
    'clusters.revoke': { call: () => clusters.revoke(operator, 'east') },
    'clusters.invite': { creates: true, call: () => clusters.invite(operator, invitation) },
    'grants.list': { call: () => grants.list(id) },
    'grants.put': { call: () => grants.put(operator, id, { grantee: store.id, name: 'stolen', namespaces }) },
    'grants.delete': { call: () => grants.delete(operator, id, k.cluster.owner) },
    'agents.get': { call: () => agents.get(k.agent) },
    'agents.ofCluster': { call: () => agents.ofCluster(id) },
    'agents.enrol': { call: () => agents.enrol(enrolment, k.now) },
    'agents.acceptCounter': { call: () => agents.acceptCounter(k.agent, 99) },
    'agents.seen': { call: () => agents.seen(k.agent, k.now + 60_000, { version: '9', capabilities: {} }) },
    'agents.revoke': { call: () => agents.revoke(operator, k.agent) },
    'bundles.get': { call: () => bundles.get(k.uid, k.cluster) },
    'bundles.heads': { call: () => bundles.heads(k.uid) },
    'bundles.forCluster': { call: () => bundles.forCluster(id) },
    'inventory.list': { call: () => inventory.list(k.uid) },
    'inventory.details': { call: () => inventory.details(k.uid) },
    'inventory.report': {
      call: () =>
        inventory.report({ ...report, objects: [{ ref: k.object, outcome: 'created', health: 'healthy' }] }),
    },
  };
}

function otherCalls(store: TenantStore, k: Keys): Record<string, Call> {
  const { tenant, keys, receivers, deliveries, plans, idempotency, audit, blobs } = store;
  const response = { status: 200, headers: {}, body: '' };
  const fresh = { subject: { kind: 'user', id: 'u', roles: [] }, scopes: [], name: 'fresh' };
  const inbox = { deliveryId: 'd2', event: 'e', bodyHash: 'h', dedupeBody: true, payload: 'p' };
  return {
    'tenant.get': { creates: true, call: () => tenant.get() },
    'tenant.update': { creates: true, call: () => tenant.update(operator, { displayName: 'mine' }) },
    'keys.get': { call: () => keys.get(k.key) },
    'keys.revoke': { call: () => keys.revoke(operator, k.key) },
    'keys.used': { call: () => keys.used(k.key, k.now + 1) },
    'keys.list': { call: () => keys.list(page) },
    'keys.create': { creates: true, call: () => keys.create(operator, { ...fresh, id: newId('key', 0) }) },
    'receivers.get': { call: () => receivers.get(k.receiver) },
    'receivers.byName': { call: () => receivers.byName('r') },
    'receivers.secret': { call: () => receivers.secret(k.receiver) },
    'receivers.list': { call: () => receivers.list(page) },
    'receivers.update': {
      call: () => receivers.update(operator, k.receiver, { receiver: git, secret: { webhook: 'x' } }),
    },
    'receivers.delete': { call: () => receivers.delete(operator, k.receiver) },
    'receivers.create': {
      creates: true,
      call: () => receivers.create(operator, newId('receiver', 0), git, { webhook: 'w' }),
    },
    'deliveries.get': { call: () => deliveries.get(k.delivery) },
    'deliveries.payload': { call: () => deliveries.payload(k.delivery) },
    'deliveries.list': { call: () => deliveries.list(k.receiver, page) },
    'deliveries.store': {
      call: () => deliveries.store({ ...inbox, id: newId('delivery', 0), receiver: k.receiver }),
    },
    'deliveries.start': { call: () => deliveries.start(k.delivery, k.now + 60_000, 1000) },
    'deliveries.finish': { call: () => deliveries.finish(k.delivery, 1, { state: 'ignored' }) },
    'deliveries.replay': { call: () => deliveries.replay(operator, k.delivery, newId('delivery', 0)) },
    'plans.get': { call: () => plans.get(k.plan, k.now) },
    'plans.forCluster': { call: () => plans.forCluster(k.cluster.id, k.now, 10) },
    'plans.finish': { call: () => plans.finish(k.plan, k.cluster.id, { state: 'ready', result: 1 }) },
    'plans.create': {
      creates: true,
      call: () => {
        const asked = { request: {}, parts: [], expiresAt: k.now, maxPending: 10 };
        return plans.create(operator, { ...asked, id: newId('plan', 0) });
      },
    },
    'idempotency.begin': { creates: true, call: () => idempotency.begin('key', 'other hash', k.now) },
    'idempotency.complete': { call: () => idempotency.complete(k.claim, response) },
    'idempotency.abandon': { call: () => idempotency.abandon(k.claim) },
    'audit.list': { creates: true, call: () => audit.list(page) },
    'audit.note': {
      creates: true,
      call: () => audit.note(operator, { action: 'x.y', subjectKind: 'run', subject: k.run }),
    },
    'audit.seal': { creates: true, call: () => audit.seal(100) },
    'audit.verify': { creates: true, call: () => audit.verify() },
    'blobs.get': { call: () => blobs.get(k.blob) },
    'blobs.getJson': { call: () => blobs.getJson(k.blob) },
    'blobs.put': { creates: true, call: () => blobs.put(new Uint8Array(3)) },
    'blobs.putJson': { creates: true, call: () => blobs.putJson([1]) },
  };
}
