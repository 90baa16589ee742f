import { type SQL, sql } from 'drizzle-orm';
import { auditRow, type Context, preconditionFailed, taken, untilWon } from '../context.ts';
import { pageLimit, readCursor, writePage } from '../cursor.ts';
import { newWriteId } from '../ids.ts';
import type { Definition, DefinitionKey, PutDefinition } from '../model/application.ts';
import type { Actor } from '../model/shared.ts';
import { definitionHeadOf, definitionId, definitionOf } from '../rows/application.ts';
import { optionalWhole, text, whole } from '../rows/read.ts';
import { assertHeld, insert, stamped } from '../statement.ts';
import type { DefinitionRepository } from '../stores-application.ts';

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

export interface PreparedDefinition {
  readonly definition: Definition;
  readonly outcome: 'created' | 'revised' | 'unchanged';
  /** For the batch; it breaks the batch when another put came first. */
  readonly statements: readonly SQL[];
}

/** Reads what is there and makes the statements that follow it. Faults of `put`. */
export async function prepareDefinition(
  context: Context,
  actor: Actor,
  put: PutDefinition,
): Promise<PreparedDefinition> {
  const { tenant, driver } = context;
  const key: DefinitionKey = { kind: put.kind, namespace: put.namespace, name: put.name };
  const [last, named] = await Promise.all([
    driver.all(sql`SELECT * FROM definition WHERE ${keyed(tenant, key)} ORDER BY sequence DESC LIMIT 1`),
    put.version === undefined
      ? []
      : driver.all(sql`SELECT * FROM definition WHERE ${keyed(tenant, key)} AND version = ${put.version}
          AND deleted_at IS NULL`),
  ]);
  const [row] = last;
  const live =
    row === undefined || optionalWhole(row, 'deleted_at') !== undefined ? undefined : definitionHeadOf(row);
  if (put.expect !== undefined && put.expect !== (live?.contentHash ?? 'none'))
    throw preconditionFailed('The definition');
  const sameVersion = put.version === undefined || put.version === live?.version;
  if (live !== undefined && live.contentHash === put.contentHash && sameVersion) {
    return { definition: { ...live, source: put.source }, outcome: 'unchanged', statements: [] };
  }
  if (named.length > 0) throw taken(`Version ${put.version} of ${put.name} exists with other content.`);
  const sequence = row === undefined ? 1 : whole(row, 'sequence') + 1;
  const version = put.version ?? String(sequence);
  const definition: Definition = {
    ...key,
    version,
    sequence,
    format: put.format,
    source: put.source,
    contentHash: put.contentHash,
    createdAt: context.clock.now(),
  };
  return {
    definition,
    outcome: live === undefined ? 'created' : 'revised',
    statements: await versionStatements(context, actor, definition),
  };
}

async function versionStatements(context: Context, actor: Actor, made: Definition): Promise<readonly SQL[]> {
  const { tenant } = context;
  const writeId = newWriteId();
  const key = {
    tenant,
    kind: made.kind,
    namespace: made.namespace,
    name: made.name,
    sequence: made.sequence,
  };
  const row = {
    ...key,
    version: made.version,
    format: made.format,
    source: await (await context.sealer()).seal('definition.source', definitionId(made), made.source),
    content_hash: made.contentHash,
    write_id: writeId,
    created_at: made.createdAt,
    deleted_at: undefined,
  };
  const follows = sql`NOT EXISTS (SELECT 1 FROM definition WHERE ${keyed(tenant, made)} AND sequence >= ${made.sequence})`;
  const held = stamped('definition', key, writeId);
  const subject = `${made.kind}/${made.namespace}/${made.name}`;
  const detail = { version: made.version, contentHash: made.contentHash };
  return [
    insert('definition', row, follows),
    ...auditRow(
      context,
      { actor, action: 'definition.put', subjectKind: 'definition', subject, detail },
      held,
    ),
    assertHeld(tenant, held),
  ];
}

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
        filter: { kind: filter.kind ?? '', namespace: filter.namespace ?? '' },
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
        item: definitionHeadOf,
        keyset: (row) => [text(row, 'kind'), text(row, 'namespace'), text(row, 'name')],
      });
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
        const prepared = await prepareDefinition(context, actor, definition);
        if (prepared.statements.length > 0) await driver.batch(prepared.statements);
        return { definition: prepared.definition, outcome: prepared.outcome };
      }),
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
