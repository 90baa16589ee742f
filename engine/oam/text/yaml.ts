/**
 * Reads a YAML stream into trees with offsets, as Kubernetes' tools read it. The parser of the `yaml` package
 * gives the structure; what scalars, tags and merges mean is decided here.
 */
import type { Document, Node, Pair, Scalar, YAMLMap } from 'yaml';
import { Composer, isAlias, isMap, isScalar, isSeq, Lexer, Parser } from 'yaml';
import { keyText, resolvePlain } from './scalar-yaml11.ts';
import type { MapEntry, MapNode, NamedText, ScalarNode, TextLimits, TextNode } from './tree.ts';
import { NodeBudget, TextRefusal } from './tree.ts';

const core = 'tag:yaml.org,2002:';
/** Line breaks of YAML 1.1: the white space around them in a quoted scalar does not count. */
const unicodeBreak = /[\u0085\u2028\u2029]/;

/** One tree a document; a document without content gives none. */
export function readYaml(text: NamedText, limits: TextLimits): readonly TextNode[] | TextRefusal {
  const documents = compose(text, limits);
  if (documents instanceof TextRefusal) return documents;
  const trees: TextNode[] = [];
  const budget = new NodeBudget(limits.nodes);
  for (const document of documents) {
    const error = document.errors[0];
    if (error !== undefined)
      return refusal(text, 'yaml-syntax', `This is not YAML: ${sentence(error.message)}`, error.pos[0]);
    if (document.contents === null) continue;
    const tree = new TreeBuilder(text, limits, budget).node(document.contents, 0);
    if (tree instanceof TextRefusal) return tree;
    if (tree.kind !== 'scalar' || tree.value !== null) trees.push(tree);
  }
  return trees;
}

function compose(text: NamedText, limits: TextLimits): readonly Document.Parsed[] | TextRefusal {
  const parser = new Parser();
  const composer = new Composer({
    schema: 'failsafe',
    version: '1.1',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const documents: Document.Parsed[] = [];
  // The parser keeps its open collections on a stack; beyond this the composer's recursion would be at risk.
  const stackLimit = 3 * limits.depth + 8;
  for (const lexeme of lenientLexer().lex(text.text)) {
    for (const token of parser.next(lexeme)) documents.push(...composer.next(token));
    if (parser.stack.length > stackLimit) {
      return refusal(
        text,
        'text-too-deep',
        `The document is nested deeper than ${limits.depth}.`,
        parser.offset,
      );
    }
  }
  for (const token of parser.end()) documents.push(...composer.next(token));
  documents.push(...composer.end());
  return documents;
}

/** What the lexer keeps to itself. */
interface LexerInside {
  indentNext: number;
  parseQuotedScalar(): Generator<string, unknown, unknown>;
}

/**
 * Go's YAML takes quoted scalars whose further lines are not indented; many published CRDs are written so. The
 * package's lexer asks for indentation, so for the length of a quoted scalar it is told that none is needed.
 */
function lenientLexer(): Lexer {
  const lexer = new Lexer();
  // The package declares these members private; the tests of this folder notice when they change.
  const inside = lexer as unknown as LexerInside;
  const strict = inside.parseQuotedScalar.bind(lexer);
  inside.parseQuotedScalar = function* lenient(): Generator<string, unknown, unknown> {
    const indent = inside.indentNext;
    inside.indentNext = 0;
    const next = yield* strict();
    inside.indentNext = indent;
    return next;
  };
  return lexer;
}

class TreeBuilder {
  readonly #text: NamedText;
  readonly #limits: TextLimits;
  readonly #budget: NodeBudget;
  readonly #anchors = new Map<string, TextNode | 'open'>();

  constructor(text: NamedText, limits: TextLimits, budget: NodeBudget) {
    this.#text = text;
    this.#limits = limits;
    this.#budget = budget;
  }

  node(node: Node, depth: number): TextNode | TextRefusal {
    const start = node.range?.[0] ?? 0;
    if (depth > this.#limits.depth)
      return this.#refuse(
        'text-too-deep',
        `The document is nested deeper than ${this.#limits.depth}.`,
        start,
      );
    if (!this.#budget.take())
      return this.#refuse(
        'text-too-many-values',
        `The document has more than ${this.#limits.nodes} values.`,
        start,
      );
    if (isAlias(node)) return this.#alias(node.source, start);
    const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
    if (anchor !== undefined) this.#anchors.set(anchor, 'open');
    const tree = this.#content(node, start, depth);
    if (anchor !== undefined && !(tree instanceof TextRefusal)) this.#anchors.set(anchor, tree);
    return tree;
  }

  #content(node: Node, start: number, depth: number): TextNode | TextRefusal {
    if (isScalar(node)) return this.#scalar(node, start);
    if (isMap(node)) return this.#map(node, start, depth);
    if (!isSeq(node)) return this.#refuse('yaml-syntax', 'This kind of YAML node is not known.', start);
    const items: TextNode[] = [];
    for (const item of node.items) {
      // The composer puts nodes only; a pair appears in a sequence under `!!omap`, which failsafe does not build.
      const child = this.node(item as Node, depth + 1);
      if (child instanceof TextRefusal) return child;
      items.push(child);
    }
    return { kind: 'seq', start, items };
  }

  #alias(name: string, start: number): TextNode | TextRefusal {
    const target = this.#anchors.get(name);
    if (target === undefined)
      return this.#refuse('yaml-syntax', `The alias *${name} has no anchor before it.`, start);
    if (target === 'open') return this.#refuse('yaml-syntax', `The anchor &${name} contains itself.`, start);
    return target;
  }

  #scalar(node: Scalar, start: number): ScalarNode | TextRefusal {
    const content = this.#textOf(node);
    const tag = node.tag?.startsWith(core) ? node.tag.slice(core.length) : null;
    const plain = node.type === 'PLAIN' || node.type === undefined;
    if (tag === 'str' || (!plain && tag === null) || node.tag === '!')
      return { kind: 'scalar', start, value: content };
    if (tag === 'binary') return this.#binary(content, start);
    if (tag === null && !plain) return { kind: 'scalar', start, value: content };
    const resolved = resolvePlain(content);
    if ('refused' in resolved)
      return this.#refuse('number-out-of-range', `${content.slice(0, 40)} has no form in JSON.`, start);
    return { kind: 'scalar', start, value: resolved.value };
  }

  #textOf(node: Scalar): string {
    // Under the failsafe schema every scalar's value is its text.
    const content = typeof node.value === 'string' ? node.value : '';
    if (node.type !== 'QUOTE_SINGLE' && node.type !== 'QUOTE_DOUBLE') return content;
    if (
      !unicodeBreak.test(content) ||
      !unicodeBreak.test(this.#text.text.slice(node.range?.[0] ?? 0, node.range?.[1] ?? 0))
    )
      return content;
    return content.replace(/[ \t]*([\u2028\u2029])[ \t]*/g, '$1').replace(/[ \t]*\u0085[ \t]*/g, ' ');
  }

  #binary(content: string, start: number): ScalarNode | TextRefusal {
    const text = decodeBase64(content.replace(/[ \t\r\n]/g, ''));
    if (text === null) return this.#refuse('yaml-syntax', 'The value of !!binary is not base64.', start);
    return { kind: 'scalar', start, value: text };
  }

  #map(node: YAMLMap, start: number, depth: number): MapNode | TextRefusal {
    const entries: MapEntry[] = [];
    for (const pair of node.items) {
      const entry = this.#entry(pair as Pair<Node, Node | null>, depth);
      if (entry instanceof TextRefusal) return entry;
      entries.push(entry);
    }
    return { kind: 'map', start, entries };
  }

  #entry(pair: Pair<Node, Node | null>, depth: number): MapEntry | TextRefusal {
    const start = pair.key.range?.[0] ?? 0;
    const key = this.node(pair.key, depth + 1);
    if (key instanceof TextRefusal) return key;
    const value =
      pair.value === null
        ? ({ kind: 'scalar', start, value: null } as const)
        : this.node(pair.value, depth + 1);
    if (value instanceof TextRefusal) return value;
    if (isScalar(pair.key) && pair.key.type === 'PLAIN' && pair.key.value === '<<')
      return this.#merge(value, start);
    const name = key.kind === 'scalar' ? keyText(key.value) : null;
    if (name === null)
      return this.#refuse('yaml-key', 'A key must be a string, a number or a boolean.', start);
    return { kind: 'entry', key: name, start, value };
  }

  #merge(value: TextNode, start: number): MapEntry | TextRefusal {
    // In a list of maps the earlier one wins, so it has to come last.
    const from = value.kind === 'seq' ? [...value.items].reverse() : [value];
    const maps = from.filter((n) => n.kind === 'map');
    if (maps.length !== from.length)
      return this.#refuse('yaml-syntax', 'What `<<` merges must be a map or a list of maps.', start);
    return { kind: 'merge', start, from: maps };
  }

  #refuse(code: string, message: string, offset: number): TextRefusal {
    return refusal(this.#text, code, message, offset);
  }
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The bytes as text, each byte above ASCII as UTF-8 would be read; null if it is not base64. */
function decodeBase64(text: string): string | null {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return null;
  let escaped = '';
  let bits = 0;
  let count = 0;
  for (const char of text.replace(/=+$/, '')) {
    bits = (bits << 6) | alphabet.indexOf(char);
    count += 6;
    if (count >= 8) {
      count -= 8;
      escaped += `%${((bits >> count) & 0xff).toString(16).padStart(2, '0')}`;
      bits &= (1 << count) - 1;
    }
  }
  try {
    return decodeURIComponent(escaped);
  } catch {
    // Not UTF-8: JSON has no form for it.
    return null;
  }
}

function sentence(message: string): string {
  const first = message.split('\n')[0] ?? message;
  return first.endsWith('.') ? first : `${first}.`;
}

function refusal(text: NamedText, code: string, message: string, offset: number): TextRefusal {
  return new TextRefusal({ code, path: '', message, span: text.spanAt(offset) });
}
