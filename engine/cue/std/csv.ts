/** Package `encoding/csv`: comma-separated values as RFC 4180 and Go's reader have them. */
import type { BuiltinEnv, BuiltinError, Data, StdPackage } from './builtin.ts';
import { evalError, isBuiltinError, isList } from './builtin.ts';
import { functionsOf, overBudget } from './define.ts';
import { formatJson, jsonSize } from './json-text.ts';
import { isSpace } from './unicode.ts';
import { decodeUtf8 } from './utf8.ts';

const define = functionsOf('encoding/csv');

const CELL_BYTES = 16;

type Row = readonly string[];

/** Reads the fields of the record that begins at an offset; gives the fields and where the next record begins. */
function readRecord(
  text: string,
  start: number,
): { readonly fields: Row; readonly next: number } | BuiltinError {
  const fields: string[] = [];
  let at = start;
  for (;;) {
    const field = text[at] === '"' ? readQuoted(text, at) : readBare(text, at);
    if (isBuiltinError(field)) return field;
    fields.push(field.text);
    at = field.next;
    if (text[at] !== ',') return { fields, next: at + 1 };
    at++;
  }
}

interface Field {
  readonly text: string;
  /** The offset of the comma or newline behind the field. */
  readonly next: number;
}

function readBare(text: string, start: number): Field | BuiltinError {
  let at = start;
  while (at < text.length && text[at] !== ',' && text[at] !== '\n') {
    if (text[at] === '"') return evalError('parse error: bare " in non-quoted-field');
    at++;
  }
  return { text: text.slice(start, at), next: at };
}

function readQuoted(text: string, start: number): Field | BuiltinError {
  const unclosed = evalError('parse error: extraneous or missing " in quoted-field');
  const parts: string[] = [];
  for (let at = start + 1; ; ) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return unclosed;
    parts.push(text.slice(at, quote));
    const behind = text[quote + 1];
    if (behind === undefined || behind === ',' || behind === '\n')
      return { text: parts.join(''), next: quote + 1 };
    if (behind !== '"') return unclosed;
    parts.push('"');
    at = quote + 2;
  }
}

function decode(source: string | Uint8Array, env: BuiltinEnv): Data | BuiltinError {
  if (!env.charge(source.length)) return overBudget();
  const raw = typeof source === 'string' ? source : decodeUtf8(source);
  const text = raw.replaceAll('\r\n', '\n').replace(/\r$/, '');
  const rows: Row[] = [];
  for (let at = 0; at < text.length; ) {
    if (text[at] === '\n') {
      at++;
      continue;
    }
    const record = readRecord(text, at);
    if (isBuiltinError(record)) return record;
    if (!env.charge(record.fields.length * CELL_BYTES)) return overBudget();
    if (rows[0] && rows[0].length !== record.fields.length) return evalError('wrong number of fields');
    rows.push(record.fields);
    at = record.next;
  }
  return rows;
}

function quotedField(field: string): string {
  const first = field.codePointAt(0);
  const quoted = first !== undefined && (field === '\\.' || /[",\r\n]/.test(field) || isSpace(first));
  return quoted ? `"${field.replaceAll('"', '""')}"` : field;
}

function encode(table: Data, env: BuiltinEnv): Data | BuiltinError {
  if (!isList(table)) return evalError('cannot use value as list');
  if (!env.charge(jsonSize(table) * 2)) return overBudget();
  const lines: string[] = [];
  for (const row of table) {
    if (!isList(row)) return evalError('cannot use value as list');
    const cells = row.map((cell) => quotedField(typeof cell === 'string' ? cell : formatJson(cell)));
    lines.push(`${cells.join(',')}\n`);
  }
  return lines.join('');
}

export const csv: StdPackage = {
  path: 'encoding/csv',
  functions: [
    define('Encode', ['any'], 'string', ([table], env) => encode(table, env)),
    define('Decode', ['source'], 'list', ([source], env) => decode(source, env)),
  ],
};
