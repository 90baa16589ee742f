import { type SQL, sql } from 'drizzle-orm';
import { Fault } from '../../engine/fault.ts';
import { auditRow, type Context, preconditionFailed, untilWon } from '../context.ts';
import { pageLimit, readCursor, writePage } from '../cursor.ts';
import { newWriteId } from '../ids.ts';
import type { Definition, DefinitionKey } from '../model/application.ts';
import { definitionHeadOf, definitionKinds, definitionOf } from '../rows/application.ts';
import { oneOf, text } from '../rows/read.ts';
import type { DefinitionRepository } from '../stores-application.ts';
import { prepareDefinitions } from './put-definitions.ts';

/** Of one `putAll`: what one batch can hold in any store. */
const maxTogether = 100;

const keyed = (tenant: string, key: DefinitionKey): SQL =>
  sql`tenant = ${tenant} AND kind = ${key.kind} AND namespace = ${key.namespace} AND name = ${key.name}`;

/** The rows that no higher sequence follows. */
const newest = sql`deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM definition h WHERE h.tenant = definition.tenant
  AND h.kind = definition.kind AND h.namespace = definition.namespace AND h.name = definition.name
  AND h.sequence > definition.sequence)`;

/** D1 binds at most 100 parameters to a statement. */
const listOf = (values: readonly string[]): SQL =>
  sql.join(
    values.slice(0, 48).map((value) => sql`${value}`),
    sql`, `,
  );

export function definitionRepository(context: Context): DefinitionRepository {
  const { tenant, driver, clock } = context;
  const first = async (where: SQL): Promise<Definition | undefined> => {
    const [row] = await driver.all(
      sql`SELECT * FROM definition WHERE ${where} ORDER BY sequence DESC LIMIT 1`,
    );
    return row === undefined ? undefined : definitionOf(row, await context.sealer());
  };
  const opened = async (statement: SQL): Promise<readonly Definition[]> => {
    const rows = await driver.all(statement);
    if (rows.length === 0) return [];
    const sealer = await context.sealer();
    return Promise.all(rows.map((row) => definitionOf(row, sealer)));
  };
  return {
    get: (key, version) =>
      first(
        version === undefined
          ? sql`${keyed(tenant, key)} AND deleted_at IS NULL`
          : sql`${keyed(tenant, key)} AND deleted_at IS NULL AND version = ${version}`,
      ),
    byContentHash: (key, contentHash) => first(sql`${keyed(tenant, key)} AND content_hash = ${contentHash}`),
    async versions(key) {
      const rows = await driver.all(
        sql`SELECT * FROM definition WHERE ${keyed(tenant, key)} AND deleted_at IS NULL ORDER BY sequence DESC LIMIT 1000`,
      );
      return rows.map(definitionHeadOf);
    },
    async list(filter, page) {
      const sealer = await context.sealer();
      const listing = {
        list: 'definitions',
        filter: { kind: filter.kind ?? '', namespace: filter.namespace ?? '', also: filter.also ?? null },
      };
      const [kind, namespace, name] = (await readCursor(sealer, listing, page)) ?? ['', '', ''];
      const limit = pageLimit(page);
      const ofKind = filter.kind === undefined ? sql`` : sql`AND kind = ${filter.kind}`;
      const ofNamespace = filter.namespace === undefined ? sql`` : sql`AND namespace = ${filter.namespace}`;
      const rows = await driver.all(
        sql`SELECT * FROM definition WHERE tenant = ${tenant} AND (kind, namespace, name) > (${kind}, ${namespace}, ${name})
          AND ${newest} ${ofKind} ${ofNamespace} ORDER BY kind, namespace, name LIMIT ${limit + 1}`,
      );
      return writePage(sealer, listing, rows, {
        limit,
        item: (row) => definitionOf(row, sealer),
        keyset: (row) => [text(row, 'kind'), text(row, 'namespace'), text(row, 'name')],
      });
    },
    async names(namespace) {
      const rows = await driver.all(
        sql`SELECT DISTINCT kind, name FROM definition WHERE tenant = ${tenant} AND namespace = ${namespace}
          AND deleted_at IS NULL`,
      );
      return rows.map((row) => ({ kind: oneOf(row, 'kind', definitionKinds), name: text(row, 'name') }));
    },
    async registry(namespaces) {
      if (namespaces.length === 0) return [];
      return opened(
        sql`SELECT * FROM definition WHERE tenant = ${tenant} AND namespace IN (${listOf(namespaces)}) AND ${newest}
          ORDER BY kind, namespace, name`,
      );
    },
    async versionsOf(namespaces, names) {
      if (namespaces.length === 0 || names.length === 0) return [];
      return opened(
        sql`SELECT * FROM definition WHERE tenant = ${tenant} AND namespace IN (${listOf(namespaces)})
          AND name IN (${listOf(names)}) AND deleted_at IS NULL ORDER BY sequence DESC, kind, namespace, name LIMIT 1000`,
      );
    },
    put: (actor, definition) =>
      untilWon(async () => {
        const { results, statements } = await prepareDefinitions(context, actor, [definition]);
        const [result] = results;
        if (result?.kind === 'refused') throw result.fault;
        if (statements.length > 0) await driver.batch(statements);
        return result;
      }),
    putAll(actor, definitions) {
      if (definitions.length > maxTogether)
        throw new Fault('request.too_large', `At most ${maxTogether} definitions are put at once.`);
      return untilWon(async () => {
        const { results, statements } = await prepareDefinitions(context, actor, definitions);
        if (statements.length > 0) await driver.batch(statements);
        return results;
      });
    },
    async delete(actor, key, expect) {
      const writeId = newWriteId();
      const subject = `${key.kind}/${key.namespace}/${key.name}`;
      const held = sql`EXISTS (SELECT 1 FROM definition WHERE ${keyed(tenant, key)} AND write_id = ${writeId})`;
      const unchanged =
        expect === undefined
          ? sql`1 = 1`
          : sql`EXISTS (SELECT 1 FROM (SELECT * FROM definition WHERE ${keyed(tenant, key)} AND ${newest}) AS n
              WHERE n.content_hash = ${expect})`;
      const [found, won] = await driver.batch([
        sql`SELECT 1 AS found FROM definition WHERE ${keyed(tenant, key)} AND deleted_at IS NULL LIMIT 1`,
        sql`UPDATE definition SET deleted_at = ${clock.now()}, write_id = ${writeId}
          WHERE ${keyed(tenant, key)} AND deleted_at IS NULL AND ${unchanged}`,
        ...auditRow(
          context,
          { actor, action: 'definition.delete', subjectKind: 'definition', subject },
          held,
        ),
      ]);
      if ((won?.changes ?? 0) > 0) return true;
      if ((found?.rows.length ?? 0) > 0) throw preconditionFailed('The definition');
      return false;
    },
  };
}
