/**
 * Quoted text whose further lines stand too far left. The package `yaml` holds to YAML 1.2, where they are indented
 * more than the mapping around them; libyaml takes them wherever they stand. White space at the start of such a line
 * means nothing, so it can be added.
 */
import { Lexer } from 'yaml';

/** Each text that is mended costs a look at the whole source: so many are mended, and so many units looked at. */
const MAX_MENDED = 100;
const MAX_WORK = 16 * 1024 * 1024;

/** The source with the lines of its quoted texts indented as the package wants them. Not longer than `limit`. */
export function indentQuoted(source: string, limit: number): string {
  let text = source;
  for (let round = 0; round < MAX_MENDED && round * text.length < MAX_WORK; round++) {
    const start = cutShort(text);
    const mended = start === null ? null : mend(text, start);
    if (mended === null || mended.length > limit) return text;
    text = mended;
  }
  return text;
}

/** The offset of the first quoted text that the package ends before its closing quote. */
function cutShort(source: string): number | null {
  let offset = 0;
  let before = '';
  for (const lexeme of new Lexer().lex(source)) {
    // Plain and block text is announced; what else begins with a quote is quoted.
    if (before !== ANNOUNCED && QUOTED.test(lexeme) && quotedAt(lexeme, 0) !== lexeme) return offset;
    if (!CONTROL.test(lexeme)) offset += lexeme.length;
    before = lexeme;
  }
  return null;
}

const ANNOUNCED = '\x1f';
// biome-ignore lint/suspicious/noControlCharactersInRegex: the package's own marks between lexemes
const CONTROL = /^[\x02\x18\x1f]$/;
const QUOTED = /^["']/;
const WHOLE = /"[^"\\]*(?:\\[\s\S][^"\\]*)*"|'[^']*(?:''[^']*)*'/y;
const INDENTATION = / *(?:[-?:] +)*/y;
const DOCUMENT_MARK = /\n(?:---|\.\.\.)(?:[ \t\r\n]|$)/;

/** The quoted text that begins at an offset; null where it has no end. */
function quotedAt(source: string, start: number): string | null {
  WHOLE.lastIndex = start;
  return WHOLE.exec(source)?.[0] ?? null;
}

/** The source with the lines of one quoted text indented; null where it has no end of its own. */
function mend(source: string, start: number): string | null {
  const quoted = quotedAt(source, start);
  if (quoted === null || DOCUMENT_MARK.test(quoted)) return null;
  INDENTATION.lastIndex = source.lastIndexOf('\n', start) + 1;
  const indentation = (INDENTATION.exec(source)?.[0].length ?? 0) + 1;
  const lines = quoted.split('\n');
  if (lines.length * indentation > source.length + MAX_WORK / MAX_MENDED) return null;
  return (
    source.slice(0, start) + lines.join(`\n${' '.repeat(indentation)}`) + source.slice(start + quoted.length)
  );
}
