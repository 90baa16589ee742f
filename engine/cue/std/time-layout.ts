/** Go's time layouts: which part of the reference time `Mon Jan 2 15:04:05 MST 2006` stands where. */

export type Part =
  | 'January'
  | 'Jan'
  | '1'
  | '01'
  | 'Monday'
  | 'Mon'
  | '2'
  | '_2'
  | '02'
  | '__2'
  | '002'
  | '15'
  | '3'
  | '03'
  | '4'
  | '04'
  | '5'
  | '05'
  | '2006'
  | '06'
  | 'PM'
  | 'pm'
  | 'MST'
  | Offset
  | 'fraction';
/** A zone offset; those with Z write Z for none. */
export type Offset =
  | 'Z070000'
  | 'Z07:00:00'
  | 'Z0700'
  | 'Z07:00'
  | 'Z07'
  | '-070000'
  | '-07:00:00'
  | '-0700'
  | '-07:00'
  | '-07';

/** A piece of a layout: text before a part, and the part; the last piece has none. */
export interface Piece {
  readonly text: string;
  readonly part: Part | null;
  /** For a fraction: its digits, the sign before them, and whether trailing zeros go (`.999`). */
  readonly digits: number;
  readonly trimmed: boolean;
  readonly separator: '.' | ',';
}

/** Longer parts come before those they begin with. */
const PARTS: readonly Part[] = [
  ...(['January', 'Monday', 'Jan', 'Mon', 'MST'] as const),
  ...([
    '002',
    '01',
    '02',
    '03',
    '04',
    '05',
    '06',
    '15',
    '1',
    '2006',
    '2',
    '__2',
    '_2',
    '3',
    '4',
    '5',
  ] as const),
  ...(['PM', 'pm', '-070000', '-07:00:00', '-0700', '-07:00', '-07'] as const),
  ...(['Z070000', 'Z07:00:00', 'Z0700', 'Z07:00', 'Z07'] as const),
];

function partAt(layout: string, at: number): Part | null {
  const part = PARTS.find((one) => layout.startsWith(one, at)) ?? null;
  // `Jan` in `Janet` is text.
  if ((part === 'Jan' || part === 'Mon') && /[a-z]/.test(layout[at + 3] ?? '')) return null;
  return part;
}

function fractionAt(
  layout: string,
  at: number,
): { readonly digits: number; readonly trimmed: boolean } | null {
  const match = /^[.,](0+|9+)(?!\d)/.exec(layout.slice(at, at + 64));
  const digits = match?.[1];
  return digits === undefined ? null : { digits: digits.length, trimmed: digits.startsWith('9') };
}

const PLAIN = { digits: 0, trimmed: false, separator: '.' } as const;

/** Cuts a layout into pieces; the last one has no part. */
export function piecesOf(layout: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let start = 0;
  for (let at = 0; at < layout.length; ) {
    const fraction = fractionAt(layout, at);
    if (fraction) {
      const separator = layout[at] === ',' ? ',' : '.';
      pieces.push({ text: layout.slice(start, at), part: 'fraction', ...fraction, separator });
      at += fraction.digits + 1;
      start = at;
      continue;
    }
    // In `_2006` the underscore is text.
    const skip = layout.startsWith('_2006', at) ? 1 : 0;
    const part = partAt(layout, at + skip);
    if (part === null) {
      at++;
      continue;
    }
    pieces.push({ text: layout.slice(start, at + skip), part, ...PLAIN });
    at += skip + part.length;
    start = at;
  }
  pieces.push({ text: layout.slice(start), part: null, ...PLAIN });
  return pieces;
}

export const MONTHS: readonly string[] = [
  ...['January', 'February', 'March', 'April', 'May', 'June'],
  ...['July', 'August', 'September', 'October', 'November', 'December'],
];
export const WEEKDAYS: readonly string[] = [
  ...['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
];
