/**
 * Quoted text and collections in brackets whose further lines stand too far left. The package `yaml` holds to YAML
 * 1.2, where they are indented more than the mapping around them; libyaml takes them wherever they stand. White space
 * at the start of such a line means nothing, so it can be added.
 */
import { Lexer } from 'yaml';

/** Each stretch that is mended costs a look at the whole source: so many are mended, and so many units looked at. */
const MAX_MENDED = 100;
const MAX_WORK = 16 * 1024 * 1024;

/** The source with these lines indented as the package wants them, not longer than `limit`; null where some are left. */
export function indentLines(source: string, limit: number): string | null {
  let text = source;
  let mendedTo = -1;
  for (let round = 0; round < MAX_MENDED && round * text.length < MAX_WORK; round++) {
    const start = cutShort(text);
    if (start < 0) return text;
    const mended = start === mendedTo ? null : mend(text, start);
    if (mended === null || mended.length > limit) return null;
    text = mended;
    mendedTo = start;
  }
  return null;
}

/** The offset of the first quote or bracket that the package closes before its end; -1 if there is none. */
function cutShort(source: string): number {
  let offset = 0;
  let before = '';
  let depth = 0;
  let bracket = -1;
  for (const lexeme of new Lexer().lex(source)) {
    if (lexeme === CUT_BRACKET) return bracket;
    // Plain and block text is announced; what else begins with a quote or a bracket is one.
    if (before !== ANNOUNCED) {
      if (/^["']/.test(lexeme) && quotedAt(lexeme, 0) !== lexeme) return offset;
      if (/^[[{]$/.test(lexeme) && depth++ === 0) bracket = offset;
      if (/^[\]}]$/.test(lexeme)) depth--;
    }
    if (!CONTROL.test(lexeme)) offset += lexeme.length;
    before = lexeme;
  }
  return -1;
}

const ANNOUNCED = '\x1f';
const CUT_BRACKET = '\x18';
// biome-ignore lint/suspicious/noControlCharactersInRegex: the package's own marks between lexemes
const CONTROL = /^[\x02\x18\x1f]$/;
const QUOTED = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"|'[^']*(?:''[^']*)*'/y;
const INDENTATION = / *(?:[-?:] +)*/y;
const DOCUMENT_MARK = /\n(?:---|\.\.\.)(?:[ \t\r\n]|$)/;
/** A key ends on the line where it begins, which the package does not mind. */
const KEY_BEFORE_BREAK = /\n[ \t]*:(?:[ \t\r\n]|$)/;

/** The quoted text that begins at an offset; null where it has no end. */
function quotedAt(source: string, start: number): string | null {
  QUOTED.lastIndex = start;
  return QUOTED.exec(source)?.[0] ?? null;
}

/** The collection whose bracket is at an offset; null where it has no end. */
function bracketedAt(source: string, start: number): string | null {
  let depth = 0;
  for (let at = start; at < source.length; at++) {
    const character = source[at] ?? '';
    const opens = at === start || /[\s,[{:]/.test(source[at - 1] ?? '');
    if ((character === '"' || character === "'") && opens) {
      const quoted = quotedAt(source, at);
      if (quoted === null) return null;
      at += quoted.length - 1;
    } else if (character === '#' && opens) {
      const end = source.indexOf('\n', at);
      if (end < 0) return null;
      at = end;
    } else if (character === '[' || character === '{') depth++;
    else if ((character === ']' || character === '}') && --depth === 0) return source.slice(start, at + 1);
  }
  return null;
}

/** The source with the lines of one such stretch indented; null where it has no end of its own. */
function mend(source: string, start: number): string | null {
  const isQuoted = /["']/.test(source[start] ?? '');
  const stretch = isQuoted ? quotedAt(source, start) : bracketedAt(source, start);
  if (stretch === null || DOCUMENT_MARK.test(stretch)) return null;
  if (!isQuoted && KEY_BEFORE_BREAK.test(stretch)) return null;
  INDENTATION.lastIndex = source.lastIndexOf('\n', start) + 1;
  const indentation = (INDENTATION.exec(source)?.[0].length ?? 0) + 1;
  const lines = stretch.split('\n');
  if (lines.length * indentation > source.length + MAX_WORK / MAX_MENDED) return null;
  const indented = lines.join(`\n${' '.repeat(indentation)}`);
  return source.slice(0, start) + indented + source.slice(start + stretch.length);
}
