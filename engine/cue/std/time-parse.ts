/** Reads a time by a Go layout (Go's time.Parse, in UTC where the text names no zone). */
import type { BuiltinError } from './builtin.ts';
import { evalError } from './builtin.ts';
import type { Instant } from './calendar.ts';
import { daysFromCivil, daysIn, isLeap } from './calendar.ts';
import type { Offset, Part, Piece } from './time-layout.ts';
import { MONTHS, piecesOf, WEEKDAYS } from './time-layout.ts';

/** What has been read so far; null for what the layout has not named. */
interface Fields {
  year: number;
  month: number | null;
  day: number | null;
  yearDay: number | null;
  hour: number;
  minute: number;
  second: number;
  nanoseconds: number;
  half: 'AM' | 'PM' | null;
  utc: boolean;
  offset: number | null;
  zone: string;
}

const MISMATCH = 'does not match layout';

class Input {
  rest: string;

  constructor(text: string) {
    this.rest = text;
  }

  /** Takes what a pattern matches at the front, or gives null. */
  take(pattern: RegExp): string | null {
    const found = pattern.exec(this.rest)?.[0];
    if (found === undefined) return null;
    this.rest = this.rest.slice(found.length);
    return found;
  }

  number(pattern: RegExp): number | null {
    const digits = this.take(pattern);
    return digits === null ? null : Number(digits);
  }

  /** Takes one of the names, whatever its case; gives its index. */
  name(names: readonly string[]): number | null {
    const lower = this.rest.toLowerCase();
    const index = names.findIndex((name) => lower.startsWith(name.toLowerCase()));
    if (index < 0) return null;
    this.rest = this.rest.slice(names[index]?.length);
    return index;
  }

  /** Skips literal text of the layout; a run of spaces matches any run of them. */
  skip(text: string): boolean {
    for (let at = 0; at < text.length; ) {
      if (text[at] === ' ') {
        if (this.rest !== '' && !this.rest.startsWith(' ')) return false;
        while (text[at] === ' ') at++;
        this.rest = this.rest.replace(/^ +/, '');
        continue;
      }
      if (this.rest[0] !== text[at]) return false;
      this.rest = this.rest.slice(1);
      at++;
    }
    return true;
  }
}

/** The instant, or why the text is none: `does not match layout`, or which part is out of range. */
export function parseTime(layout: string, text: string): Instant | BuiltinError {
  const input = new Input(text);
  const fields: Fields = {
    ...{ year: 0, month: null, day: null, yearDay: null, hour: 0, minute: 0, second: 0, nanoseconds: 0 },
    ...{ half: null, utc: false, offset: null, zone: '' },
  };
  const pieces = piecesOf(layout);
  for (const [index, piece] of pieces.entries()) {
    if (!input.skip(piece.text)) return failure(text, MISMATCH);
    if (piece.part === null) {
      if (input.rest !== '') return failure(text, 'has extra text');
      break;
    }
    const problem =
      readPart(piece, input, fields) ?? readLooseFraction(piece, pieces[index + 1], input, fields);
    if (problem !== null) return failure(text, problem);
  }
  const instant = instantOf(fields);
  return typeof instant === 'string' ? failure(text, instant) : instant;
}

function failure(text: string, problem: string): BuiltinError {
  const shown = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
  return evalError(`parsing time ${shown}: ${problem}`);
}

const ONE_OR_TWO = /^\d\d?/;
const TWO = /^\d\d/;

/** Reads one part into the fields; gives the problem, or null. */
function readPart(piece: Piece, input: Input, fields: Fields): string | null {
  const { part } = piece;
  switch (part) {
    case '2006':
      return store(input.number(/^\d{4}/), (year) => {
        fields.year = year;
      });
    case '06':
      return store(input.number(TWO), (year) => {
        fields.year = year >= 69 ? year + 1900 : year + 2000;
      });
    case 'January':
    case 'Jan':
      return store(input.name(part === 'Jan' ? MONTHS.map((name) => name.slice(0, 3)) : MONTHS), (index) => {
        fields.month = index + 1;
      });
    case 'Monday':
    case 'Mon':
      return store(
        input.name(part === 'Mon' ? WEEKDAYS.map((name) => name.slice(0, 3)) : WEEKDAYS),
        () => {},
      );
    case 'fraction':
      return readFraction(piece, input, fields);
    default:
      return part === null ? null : readDay(part, input, fields);
  }
}

function readDay(part: Part, input: Input, fields: Fields): string | null {
  switch (part) {
    case '1':
    case '01':
      return ranged(input.number(part === '01' ? TWO : ONE_OR_TWO), [1, 12, 'month'], (month) => {
        fields.month = month;
      });
    case '2':
    case '_2':
    case '02':
      if (part === '_2') input.take(/^ /);
      return store(input.number(part === '02' ? TWO : ONE_OR_TWO), (day) => {
        fields.day = day;
      });
    case '__2':
    case '002':
      if (part === '__2') input.take(/^ {1,2}/);
      return store(input.number(part === '002' ? /^\d{3}/ : /^\d{1,3}/), (day) => {
        fields.yearDay = day;
      });
    default:
      return readClock(part, input, fields);
  }
}

function store(value: number | null, set: (value: number) => void): string | null {
  if (value === null) return MISMATCH;
  set(value);
  return null;
}

function ranged(
  value: number | null,
  [least, most, name]: readonly [number, number, string],
  set: (value: number) => void,
): string | null {
  if (value !== null && (value < least || value > most)) return `${name} out of range`;
  return store(value, set);
}

function readClock(part: Part, input: Input, fields: Fields): string | null {
  switch (part) {
    case '15':
      return ranged(input.number(ONE_OR_TWO), [0, 23, 'hour'], (hour) => {
        fields.hour = hour;
      });
    case '3':
    case '03':
      return ranged(input.number(part === '03' ? TWO : ONE_OR_TWO), [0, 12, 'hour'], (hour) => {
        fields.hour = hour;
      });
    case '4':
    case '04':
      return ranged(input.number(part === '04' ? TWO : ONE_OR_TWO), [0, 59, 'minute'], (minute) => {
        fields.minute = minute;
      });
    case '5':
    case '05':
      return ranged(input.number(part === '05' ? TWO : ONE_OR_TWO), [0, 59, 'second'], (second) => {
        fields.second = second;
      });
    case 'PM':
    case 'pm': {
      const half = input.take(part === 'PM' ? /^(?:AM|PM)/ : /^(?:am|pm)/);
      if (half === null) return MISMATCH;
      fields.half = half.toUpperCase() === 'PM' ? 'PM' : 'AM';
      return null;
    }
    case 'MST':
      return readZone(input, fields);
    default:
      // Every other part is an offset; the parts of the date are handled by the caller.
      return readOffset(part as Offset, input, fields);
  }
}

/** The letters of a zone, as Go guesses them. */
const ZONE =
  /^(?:ChST|MeST|GMT(?:[-+]\d+)?|[-+]\d+|[A-Z]{4}T(?![A-Z])|[A-Z]{3}T(?![A-Z])|WITA(?![A-Z])|[A-Z]{3}(?![A-Z]))/;

function readZone(input: Input, fields: Fields): string | null {
  if (input.take(/^UTC/) !== null) {
    fields.utc = true;
    return null;
  }
  const zone = ZONE.exec(input.rest)?.[0];
  if (zone === undefined) return MISMATCH;
  const hours = /[-+](\d+)$/.exec(zone)?.[1];
  // GMT stands without an offset that makes no sense; a bare offset does not.
  const sensible = hours === undefined || (hours.length < 18 && Number(hours) <= 23);
  if (!sensible && !zone.startsWith('GMT')) return MISMATCH;
  fields.zone = sensible ? zone : 'GMT';
  input.rest = input.rest.slice(fields.zone.length);
  return null;
}

const OFFSETS: ReadonlyMap<number, RegExp> = new Map([
  [3, /^([-+])(\d\d)/],
  [5, /^([-+])(\d\d)(\d\d)/],
  [6, /^([-+])(\d\d):(\d\d)/],
  [7, /^([-+])(\d\d)(\d\d)(\d\d)/],
  [9, /^([-+])(\d\d):(\d\d):(\d\d)/],
]);

function readOffset(form: Offset, input: Input, fields: Fields): string | null {
  if (form.startsWith('Z') && input.take(/^Z/) !== null) {
    fields.utc = true;
    return null;
  }
  const match = OFFSETS.get(form.length)?.exec(input.rest);
  if (!match) return MISMATCH;
  const [all, sign, hours = '0', minutes = '0', seconds = '0'] = match;
  if (Number(hours) > 24) return 'time zone offset hour out of range';
  if (Number(minutes) > 60) return 'time zone offset minute out of range';
  if (Number(seconds) > 60) return 'time zone offset second out of range';
  const size = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds);
  fields.offset = sign === '-' ? -size : size;
  input.rest = input.rest.slice(all.length);
  return null;
}

function readFraction({ digits, trimmed }: Piece, input: Input, fields: Fields): string | null {
  const pattern = trimmed ? /^[.,]\d+/ : new RegExp(`^[.,]\\d{${digits}}`);
  const found = input.take(pattern);
  if (found === null) return trimmed ? null : MISMATCH;
  fields.nanoseconds = nanosecondsOf(found);
  return null;
}

/** A fraction behind the seconds is read even where the layout has none. */
function readLooseFraction(
  piece: Piece,
  next: Piece | undefined,
  input: Input,
  fields: Fields,
): string | null {
  const seconds = piece.part === '5' || piece.part === '05';
  // Go looks at the next part whatever text stands before it.
  if (!seconds || next?.part === 'fraction') return null;
  const found = input.take(/^[.,]\d+/);
  if (found !== null) fields.nanoseconds = nanosecondsOf(found);
  return null;
}

function nanosecondsOf(fraction: string): number {
  return Number(fraction.slice(1, 10).padEnd(9, '0'));
}

/** The instant that the fields name, or what is out of range. */
function instantOf(fields: Fields): Instant | string {
  const year = BigInt(fields.year);
  const date =
    fields.yearDay === null ? { month: fields.month ?? 1, day: fields.day ?? 1 } : dateOfYearDay(fields);
  if (typeof date === 'string') return date;
  if (date.day < 1 || date.day > daysIn(year, date.month)) return 'day out of range';
  let { hour } = fields;
  if (fields.half === 'PM' && hour < 12) hour += 12;
  else if (fields.half === 'AM' && hour === 12) hour = 0;
  const clock = hour * 3600 + fields.minute * 60 + fields.second;
  const seconds = daysFromCivil(year, date.month, date.day) * 86_400n + BigInt(clock);
  const { nanoseconds } = fields;
  if (fields.utc || fields.offset === 0) return { seconds, nanoseconds, offset: 0, zone: 'UTC' };
  if (fields.offset !== null) {
    const { offset, zone } = fields;
    return { seconds: seconds - BigInt(offset), nanoseconds, offset, zone };
  }
  if (fields.zone === '') return { seconds, nanoseconds, offset: 0, zone: 'UTC' };
  // The offset of a named zone is unknown, but GMT+3 tells its own.
  const hours = /^GMT([-+]\d+)$/.exec(fields.zone)?.[1];
  return { seconds, nanoseconds, offset: hours === undefined ? 0 : Number(hours) * 3600, zone: fields.zone };
}

function dateOfYearDay(fields: Fields): { readonly month: number; readonly day: number } | string {
  const year = BigInt(fields.year);
  let rest = fields.yearDay ?? 1;
  if (rest < 1 || rest > (isLeap(year) ? 366 : 365)) return 'day-of-year out of range';
  let month = 1;
  while (rest > daysIn(year, month)) {
    rest -= daysIn(year, month);
    month++;
  }
  if (fields.month !== null && fields.month !== month) return 'day-of-year does not match month';
  if (fields.day !== null && fields.day !== rest) return 'day-of-year does not match day';
  return { month, day: rest };
}
