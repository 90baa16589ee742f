/**
 * Every standard package, to be lent by `libraries.packages`: without it programs have those that KubeVela's
 * definitions use, and an import of another one is refused.
 */

import type { StdPackage } from './std/builtin.ts';
import { hmac, md5, sha1, sha256, sha512 } from './std/crypto.ts';
import { csv } from './std/csv.ts';
import { html } from './std/html.ts';
import { definitionPackages } from './std/index.ts';
import { bits } from './std/math-bits.ts';
import { net } from './std/net.ts';
import { tabwriter } from './std/tabwriter.ts';
import { template } from './std/template.ts';
import { time } from './std/time.ts';
import { uuid } from './std/uuid.ts';

export const standardPackages: readonly StdPackage[] = [
  ...definitionPackages,
  ...[bits, csv, hmac, html, md5, net, sha1, sha256, sha512, tabwriter, template, time, uuid],
];
