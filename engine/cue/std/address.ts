/** IP addresses and prefixes as Go's net/netip reads and writes them. */

export interface Address {
  /** 4 or 16 bytes. */
  readonly bytes: Uint8Array;
  /** What follows `%` in an IPv6 address; empty where nothing does. */
  readonly zone: string;
}

/** The address that a text is, or null. */
export function parseAddress(text: string): Address | null {
  if (text.length > 200) return null;
  const first = /[.:%]/.exec(text)?.[0];
  if (first === '.') {
    const bytes = parse4(text);
    return bytes && { bytes, zone: '' };
  }
  return first === ':' ? parse6(text) : null;
}

function parse4(text: string): Uint8Array | null {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  const parts = match?.slice(1) ?? [];
  const fit = parts.length === 4 && parts.every((part) => Number(part) <= 255 && !/^0\d/.test(part));
  return fit ? Uint8Array.from(parts, Number) : null;
}

function parse6(text: string): Address | null {
  const percent = text.indexOf('%');
  const zone = percent < 0 ? '' : text.slice(percent + 1);
  if (percent >= 0 && zone === '') return null;
  const address = percent < 0 ? text : text.slice(0, percent);
  const bytes = groupsOf(address);
  return bytes && { bytes, zone };
}

/** The 16 bytes of the groups between colons; `::` stands once for what is missing. */
function groupsOf(text: string): Uint8Array | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [head, tail] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const front = headBytes(head ?? [], tail === undefined);
  const back = headBytes(tail ?? [], true);
  if (!front || !back) return null;
  const missing = 16 - front.length - back.length;
  if (tail === undefined ? missing !== 0 : missing < 2) return null;
  return Uint8Array.from([...front, ...new Array<number>(missing).fill(0), ...back]);
}

/** The bytes of groups; the last group of an address may be an IPv4 address. */
function headBytes(groups: readonly string[], mayEndIn4: boolean): number[] | null {
  const bytes: number[] = [];
  for (const [index, group] of groups.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(group)) {
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 255);
      continue;
    }
    const four = mayEndIn4 && index === groups.length - 1 ? parse4(group) : null;
    if (!four) return null;
    bytes.push(...four);
  }
  return bytes;
}

export function is4(address: Address): boolean {
  return address.bytes.length === 4;
}

/** An IPv6 address that stands for an IPv4 one. */
function is4In6({ bytes }: Address): boolean {
  return (
    bytes.length === 16 &&
    bytes.slice(0, 10).every((byte) => byte === 0) &&
    bytes[10] === 255 &&
    bytes[11] === 255
  );
}

/** The IPv4 address that an address stands for, else itself. */
function unmapped(address: Address): Address {
  return is4In6(address) ? { bytes: address.bytes.slice(12), zone: '' } : address;
}

export function to16({ bytes }: Address): Uint8Array {
  return bytes.length === 16
    ? bytes
    : Uint8Array.from([...new Array<number>(10).fill(0), 255, 255, ...bytes]);
}

/** The canonical text (RFC 5952 for IPv6). */
export function addressText(address: Address): string {
  const { bytes, zone } = address;
  if (bytes.length === 4) return bytes.join('.');
  const suffix = zone === '' ? '' : `%${zone}`;
  if (is4In6(address)) return `::ffff:${bytes.slice(12).join('.')}${suffix}`;
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0));
  const [start, length] = longestZeros(groups);
  const text = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  if (length < 2) return text(groups) + suffix;
  return `${text(groups.slice(0, start))}::${text(groups.slice(start + length))}${suffix}`;
}

/** The first of the longest runs of zero groups. */
function longestZeros(groups: readonly number[]): readonly [start: number, length: number] {
  let [start, length] = [0, 0];
  for (let i = 0; i < groups.length; i++) {
    let end = i;
    while (groups[end] === 0) end++;
    if (end - i > length) [start, length] = [i, end - i];
  }
  return [start, length];
}

export type AddressClass =
  | 'loopback'
  | 'multicast'
  | 'interface-local-multicast'
  | 'link-local-multicast'
  | 'link-local-unicast'
  | 'global-unicast'
  | 'unspecified';

/** Whether an address is of a class. IPv4 addresses written as IPv6 count as IPv4, but for `unspecified`. */
export function isOfClass(given: Address, kind: AddressClass): boolean {
  const { bytes } = unmapped(given);
  const [a = 0, b = 0, c = 0] = bytes;
  const four = bytes.length === 4;
  switch (kind) {
    case 'loopback':
      return four ? a === 127 : bytes.slice(0, 15).every((byte) => byte === 0) && bytes[15] === 1;
    case 'multicast':
      return four ? a >> 4 === 14 : a === 255;
    case 'interface-local-multicast':
      return !four && a === 255 && (b & 15) === 1;
    case 'link-local-multicast':
      return four ? a === 224 && b === 0 && c === 0 : a === 255 && (b & 15) === 2;
    case 'link-local-unicast':
      return four ? a === 169 && b === 254 : a === 254 && b >> 6 === 2;
    case 'global-unicast':
      return isGlobal(given, bytes);
    case 'unspecified':
      return given.zone === '' && given.bytes.every((byte) => byte === 0);
    default:
      return kind satisfies never;
  }
}

function isGlobal(given: Address, bytes: Uint8Array): boolean {
  const zero = given.zone === '' && bytes.every((byte) => byte === 0);
  const broadcast = bytes.length === 4 && bytes.every((byte) => byte === 255);
  if (zero || broadcast) return false;
  return (['loopback', 'multicast', 'link-local-unicast'] as const).every((kind) => !isOfClass(given, kind));
}

/** Whether a text is an address without zone, a slash and a number of bits that the address has. */
export function isPrefix(text: string): boolean {
  const slash = text.lastIndexOf('/');
  if (slash < 0) return false;
  const address = parseAddress(text.slice(0, slash));
  const size = text.slice(slash + 1);
  if (address?.zone !== '' || !/^(?:0|[1-9]\d{0,2})$/.test(size)) return false;
  return Number(size) <= address.bytes.length * 8;
}
