/** The standard packages by import path. */
import { base64 } from './base64.ts';
import type { StdPackage } from './builtin.ts';
import { hex } from './hex.ts';
import { json } from './json.ts';
import { list } from './list.ts';
import { math } from './math.ts';
import { bits } from './math-bits.ts';
import { path } from './path.ts';
import { regexp } from './regexp.ts';
import { strconv } from './strconv.ts';
import { strings } from './strings.ts';
import { yaml } from './yaml.ts';

const PACKAGES: readonly StdPackage[] = [
  base64,
  hex,
  json,
  list,
  math,
  bits,
  path,
  regexp,
  strconv,
  strings,
  yaml,
];

export const standardPackages: ReadonlyMap<string, StdPackage> = new Map(
  PACKAGES.map((one) => [one.path, one]),
);
