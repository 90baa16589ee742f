/** Reads one JSON text (RFC 8259) into a tree with offsets. Duplicate keys are kept for the tree to report. */
import { pointer } from '../../result.ts';
import type { MapEntry, NamedText, TextLimits, TextNode } from './tree.ts';
import { NodeBudget, TextRefusal } from './tree.ts';

const numberPattern = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids control characters in strings.
const stringPattern = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const spacePattern = /[ \t\r\n]*/y;

export function readJson(text: NamedText, limits: TextLimits): TextNode | TextRefusal {
  return new JsonReader(text, limits).read();
}

class JsonReader {
  #at = 0;
  readonly #source: NamedText;
  readonly #text: string;
  readonly #limits: TextLimits;
  readonly #budget: NodeBudget;

  constructor(source: NamedText, limits: TextLimits) {
    this.#source = source;
    this.#text = source.text;
    this.#limits = limits;
    this.#budget = new NodeBudget(limits.nodes);
  }

  read(): TextNode | TextRefusal {
    if (this.#text.charCodeAt(0) === 0xfeff) this.#at = 1;
    const node = this.#value(0);
    if (node instanceof TextRefusal) return node;
    this.#space();
    return this.#at < this.#text.length ? this.#unexpected('the end of the document') : node;
  }

  #value(depth: number): TextNode | TextRefusal {
    this.#space();
    const start = this.#at;
    if (depth > this.#limits.depth)
      return this.#refuse('text-too-deep', `The document is nested deeper than ${this.#limits.depth}.`);
    if (!this.#budget.take())
      return this.#refuse('text-too-many-values', `The document has more than ${this.#limits.nodes} values.`);
    const first = this.#text[start];
    if (first === '{') return this.#object(depth);
    if (first === '[') return this.#array(depth);
    if (first === '"') {
      const value = this.#string();
      return value instanceof TextRefusal ? value : { kind: 'scalar', start, value };
    }
    for (const [word, value] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const) {
      if (this.#text.startsWith(word, start)) {
        this.#at += word.length;
        return { kind: 'scalar', start, value };
      }
    }
    const number = this.#match(numberPattern);
    if (number === null) return this.#unexpected('a value');
    const value = Number(number);
    if (!Number.isFinite(value))
      return this.#refuse('number-out-of-range', `The number ${number.slice(0, 40)} is out of range.`);
    return { kind: 'scalar', start, value: value === 0 ? 0 : value };
  }

  #object(depth: number): TextNode | TextRefusal {
    const start = this.#at;
    this.#at += 1;
    const entries: MapEntry[] = [];
    this.#space();
    if (this.#eat('}')) return { kind: 'map', start, entries };
    for (;;) {
      this.#space();
      const keyStart = this.#at;
      const key = this.#string();
      if (key instanceof TextRefusal) return key;
      this.#space();
      if (!this.#eat(':')) return this.#unexpected("':'");
      const value = this.#value(depth + 1);
      if (value instanceof TextRefusal) return value;
      entries.push({ kind: 'entry', key, start: keyStart, value });
      this.#space();
      if (this.#eat('}')) return { kind: 'map', start, entries };
      if (!this.#eat(',')) return this.#unexpected("',' or '}'");
    }
  }

  #array(depth: number): TextNode | TextRefusal {
    const start = this.#at;
    this.#at += 1;
    const items: TextNode[] = [];
    this.#space();
    if (this.#eat(']')) return { kind: 'seq', start, items };
    for (;;) {
      const value = this.#value(depth + 1);
      if (value instanceof TextRefusal) return value;
      items.push(value);
      this.#space();
      if (this.#eat(']')) return { kind: 'seq', start, items };
      if (!this.#eat(',')) return this.#unexpected("',' or ']'");
    }
  }

  #string(): string | TextRefusal {
    const raw = this.#match(stringPattern);
    if (raw === null) return this.#unexpected('a string');
    // JSON.parse answers a string for every text that the pattern admits.
    return raw.includes('\\') ? (JSON.parse(raw) as string) : raw.slice(1, -1);
  }

  #space(): void {
    this.#match(spacePattern);
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return null;
    this.#at += found[0].length;
    return found[0];
  }

  #eat(char: string): boolean {
    if (this.#text[this.#at] !== char) return false;
    this.#at += 1;
    return true;
  }

  #unexpected(wanted: string): TextRefusal {
    const got = this.#at < this.#text.length ? JSON.stringify(this.#text[this.#at]) : 'the end of the text';
    return this.#refuse('json-syntax', `This is not JSON: expected ${wanted}, found ${got}.`);
  }

  #refuse(code: string, message: string): TextRefusal {
    return new TextRefusal({ code, path: pointer([]), message, span: this.#source.spanAt(this.#at) });
  }
}
