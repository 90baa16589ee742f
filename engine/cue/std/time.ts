/** Package `time`: times as texts in RFC 3339, durations as nanoseconds. There is no clock. */
import type { BuiltinError, Data, StdPackage } from './builtin.ts';
import { evalError, isBuiltinError } from './builtin.ts';
import type { Instant } from './calendar.ts';
import { civilOf } from './calendar.ts';
import { functionsOf, overBudget, structOf } from './define.ts';
import { formatDuration, parseDuration } from './duration.ts';
import { formatTime } from './time-format.ts';
import { parseTime } from './time-parse.ts';

const define = functionsOf('time');

const RFC3339_NANO = '2006-01-02T15:04:05.999999999Z07:00';
const SECOND = 1_000_000_000n;

function isTime(text: string, layout: string): boolean | BuiltinError {
  return isBuiltinError(parseTime(layout, text)) ? evalError(`invalid time ${JSON.stringify(text)}`) : true;
}

function unix(seconds: bigint, nanoseconds: bigint): string {
  const carried = nanoseconds / SECOND - (nanoseconds % SECOND < 0n ? 1n : 0n);
  const instant: Instant = {
    seconds: BigInt.asIntN(64, seconds + carried),
    nanoseconds: Number(nanoseconds - carried * SECOND),
    offset: 0,
    zone: 'UTC',
  };
  return formatTime(instant, RFC3339_NANO);
}

function splitTime(text: string): Data | BuiltinError {
  const instant = parseTime(RFC3339_NANO, text);
  if (isBuiltinError(instant)) return instant;
  const civil = civilOf(instant);
  return structOf([
    ['year', civil.year],
    ['month', BigInt(civil.month)],
    ['day', BigInt(civil.day)],
    ['hour', BigInt(civil.hour)],
    ['minute', BigInt(civil.minute)],
    ['second', BigInt(civil.second)],
    ['nanosecond', BigInt(instant.nanoseconds)],
  ]);
}

const FUNCTIONS = [
  define('Duration', ['string'], 'bool', ([text]) => {
    const duration = parseDuration(text);
    return isBuiltinError(duration) ? duration : true;
  }),
  define('FormatDuration', ['int64'], 'string', ([nanoseconds]) => formatDuration(nanoseconds)),
  define('ParseDuration', ['string'], 'int', ([text]) => parseDuration(text)),
  define('Time', ['string'], 'bool', ([text]) => isTime(text, RFC3339_NANO)),
  define('Format', ['string', 'string'], 'bool', ([text, layout], env) =>
    env.charge(layout.length) ? isTime(text, layout) : overBudget(),
  ),
  define('FormatString', ['string', 'string'], 'string', ([layout, text], env) => {
    if (!env.charge(layout.length * 8)) return overBudget();
    const instant = parseTime(RFC3339_NANO, text);
    return isBuiltinError(instant) ? instant : formatTime(instant, layout);
  }),
  define('Parse', ['string', 'string'], 'string', ([layout, text], env) => {
    if (!env.charge(layout.length)) return overBudget();
    const instant = parseTime(layout, text);
    return isBuiltinError(instant)
      ? instant
      : formatTime({ ...instant, offset: 0, zone: 'UTC' }, RFC3339_NANO);
  }),
  define('Unix', ['int64', 'int64'], 'string', ([seconds, nanoseconds]) => unix(seconds, nanoseconds)),
  define('Split', ['string'], 'struct', ([text]) => splitTime(text)),
];

const CONSTANTS = new Map<string, Data>([
  ['Nanosecond', 1n],
  ['Microsecond', 1000n],
  ['Millisecond', 1_000_000n],
  ['Second', SECOND],
  ['Minute', 60n * SECOND],
  ['Hour', 3600n * SECOND],
  ['ANSIC', 'Mon Jan _2 15:04:05 2006'],
  ['UnixDate', 'Mon Jan _2 15:04:05 MST 2006'],
  ['RubyDate', 'Mon Jan 02 15:04:05 -0700 2006'],
  ['RFC822', '02 Jan 06 15:04 MST'],
  ['RFC822Z', '02 Jan 06 15:04 -0700'],
  ['RFC850', 'Monday, 02-Jan-06 15:04:05 MST'],
  ['RFC1123', 'Mon, 02 Jan 2006 15:04:05 MST'],
  ['RFC1123Z', 'Mon, 02 Jan 2006 15:04:05 -0700'],
  ['RFC3339', '2006-01-02T15:04:05Z07:00'],
  ['RFC3339Nano', RFC3339_NANO],
  ['RFC3339Date', '2006-01-02'],
  ['Kitchen', '3:04PM'],
  ['Kitchen24', '15:04'],
  ['January', 1n],
  ['February', 2n],
  ['March', 3n],
  ['April', 4n],
  ['May', 5n],
  ['June', 6n],
  ['July', 7n],
  ['August', 8n],
  ['September', 9n],
  ['October', 10n],
  ['November', 11n],
  ['December', 12n],
  ['Sunday', 0n],
  ['Monday', 1n],
  ['Tuesday', 2n],
  ['Wednesday', 3n],
  ['Thursday', 4n],
  ['Friday', 5n],
  ['Saturday', 6n],
]);

export const time: StdPackage = { path: 'time', functions: FUNCTIONS, constants: CONSTANTS };
