/** Rows of clusters and of what is delivered to them, as the domain sees them. */
import { driftSchema, outcomes, refusals } from '../../engine/delivery/protocol.ts';
import type { Row } from '../drivers/driver.ts';
import type {
  Agent,
  Bundle,
  BundleHead,
  Cluster,
  Grant,
  GrantedNamespace,
  Health,
  InventoryDetail,
  InventoryItem,
  Taint,
  Target,
} from '../model/cluster.ts';
import type { BlobAddress, ClusterRef, Json } from '../model/shared.ts';
import type { Sealer } from '../sealing.ts';
import {
  id,
  isObject,
  json,
  jsonObject,
  maybe,
  object,
  oneOf,
  optionalText,
  optionalWhole,
  text,
  textMap,
  unreadable,
  whole,
} from './read.ts';

const healths = [
  'healthy',
  'progressing',
  'degraded',
  'suspended',
  'missing',
  'unknown',
] as const satisfies readonly Health[];

export function clusterOf(row: Row): Cluster {
  return {
    owner: id('tenant', row, 'tenant'),
    id: id('cluster', row, 'id'),
    name: text(row, 'name'),
    state: oneOf(row, 'state', ['awaiting', 'pending', 'active', 'revoked'] as const),
    labels: textMap(json(row, 'labels'), 'labels'),
    taints: taintsOf(json(row, 'taints')),
    kubernetes: jsonObject(row, 'kubernetes'),
    capabilities: jsonObject(row, 'capabilities'),
    resourceVersion: whole(row, 'resource_version'),
    createdAt: whole(row, 'created_at'),
    ...maybe('acceptedAt', optionalWhole(row, 'accepted_at')),
    ...maybe('lastSeenAt', optionalWhole(row, 'last_seen_at')),
  };
}

function taintsOf(value: Json): readonly Taint[] {
  if (!Array.isArray(value)) throw unreadable('taints', 'is not a list');
  return value.map((taint: Json) => {
    if (!isObject(taint)) throw unreadable('taints', 'holds no taint');
    return { key: text(taint, 'key'), value: text(taint, 'value'), effect: text(taint, 'effect') };
  });
}

/**
 * Rows of grants joined with their namespaces (columns `grant_*`), in the order of their clusters.
 * `cluster` of a row's grant: tenant and id of the cluster in `grant_tenant` and `grant_cluster`.
 */
export function grantsOf(rows: readonly Row[]): readonly Grant[] {
  const grants: (Grant & { namespaces: GrantedNamespace[] })[] = [];
  for (const row of rows) {
    const cluster = { owner: id('tenant', row, 'grant_tenant'), id: id('cluster', row, 'grant_cluster') };
    const grantee = id('tenant', row, 'grant_grantee');
    let grant = grants.at(-1);
    if (grant === undefined || grant.cluster.id !== cluster.id || grant.grantee !== grantee) {
      grant = {
        cluster,
        grantee,
        name: text(row, 'grant_name'),
        namespaces: [],
        ...maybe('clusterScopedAccount', optionalText(row, 'grant_account')),
        createdAt: whole(row, 'grant_created_at'),
      };
      grants.push(grant);
    }
    const namespace = optionalText(row, 'grant_namespace');
    if (namespace !== undefined) {
      grant.namespaces.push({ namespace, serviceAccount: text(row, 'grant_service_account') });
    }
  }
  return grants;
}

/** Rows of `selectTargets`. */
export function targetsOf(rows: readonly Row[]): readonly Target[] {
  const firsts = new Map<string, Row>();
  for (const row of rows) {
    const name = text(row, 'grant_name');
    if (!firsts.has(name)) firsts.set(name, row);
  }
  return grantsOf(rows).map((grant) => {
    const row = firsts.get(grant.name);
    if (row === undefined) throw unreadable('cluster_grant.name', 'is not there');
    return { ...clusterOf(row), name: grant.name, local: whole(row, 'is_local') === 1, grant };
  });
}

export function agentOf(row: Row): Agent {
  return {
    tenant: id('tenant', row, 'tenant'),
    id: id('agent', row, 'id'),
    cluster: id('cluster', row, 'cluster'),
    publicKey: text(row, 'public_key'),
    state: oneOf(row, 'state', ['pending', 'active', 'revoked'] as const),
    counter: whole(row, 'counter'),
    version: text(row, 'version'),
    createdAt: whole(row, 'created_at'),
    ...maybe('lastSeenAt', optionalWhole(row, 'last_seen_at')),
  };
}

function clusterRefOf(row: Row): ClusterRef {
  return { owner: id('tenant', row, 'cluster_tenant'), id: id('cluster', row, 'cluster') };
}

export function bundleHeadOf(row: Row): BundleHead {
  return {
    application: id('application', row, 'application'),
    cluster: clusterRefOf(row),
    sequence: whole(row, 'sequence'),
    run: id('run', row, 'run'),
    revision: whole(row, 'revision'),
    epoch: whole(row, 'epoch'),
    reportedSequence: whole(row, 'reported_sequence'),
    createdAt: whole(row, 'created_at'),
  };
}

/** What a bundle's envelope is sealed under; the one before moves with the row. */
export function bundleId(application: string, cluster: ClusterRef): string {
  return JSON.stringify([application, cluster.owner, cluster.id]);
}

export async function bundleOf(row: Row, sealer: Sealer): Promise<Bundle> {
  const head = bundleHeadOf(row);
  const open = async (column: string): Promise<string> => {
    const value = await sealer.open(
      'bundle.envelope',
      bundleId(head.application, head.cluster),
      text(row, column),
    );
    if (typeof value !== 'string') throw unreadable(column, 'is not text');
    return value;
  };
  const before = optionalWhole(row, 'previous_sequence');
  return {
    ...head,
    tenant: id('tenant', row, 'tenant'),
    envelope: await open('envelope'),
    objects: text(row, 'objects') as BlobAddress,
    ...maybe(
      'previous',
      before === undefined
        ? undefined
        : {
            sequence: before,
            envelope: await open('previous_envelope'),
            objects: text(row, 'previous_objects') as BlobAddress,
          },
    ),
  };
}

/** What the sealed columns of an inventory row are sealed under. */
export function inventoryId(application: string, cluster: ClusterRef, ref: string): string {
  return JSON.stringify([application, cluster.owner, cluster.id, ref]);
}

export async function inventoryOf(row: Row, sealer: Sealer): Promise<InventoryItem> {
  const cluster = clusterRefOf(row);
  const ref = text(row, 'ref');
  const open = async (column: string): Promise<Json | undefined> => {
    const sealed = optionalText(row, column);
    if (sealed === undefined) return undefined;
    return sealer.open(`inventory.${column}`, inventoryId(text(row, 'application'), cluster, ref), sealed);
  };
  const sentence = async (column: string): Promise<string> => {
    const value = (await open(column)) ?? '';
    if (typeof value !== 'string') throw unreadable(column, 'is not text');
    return value;
  };
  return {
    cluster,
    ref,
    apiVersion: text(row, 'api_version'),
    component: text(row, 'component'),
    wanted: oneOf(row, 'wanted', ['yes', 'leaving'] as const),
    sequence: whole(row, 'sequence'),
    sha256: text(row, 'sha256'),
    outcome: oneOf(row, 'outcome', ['pending', ...outcomes] as const),
    reason: oneOf(row, 'reason', ['', ...refusals] as const),
    message: await sentence('message'),
    health: oneOf(row, 'health', healths),
    healthMessage: await sentence('health_message'),
    ...maybe('drift', driftOf(await open('drift'))),
    reportedSequence: whole(row, 'reported_sequence'),
    ...maybe('reportedAt', optionalWhole(row, 'reported_at')),
  };
}

function driftOf(value: Json | undefined) {
  if (value === undefined) return undefined;
  const drift = driftSchema.safeParse(value);
  if (!drift.success) throw unreadable('drift', 'is no drift');
  return drift.data;
}

export async function inventoryDetailOf(row: Row, sealer: Sealer): Promise<InventoryDetail> {
  const item = await inventoryOf(row, sealer);
  const sealed = optionalText(row, 'live');
  if (sealed === undefined) return item;
  const live = await sealer.open(
    'inventory.live',
    inventoryId(text(row, 'application'), item.cluster, item.ref),
    sealed,
  );
  return { ...item, live: object(live, 'live') };
}
