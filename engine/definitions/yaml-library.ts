/** YAML for the CUE engine: read as CUE's encoding/yaml reads it (a libyaml of version 1.1), by the package `yaml`. */
import type { CST, Node, Pair, ParsedNode, Scalar, YAMLMap } from 'yaml';
import { Composer, isAlias, isMap, isScalar, isSeq, Parser } from 'yaml';
import * as decimal from '../cue/number/decimal.ts';
import type { CueNumber } from '../cue/number/number.ts';
import { neg } from '../cue/number/number.ts';
import { decodeBase64 } from '../cue/std/base64-text.ts';
import type { BuiltinError, Data, YamlLibrary } from '../cue/std/builtin.ts';
import { evalError, isBuiltinError } from '../cue/std/builtin.ts';
import { StructReader } from '../cue/std/json-text.ts';
import { decodeUtf8 } from '../cue/std/utf8.ts';
import { indentLines } from './yaml-indent.ts';
import { resolvePlain } from './yaml-resolve.ts';
import { yamlText } from './yaml-text.ts';

/** Longer streams are refused (UTF-16 units). */
const MAX_YAML_LENGTH = 1024 * 1024;
/** Deeper nesting is refused. */
export const MAX_YAML_DEPTH = 200;
/** More nodes, aliases counted as what they stand for, are refused. */
const MAX_YAML_NODES = 200_000;

const OPTIONS = {
  schema: 'failsafe',
  version: '1.1',
  strict: false,
  uniqueKeys: false,
  prettyErrors: false,
  logLevel: 'silent',
} as const;

/** libyaml's reader takes no other characters. */
const FORBIDDEN = /[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

function parse(source: string): readonly Data[] | BuiltinError {
  if (source.length > MAX_YAML_LENGTH) return evalError('yaml: document is too long');
  const text = source.startsWith('\ufeff') ? source.slice(1) : source;
  if (FORBIDDEN.test(text)) return evalError('yaml: control characters are not allowed');
  const indented = indentLines(text, MAX_YAML_LENGTH);
  // The package would find the same, but takes time by the square of such a text.
  if (indented === null) return evalError('yaml: a quote or bracket is not closed');
  const tokens = [...new Parser().parse(indented)];
  if (depthOf(tokens) > MAX_YAML_DEPTH) return evalError('yaml: document is nested too deeply');
  const documents: Data[] = [];
  let nodes = 0;
  for (const document of new Composer(OPTIONS).compose(tokens)) {
    const [error] = document.errors;
    if (error) return evalError(`yaml: ${error.message}`);
    const { explicit, version } = document.directives.yaml;
    if (explicit && version !== '1.1') return evalError('yaml: found incompatible YAML document');
    const reader = new Reader(nodes);
    const value = reader.node(document.contents);
    if (isBuiltinError(value)) return value;
    nodes = reader.nodes;
    documents.push(value);
  }
  return documents;
}

/** How deep collections nest in a stream of tokens; the walk keeps its stack on the heap. */
function depthOf(tokens: readonly CST.Token[]): number {
  let deepest = 0;
  const open: { readonly token: CST.Token; readonly depth: number }[] = tokens.map((token) => ({
    token,
    depth: 0,
  }));
  for (let next = open.pop(); next; next = open.pop()) {
    const { token, depth } = next;
    deepest = Math.max(deepest, depth);
    if (token.type === 'document') {
      if (token.value) open.push({ token: token.value, depth });
    } else if ('items' in token) {
      for (const { key, value } of token.items) {
        if (key) open.push({ token: key, depth: depth + 1 });
        if (value) open.push({ token: value, depth: depth + 1 });
      }
    }
  }
  return deepest;
}

interface Anchored {
  readonly value: Data;
  readonly nodes: number;
}

type YamlNode = Node | ParsedNode | null | undefined;

class Reader {
  nodes: number;
  /** What each anchor stands for; null while its node is still being read. */
  readonly #anchors = new Map<string, Anchored | null>();

  constructor(nodes: number) {
    this.nodes = nodes;
  }

  node(node: YamlNode): Data | BuiltinError {
    if (++this.nodes > MAX_YAML_NODES) return evalError('yaml: document has too many nodes');
    if (isAlias(node)) return this.#alias(node.source);
    const anchor = node?.anchor;
    const before = this.nodes;
    if (anchor) this.#anchors.set(anchor, null);
    const value = this.#content(node);
    if (anchor && !isBuiltinError(value))
      this.#anchors.set(anchor, { value, nodes: this.nodes - before + 1 });
    return value;
  }

  #alias(name: string): Data | BuiltinError {
    const anchored = this.#anchors.get(name);
    if (anchored === undefined) return evalError(`yaml: unknown anchor '${name}' referenced`);
    if (anchored === null) return evalError(`anchor ${JSON.stringify(name)} value contains itself`);
    this.nodes += anchored.nodes;
    return this.nodes > MAX_YAML_NODES ? evalError('yaml: document has too many nodes') : anchored.value;
  }

  #content(node: YamlNode): Data | BuiltinError {
    if (isScalar(node)) return scalarValue(node);
    if (isSeq(node)) return this.#items(node.items);
    // Any tag on a collection is let through, as the real reader does.
    if (isMap(node)) return this.#struct(node);
    return null;
  }

  #items(nodes: readonly unknown[]): Data | BuiltinError {
    const items: Data[] = [];
    for (const node of nodes) {
      const item = this.node(asNode(node));
      if (isBuiltinError(item)) return item;
      items.push(item);
    }
    return items;
  }

  #struct(map: YAMLMap<unknown, unknown>): Data | BuiltinError {
    const fields = new StructReader();
    let merged = false;
    for (const pair of map.items) {
      if (isMergeKey(pair)) {
        const problem = this.#merge(asNode(pair.value), fields);
        if (problem) return problem;
        merged = true;
        continue;
      }
      const name = this.#key(asNode(pair.key));
      if (typeof name !== 'string') return name;
      const value = this.node(asNode(pair.value));
      if (isBuiltinError(value)) return value;
      // Behind a merge a key replaces; without one, doubled keys unify as CUE fields do.
      if (merged) fields.replace(name, value);
      else fields.add(name, value);
    }
    return fields.data();
  }

  /** Puts the fields of a merged mapping, or of several in reverse order, over those that are there. */
  #merge(node: YamlNode, fields: StructReader): BuiltinError | null {
    if (isSeq(node)) {
      for (const item of node.items.toReversed()) {
        const problem = this.#merge(asNode(item), fields);
        if (problem) return problem;
      }
      return null;
    }
    const value = this.node(node);
    if (isBuiltinError(value)) return value;
    if (value === null || typeof value !== 'object' || !('type' in value) || value.type !== 'struct') {
      return evalError('map merge requires map or sequence of maps as the value');
    }
    for (const [name, field] of value.fields) fields.replace(name, field);
    return null;
  }

  #key(node: YamlNode): string | BuiltinError {
    if (isAlias(node)) {
      const value = this.#alias(node.source);
      return typeof value === 'string' || isBuiltinError(value) ? value : evalError('invalid map key');
    }
    if (node === null || node === undefined) return 'null';
    if (!isScalar(node)) return evalError('invalid map key: !!map');
    const infinite = INFINITE_KEYS.get(textOf(node).toLowerCase());
    if (infinite !== undefined && node.type === 'PLAIN' && node.tag === undefined) return infinite;
    const value = scalarValue(node);
    if (isBuiltinError(value)) return value;
    if (node.anchor) this.#anchors.set(node.anchor, { value, nodes: 1 });
    return keyText(node, value);
  }
}

/** Numbers that have no literal have a name as keys. */
const INFINITE_KEYS: ReadonlyMap<string, string> = new Map([
  ['.inf', '+Inf'],
  ['+.inf', '+Inf'],
  ['.nan', 'NaN'],
]);

/** The name of a field: the text of the key as CUE would write the literal (`0o12` for 012). */
function keyText(node: Scalar, value: Data): string | BuiltinError {
  if (typeof value === 'string') return value;
  if (value === null || typeof value === 'boolean') return String(value);
  if (value instanceof Uint8Array) return decodeUtf8(value);
  const text = textOf(node);
  if (text.startsWith('-')) return evalError(`invalid label ${text}`);
  return /^0[0-9]/.test(text) && typeof value === 'bigint' ? `0o${text.slice(1)}` : text;
}

function isMergeKey(pair: Pair<unknown, unknown>): boolean {
  const { key } = pair;
  if (!isScalar(key) || key.value !== '<<') return false;
  return key.tag === undefined ? key.type === 'PLAIN' : key.tag === '!' || key.tag === `${TAG_PREFIX}merge`;
}

/** The library types collection items as unknown; everything in a parsed document is a node. */
function asNode(value: unknown): YamlNode {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value) ? value : null;
}

const TAG_PREFIX = 'tag:yaml.org,2002:';

function textOf(node: Scalar): string {
  return typeof node.value === 'string' ? node.value : '';
}

function scalarValue(node: Scalar): Data | BuiltinError {
  const text = textOf(node);
  const tag = node.tag;
  const plain = node.type === 'PLAIN' || node.type === undefined;
  if (tag !== undefined && tag !== '!') {
    if (!tag.startsWith(TAG_PREFIX)) return evalError(`cannot unmarshal tag ${JSON.stringify(tag)}`);
    return taggedValue(tag.slice(TAG_PREFIX.length), text);
  }
  if (!plain) return text;
  if (text === '<<') return evalError('cannot unmarshal tag "!!merge"');
  const resolved = resolvePlain(text);
  // A number with a leading zero that is no octal one is text to most readers.
  if (resolved === 'float' && /^[-+]?0[0-9_]+$/.test(text)) return text;
  return taggedValue(resolved, text);
}

function taggedValue(tag: string, text: string): Data | BuiltinError {
  switch (tag) {
    case 'str':
    case 'timestamp':
      return text;
    case 'null':
      return null;
    case 'bool':
      return ['true', 'True', 'TRUE'].includes(text);
    case 'int':
      return readInt(text);
    case 'float':
      return readFloat(text);
    case 'binary': {
      const bytes = decodeBase64(text);
      return typeof bytes === 'number' ? evalError('!!binary value contains invalid base64 data') : bytes;
    }
    default:
      return evalError(`cannot unmarshal tag "!!${tag}"`);
  }
}

function readInt(text: string): Data | BuiltinError {
  const match = /^([-+]?)((?:0[xbo])?[0-9a-fA-F_]*[0-9a-fA-F]|0)$/.exec(text.replace(/^([-+]?)0X/, '$10x'));
  const digits = match?.[2]?.replaceAll('_', '') ?? '';
  const literal = /^0[0-9]/.test(digits) ? `0o${digits.slice(1)}` : digits;
  if (!/^(?:0x[0-9a-fA-F]+|0b[01]+|0o[0-7]+|\d+)$/.test(literal) || literal.length > decimal.MAX_DIGITS) {
    return evalError(`cannot decode ${JSON.stringify(text.slice(0, 60))} as !!int`);
  }
  const value = BigInt(literal);
  return match?.[1] === '-' ? -value : value;
}

function readFloat(text: string): Data | BuiltinError {
  const negative = text.startsWith('-');
  const digits = text.replace(/^[-+]/, '');
  // The real reader writes an int here as `number & 5`, which no parser takes; infinities have no literal either.
  const value =
    /[.eE]/.test(digits) && !/_(?![0-9])/.test(digits)
      ? decimal.fromString(digits.replaceAll('_', ''))
      : null;
  if (value === null || decimal.isNumberError(value)) {
    return evalError(`cannot decode ${JSON.stringify(text.slice(0, 60))} as !!float`);
  }
  const float: CueNumber = { type: 'float', value };
  return negative ? neg(float) : float;
}

export const yamlLibrary: YamlLibrary = { parse, stringify: yamlText };
