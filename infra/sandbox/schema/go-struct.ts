// Reads from Go source what OpenAPI leaves out: whether a field is a pointer and whether its zero value is written.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface GoField {
  readonly pointer: boolean;
  /** a slice or a map, which encoding/json can leave out when empty */
  readonly collection: boolean;
  readonly omitEmpty: boolean;
  readonly omitZero: boolean;
}

const MODULES: readonly [prefix: string, module: string, folder: string][] = [
  ['io.k8s.api.', 'api', ''],
  ['io.k8s.apimachinery.pkg.', 'apimachinery', 'pkg/'],
  ['io.k8s.apiextensions-apiserver.pkg.', 'apiextensions-apiserver', 'pkg/'],
];
const sources = new Map<string, string>();

/** The fields of a struct by JSON name, inlined ones too; undefined when the struct is not found. */
export function goFields(modules: string, type: string, version: string): Map<string, GoField> | undefined {
  const found = MODULES.find(([prefix]) => type.startsWith(prefix));
  if (!found) return undefined;
  const parts = type.slice(found[0].length).split('.');
  const name = parts.pop();
  const folder = path.join(modules, `${found[1]}@v${version}`, found[2], ...parts);
  return name === undefined ? undefined : structFields(source(folder), name);
}

function source(folder: string): string {
  const known = sources.get(folder);
  if (known !== undefined) return known;
  const files = readdirSync(folder).filter(
    (file) => /types.*\.go$/.test(file) && !/_test|swagger|generated/.test(file),
  );
  const text = files.map((file) => readFileSync(path.join(folder, file), 'utf8')).join('\n');
  sources.set(folder, text);
  return text;
}

function structFields(text: string, name: string): Map<string, GoField> | undefined {
  const body = new RegExp(`^type ${name} struct \\{\\n([\\s\\S]*?)^\\}`, 'm').exec(text)?.[1];
  if (body === undefined) {
    // `type A B`: a struct under another name
    const other = new RegExp(`^type ${name} (\\w+)$`, 'm').exec(text)?.[1];
    return other === undefined ? undefined : structFields(text, other);
  }
  const fields = new Map<string, GoField>();
  for (const line of body.split('\n')) {
    const match = /^\s*(?:\w+\s+)?(\S+)\s+`json:"([^"]*)"/.exec(line);
    if (!match?.[1] || match[2] === undefined) continue;
    const [json, ...flags] = match[2].split(',');
    if (flags.includes('inline')) {
      for (const [key, field] of structFields(text, match[1].replace(/^.*\./, '')) ?? [])
        fields.set(key, field);
      continue;
    }
    if (!json) continue;
    fields.set(json, {
      pointer: match[1].startsWith('*'),
      collection: match[1].startsWith('[]') || match[1].startsWith('map[') || isCollection(text, match[1]),
      omitEmpty: flags.includes('omitempty'),
      omitZero: flags.includes('omitzero'),
    });
  }
  return fields;
}

function isCollection(text: string, type: string): boolean {
  return new RegExp(`^type ${type.replace(/^\*?(\w+\.)?/, '')} (\\[\\]|map\\[)`, 'm').test(text);
}
