/** Variations of a CUE program along its syntax tree, so that most of them are programs too. */
import type { Ast } from '../../engine/cue/index.ts';

const EXPRESSIONS: ReadonlySet<string> = new Set(
  'ident null bool number string bytes interpolation bottom struct list unary binary paren selector index slice call'.split(
    ' ',
  ),
);
const DECLARATIONS: ReadonlySet<string> = new Set('field embedding let comprehension'.split(' '));
/** Where an identifier is no expression. */
const NAMES: ReadonlySet<string> = new Set(['label', 'name', 'alias', 'key', 'value variable', 'specs']);

const FRAGMENTS: readonly string[] = [
  ...[
    '1',
    '-1',
    '1.5',
    '"a"',
    '""',
    'true',
    'null',
    '_',
    '_|_',
    'int',
    'string',
    'number',
    'bytes',
    '{}',
    '[]',
  ],
  ...[
    '{...}',
    '[...]',
    '[...int]',
    '{a: 1}',
    '{a?: int}',
    '{a!: int}',
    '{[string]: int}',
    '[1, 2]',
    '>0',
    '!="a"',
  ],
  ...[
    '*1 | int',
    '*"a" | string',
    '{a: 1} | {b: 2}',
    '=~"^a"',
    "'b'",
    'close({a: 1})',
    '[for x in [1, 2] {x}]',
  ],
];

interface Span {
  readonly start: number;
  readonly end: number;
}

interface Places {
  readonly expressions: Span[];
  readonly declarations: Span[];
  readonly labels: Span[];
}

function isNode(value: unknown): value is Span & { readonly type: string } {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value && 'end' in value;
}

function collect(node: unknown, key: string, places: Places): void {
  if (Array.isArray(node)) {
    for (const one of node) collect(one, key, places);
    return;
  }
  if (!isNode(node)) return;
  if (key === 'label') places.labels.push(node);
  else if (!NAMES.has(key)) {
    if (EXPRESSIONS.has(node.type) && key !== 'declared') places.expressions.push(node);
    if (DECLARATIONS.has(node.type)) places.declarations.push(node);
  }
  for (const [inner, child] of Object.entries(node)) collect(child, inner, places);
}

/** A program with one thing in it changed: an operand, a declaration, a label, a mark. */
export function vary(file: Ast.File, random: () => number): string {
  const { text } = file.source;
  const places: Places = { expressions: [], declarations: [], labels: [] };
  collect(file.decls, 'decls', places);
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const textOf = (span: Span | undefined): string =>
    span === undefined ? '1' : text.slice(span.start, span.end);
  const anExpression = (): string =>
    random() < 0.6 ? textOf(pick(places.expressions)) : (pick(FRAGMENTS) ?? '1');
  const replace = (span: Span | undefined, by: string): string =>
    span === undefined ? `${text}\n${by}` : text.slice(0, span.start) + by + text.slice(span.end);
  const expression = pick(places.expressions);
  const declaration = pick(places.declarations);
  switch (Math.floor(random() * 8)) {
    case 0:
    case 1:
      return replace(expression, `(${anExpression()})`);
    case 2:
      return replace(expression, wrapped(textOf(expression), anExpression, random));
    case 3:
      return replace(
        declaration,
        random() < 0.5 ? '' : `${textOf(declaration)}\n${textOf(pick(places.declarations))}`,
      );
    case 4:
      return replace(declaration, `if (${anExpression()}) != _|_ {\n${textOf(declaration)}\n}`);
    case 5:
      return replace(declaration, `for k, v in (${anExpression()}) {\n${textOf(declaration)}\n}`);
    case 6: {
      const label = pick(places.labels);
      return replace(label, textOf(pick(places.labels)) + (random() < 0.3 ? (pick(['?', '!']) ?? '') : ''));
    }
    default:
      return replace(declaration, `${textOf(declaration)}\n${anExpression()}`);
  }
}

function wrapped(x: string, other: () => string, random: () => number): string {
  switch (Math.floor(random() * 9)) {
    case 0:
      return `((${x}) & (${other()}))`;
    case 1:
      return `(*(${x}) | (${other()}))`;
    case 2:
      return `((${x}) | (${other()}))`;
    case 3:
      return `[(${x}), (${other()})]`;
    case 4:
      return `{e: (${x})}`;
    case 5:
      return `close(${x})`;
    case 6:
      return `len(${x})`;
    case 7:
      return `[for v in (${x}) {v}]`;
    default:
      return `[if (${x}) != _|_ {${x}}, ${other()}][0]`;
  }
}
