/**
 * New versions of definitions, as many as come together: few statements for all of them, since a Worker may send a
 * thousand in one request and an archive holds hundreds of definitions.
 */
import { type SQL, sql } from 'drizzle-orm';
import type { Fault } from '../../engine/fault.ts';
import { type Context, preconditionFailed, taken } from '../context.ts';
import type { Row } from '../drivers/driver.ts';
import { newWriteId } from '../ids.ts';
import type { Definition, DefinitionKey, PutDefinition } from '../model/application.ts';
import type { Actor } from '../model/shared.ts';
import { definitionHeadOf, definitionId } from '../rows/application.ts';
import { optionalWhole, whole } from '../rows/read.ts';
import { assertHeld, inParts, jsonRows } from '../statement.ts';

export type PreparedDefinition =
  | {
      readonly kind: 'put';
      readonly definition: Definition;
      readonly outcome: 'created' | 'revised' | 'unchanged';
    }
  | { readonly kind: 'refused'; readonly fault: Fault };

export interface PreparedDefinitions {
  /** Of each put, in its order. */
  readonly results: readonly PreparedDefinition[];
  /** For the batch; they break it when another put came first. Nothing of what is refused. */
  readonly statements: readonly SQL[];
}

/**
 * Reads what is there and makes the statements that follow it. Refused with `request.precondition` (expect) or
 * `resource.conflict`: the version exists with other content, or an earlier one of the puts is of the same definition.
 */
export async function prepareDefinitions(
  context: Context,
  actor: Actor,
  puts: readonly PutDefinition[],
): Promise<PreparedDefinitions> {
  if (puts.length === 0) return { results: [], statements: [] };
  const last = await lastRows(context, puts);
  const decided = puts.map((put, index): Decision => {
    const first = puts.findIndex((other) => textOf(other) === textOf(put)) === index;
    if (!first) return { kind: 'refused', fault: taken(`${put.kind} "${put.name}" is there twice.`) };
    return decide(put, last.get(textOf(put)), context.clock.now());
  });
  const fresh = decided.flatMap((one) =>
    one.kind === 'put' && one.outcome !== 'unchanged' ? [one.definition] : [],
  );
  const present = await presentVersions(context, fresh);
  const results = decided.map((one): Decision => {
    if (one.kind === 'refused' || one.outcome === 'unchanged') return one;
    const { name, version, source, contentHash } = one.definition;
    const same = present.get(versionText(one.definition));
    if (same === undefined) return one;
    if (same.contentHash === contentHash)
      return { kind: 'put', definition: { ...same, source }, outcome: 'unchanged' };
    return { kind: 'refused', fault: taken(`Version ${version} of ${name} exists with other content.`) };
  });
  const stored = results.flatMap((one) =>
    one.kind === 'put' && one.outcome !== 'unchanged' ? [one.definition] : [],
  );
  return { results, statements: stored.length === 0 ? [] : await putStatements(context, actor, stored) };
}

type Decision = PreparedDefinition;

const textOf = ({ kind, namespace, name }: DefinitionKey): string => JSON.stringify([kind, namespace, name]);
const versionText = (one: DefinitionKey & { readonly version: string }): string =>
  JSON.stringify([textOf(one), one.version]);

function decide(put: PutDefinition, row: Row | undefined, now: number): Decision {
  const { kind, namespace, name, format, source, contentHash } = put;
  const live =
    row === undefined || optionalWhole(row, 'deleted_at') !== undefined ? undefined : definitionHeadOf(row);
  if (put.expect !== undefined && put.expect !== (live?.contentHash ?? 'none'))
    return { kind: 'refused', fault: preconditionFailed('The definition') };
  const sameVersion = put.version === undefined || put.version === live?.version;
  if (live !== undefined && live.contentHash === contentHash && sameVersion)
    return { kind: 'put', definition: { ...live, source }, outcome: 'unchanged' };
  const sequence = row === undefined ? 1 : whole(row, 'sequence') + 1;
  const version = put.version ?? String(sequence);
  return {
    kind: 'put',
    definition: { kind, namespace, name, version, sequence, format, source, contentHash, createdAt: now },
    outcome: live === undefined ? 'created' : 'revised',
  };
}

const keyColumns = { kind: 'text', namespace: 'text', name: 'text' } as const;
/** Without the source, which may be large. */
const heads = sql`d.kind, d.namespace, d.name, d.version, d.sequence, d.format, d.content_hash, d.created_at, d.deleted_at`;
const sameName = sql`d.kind = v.kind AND d.namespace = v.namespace AND d.name = v.name`;

/** The row with the highest sequence of each, also of one that was deleted, without its source. */
async function lastRows(
  { tenant, driver }: Context,
  puts: readonly PutDefinition[],
): Promise<ReadonlyMap<string, Row>> {
  const keys = puts.map(({ kind, namespace, name }) => ({ kind, namespace, name }));
  const rows = await driver.all(
    sql`SELECT ${heads} FROM ${jsonRows(driver.dialect, keys, keyColumns)} JOIN definition d ON d.tenant = ${tenant} AND ${sameName}
      WHERE NOT EXISTS (SELECT 1 FROM definition h WHERE h.tenant = d.tenant AND h.kind = d.kind
        AND h.namespace = d.namespace AND h.name = d.name AND h.sequence > d.sequence)`,
  );
  return new Map(rows.map((row) => [textOf(definitionHeadOf(row)), row]));
}

/** Those of these versions that are there and not deleted. */
async function presentVersions(
  { tenant, driver }: Context,
  made: readonly Definition[],
): Promise<ReadonlyMap<string, Omit<Definition, 'source'>>> {
  if (made.length === 0) return new Map();
  const wanted = made.map(({ kind, namespace, name, version }) => ({ kind, namespace, name, version }));
  const rows = await driver.all(
    sql`SELECT ${heads} FROM ${jsonRows(driver.dialect, wanted, { ...keyColumns, version: 'text' })}
      JOIN definition d ON d.tenant = ${tenant} AND ${sameName} AND d.version = v.version
      WHERE d.deleted_at IS NULL`,
  );
  return new Map(rows.map(definitionHeadOf).map((head) => [versionText(head), head]));
}

async function putStatements(
  context: Context,
  actor: Actor,
  made: readonly Definition[],
): Promise<readonly SQL[]> {
  const { tenant, driver } = context;
  const writeId = newWriteId();
  const rows = await sealedRows(context, made);
  const places = made.map(({ kind, namespace, name, sequence }) => ({ kind, namespace, name, sequence }));
  const held = sql`(SELECT count(*) FROM ${jsonRows(driver.dialect, places, { ...keyColumns, sequence: 'whole' })}
    JOIN definition d ON d.tenant = ${tenant} AND ${sameName} AND d.sequence = v.sequence
    WHERE d.write_id = ${writeId}) = ${made.length}`;
  const inserts = inParts(rows).map((part) => insertStatement(context, part, writeId));
  return [...inserts, ...auditStatements(context, actor, made, held), assertHeld(tenant, held)];
}

interface SealedRow {
  readonly [column: string]: string | number;
}

async function sealedRows(context: Context, made: readonly Definition[]): Promise<readonly SealedRow[]> {
  const sealer = await context.sealer();
  return Promise.all(
    made.map(async (one) => ({
      kind: one.kind,
      namespace: one.namespace,
      name: one.name,
      version: one.version,
      sequence: one.sequence,
      format: one.format,
      source: await sealer.seal('definition.source', definitionId(one), one.source),
      content_hash: one.contentHash,
      created_at: one.createdAt,
    })),
  );
}

function insertStatement({ tenant, driver }: Context, rows: readonly SealedRow[], writeId: string): SQL {
  const columns = {
    ...keyColumns,
    version: 'text',
    sequence: 'whole',
    format: 'text',
    source: 'text',
    content_hash: 'text',
    created_at: 'whole',
  } as const;
  const names = Object.keys(columns);
  return sql`INSERT INTO definition (tenant, write_id, ${sql.raw(names.join(', '))})
    SELECT ${tenant}, ${writeId}, ${sql.raw(names.map((name) => `v.${name}`).join(', '))}
    FROM ${jsonRows(driver.dialect, rows, columns)}
    WHERE NOT EXISTS (SELECT 1 FROM definition d WHERE d.tenant = ${tenant} AND ${sameName} AND d.sequence >= v.sequence)`;
}

/** A row a definition, their numbers taken at once. */
function auditStatements(
  context: Context,
  actor: Actor,
  made: readonly Definition[],
  held: SQL,
): readonly SQL[] {
  const { tenant, driver, clock } = context;
  const rows = made.map(({ kind, namespace, name, version, contentHash }, index) => ({
    place: index + 1,
    at: clock.now(),
    subject: `${kind}/${namespace}/${name}`,
    detail: JSON.stringify({ version, contentHash }),
  }));
  const columns = { place: 'whole', at: 'whole', subject: 'text', detail: 'text' } as const;
  return [
    sql`UPDATE tenant SET audit_seq = audit_seq + ${made.length} WHERE id = ${tenant} AND ${held}`,
    sql`INSERT INTO audit (tenant, seq, at, actor_kind, actor_id, action, subject_kind, subject, detail)
      SELECT ${tenant}, (SELECT audit_seq FROM tenant WHERE id = ${tenant}) - ${made.length} + v.place, v.at,
        ${actor.kind}, ${actor.id}, 'definition.put', 'definition', v.subject, v.detail
      FROM ${jsonRows(driver.dialect, rows, columns)} WHERE ${held}`,
  ];
}
