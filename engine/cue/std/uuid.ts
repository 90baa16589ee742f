/** Package `uuid`: RFC 4122 identifiers as text. */
import type { BuiltinEnv, BuiltinError, Data, StdPackage } from './builtin.ts';
import { evalError, isBuiltinError } from './builtin.ts';
import { describe, functionsOf, overBudget } from './define.ts';
import { decodeHex, encodeHex } from './hex.ts';
import { encodeUtf8 } from './utf8.ts';

const define = functionsOf('uuid');

const DASHED = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The 16 bytes of an identifier: plain, with `urn:uuid:`, in any two characters for braces, or without dashes. */
function parse(text: string): Uint8Array | BuiltinError {
  const body = bodyOf(text);
  const bytes = body === null ? 'invalid UUID format' : decodeHex(body.replaceAll('-', ''));
  return typeof bytes === 'string' ? evalError(`invalid UUID ${describe(text)}`) : bytes;
}

function bodyOf(text: string): string | null {
  if (text.length === 32) return text;
  if (text.length === 36) return DASHED.test(text) ? text : null;
  if (text.length === 38) return DASHED.test(text.slice(1, 37)) ? text.slice(1, 37) : null;
  const urn = text.length === 45 && text.slice(0, 9).toLowerCase() === 'urn:uuid:';
  return urn && DASHED.test(text.slice(9)) ? text.slice(9) : null;
}

/** Validation is stricter than parsing about what encloses the identifier. */
function validate(text: string): null | BuiltinError {
  if (text.length === 38 && !(text.startsWith('{') && text.endsWith('}'))) {
    return evalError('invalid bracketed UUID format');
  }
  const bytes = parse(text);
  return isBuiltinError(bytes) ? bytes : null;
}

function textOf(bytes: Uint8Array): string {
  return encodeHex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function fromInt(value: bigint): Data | BuiltinError {
  const digits = (value < 0n ? -value : value).toString(16);
  if (digits.length > 32) return evalError(`invalid UUID (got ${Math.ceil(digits.length / 2)} bytes)`);
  const bytes = decodeHex(digits.padStart(32, '0'));
  return typeof bytes === 'string' ? evalError(bytes) : textOf(bytes);
}

/** The number that the text's own bytes spell, as the real function has it. */
function toInt(text: string): bigint {
  return text === '' ? 0n : BigInt(`0x${encodeHex(encodeUtf8(text))}`);
}

function variantOf(byte: number): bigint {
  if ((byte & 0xc0) === 0x80) return 1n;
  if ((byte & 0xe0) === 0xc0) return 3n;
  return (byte & 0xe0) === 0xe0 ? 4n : 2n;
}

/** The identifier of a name in a space (version 3 by MD5, 5 by SHA-1). */
function named(space: string, data: Uint8Array, version: 3 | 5, env: BuiltinEnv): Data | BuiltinError {
  const prefix = parse(space);
  if (isBuiltinError(prefix)) return prefix;
  const input = Uint8Array.from([...prefix, ...data]);
  const bytes = env.hash.sum(version === 5 ? 'SHA1' : 'MD5', input).slice(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return textOf(bytes);
}

function onBytes(text: string, run: (bytes: Uint8Array) => Data): Data | BuiltinError {
  const bytes = parse(text);
  return isBuiltinError(bytes) ? bytes : run(bytes);
}

const SOURCE = `{
	ns: {
		DNS:  "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
		URL:  "6ba7b811-9dad-11d1-80b4-00c04fd430c8"
		OID:  "6ba7b812-9dad-11d1-80b4-00c04fd430c8"
		X500: "6ba7b814-9dad-11d1-80b4-00c04fd430c8"
		Nil:  "00000000-0000-0000-0000-000000000000"
	}
	variants: {Invalid: 0, RFC4122: 1, Reserved: 2, Microsoft: 3, Future: 4}
}`;

export const uuid: StdPackage = {
  path: 'uuid',
  source: SOURCE,
  functions: [
    define('Valid', ['string'], 'null', ([text]) => validate(text)),
    define('Parse', ['string'], 'string', ([text]) => onBytes(text, textOf)),
    define('URN', ['string'], 'string', ([text]) => onBytes(text, (bytes) => `urn:uuid:${textOf(bytes)}`)),
    define('FromInt', ['bigint'], 'string', ([value]) => fromInt(value)),
    define('ToInt', ['string'], 'int', ([text], env) =>
      env.charge(text.length) ? toInt(text) : overBudget(),
    ),
    define('Variant', ['string'], 'int', ([text]) => onBytes(text, (bytes) => variantOf(bytes[8] ?? 0))),
    define('Version', ['string'], 'int', ([text]) => onBytes(text, (bytes) => BigInt((bytes[6] ?? 0) >> 4))),
    define('SHA1', ['string', 'bytes'], 'string', ([space, data], env) =>
      env.charge(data.length) ? named(space, data, 5, env) : overBudget(),
    ),
    define('MD5', ['string', 'bytes'], 'string', ([space, data], env) =>
      env.charge(data.length) ? named(space, data, 3, env) : overBudget(),
    ),
  ],
};
