/** The standard packages, to be lent by `libraries.packages`: a program may import those that it was lent. */
import { base64 } from './std/base64.ts';
import type { StdPackage } from './std/builtin.ts';
import { hmac, md5, sha1, sha256, sha512 } from './std/crypto.ts';
import { csv } from './std/csv.ts';
import { hex } from './std/hex.ts';
import { html } from './std/html.ts';
import { json } from './std/json.ts';
import { list } from './std/list.ts';
import { math } from './std/math.ts';
import { bits } from './std/math-bits.ts';
import { net } from './std/net.ts';
import { path } from './std/path.ts';
import { regexp } from './std/regexp.ts';
import { strconv } from './std/strconv.ts';
import { strings } from './std/strings.ts';
import { struct } from './std/struct.ts';
import { tabwriter } from './std/tabwriter.ts';
import { template } from './std/template.ts';
import { time } from './std/time.ts';
import { uuid } from './std/uuid.ts';
import { yaml } from './std/yaml.ts';

export const standardPackages: readonly StdPackage[] = [
  ...[base64, bits, csv, hex, hmac, html, json, list, math, md5, net, path],
  ...[regexp, sha1, sha256, sha512, strconv, strings, struct, tabwriter, template, time, uuid, yaml],
];
