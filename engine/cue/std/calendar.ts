/** Points in time and the proleptic Gregorian calendar. */

/** A point in time and the zone it is shown in. */
export interface Instant {
  /** Seconds since 1970-01-01T00:00:00Z, as Go counts them (64 bits). */
  readonly seconds: bigint;
  /** 0 to 999 999 999. */
  readonly nanoseconds: number;
  /** Seconds east of Greenwich. */
  readonly offset: number;
  /** The zone's name; empty where only the offset is known. */
  readonly zone: string;
}

export interface Civil {
  readonly year: bigint;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** 0 is Sunday. */
  readonly weekday: number;
  /** 1 to 366. */
  readonly yearDay: number;
}

const DAY = 86_400n;
/** Days from 0000-03-01 to 1970-01-01. */
const EPOCH_DAYS = 719_468n;
const ERA_DAYS = 146_097n;
/** From the earliest year Go counts from to 1970, in seconds; sums wrap in 64 bits. */
const ABSOLUTE = 9_223_372_028_715_321_600n;

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}

export function isLeap(year: bigint): boolean {
  return year % 4n === 0n && (year % 100n !== 0n || year % 400n === 0n);
}

export function daysIn(year: bigint, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Days since 1970-01-01. */
export function daysFromCivil(year: bigint, month: number, day: number): bigint {
  const shifted = month <= 2 ? year - 1n : year;
  const era = floorDivide(shifted, 400n);
  const yearOfEra = shifted - era * 400n;
  const dayOfYear = BigInt(Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1);
  const dayOfEra = yearOfEra * 365n + yearOfEra / 4n - yearOfEra / 100n + dayOfYear;
  return era * ERA_DAYS + dayOfEra - EPOCH_DAYS;
}

/** The calendar's view of an instant in its zone. */
export function civilOf({ seconds, offset }: Instant): Civil {
  const local = BigInt.asUintN(64, seconds + BigInt(offset) + ABSOLUTE) - ABSOLUTE;
  const days = floorDivide(local, DAY);
  const clock = Number(local - days * DAY);
  const shifted = days + EPOCH_DAYS;
  const era = floorDivide(shifted, ERA_DAYS);
  const dayOfEra = shifted - era * ERA_DAYS;
  const yearOfEra = (dayOfEra - dayOfEra / 1460n + dayOfEra / 36524n - dayOfEra / 146096n) / 365n;
  const dayOfYear = Number(dayOfEra - (365n * yearOfEra + yearOfEra / 4n - yearOfEra / 100n));
  const march = Math.floor((5 * dayOfYear + 2) / 153);
  const month = march < 10 ? march + 3 : march - 9;
  const year = yearOfEra + era * 400n + (month <= 2 ? 1n : 0n);
  return {
    year,
    month,
    day: dayOfYear - Math.floor((153 * march + 2) / 5) + 1,
    hour: Math.floor(clock / 3600),
    minute: Math.floor(clock / 60) % 60,
    second: clock % 60,
    weekday: Number((((days + 4n) % 7n) + 7n) % 7n),
    yearDay: Number(days - daysFromCivil(year, 1, 1)) + 1,
  };
}
