import { sql } from 'drizzle-orm';
import type { ClusterId } from '../../engine/ids.ts';
import { auditRow, type Context } from '../context.ts';
import type { Row } from '../drivers/driver.ts';
import { newWriteId } from '../ids.ts';
import type { Agent, Cluster } from '../model/cluster.ts';
import type { Millis } from '../model/shared.ts';
import { agentOf, clusterOf } from '../rows/cluster.ts';
import { id, optionalText, text, whole } from '../rows/read.ts';
import { insert, stamped } from '../statement.ts';
import type { AgentRepository, Enrolment } from '../stores-cluster.ts';
import { shard } from './tenant.ts';

/** A beat is written at most this often. */
const noteBeatMs = 30_000;

export function agentRepository(context: Context): AgentRepository {
  const { tenant, driver } = context;
  return {
    async get(agent) {
      const [row] = await driver.all(sql`SELECT * FROM agent WHERE tenant = ${tenant} AND id = ${agent}`);
      return row === undefined ? undefined : agentOf(row);
    },
    async ofCluster(cluster) {
      const rows = await driver.all(
        sql`SELECT * FROM agent WHERE tenant = ${tenant} AND cluster = ${cluster} ORDER BY id`,
      );
      return rows.map(agentOf);
    },
    enrol: (enrolment, now) => enrol(context, enrolment, now),
    async acceptCounter(agent, counter) {
      const [won] = await driver.batch([
        sql`UPDATE agent SET counter = ${counter} WHERE tenant = ${tenant} AND id = ${agent} AND counter < ${counter}
          AND state <> 'revoked'`,
      ]);
      return won?.changes === 1;
    },
    async seen(agent, now, said) {
      const version = said.version ?? null;
      const kubernetes = said.kubernetes === undefined ? null : JSON.stringify(said.kubernetes);
      const capabilities = said.capabilities === undefined ? null : JSON.stringify(said.capabilities);
      const late = now - noteBeatMs;
      await driver.batch([
        sql`UPDATE agent SET last_seen_at = ${now}, version = COALESCE(${version}, version)
          WHERE tenant = ${tenant} AND id = ${agent}
            AND (last_seen_at IS NULL OR last_seen_at <= ${late} OR version <> COALESCE(${version}, version))`,
        sql`UPDATE cluster SET last_seen_at = ${now}, kubernetes = COALESCE(${kubernetes}, kubernetes),
          capabilities = COALESCE(${capabilities}, capabilities)
          WHERE tenant = ${tenant} AND id = (SELECT cluster FROM agent WHERE tenant = ${tenant} AND id = ${agent}
            AND state = 'active') AND (last_seen_at IS NULL OR last_seen_at <= ${late}
            OR kubernetes <> COALESCE(${kubernetes}, kubernetes) OR capabilities <> COALESCE(${capabilities}, capabilities))`,
      ]);
    },
    async revoke(actor, agent) {
      const writeId = newWriteId();
      const held = stamped('agent', { tenant, id: agent }, writeId);
      const [won] = await driver.batch([
        sql`UPDATE agent SET state = 'revoked', write_id = ${writeId} WHERE tenant = ${tenant} AND id = ${agent}
          AND state <> 'revoked'`,
        ...auditRow(context, { actor, action: 'agent.revoke', subjectKind: 'agent', subject: agent }, held),
      ]);
      return won?.changes === 1;
    },
  };
}

async function enrol(
  context: Context,
  asked: Enrolment,
  now: Millis,
): Promise<{ readonly agent: Agent; readonly cluster: Cluster } | undefined> {
  const { tenant, driver } = context;
  const token = sql`SELECT * FROM enrolment WHERE tenant = ${tenant} AND token_hash = ${asked.tokenHash}`;
  const [row] = await driver.all(token);
  if (row === undefined) return undefined;
  if (optionalText(row, 'agent') === undefined && whole(row, 'expires_at') > now) {
    await useToken(context, asked, { cluster: id('cluster', row, 'cluster'), now });
  }
  // whoever used it, this request or another one: the same key is answered with the agent that was made
  const [used, agents, clusters] = await driver.batch([
    token,
    sql`SELECT a.* FROM agent a JOIN enrolment e ON e.tenant = a.tenant AND e.agent = a.id
      WHERE e.tenant = ${tenant} AND e.token_hash = ${asked.tokenHash}`,
    sql`SELECT c.* FROM cluster c JOIN enrolment e ON e.tenant = c.tenant AND e.cluster = c.id
      WHERE e.tenant = ${tenant} AND e.token_hash = ${asked.tokenHash}`,
  ]);
  const rows: readonly (Row | undefined)[] = [used?.rows[0], agents?.rows[0], clusters?.rows[0]];
  const [enrolment, agent, cluster] = rows;
  if (enrolment === undefined || agent === undefined || cluster === undefined) return undefined;
  return text(enrolment, 'public_key') === asked.publicKey
    ? { agent: agentOf(agent), cluster: clusterOf(cluster) }
    : undefined;
}

async function useToken(
  context: Context,
  asked: Enrolment,
  { cluster, now }: { cluster: ClusterId; now: Millis },
): Promise<void> {
  const { tenant } = context;
  const writeId = newWriteId();
  const held = stamped('enrolment', { tenant, token_hash: asked.tokenHash }, writeId);
  const agent = {
    tenant,
    id: asked.agent,
    cluster,
    public_key: asked.publicKey,
    state: 'pending',
    counter: 0,
    version: asked.version,
    write_id: writeId,
    created_at: now,
    last_seen_at: undefined,
  };
  const actor = { kind: 'agent', id: asked.agent } as const;
  const detail = { agent: asked.agent };
  await context.driver.batch([
    sql`UPDATE enrolment SET used_at = ${now}, agent = ${asked.agent}, public_key = ${asked.publicKey},
      write_id = ${writeId} WHERE tenant = ${tenant} AND token_hash = ${asked.tokenHash} AND used_at IS NULL
        AND expires_at > ${now}`,
    insert('agent', agent, held),
    insert('directory', { kind: 'agent', id: asked.agent, tenant, shard, target: cluster }, held),
    sql`UPDATE cluster SET state = CASE WHEN state = 'awaiting' THEN 'pending' ELSE state END,
      kubernetes = ${JSON.stringify(asked.kubernetes)}, resource_version = resource_version + 1
      WHERE tenant = ${tenant} AND id = ${cluster} AND state IN ('awaiting', 'pending') AND ${held}`,
    ...auditRow(
      context,
      { actor, action: 'agent.enrol', subjectKind: 'cluster', subject: cluster, detail },
      held,
    ),
  ]);
}
