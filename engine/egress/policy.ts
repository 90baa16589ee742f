/**
 * Which addresses a tenant's URL may reach. One policy for every adapter: the Node adapter asks it for each address
 * that a name resolves to, the Workers adapter for the literal address in the URL. Refused are private, loopback,
 * link-local, metadata, multicast and reserved ranges (IANA special-purpose registries), in every notation that
 * URL parsers accept: the WHATWG parser has already turned `0x7f.1` and `2130706433` into dotted form.
 */

export interface EgressPolicy {
  /** Hosts (names or literal addresses, lower case) that the operator allows whatever their address. */
  readonly allowedHosts: readonly string[];
  /** Ports that may be reached beside 80 and 443; `any` where the operator says so. */
  readonly allowedPorts: readonly number[] | 'any';
  /** Plain http is refused unless allowed, since a receiver's credentials may travel with a request. */
  readonly allowHttp: boolean;
}

export type EgressVerdict = { readonly ok: true } | { readonly ok: false; readonly reason: string };

const allowed: EgressVerdict = { ok: true };
const refused = (reason: string): EgressVerdict => ({ ok: false, reason });

/** The four bytes of a dotted IPv4 address, null for anything else. */
export function parseIpv4(text: string): readonly number[] | null {
  const parts = text.split('.');
  if (parts.length !== 4) return null;
  const bytes = parts.map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 256));
  return bytes.every((byte) => byte <= 255) ? bytes : null;
}

/** The eight 16-bit groups of an IPv6 address without brackets, null for anything else. */
export function parseIpv6(text: string): readonly number[] | null {
  const zone = text.indexOf('%');
  let address = zone < 0 ? text : text.slice(0, zone);
  const lastColon = address.lastIndexOf(':');
  const tail = parseIpv4(address.slice(lastColon + 1));
  if (tail !== null) {
    const [a = 0, b = 0, c = 0, d = 0] = tail;
    address = `${address.slice(0, lastColon + 1)}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
  }
  const halves = address.split('::');
  if (halves.length > 2) return null;
  const groups = (half: string | undefined): number[] =>
    half === undefined || half === ''
      ? []
      : half.split(':').map((group) => (/^[0-9a-f]{1,4}$/i.test(group) ? Number.parseInt(group, 16) : -1));
  const head = groups(halves[0]);
  const rest = groups(halves[1]);
  const missing = 8 - head.length - rest.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const all = [...head, ...new Array<number>(Math.max(0, missing)).fill(0), ...rest];
  return all.every((group) => group >= 0) ? all : null;
}

const ipv4Ranges: readonly (readonly [base: string, bits: number, name: string])[] = [
  ['0.0.0.0', 8, 'this network'],
  ['10.0.0.0', 8, 'private'],
  ['100.64.0.0', 10, 'carrier-grade NAT'],
  ['127.0.0.0', 8, 'loopback'],
  ['169.254.0.0', 16, 'link-local and metadata'],
  ['172.16.0.0', 12, 'private'],
  ['192.0.0.0', 24, 'protocol assignments'],
  ['192.0.2.0', 24, 'documentation'],
  ['192.88.99.0', 24, 'relay'],
  ['192.168.0.0', 16, 'private'],
  ['198.18.0.0', 15, 'benchmarking'],
  ['198.51.100.0', 24, 'documentation'],
  ['203.0.113.0', 24, 'documentation'],
  ['224.0.0.0', 4, 'multicast'],
  ['240.0.0.0', 4, 'reserved'],
];

const asNumber = (bytes: readonly number[]): number => bytes.reduce((sum, byte) => sum * 256 + byte, 0);

function ipv4Range(bytes: readonly number[]): string | null {
  const address = asNumber(bytes);
  for (const [base, bits, name] of ipv4Ranges) {
    const size = 2 ** (32 - bits);
    if (Math.floor(address / size) === Math.floor(asNumber(parseIpv4(base) ?? []) / size)) return name;
  }
  return null;
}

function ipv6Range(groups: readonly number[]): string | null {
  const [first = 0, second = 0] = groups;
  const embedded = (at: number) => {
    const high = groups[at] ?? 0;
    const low = groups[at + 1] ?? 0;
    return ipv4Range([high >> 8, high & 255, low >> 8, low & 255]);
  };
  if (groups.slice(0, 5).every((group) => group === 0)) {
    // ::, ::1, and the IPv4-mapped and IPv4-compatible forms.
    return embedded(6) ?? (groups[5] === 0xffff ? null : 'loopback or unspecified');
  }
  if (first === 0x64 && second === 0xff9b) return embedded(6) ?? 'translation';
  if (first === 0x2002) return embedded(1) ?? '6to4';
  if ((first & 0xfe00) === 0xfc00) return 'private';
  if ((first & 0xffc0) === 0xfe80) return 'link-local';
  if ((first & 0xffc0) === 0xfec0) return 'site-local';
  if ((first & 0xff00) === 0xff00) return 'multicast';
  if (first === 0x2001 && (second < 0x200 || second === 0xdb8)) return 'special purpose';
  if (first === 0x100) return 'discard';
  return (first & 0xe000) === 0x2000 ? null : 'not global';
}

/** The name of the special range that an address lies in, null for a global one. Text that is no address is `unknown`. */
export function specialRange(address: string): string | null {
  const four = parseIpv4(address);
  if (four !== null) return ipv4Range(four);
  const six = parseIpv6(address);
  return six === null ? 'unknown' : ipv6Range(six);
}

/** Whether an address that a name resolved to may be connected to. */
export function allowsAddress(address: string, host: string, policy: EgressPolicy): EgressVerdict {
  if (policy.allowedHosts.includes(host) || policy.allowedHosts.includes(address)) return allowed;
  const range = specialRange(address);
  return range === null ? allowed : refused(`${host} leads to an address that is not public (${range})`);
}

/** What a URL's parts tell: the pieces of a WHATWG URL. */
export interface UrlParts {
  readonly protocol: string;
  readonly hostname: string;
  readonly port: string;
  readonly username: string;
  readonly password: string;
}

/** Whether a URL may be tried at all: scheme, credentials, port, literal address, name. */
export function allowsUrl(url: UrlParts, policy: EgressPolicy): EgressVerdict {
  const host = url.hostname.toLowerCase().replace(/\.$/, '');
  const exempt = policy.allowedHosts.includes(host.replace(/^\[|\]$/g, ''));
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return refused(`scheme ${url.protocol} is not allowed`);
  if (url.protocol === 'http:' && !policy.allowHttp && !exempt) return refused('only https is allowed');
  if (url.username !== '' || url.password !== '') return refused('credentials in the URL are not allowed');
  if (!exempt && policy.allowedPorts !== 'any' && url.port !== '') {
    const port = Number(url.port);
    if (port !== 80 && port !== 443 && !policy.allowedPorts.includes(port)) {
      return refused(`port ${port} is not allowed`);
    }
  }
  if (exempt) return allowed;
  if (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host.endsWith('.internal') ||
    host.endsWith('.local')
  ) {
    return refused(`${host} is not a public name`);
  }
  const literal = host.startsWith('[') ? host.slice(1, -1) : host;
  if (parseIpv4(literal) !== null || parseIpv6(literal) !== null)
    return allowsAddress(literal, literal, policy);
  if (!host.includes('.')) return refused(`${host} is not a public name`);
  return allowed;
}
