/** URLs as Go's net/url escapes, unescapes and parses them. */
import { is4, parseAddress } from './address.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

const UNRESERVED = /[A-Za-z0-9_.~-]/;

/** Escapes every byte but letters, digits, `-_.~` and the given ones. */
function escapeBut(text: string, kept: string): string {
  let result = '';
  for (const byte of encodeUtf8(text)) {
    const character = String.fromCharCode(byte);
    const plain = byte < 0x80 && (UNRESERVED.test(character) || kept.includes(character));
    result += plain ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return result;
}

export function pathEscape(text: string): string {
  return escapeBut(text, '$&+=:@');
}

export function queryEscape(text: string): string {
  return escapeBut(text, ' ').replaceAll(' ', '+');
}

/** The text, or null where a percent sign is not followed by two hex digits. */
export function unescapeUrl(text: string, plusIsSpace: boolean): string | null {
  if (/%(?![0-9A-Fa-f]{2})/.test(text)) return null;
  const spaced = plusIsSpace ? text.replaceAll('+', ' ') : text;
  if (!spaced.includes('%')) return spaced;
  const bytes: number[] = [];
  for (const piece of spaced.split(/(%[0-9A-Fa-f]{2})/)) {
    if (piece.startsWith('%')) bytes.push(Number.parseInt(piece.slice(1), 16));
    else bytes.push(...encodeUtf8(piece));
  }
  return decodeUtf8(Uint8Array.from(bytes));
}

/** What url.Parse finds out: not a URL (and why), or whether it has a scheme. */
type UrlShape =
  | { readonly ok: false; readonly reason: string }
  | { readonly ok: true; readonly absolute: boolean };

function refused(reason: string): UrlShape {
  return { ok: false, reason };
}

export function parseUrl(raw: string): UrlShape {
  const hash = raw.indexOf('#');
  const text = hash < 0 ? raw : raw.slice(0, hash);
  const fragment = hash < 0 ? '' : raw.slice(hash + 1);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (/[\u0000-\u001f\u007f]/.test(text)) return refused('net/url: invalid control character in URL');
  if (text === '*') return { ok: true, absolute: false };
  const scheme = schemeOf(text);
  if (scheme === null) return refused('missing protocol scheme');
  const shape = parseAfterScheme(text.slice(scheme === '' ? 0 : scheme.length + 1), scheme !== '');
  if (!shape.ok || unescapeUrl(fragment, false) !== null) return shape;
  return refused('invalid URL escape');
}

/** The scheme; empty where there is none, null where a colon leads. */
function schemeOf(text: string): string | null {
  if (text.startsWith(':')) return null;
  return /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text)?.[1] ?? '';
}

function parseAfterScheme(text: string, absolute: boolean): UrlShape {
  const query = text.indexOf('?');
  let rest = query < 0 ? text : text.slice(0, query);
  if (!rest.startsWith('/')) {
    // Opaque: nothing more is looked at.
    if (absolute) return { ok: true, absolute };
    if ((rest.split('/')[0] ?? '').includes(':'))
      return refused('first path segment in URL cannot contain colon');
  }
  if (rest.startsWith('//') && (absolute || !rest.startsWith('///'))) {
    const end = rest.indexOf('/', 2);
    const authority = rest.slice(2, end < 0 ? undefined : end);
    rest = end < 0 ? '' : rest.slice(end);
    const problem = authorityProblem(authority);
    if (problem !== null) return refused(problem);
  }
  return unescapeUrl(rest, false) === null ? refused('invalid URL escape') : { ok: true, absolute };
}

function authorityProblem(authority: string): string | null {
  const at = authority.lastIndexOf('@');
  const user = at < 0 ? '' : authority.slice(0, at);
  const host = authority.slice(at + 1);
  const problem = hostProblem(host);
  if (problem !== null) return problem;
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(user)) return 'net/url: invalid userinfo';
  return unescapeUrl(user, false) === null ? 'invalid URL escape' : null;
}

/** Bytes that a host may hold as they are; others but those above ASCII must be escaped. */
const HOST_PLAIN = /^[A-Za-z0-9\-_.~!$&'()*+,;=:[\]<>"\u0080-\u{10ffff}]*$/u;

function hostProblem(host: string): string | null {
  const closing = host.lastIndexOf(']');
  if (host.includes('[') && closing < 0) return "missing ']' in host";
  if (host.lastIndexOf('[') > 0) return "invalid character '[' in host name";
  if (host.startsWith('[')) {
    if (!/^(?::\d*)?$/.test(host.slice(closing + 1))) return 'invalid port after host';
    return ipLiteralProblem(host.slice(1, closing));
  }
  const colon = host.lastIndexOf(':');
  if (colon >= 0 && !/^:\d*$/.test(host.slice(colon))) return 'invalid port after host';
  return escapedHostProblem(host);
}

/** Between brackets stands an IPv6 address, with a zone behind `%25`. */
function ipLiteralProblem(inside: string): string | null {
  if (/%(?!25)/.test(inside.slice(0, inside.indexOf('%25') + 1 || undefined))) return 'invalid URL escape';
  const zone = inside.indexOf('%25');
  const address = parseAddress(zone < 0 ? inside : inside.slice(0, zone));
  if (!address || is4(address) || inside.slice(zone) === '%25') return 'invalid host in brackets';
  return zone >= 0 && unescapeUrl(inside.slice(zone), false) === null ? 'invalid URL escape' : null;
}

/** In a host only bytes above ASCII may be escaped, and a percent sign itself. */
function escapedHostProblem(host: string): string | null {
  for (const [escaped] of host.matchAll(/%(?:[0-9A-Fa-f]{2})?/g)) {
    if (escaped.length < 3) return 'invalid URL escape';
    const value = Number.parseInt(escaped.slice(1), 16);
    if (value < 0x80 && value !== 0x25) return 'invalid URL escape';
  }
  return HOST_PLAIN.test(host.replace(/%[0-9A-Fa-f]{2}/g, '')) ? null : 'invalid character in host name';
}
