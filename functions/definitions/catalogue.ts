/** A tenant's own definitions and the stock ones as one list. */
import type {
  DefinitionKind,
  LabelRequirement,
  Definition as StoredDefinition,
} from '../../db/model/application.ts';
import { engineKind, readDefinition, storedKind } from '../../db/submission/registry.ts';
import type { Definition } from '../../engine/definitions/definition.ts';
import { aliasAnnotation, deprecatedLabel } from '../../engine/definitions/definition.ts';
import { Fault } from '../../engine/fault.ts';
import type { Deps } from '../deps.ts';
import type { Principal } from '../middleware/request-context.ts';
import { definitionKindParam } from './schema.ts';

export interface Entry {
  readonly kind: DefinitionKind;
  readonly namespace: string;
  readonly name: string;
  readonly version: string;
  readonly origin: 'stock' | 'tenant';
  readonly definition: Definition;
}

export interface CatalogueQuery {
  readonly kind?: DefinitionKind | undefined;
  readonly namespace?: string | undefined;
  readonly origin?: 'stock' | 'tenant' | undefined;
  readonly deprecated?: boolean | undefined;
  readonly labels?: readonly LabelRequirement[] | undefined;
  /** All of these words, in name, alias or description. */
  readonly q?: string | undefined;
}

export interface CataloguePage {
  readonly items: readonly Entry[];
  readonly next?: string;
}

const stockCursor = /^stock\.(\d{1,6})$/;
/** Own definitions that a search looks at for one page. */
const maxReads = 8;

/** One page: the tenant's own definitions by kind, namespace and name, then the stock ones. Fault `request.malformed`. */
export async function cataloguePage(
  deps: Deps,
  principal: Principal,
  query: CatalogueQuery,
  page: { readonly limit: number; readonly cursor?: string | undefined },
): Promise<CataloguePage> {
  const stock = stockEntries(deps, query);
  const after = page.cursor === undefined ? null : stockCursor.exec(page.cursor);
  if (after !== null) return stockPage(stock, Number(after[1]), page.limit, []);
  if (query.origin === 'stock') {
    if (page.cursor !== undefined) throw new Fault('request.malformed', 'The cursor is not of this list.');
    return stockPage(stock, 0, page.limit, []);
  }
  const own: Entry[] = [];
  let { cursor } = page;
  for (let reads = 0; own.length < page.limit && reads < maxReads; reads++) {
    const read = await ownPage(deps, principal, query, { limit: page.limit - own.length, cursor });
    own.push(...read.items);
    cursor = read.next;
    if (cursor === undefined) return stockPage(query.origin === 'tenant' ? [] : stock, 0, page.limit, own);
  }
  return { items: own, ...(cursor === undefined ? {} : { next: cursor }) };
}

/** The stock entries from `offset`, behind what the page holds already. */
function stockPage(
  stock: readonly Entry[],
  offset: number,
  limit: number,
  before: readonly Entry[],
): CataloguePage {
  const end = offset + limit - before.length;
  const items = [...before, ...stock.slice(offset, end)];
  return { items, ...(end < stock.length ? { next: `stock.${end}` } : {}) };
}

function stockEntries({ submissions }: Deps, query: CatalogueQuery): readonly Entry[] {
  const kinds = query.kind === undefined ? definitionKindParam.options : [query.kind];
  const entries = kinds.flatMap((kind) =>
    [...submissions.stock.names(engineKind[kind])].sort().flatMap((name) => {
      const definition = submissions.stock.find(engineKind[kind], name);
      return definition === null ? [] : [stockEntry(definition)];
    }),
  );
  return entries.filter((entry) => matches(entry, query));
}

export const stockEntry = (definition: Definition): Entry => ({
  kind: storedKind[definition.kind],
  namespace: definition.namespace,
  name: definition.name,
  version: definition.version ?? '',
  origin: 'stock',
  definition,
});

async function ownPage(
  deps: Deps,
  { tenant }: Principal,
  query: CatalogueQuery,
  page: { readonly limit: number; readonly cursor: string | undefined },
): Promise<CataloguePage> {
  const { kind, namespace } = query;
  const filter = {
    ...(kind === undefined ? {} : { kind }),
    ...(namespace === undefined ? {} : { namespace }),
  };
  const { definitions } = deps.stores.of(tenant);
  const heads = await definitions.list(filter, page);
  const sources = await definitions.registry([...new Set(heads.items.map((head) => head.namespace))]);
  const items = heads.items.flatMap((head) => {
    const row = sources.find(
      (s) => s.kind === head.kind && s.namespace === head.namespace && s.name === head.name,
    );
    const entry = row === undefined ? null : ownEntry(row);
    return entry !== null && matches(entry, query) ? [entry] : [];
  });
  return { items, ...(heads.next === undefined ? {} : { next: heads.next }) };
}

/** Null where the text no longer reads. */
export function ownEntry(row: StoredDefinition): Entry | null {
  const { kind, namespace, name, version, format } = row;
  const read = readDefinition(row.source, format, { source: `${kind}/${name}.${format}`, namespace });
  if (!read.ok) return null;
  return { kind, namespace, name, version, origin: 'tenant', definition: { ...read.value, namespace } };
}

function matches({ definition, namespace }: Entry, query: CatalogueQuery): boolean {
  const { labels, annotations, name, description } = definition;
  if (query.namespace !== undefined && namespace !== query.namespace) return false;
  if (query.deprecated !== undefined && (labels[deprecatedLabel] === 'true') !== query.deprecated)
    return false;
  if (!(query.labels ?? []).every((one) => fits(labels, one))) return false;
  const text = `${name}\n${annotations[aliasAnnotation] ?? ''}\n${description}`.toLowerCase();
  const words = (query.q ?? '').toLowerCase().split(/\s+/);
  return words.every((word) => text.includes(word));
}

/** Labels of `.cue` files carry a prefix that may be left out. */
function fits(labels: Readonly<Record<string, string>>, requirement: LabelRequirement): boolean {
  const { name, operator } = requirement;
  const value = labels[name] ?? labels[`custom.definition.oam.dev/${name}`];
  switch (operator) {
    case 'exists':
      return value !== undefined;
    case 'absent':
      return value === undefined;
    case 'in':
      return value !== undefined && requirement.values.includes(value);
    case 'notin':
      return value === undefined || !requirement.values.includes(value);
    default:
      return operator satisfies never;
  }
}
