/**
 * RFC 8785 (JSON Canonicalization Scheme): one text for each JSON value, so that hashes and signatures of equal
 * values are equal. Keys are ordered by UTF-16 code units (§3.2.3), numbers and strings print as ECMAScript
 * prints them (§3.2.2); a lone surrogate, which the RFC refuses, prints as its escape.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { isArray, isObject, type JsonValue } from '../json.ts';

/** The canonical text of a value. Throws a RangeError on a number that JSON has no form for. */
export function canonicalize(value: JsonValue): string {
  if (isArray(value)) return `[${value.map(canonicalize).join(',')}]`;
  if (isObject(value)) return canonicalizeObject(value);
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new RangeError('JSON has no infinite number');
  return JSON.stringify(value);
}

function canonicalizeObject(value: { readonly [key: string]: JsonValue }): string {
  const parts: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const field = value[key];
    if (field !== undefined) parts.push(`${JSON.stringify(key)}:${canonicalize(field)}`);
  }
  return `{${parts.join(',')}}`;
}

/** SHA-256 of the canonical text in lower-case hex: the address of an object in a bundle. */
export function addressOf(value: JsonValue): string {
  return hashText(canonicalize(value));
}

/** SHA-256 of a text's UTF-8 bytes in lower-case hex. */
export function hashText(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}
