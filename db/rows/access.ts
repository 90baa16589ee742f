/** Rows of tenants, keys, receivers, deliveries, plans and the audit, as the domain sees them. */
import type { PlanId } from '../../engine/ids.ts';
import type { Row } from '../drivers/driver.ts';
import {
  type ApiKey,
  type AuditRow,
  type Delivery,
  deliveryStates,
  type Plan,
  type PlanPart,
  type Receiver,
  type Tenant,
} from '../model/access.ts';
import type { Actor, ClusterRef, Json, Millis } from '../model/shared.ts';
import type { Sealer } from '../sealing.ts';
import {
  id,
  json,
  jsonObject,
  maybe,
  object,
  oneOf,
  optionalId,
  optionalText,
  optionalWhole,
  text,
  texts,
  unreadable,
  whole,
} from './read.ts';

export const visibilities = ['public', 'off'] as const;

export function tenantOf(row: Row): Tenant {
  return {
    id: id('tenant', row, 'id'),
    name: text(row, 'name'),
    displayName: text(row, 'display_name'),
    statusDefault: oneOf(row, 'status_default', visibilities),
    settings: jsonObject(row, 'settings'),
    ...maybe('localCluster', localCluster(row)),
    resourceVersion: whole(row, 'resource_version'),
    createdAt: whole(row, 'created_at'),
    updatedAt: whole(row, 'updated_at'),
  };
}

function localCluster(row: Row): ClusterRef | undefined {
  const owner = optionalId('tenant', row, 'local_cluster_tenant');
  const cluster = optionalId('cluster', row, 'local_cluster');
  return owner === undefined || cluster === undefined ? undefined : { owner, id: cluster };
}

export function keyOf(row: Row): ApiKey {
  return {
    tenant: id('tenant', row, 'tenant'),
    id: id('key', row, 'id'),
    name: text(row, 'name'),
    subject: {
      kind: text(row, 'subject_kind'),
      id: text(row, 'subject_id'),
      roles: texts(json(row, 'roles'), 'roles'),
    },
    scopes: texts(json(row, 'scopes'), 'scopes'),
    hint: text(row, 'hint'),
    createdAt: whole(row, 'created_at'),
    ...maybe('expiresAt', optionalWhole(row, 'expires_at')),
    ...maybe('revokedAt', optionalWhole(row, 'revoked_at')),
    ...maybe('lastUsedAt', optionalWhole(row, 'last_used_at')),
  };
}

export function auditOf(row: Row): AuditRow {
  return {
    seq: whole(row, 'seq'),
    at: whole(row, 'at'),
    actor: actorOf(row),
    action: text(row, 'action'),
    subjectKind: text(row, 'subject_kind'),
    subject: text(row, 'subject'),
    detail: jsonObject(row, 'detail'),
    sealed: optionalText(row, 'seal') !== undefined,
  };
}

function actorOf(row: Row): Actor {
  const kind = oneOf(row, 'actor_kind', ['key', 'agent', 'receiver', 'operator', 'system'] as const);
  switch (kind) {
    case 'key':
    case 'agent':
    case 'receiver':
      // one of three ids, each checked for the kind that was just read
      return { kind, id: id(kind, row, 'actor_id') } as Actor;
    case 'operator':
    case 'system':
      return { kind, id: text(row, 'actor_id') };
    default:
      throw unreadable('actor_kind', kind satisfies never);
  }
}

export function receiverOf(row: Row): Receiver {
  return {
    id: id('receiver', row, 'id'),
    name: text(row, 'name'),
    kind: oneOf(row, 'kind', ['github'] as const),
    repository: text(row, 'repository'),
    ref: text(row, 'ref'),
    path: text(row, 'path'),
    namespace: text(row, 'namespace'),
    resourceVersion: whole(row, 'resource_version'),
    createdAt: whole(row, 'created_at'),
    updatedAt: whole(row, 'updated_at'),
  };
}

export async function deliveryOf(row: Row, sealer: Sealer): Promise<Delivery> {
  const problem = optionalText(row, 'problem');
  const delivery = id('delivery', row, 'id');
  return {
    id: delivery,
    receiver: id('receiver', row, 'receiver'),
    deliveryId: text(row, 'delivery_id'),
    event: text(row, 'event'),
    state: oneOf(row, 'state', deliveryStates),
    attempt: whole(row, 'attempt'),
    ...maybe('replayOf', optionalId('delivery', row, 'replay_of')),
    ...maybe('commit', optionalText(row, 'commit_id')),
    runs: texts(json(row, 'runs'), 'runs').map((run) => id('run', { run }, 'run')),
    ...maybe(
      'problem',
      problem === undefined
        ? undefined
        : object(await sealer.open('delivery.problem', delivery, problem), 'problem'),
    ),
    receivedAt: whole(row, 'received_at'),
    ...maybe('finishedAt', optionalWhole(row, 'finished_at')),
  };
}

const partStates = ['pending', 'ready', 'failed'] as const;

/** An unswept plan past its time is expired, whatever its row says. */
export async function planOf(
  row: Row,
  parts: readonly Row[],
  { sealer, now }: { readonly sealer: Sealer; readonly now: Millis },
): Promise<Plan> {
  const plan = id('plan', row, 'id');
  const expiresAt = whole(row, 'expires_at');
  const state = oneOf(row, 'state', partStates);
  return {
    id: plan,
    state: expiresAt <= now ? 'expired' : state,
    request: await sealer.open('plan.request', plan, text(row, 'request')),
    parts: await Promise.all(parts.map((part) => planPartOf(part, sealer))),
    createdAt: whole(row, 'created_at'),
    expiresAt,
  };
}

async function planPartOf(row: Row, sealer: Sealer): Promise<PlanPart> {
  const cluster = id('cluster', row, 'cluster');
  const { id: plan, request } = await planRequestOf(row, sealer);
  const result = optionalText(row, 'result');
  const opened =
    result === undefined ? undefined : await sealer.open('plan_part.result', `${plan}/${cluster}`, result);
  return { cluster, state: oneOf(row, 'state', partStates), request, ...maybe('result', opened) };
}

export async function planRequestOf(row: Row, sealer: Sealer): Promise<{ id: PlanId; request: Json }> {
  const plan = id('plan', row, 'plan');
  const sealedAs = `${plan}/${id('cluster', row, 'cluster')}`;
  return { id: plan, request: await sealer.open('plan_part.request', sealedAs, text(row, 'request')) };
}
