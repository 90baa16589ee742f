/** Writes an instant by a Go layout. */
import type { Civil, Instant } from './calendar.ts';
import { civilOf } from './calendar.ts';
import type { Offset, Piece } from './time-layout.ts';
import { MONTHS, piecesOf, WEEKDAYS } from './time-layout.ts';

export function formatTime(instant: Instant, layout: string): string {
  const civil = civilOf(instant);
  return piecesOf(layout)
    .map((piece) => piece.text + formatPart(piece, civil, instant))
    .join('');
}

function padded(value: number | bigint, width: number, pad = '0'): string {
  const text = value.toString();
  return text.startsWith('-') ? `-${text.slice(1).padStart(width, pad)}` : text.padStart(width, pad);
}

function formatPart(piece: Piece, civil: Civil, instant: Instant): string {
  switch (piece.part) {
    case null:
      return '';
    case 'fraction':
      return formatFraction(piece, instant.nanoseconds);
    case 'January':
    case 'Jan':
      return (MONTHS[civil.month - 1] ?? '').slice(0, piece.part === 'Jan' ? 3 : undefined);
    case 'Monday':
    case 'Mon':
      return (WEEKDAYS[civil.weekday] ?? '').slice(0, piece.part === 'Mon' ? 3 : undefined);
    case '2006':
      return padded(civil.year, 4);
    case '06':
      return padded(civil.year < 0n ? 0n : civil.year % 100n, 2);
    case '1':
    case '01':
      return padded(civil.month, piece.part.length);
    case '2':
    case '02':
      return padded(civil.day, piece.part.length);
    case '_2':
      return padded(civil.day, 2, ' ');
    case '__2':
      return padded(civil.yearDay, 3, ' ');
    case '002':
      return padded(civil.yearDay, 3);
    default:
      return formatClock(piece.part, civil, instant);
  }
}

type ClockPart = Exclude<Piece['part'], null>;

function formatClock(part: ClockPart, civil: Civil, instant: Instant): string {
  switch (part) {
    case '15':
      return padded(civil.hour, 2);
    case '3':
    case '03':
      return padded(civil.hour % 12 === 0 ? 12 : civil.hour % 12, part.length);
    case '4':
    case '04':
      return padded(civil.minute, part.length);
    case '5':
    case '05':
      return padded(civil.second, part.length);
    case 'PM':
      return civil.hour >= 12 ? 'PM' : 'AM';
    case 'pm':
      return civil.hour >= 12 ? 'pm' : 'am';
    case 'MST':
      return instant.zone === '' ? formatOffset('-0700', instant.offset) : instant.zone;
    default:
      // Every other part is an offset; the parts of the date are handled above.
      return formatOffset(part as Offset, instant.offset);
  }
}

function formatOffset(form: Offset, offset: number): string {
  if (form.startsWith('Z') && offset === 0) return 'Z';
  const size = Math.abs(offset);
  const colon = form.includes(':') ? ':' : '';
  const hours = (offset < 0 ? '-' : '+') + padded(Math.floor(size / 3600), 2);
  if (form.length === 3) return hours;
  const minutes = hours + colon + padded(Math.floor(size / 60) % 60, 2);
  return form.length >= 7 ? minutes + colon + padded(size % 60, 2) : minutes;
}

function formatFraction({ digits, trimmed, separator }: Piece, nanoseconds: number): string {
  const all = padded(nanoseconds, 9).padEnd(digits, '0').slice(0, digits);
  if (!trimmed) return separator + all;
  const kept = all.replace(/0+$/, '');
  return kept === '' ? '' : separator + kept;
}
