import { type SQL, sql } from 'drizzle-orm';
import type { TenantId } from '../engine/ids.ts';
import type { Driver, Row } from './drivers/driver.ts';
import { keyOf } from './rows/access.ts';
import { statusOf } from './rows/application.ts';
import { agentOf, clusterOf } from './rows/cluster.ts';
import { id } from './rows/read.ts';
import type { DirectoryKind } from './schema/tables.ts';
import type { Directory } from './stores.ts';

export function directory(driver: Driver): Directory {
  const first = async (statement: SQL): Promise<Row | undefined> => (await driver.all(statement))[0];
  const tenantOf = async (kind: DirectoryKind, key: string): Promise<TenantId | undefined> => {
    const row = await first(sql`SELECT tenant FROM directory WHERE kind = ${kind} AND id = ${key}`);
    return row === undefined ? undefined : id('tenant', row, 'tenant');
  };
  return {
    async key(hash, now) {
      const row = await first(
        sql`SELECT k.* FROM directory d JOIN api_key k ON k.tenant = d.tenant AND k.id = d.target
          WHERE d.kind = 'key' AND d.id = ${hash} AND k.hash = ${hash} AND k.revoked_at IS NULL
            AND (k.expires_at IS NULL OR k.expires_at > ${now})`,
      );
      return row === undefined ? undefined : { tenant: id('tenant', row, 'tenant'), key: keyOf(row) };
    },
    receiver: (receiver) => tenantOf('receiver', receiver),
    async status(status) {
      const row = await first(
        sql`SELECT s.* FROM directory d JOIN status s ON s.tenant = d.tenant AND s.id = d.id
          JOIN application a ON a.tenant = s.tenant AND a.uid = s.application
          WHERE d.kind = 'status' AND d.id = ${status} AND s.visibility = 'public' AND a.removed_at IS NULL`,
      );
      return row === undefined ? undefined : { ...statusOf(row), tenant: id('tenant', row, 'tenant') };
    },
    async agent(agent) {
      const [found, cluster] = await driver.batch([
        sql`SELECT a.* FROM directory d JOIN agent a ON a.tenant = d.tenant AND a.id = d.id
          WHERE d.kind = 'agent' AND d.id = ${agent}`,
        sql`SELECT c.* FROM directory d JOIN agent a ON a.tenant = d.tenant AND a.id = d.id
          JOIN cluster c ON c.tenant = a.tenant AND c.id = a.cluster WHERE d.kind = 'agent' AND d.id = ${agent}`,
      ]);
      const [row, itsCluster] = [found?.rows[0], cluster?.rows[0]];
      return row === undefined || itsCluster === undefined
        ? undefined
        : { agent: agentOf(row), cluster: clusterOf(itsCluster) };
    },
    enrolment: (tokenHash) => tenantOf('enrolment', tokenHash),
    tenantByName: (name) => tenantOf('tenant', name),
  };
}
