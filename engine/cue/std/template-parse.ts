/** The tree of a Go template. */
import { isLiteralError, unquote } from '../syntax/literal.ts';
import type { BuiltinError } from './builtin.ts';
import { evalError, isBuiltinError } from './builtin.ts';
import type { GoValue } from './go-value.ts';
import { goInt } from './go-value.ts';

import { TEMPLATE_FUNCTION_NAMES } from './template-functions.ts';
import type { Token, TokenKind } from './template-lex.ts';
import { lexTemplate } from './template-lex.ts';
import { decodeUtf8 } from './utf8.ts';

export type Operand =
  | { readonly type: 'dot' }
  | { readonly type: 'nil' }
  | { readonly type: 'literal'; readonly value: GoValue }
  | { readonly type: 'field'; readonly names: readonly string[] }
  | { readonly type: 'variable'; readonly name: string; readonly names: readonly string[] }
  | { readonly type: 'function'; readonly name: string }
  | { readonly type: 'pipeline'; readonly pipeline: Pipeline }
  | { readonly type: 'chain'; readonly of: Operand; readonly names: readonly string[] };

export interface Pipeline {
  readonly variables: readonly string[];
  /** The variables exist already (`=`), else they begin here (`:=`). */
  readonly assigns: boolean;
  /** Commands, each with its operands; a command's value is the last argument of the next. */
  readonly commands: readonly (readonly Operand[])[];
}

type BranchKind = 'if' | 'range' | 'with';
export type TemplateNode =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'action'; readonly pipeline: Pipeline }
  | {
      readonly type: BranchKind;
      readonly pipeline: Pipeline;
      readonly body: readonly TemplateNode[];
      readonly otherwise: readonly TemplateNode[];
    }
  | { readonly type: 'template'; readonly name: string; readonly pipeline: Pipeline | null }
  | { readonly type: 'break' | 'continue' };

/** The main template is under the empty name. */
export type Templates = ReadonlyMap<string, readonly TemplateNode[]>;

/** Deeper nesting of blocks and parentheses is refused. */
const MAX_DEPTH = 100;

/** Thrown inside the parser alone, to get out of it. */
class Refused {
  readonly error: BuiltinError;
  constructor(message: string) {
    this.error = evalError(`template: ${message}`);
  }
}

export function parseTemplate(source: string): Templates | BuiltinError {
  const tokens = lexTemplate(source);
  if (isBuiltinError(tokens)) return tokens;
  const parser = new Parser(tokens);
  try {
    return parser.templates();
  } catch (refused) {
    if (refused instanceof Refused) return refused.error;
    throw refused;
  }
}

type Ending = 'end' | 'else' | 'eof';

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;
  #loops = 0;
  #variables: string[] = ['$'];
  readonly #templates = new Map<string, readonly TemplateNode[]>();

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  templates(): Templates {
    const [nodes] = this.#list(['eof'], true);
    this.#define('', nodes);
    return this.#templates;
  }

  /** Of two definitions one must be empty, and gives way. */
  #define(name: string, nodes: readonly TemplateNode[]): void {
    const before = this.#templates.get(name);
    if (before && !isEmpty(before) && !isEmpty(nodes))
      throw new Refused(`multiple definition of template "${name}"`);
    if (!before || isEmpty(before)) this.#templates.set(name, nodes);
  }

  #peek(skipSpace = true): TokenKind | 'eof' {
    if (skipSpace && this.#tokens[this.#at]?.kind === 'space') this.#at++;
    return this.#tokens[this.#at]?.kind ?? 'eof';
  }

  #next(): Token {
    const token = this.#tokens[this.#at++];
    if (!token) throw new Refused('unexpected EOF');
    return token;
  }

  #expect(kind: TokenKind, where: string): Token {
    if (this.#peek() !== kind) throw new Refused(`unexpected ${this.#shown()} in ${where}`);
    return this.#next();
  }

  #shown(): string {
    const token = this.#tokens[this.#at];
    return token ? JSON.stringify(token.text.slice(0, 20)) : 'EOF';
  }

  #isWord(word: string): boolean {
    const token = this.#tokens[this.#at];
    return token?.kind === 'identifier' && token.text === word;
  }

  /** Nodes up to one of the endings, which is consumed but for the rest of an else. */
  #list(endings: readonly Ending[], top = false): [TemplateNode[], Ending] {
    if (++this.#depth > MAX_DEPTH) throw new Refused('nested too deeply');
    const nodes: TemplateNode[] = [];
    for (;;) {
      const kind = this.#peek(false);
      if (kind === 'eof') {
        if (!endings.includes('eof')) throw new Refused('unexpected EOF');
        this.#depth--;
        return [nodes, 'eof'];
      }
      const token = this.#next();
      if (token.kind === 'text') {
        nodes.push({ type: 'text', text: token.text });
        continue;
      }
      this.#peek();
      const ending = this.#ending();
      if (ending !== null) {
        if (!endings.includes(ending)) throw new Refused(`unexpected {{${ending}}}`);
        this.#depth--;
        return [nodes, ending];
      }
      const node = this.#action(top);
      if (node) nodes.push(node);
    }
  }

  #ending(): Ending | null {
    if (this.#isWord('end')) {
      this.#at++;
      this.#expect('close', 'end');
      return 'end';
    }
    if (!this.#isWord('else')) return null;
    this.#at++;
    return 'else';
  }

  #action(top: boolean): TemplateNode | null {
    const token = this.#tokens[this.#at];
    const word = token?.kind === 'identifier' ? token.text : '';
    switch (word) {
      case 'if':
      case 'range':
      case 'with':
        this.#at++;
        return this.#branch(word);
      case 'break':
      case 'continue':
        this.#at++;
        if (this.#loops === 0) throw new Refused(`{{${word}}} outside {{range}}`);
        this.#expect('close', word);
        return { type: word };
      case 'define':
        if (!top) throw new Refused('unexpected {{define}}');
        this.#at++;
        return this.#definition();
      case 'block':
      case 'template':
        this.#at++;
        return this.#call(word);
      default: {
        const pipeline = this.#pipeline('close', 'command', false);
        return { type: 'action', pipeline };
      }
    }
  }

  #branch(type: BranchKind): TemplateNode {
    const before = this.#variables.length;
    const pipeline = this.#pipeline('close', type, type === 'range');
    if (type === 'range') this.#loops++;
    const [body, ending] = this.#list(['else', 'end']);
    if (type === 'range') this.#loops--;
    const otherwise = ending === 'else' ? this.#otherwise(type) : [];
    this.#variables.length = before;
    return { type, pipeline, body, otherwise };
  }

  #otherwise(type: BranchKind): readonly TemplateNode[] {
    this.#peek();
    if (type !== 'range' && this.#isWord(type)) {
      this.#at++;
      return [this.#branch(type)];
    }
    this.#expect('close', 'else');
    return this.#list(['end'])[0];
  }

  #definition(): null {
    const name = this.#string('define clause');
    this.#expect('close', 'define clause');
    this.#scoped(name);
    return null;
  }

  /** Reads the body of a named template; it sees no variables but `$`. */
  #scoped(name: string): void {
    const [variables, loops] = [this.#variables, this.#loops];
    this.#variables = ['$'];
    this.#loops = 0;
    this.#define(name, this.#list(['end'])[0]);
    this.#variables = variables;
    this.#loops = loops;
  }

  #call(word: 'block' | 'template'): TemplateNode {
    const name = this.#string(`${word} clause`);
    if (word === 'template' && this.#peek() === 'close') {
      this.#at++;
      return { type: 'template', name, pipeline: null };
    }
    const pipeline = this.#pipeline('close', `${word} clause`, false);
    if (word === 'block') this.#scoped(name);
    return { type: 'template', name, pipeline };
  }

  #string(where: string): string {
    const value = literalOf(this.#expect('string', where));
    return typeof value === 'string' ? value : '';
  }

  #pipeline(end: 'close' | 'right', where: string, isRange: boolean): Pipeline {
    const [variables, assigns] = this.#declarations(isRange, where);
    const commands: (readonly Operand[])[] = [];
    for (;;) {
      const kind = this.#peek();
      if (kind === end) {
        this.#at++;
        break;
      }
      commands.push(this.#command(where));
    }
    checkCommands(commands, where);
    if (!assigns) this.#variables.push(...variables);
    return { variables, assigns, commands };
  }

  #declarations(isRange: boolean, where: string): [readonly string[], boolean] {
    const start = this.#at;
    const names: string[] = [];
    while (this.#peek() === 'variable') {
      names.push(this.#next().text);
      const kind = this.#peek();
      if (kind === 'declare' || kind === 'assign') {
        this.#at++;
        if (kind === 'assign') for (const name of names) this.#use(name);
        if (names.length > 2) throw new Refused(`too many declarations in ${where}`);
        return [names, kind === 'assign'];
      }
      if (kind !== 'comma' || !isRange) break;
      this.#at++;
    }
    this.#at = start;
    return [[], false];
  }

  #use(name: string): void {
    if (!this.#variables.includes(name)) throw new Refused(`undefined variable "${name}"`);
  }

  /** Operands up to a pipe (consumed) or the end of the pipeline (left). */
  #command(where: string): readonly Operand[] {
    const operands: Operand[] = [];
    for (;;) {
      this.#peek();
      operands.push(this.#operand(where));
      const kind = this.#peek(false);
      if (kind === 'space') continue;
      if (kind === 'pipe') {
        this.#at++;
        return operands;
      }
      if (kind === 'close' || kind === 'right' || kind === 'eof') return operands;
      throw new Refused(`unexpected ${this.#shown()} in operand`);
    }
  }

  #operand(where: string): Operand {
    const of = this.#term(where);
    const names: string[] = [];
    while (this.#peek(false) === 'field') names.push(this.#next().text.slice(1));
    this.#endOfOperand();
    if (names.length === 0) return of;
    switch (of.type) {
      case 'field':
      case 'variable':
        return { ...of, names: [...of.names, ...names] };
      case 'pipeline':
      case 'function':
        return { type: 'chain', of, names };
      default:
        throw new Refused(`unexpected . after term`);
    }
  }

  /** Behind an operand stands a space, a pipe or the end. */
  #endOfOperand(): void {
    const kind = this.#peek(false);
    if (['space', 'pipe', 'close', 'right', 'eof'].includes(kind)) {
      // A space before a pipe or the end separates nothing.
      const after = this.#tokens[this.#at + 1]?.kind;
      if (kind === 'space' && (after === 'pipe' || after === 'close' || after === 'right')) this.#at++;
      return;
    }
    throw new Refused(`unexpected ${this.#shown()} in operand`);
  }

  #term(where: string): Operand {
    const token = this.#tokens[this.#at];
    switch (token?.kind) {
      case 'dot':
        this.#at++;
        return { type: 'dot' };
      case 'field':
        this.#at++;
        return { type: 'field', names: [token.text.slice(1)] };
      case 'variable':
        this.#at++;
        this.#use(token.text);
        return { type: 'variable', name: token.text, names: [] };
      case 'string':
      case 'char':
      case 'number':
        this.#at++;
        return { type: 'literal', value: literalOf(token) };
      case 'left': {
        this.#at++;
        if (++this.#depth > MAX_DEPTH) throw new Refused('nested too deeply');
        const pipeline = this.#pipeline('right', 'parenthesized pipeline', false);
        this.#depth--;
        return { type: 'pipeline', pipeline };
      }
      case 'identifier':
        this.#at++;
        return wordOf(token.text);
      default:
        throw new Refused(`unexpected ${this.#shown()} in ${where}`);
    }
  }
}

function isEmpty(nodes: readonly TemplateNode[]): boolean {
  return nodes.every((node) => node.type === 'text' && node.text.trim() === '');
}

function wordOf(word: string): Operand {
  if (word === 'true' || word === 'false') return { type: 'literal', value: word === 'true' };
  if (word === 'nil') return { type: 'nil' };
  if (!TEMPLATE_FUNCTION_NAMES.has(word)) throw new Refused(`function "${word}" not defined`);
  return { type: 'function', name: word };
}

/** Only the first command may begin with something that is no call, and a nil alone is none. */
function checkCommands(commands: readonly (readonly Operand[])[], where: string): void {
  if (commands.length === 0) throw new Refused(`missing value for ${where}`);
  for (const [index, [first]] of commands.entries()) {
    const type = first?.type;
    if (index > 0 && (type === 'literal' || type === 'dot' || type === 'nil')) {
      throw new Refused(`non executable command in pipeline stage ${index + 1}`);
    }
  }
}

function literalOf({ kind, text }: Token): GoValue {
  if (kind === 'number') return numberOf(text);
  if (kind === 'string' && text.startsWith('`')) return text.slice(1, -1).replaceAll('\r', '');
  const content = unquoteGo(text);
  if (content === null) throw new Refused(`invalid literal ${text.slice(0, 40)}`);
  if (kind === 'string') return content;
  const [rune, ...more] = Array.from(content);
  if (rune === undefined || more.length > 0)
    throw new Refused(`malformed character constant: ${text.slice(0, 40)}`);
  return goInt(rune.codePointAt(0) ?? 0);
}

/** A Go literal in double or single quotes; its escapes are CUE's, with octal and hexadecimal bytes besides. */
function unquoteGo(text: string): string | null {
  const body = text.slice(1, -1).replaceAll('\\"', '"').replaceAll("\\'", "'");
  if (/\\[(/]/.test(text)) return null;
  const content = unquote(`'${body.replaceAll("'", "\\'")}'`);
  if (isLiteralError(content)) return null;
  return typeof content === 'string' ? content : decodeUtf8(content);
}

const INT =
  /^[+-]?(?:0[xX]_?[0-9a-fA-F]+(?:_[0-9a-fA-F]+)*|0[bB]_?[01]+(?:_[01]+)*|0[oO]?_?[0-7]+(?:_[0-7]+)*|0|[1-9][0-9]*(?:_[0-9]+)*)$/;
const FLOAT = /^[+-]?(?:[0-9]+(?:_[0-9]+)*\.?(?:[0-9]+(?:_[0-9]+)*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;

/** A number is an int where it is whole (`1e3` too), else a float. */
function numberOf(text: string): GoValue {
  const plain = text.replaceAll('_', '');
  const negative = plain.startsWith('-');
  const digits = plain.replace(/^[+-]/, '');
  if (INT.test(text) && digits.length < 40) {
    const magnitude = BigInt(/^0[0-7]/.test(digits) ? `0o${digits.slice(1)}` : digits);
    const value = negative ? -magnitude : magnitude;
    if (BigInt.asIntN(64, value) === value) return goInt(value);
  }
  const value = FLOAT.test(text) ? Number(plain) : Number.NaN;
  if (!Number.isFinite(value)) throw new Refused(`bad number syntax: ${JSON.stringify(text.slice(0, 40))}`);
  if (!/[.eE]/.test(text)) throw new Refused(`integer overflow: ${JSON.stringify(text.slice(0, 40))}`);
  return value;
}
