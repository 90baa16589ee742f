/** CUE texts for tests: those of the corpus, and variations of them that a seed decides. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CORPUS = join(dirname(fileURLToPath(import.meta.url)), '../corpus/cue');

/** Every program of the corpus, in the order of its path, but for those of some features. */
export function corpusTexts(...without: readonly string[]): readonly string[] {
  const paths = globSync('**/*.cue', { cwd: CORPUS }).sort();
  return paths
    .filter((path) => !without.includes(dirname(path)))
    .map((path) => readFileSync(join(CORPUS, path), 'utf8'));
}

/** Numbers in [0, 1) that a seed decides (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const TOKEN = /[A-Za-z_#$][\w$]*|\d+|\s+|\/\/[^\n]*|"[^"\n]*"|[^\w\s]/gu;

/** Tokens and fragments of the grammar, right and wrong ones. */
const FRAGMENTS: readonly string[] = [
  ...'{}[](),:.?!=<>&|+-*/"\'#$%;@_\n\t \r'.split(''),
  ...[
    '...',
    '..',
    '==',
    '!=',
    '<=',
    '=~',
    '!~',
    '&&',
    '||',
    '_|_',
    '"""\n',
    "'''\n",
    '#"',
    '"#',
    '\\(',
    '\\u12',
    '<-',
  ],
  ...[
    'x',
    '_h',
    '#D',
    '_#d',
    '__x',
    '_',
    'if',
    'for',
    'in',
    'let',
    'import',
    'package',
    'null',
    'true',
    'func',
    'div',
  ],
  ...[
    '1',
    '0x',
    '0b12',
    '1_0',
    '1__0',
    '1.',
    '.5',
    '1e3',
    '1e',
    '5Ki',
    '007',
    '1e999999999',
    'é',
    '😀',
    '\u2264',
  ],
  ...[
    '// c\n',
    '\n// d\n',
    '\n\n// e\n\n',
    '@a(b)',
    '@a',
    '@a(',
    'X=',
    '"\\(x)"',
    '"a": 1',
    'a: b: 1',
    '[string]: int',
  ],
  ...[
    '{a: 1}',
    '[1, 2]',
    '[...int]',
    'if x {y: 1}',
    'for k, v in x {(k): v}',
    'let z = 1\n',
    'import "list"\n',
    '*1 | int',
  ],
];

/** A text with a few tokens left out, doubled, swapped, or replaced. */
export function mutate(text: string, random: () => number): string {
  const tokens = text.match(TOKEN) ?? [];
  const index = (): number => Math.floor(random() * (tokens.length + 1));
  const fragment = (): string => FRAGMENTS[Math.floor(random() * FRAGMENTS.length)] ?? '';
  for (let n = 1 + Math.floor(random() * 4); n > 0; n--) {
    const at = index();
    switch (Math.floor(random() * 6)) {
      case 0:
        tokens.splice(at, 1);
        break;
      case 1:
        tokens.splice(at, 0, fragment());
        break;
      case 2:
        tokens.splice(at, 1, fragment());
        break;
      case 3:
        tokens.splice(at, 0, tokens[at] ?? '');
        break;
      case 4:
        tokens.splice(at, Math.floor(random() * 8));
        break;
      default:
        tokens.splice(at, 0, ...tokens.slice(index(), index()).slice(0, 40));
    }
  }
  return tokens.join('');
}
