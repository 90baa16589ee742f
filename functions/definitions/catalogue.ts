/** A tenant's own definitions and the stock ones as one list. */
import type { Keyset } from '../../db/cursor.ts';
import type { DefinitionKind, Definition as StoredDefinition } from '../../db/model/application.ts';
import type { Json, Page, PageRequest } from '../../db/model/shared.ts';
import type { TenantStore } from '../../db/stores.ts';
import { engineKind, readDefinition, storedKind } from '../../db/submission/registry.ts';
import type { Definition } from '../../engine/definitions/definition.ts';
import { deprecatedLabel, labelOf, systemNamespace } from '../../engine/definitions/definition.ts';
import { matchesWords } from '../../engine/definitions/search.ts';
import { type LabelRequirement, selectsLabels } from '../../engine/oam/label-selector.ts';
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

/** Which entries, in which of the API's lists, and what becomes of each. */
export interface Catalogue<T> {
  /** Names the list in its cursors. */
  readonly list: string;
  /** All that the list was asked with, for its cursors. */
  readonly asked: Json;
  readonly kind?: DefinitionKind | undefined;
  readonly namespace?: string | undefined;
  readonly origin?: 'stock' | 'tenant' | undefined;
  /** Null where the entry is not wanted. */
  take(entry: Entry): T | null;
}

/** Own definitions that a search looks at for one page. */
const maxReads = 8;
/** Cursors into the stock part begin so; those of the store are base64url. */
const stockPrefix = 'stock.';

/** One page: the tenant's own definitions by kind, namespace and name, then the stock ones. Fault `request.malformed`. */
export async function cataloguePage<T>(
  deps: Deps,
  { tenant }: Principal,
  catalogue: Catalogue<T>,
  page: PageRequest,
): Promise<Page<T>> {
  const store = deps.stores.of(tenant);
  const { origin, kind, namespace, list, asked } = catalogue;
  const { limit } = page;
  if (page.cursor?.startsWith(stockPrefix) === true || origin === 'stock')
    return stockPage(deps, store, catalogue, { page, before: [] });
  const own: T[] = [];
  let { cursor } = page;
  for (let reads = 0; own.length < limit && reads < maxReads; reads++) {
    const filter = { kind, namespace, also: [list, asked] };
    const read = await store.definitions.list(filter, { limit: limit - own.length, cursor });
    own.push(...read.items.flatMap((row) => taken(catalogue, ownEntry(row))));
    cursor = read.next;
    if (cursor === undefined)
      return origin === 'tenant'
        ? { items: own }
        : stockPage(deps, store, catalogue, { page: { limit }, before: own });
  }
  return { items: own, ...(cursor === undefined ? {} : { next: cursor }) };
}

function taken<T>({ take }: Catalogue<T>, entry: Entry | null): readonly T[] {
  const one = entry === null ? null : take(entry);
  return one === null ? [] : [one];
}

/** The stock entries behind the cursor, after what the page holds already. */
async function stockPage<T>(
  deps: Deps,
  store: Pick<TenantStore, 'cursors'>,
  catalogue: Catalogue<T>,
  { page, before }: { readonly page: PageRequest; readonly before: readonly T[] },
): Promise<Page<T>> {
  const listing = { list: `stock ${catalogue.list}`, filter: catalogue.asked };
  // One without the prefix is left empty, which is no cursor.
  const cursor = page.cursor?.startsWith(stockPrefix) === false ? '' : page.cursor?.slice(stockPrefix.length);
  const after = await store.cursors.read(listing, { cursor });
  const items = [...before];
  let last: Entry | null = null;
  for (const entry of stockEntries(deps, catalogue)) {
    if (after !== undefined && !follows(entry, after)) continue;
    const [item] = taken(catalogue, entry);
    if (item === undefined) continue;
    if (items.length === page.limit) {
      // With a page of own ones only, the next begins with the first stock one.
      const keyset = last === null ? [-1, ''] : [rank(last.kind), last.name];
      return { items, next: `${stockPrefix}${await store.cursors.write(listing, keyset)}` };
    }
    items.push(item);
    last = entry;
  }
  return { items };
}

const rank = (kind: DefinitionKind): number => definitionKindParam.options.indexOf(kind);

function follows({ kind, name }: Entry, [kindRank, after]: Keyset): boolean {
  const difference = rank(kind) - Number(kindRank);
  return difference > 0 || (difference === 0 && name > String(after));
}

function* stockEntries({ submissions }: Deps, { kind, namespace }: Catalogue<unknown>): Generator<Entry> {
  if (namespace !== undefined && namespace !== systemNamespace) return;
  for (const one of kind === undefined ? definitionKindParam.options : [kind]) {
    for (const name of [...submissions.stock.names(engineKind[one])].sort()) {
      const definition = submissions.stock.find(engineKind[one], name);
      if (definition !== null) yield stockEntry(definition);
    }
  }
}

export const stockEntry = (definition: Definition): Entry => ({
  kind: storedKind[definition.kind],
  namespace: definition.namespace,
  name: definition.name,
  version: definition.version ?? '',
  origin: 'stock',
  definition,
});

/** Null where the text no longer reads. */
export function ownEntry(row: StoredDefinition): Entry | null {
  const { kind, namespace, name, version, format } = row;
  const read = readDefinition(row.source, format, { source: `${kind}/${name}.${format}`, namespace });
  if (!read.ok) return null;
  return { kind, namespace, name, version, origin: 'tenant', definition: { ...read.value, namespace } };
}

export interface Search {
  readonly deprecated?: boolean | undefined;
  readonly labels?: readonly LabelRequirement[] | undefined;
  /** All of these words, in name, alias or description. */
  readonly q?: string | undefined;
}

export function matches({ definition }: Entry, search: Search): boolean {
  const { labels } = definition;
  if (search.deprecated !== undefined && (labels[deprecatedLabel] === 'true') !== search.deprecated)
    return false;
  if (!selectsLabels(search.labels ?? [], (name) => labelOf(labels, name))) return false;
  return matchesWords(definition, search.q ?? '');
}
