/** The standard packages by import path. */
import { base64 } from './base64.ts';
import type { StdPackage } from './builtin.ts';
import { hmac, md5, sha1, sha256, sha512 } from './crypto.ts';
import { csv } from './csv.ts';
import { hex } from './hex.ts';
import { html } from './html.ts';
import { json } from './json.ts';
import { list } from './list.ts';
import { math } from './math.ts';
import { bits } from './math-bits.ts';
import { net } from './net.ts';
import { path } from './path.ts';
import { regexp } from './regexp.ts';
import { strconv } from './strconv.ts';
import { strings } from './strings.ts';
import { struct } from './struct.ts';
import { tabwriter } from './tabwriter.ts';
import { template } from './template.ts';
import { time } from './time.ts';
import { uuid } from './uuid.ts';
import { yaml } from './yaml.ts';

const PACKAGES: readonly StdPackage[] = [
  ...[base64, bits, csv, hex, hmac, html, json, list, math, md5, net, path, regexp],
  ...[sha1, sha256, sha512, strconv, strings, struct, tabwriter, template, time, uuid, yaml],
];

export const standardPackages: ReadonlyMap<string, StdPackage> = new Map(
  PACKAGES.map((one) => [one.path, one]),
);
