/** Cursors of lists: where the next page begins, signed, so that a client can neither read meaning into one nor make one. */
import { Fault } from '../engine/fault.ts';
import { fromBase64Url, fromUtf8, toBase64Url, utf8 } from './bytes.ts';
import type { Json, Page, PageRequest } from './model/shared.ts';
import type { Sealer } from './sealing.ts';

const macLength = 16;
const maxLimit = 100;
const maxCursor = 2048;

/** The values that the next page begins behind, in the list's order. */
export type Keyset = readonly (string | number)[];

/** A list and its filters: a cursor of one is none of another. */
export interface Listing {
  readonly list: string;
  readonly filter?: Json;
}

export function pageLimit(page: PageRequest): number {
  return Math.min(Math.max(Math.trunc(page.limit) || 1, 1), maxLimit);
}

function invalid(): Fault {
  const detail = 'The cursor is not one of this list. Begin without a cursor.';
  const expected = '`next` of the page before, with the same filters';
  const errors = [{ pointer: '/cursor', detail, expected, actual: 'another text' }];
  return new Fault('request.malformed', detail, { errors });
}

async function signature(sealer: Sealer, listing: Listing, body: string): Promise<string> {
  const mac = await sealer.mac('cursor', JSON.stringify([listing.list, listing.filter ?? null, body]));
  return toBase64Url(mac.subarray(0, macLength));
}

/** What `readCursor` takes for the same tenant, list and filter. */
export async function writeCursor(sealer: Sealer, listing: Listing, keyset: Keyset): Promise<string> {
  const body = toBase64Url(utf8(JSON.stringify(keyset)));
  return `${body}.${await signature(sealer, listing, body)}`;
}

/** Fault `request.malformed` for any text that `writePage` didn't give for this tenant, list and filter. */
export async function readCursor(
  sealer: Sealer,
  listing: Listing,
  page: Pick<PageRequest, 'cursor'>,
): Promise<Keyset | undefined> {
  if (page.cursor === undefined) return undefined;
  const [body, mac] = page.cursor.split('.', 2);
  if (page.cursor.length > maxCursor || body === undefined || mac === undefined) throw invalid();
  // both are ours or wrong: what could be learnt from the time of this comparison is a MAC over a body of the caller's own
  if ((await signature(sealer, listing, body)) !== mac) throw invalid();
  // the signature was right, so it is what writeCursor made
  return JSON.parse(fromUtf8(fromBase64Url(body))) as Keyset;
}

/** `rows`: one more than the limit, where there is one. */
export async function writePage<Row, T>(
  sealer: Sealer,
  listing: Listing,
  rows: readonly Row[],
  { limit, item, keyset }: { limit: number; item(row: Row): T | Promise<T>; keyset(row: Row): Keyset },
): Promise<Page<T>> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const items = await Promise.all(shown.map(item));
  if (rows.length <= limit || last === undefined) return { items };
  return { items, next: await writeCursor(sealer, listing, keyset(last)) };
}
