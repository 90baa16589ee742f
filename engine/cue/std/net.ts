/** Package `net`: addresses, host names, ports and URLs as text. Nothing is looked up. */

import { asInt } from '../number/number.ts';
import type { Address, AddressClass } from './address.ts';
import { addressText, is4, isOfClass, isPrefix, parseAddress, to16 } from './address.ts';
import type { Builtin, BuiltinError, Data, StdPackage } from './builtin.ts';
import { evalError, isBuiltinError, isList, isNumber } from './builtin.ts';
import { describe, functionsOf, overBudget } from './define.ts';
import { isDomainName } from './domain-name.ts';
import { parseUrl, pathEscape, queryEscape, unescapeUrl } from './url-text.ts';
import { decodeUtf8 } from './utf8.ts';

const define = functionsOf('net');

/** The address that a string, bytes or a list of 4 or 16 ints is, or null. */
function addressOf(value: Data): Address | null {
  if (typeof value === 'string') return parseAddress(value);
  if (value instanceof Uint8Array) return parseAddress(decodeUtf8(value));
  if (!isList(value) || (value.length !== 4 && value.length !== 16)) return null;
  const bytes: number[] = [];
  for (const item of value) {
    const byte = isNumber(item) ? asInt(item) : null;
    if (byte === null || byte < 0n || byte > 255n) return null;
    bytes.push(Number(byte));
  }
  return { bytes: Uint8Array.from(bytes), zone: '' };
}

function listOf(bytes: Uint8Array): Data {
  return Array.from(bytes, BigInt);
}

function known(value: Data): Address | BuiltinError {
  return addressOf(value) ?? evalError(`invalid IP ${describe(value)}`);
}

function isPrefixText(value: Data): boolean | BuiltinError {
  const text = value instanceof Uint8Array ? decodeUtf8(value) : value;
  // What is no text is not looked at.
  if (typeof text !== 'string') return true;
  return isPrefix(text) ? true : evalError(`netip.ParsePrefix(${describe(text)}): invalid prefix`);
}

function splitHostPort(text: string): Data | BuiltinError {
  const problem = (why: string): BuiltinError => evalError(`address ${text.slice(0, 100)}: ${why}`);
  const colon = text.lastIndexOf(':');
  if (colon < 0) return problem('missing port in address');
  const port = text.slice(colon + 1);
  if (!text.startsWith('[')) {
    const host = text.slice(0, colon);
    if (host.includes(':')) return problem('too many colons in address');
    if (host.includes('[')) return problem("unexpected '[' in address");
    return text.includes(']') ? problem("unexpected ']' in address") : [host, port];
  }
  const end = text.indexOf(']');
  if (end < 0) return problem("missing ']' in address");
  if (end + 1 === text.length) return problem('missing port in address');
  if (end + 1 !== colon) {
    return problem(text[end + 1] === ':' ? 'too many colons in address' : 'missing port in address');
  }
  if (text.indexOf('[', 1) >= 0) return problem("unexpected '[' in address");
  if (text.indexOf(']', end + 1) >= 0) return problem("unexpected ']' in address");
  return [text.slice(1, end), port];
}

function hostText(host: Data): string | BuiltinError {
  if (typeof host === 'string') return host;
  if (host instanceof Uint8Array) return decodeUtf8(host);
  const address = isList(host) ? addressOf(host) : null;
  return address ? addressText(address) : evalError(`invalid host ${describe(host)}`);
}

function portText(port: Data): string | BuiltinError {
  if (typeof port === 'string') return port;
  if (port instanceof Uint8Array) return decodeUtf8(port);
  const number = isNumber(port) ? asInt(port) : null;
  if (number === null) return evalError(`cannot use ${describe(port)} as int`);
  if (BigInt.asIntN(64, number) !== number) return evalError('value was rounded');
  return number.toString();
}

function joinHostPort(host: Data, port: Data): Data | BuiltinError {
  const name = hostText(host);
  if (typeof name !== 'string') return name;
  const number = portText(port);
  if (typeof number !== 'string') return number;
  return name.includes(':') ? `[${name}]:${number}` : `${name}:${number}`;
}

function url(text: string, needsScheme: boolean): boolean | BuiltinError {
  const shape = parseUrl(text);
  if (!shape.ok) return evalError(`parse ${describe(text)}: ${shape.reason}`);
  return needsScheme && !shape.absolute ? evalError('URL is not absolute') : true;
}

function classOf(name: string, kind: AddressClass): Builtin {
  return define(name, ['any'], 'bool', ([value]) => {
    const address = addressOf(value);
    return address !== null && isOfClass(address, kind);
  });
}

const ADDRESSES = [
  define('ParseIP', ['string'], 'list', ([text]) => {
    const address = parseAddress(text);
    return address ? listOf(address.bytes) : evalError(`invalid IP address ${describe(text)}`);
  }),
  define('IPv4', ['any'], 'bool', ([value]) => {
    const address = addressOf(value);
    return address !== null && is4(address);
  }),
  define('IPv6', ['any'], 'bool', ([value]) => {
    const address = addressOf(value);
    return address !== null && !is4(address);
  }),
  define('IP', ['any'], 'bool', ([value]) => addressOf(value) !== null),
  define('IPCIDR', ['any'], 'bool', ([value]) => isPrefixText(value)),
  classOf('LoopbackIP', 'loopback'),
  classOf('MulticastIP', 'multicast'),
  classOf('InterfaceLocalMulticastIP', 'interface-local-multicast'),
  classOf('LinkLocalMulticastIP', 'link-local-multicast'),
  classOf('LinkLocalUnicastIP', 'link-local-unicast'),
  classOf('GlobalUnicastIP', 'global-unicast'),
  classOf('UnspecifiedIP', 'unspecified'),
  define('ToIP4', ['any'], 'list', ([value]) => {
    const address = known(value);
    if (isBuiltinError(address)) return address;
    return is4(address)
      ? listOf(address.bytes)
      : evalError(`cannot convert "${addressText(address)}" to IPv4`);
  }),
  define('ToIP16', ['any'], 'list', ([value]) => {
    const address = known(value);
    return isBuiltinError(address) ? address : listOf(to16(address));
  }),
  define('IPString', ['any'], 'string', ([value]) => {
    const address = known(value);
    return isBuiltinError(address) ? address : addressText(address);
  }),
];

const TEXTS = [
  define('SplitHostPort', ['string'], 'list', ([text]) => splitHostPort(text)),
  define('JoinHostPort', ['any', 'any'], 'string', ([host, port]) => joinHostPort(host, port)),
  define('FQDN', ['string'], 'bool', ([text]) => isDomainName(text)),
  define('PathEscape', ['string'], 'string', ([text], env) =>
    env.charge(text.length * 9) ? pathEscape(text) : overBudget(),
  ),
  define('QueryEscape', ['string'], 'string', ([text], env) =>
    env.charge(text.length * 9) ? queryEscape(text) : overBudget(),
  ),
  define('PathUnescape', ['string'], 'string', ([text], env) =>
    env.charge(text.length) ? (unescapeUrl(text, false) ?? evalError('invalid URL escape')) : overBudget(),
  ),
  define('QueryUnescape', ['string'], 'string', ([text], env) =>
    env.charge(text.length) ? (unescapeUrl(text, true) ?? evalError('invalid URL escape')) : overBudget(),
  ),
  define('URL', ['string'], 'bool', ([text]) => url(text, false)),
  define('AbsURL', ['string'], 'bool', ([text]) => url(text, true)),
];

export const net: StdPackage = {
  path: 'net',
  functions: [...ADDRESSES, ...TEXTS],
  constants: new Map<string, Data>([
    ['IPv4len', 4n],
    ['IPv6len', 16n],
  ]),
};
