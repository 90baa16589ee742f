// Loads the generated facts about built-in kinds into nodes.

import { readFileSync } from 'node:fs';
import type { Json } from '../json.ts';
import type { BuiltinFile, FieldFacts, ResourceFacts, StructFacts, TypeFacts } from './builtin-file.ts';
import { ANY, type Field, type MapNode, type Node, OPEN } from './node.ts';

interface Loading extends MapNode {
  readonly fields: Map<string, Field>;
}

function load(file: BuiltinFile): ReadonlyMap<string, MapNode> {
  const nodes = new Map<string, Loading>();
  for (const [name, facts] of Object.entries(file.types)) {
    nodes.set(name, { kind: 'map', name, fields: new Map(), rest: undefined, atomic: facts.atomic ?? false });
  }
  for (const [name, facts] of Object.entries(file.types)) fill(nodes, name, facts);
  return nodes;
}

function fill(nodes: ReadonlyMap<string, Loading>, name: string, facts: StructFacts): void {
  const target = nodes.get(name);
  for (const [field, of] of Object.entries(facts.fields)) target?.fields.set(field, fieldFrom(nodes, of));
}

function fieldFrom(nodes: ReadonlyMap<string, MapNode>, facts: FieldFacts): Field {
  const node = nodeFrom(nodes, facts.type);
  return {
    node: facts.atomic && node.kind === 'map' ? { ...node, atomic: true } : node,
    presence: facts.presence ?? 'filled',
    default: facts.default as Json | undefined, // read from JSON
    enum: facts.enum,
    required: facts.required ?? false,
  };
}

function nodeFrom(nodes: ReadonlyMap<string, MapNode>, type: TypeFacts): Node {
  if (typeof type === 'object') {
    if ('map' in type) {
      return {
        kind: 'map',
        name: '',
        fields: new Map(),
        rest: nodeFrom(nodes, type.map),
        atomic: type.atomic ?? false,
      };
    }
    return {
      kind: 'list',
      item: nodeFrom(nodes, type.list),
      as: type.as ?? 'atomic',
      keys: type.keys ?? [],
      patch: type.patch ?? '',
      patchKey: type.patchKey ?? '',
    };
  }
  if (type === 'any') return ANY;
  if (type === 'open') return OPEN;
  if (type.startsWith('#')) {
    const node = nodes.get(type.slice(1));
    if (!node) throw new Error(`builtin.generated.json: no type ${type}`);
    return node;
  }
  return { kind: 'scalar', format: type as Exclude<TypeFacts, object | 'any' | 'open' | `#${string}`> }; // what is left
}

const file = JSON.parse(
  readFileSync(new URL('./builtin.generated.json', import.meta.url), 'utf8'),
) as BuiltinFile; // written by generate.ts

const types = load(file);

export const BUILTIN_RESOURCES: readonly ResourceFacts[] = file.resources;

/** A built-in type by its short name, such as `core.v1.PodSpec`. */
export function builtinType(name: string): MapNode {
  const node = types.get(name);
  if (!node) throw new Error(`builtin.generated.json: no type ${name}`);
  return node;
}
