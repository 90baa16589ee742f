/** The standard packages that KubeVela's definitions use: what index.ts lends. */
import { base64 } from './base64.ts';
import type { StdPackage } from './builtin.ts';
import { hex } from './hex.ts';
import { json } from './json.ts';
import { list } from './list.ts';
import { math } from './math.ts';
import { path } from './path.ts';
import { regexp } from './regexp.ts';
import { strconv } from './strconv.ts';
import { strings } from './strings.ts';
import { struct } from './struct.ts';
import { yaml } from './yaml.ts';

export const definitionPackages: readonly StdPackage[] = [
  ...[base64, hex, json, list, math, path, regexp],
  ...[strconv, strings, struct, yaml],
];
