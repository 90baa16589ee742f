/** Package `text/tabwriter`: columns aligned with spaces, as Go's elastic tabstops make them. */
import type { BuiltinEnv, BuiltinError, Data, StdPackage } from './builtin.ts';
import { evalError, isList } from './builtin.ts';
import { functionsOf, overBudget } from './define.ts';
import { decodeUtf8, runeCount } from './utf8.ts';

/** Spaces behind the widest cell of a column. */
const PADDING = 1;

/** A run of lines without an empty line or form feed, each cut into cells at its tabs; the last cell has no tab. */
function alignBlock(lines: readonly (readonly string[])[]): string[] {
  const widths: number[][] = lines.map((cells) => cells.slice(0, -1).map(() => 0));
  const columns = Math.max(0, ...lines.map((cells) => cells.length - 1));
  for (let column = 0; column < columns; column++) {
    // A column reaches over consecutive lines that have a tab behind their cell there.
    for (let line = 0; line < lines.length; line++) {
      let end = line;
      let width = 0;
      while (end < lines.length && (lines[end]?.length ?? 0) > column + 1) {
        width = Math.max(width, runeCount(lines[end]?.[column] ?? ''));
        end++;
      }
      for (let i = line; i < end; i++) {
        const row = widths[i];
        if (row) row[column] = width + PADDING;
      }
      line = Math.max(line, end - 1);
    }
  }
  return lines.map((cells, i) =>
    cells.map((cell, j) => cell + ' '.repeat(Math.max(0, (widths[i]?.[j] ?? 0) - runeCount(cell)))).join(''),
  );
}

/** Aligns a text. A line without tabs ends the columns above it; so does a form feed. */
function align(text: string): string {
  return text
    .split('\f')
    .map((part) => {
      const lines = part.split('\n').map((line) => line.split(/[\t\v]/));
      // Nothing behind the last tab of all is no cell.
      if (lines.at(-1)?.at(-1) === '') lines.at(-1)?.pop();
      return alignBlock(lines).join('\n');
    })
    .join('\n');
}

function textOf(value: Data): string | null {
  if (value instanceof Uint8Array) return decodeUtf8(value);
  return typeof value === 'string' ? value : null;
}

function write(data: Data, env: BuiltinEnv): Data | BuiltinError {
  const lines = isList(data) ? data.map(textOf) : null;
  const text = lines ? lines.map((line) => `${line}\n`).join('') : textOf(data);
  if (text === null || lines?.includes(null)) return evalError('tabwriter.Write: unsupported type');
  // Padding can make each cell as wide as the widest.
  return env.charge(text.length * 4 + 64) ? align(text) : overBudget();
}

export const tabwriter: StdPackage = {
  path: 'text/tabwriter',
  functions: [functionsOf('text/tabwriter')('Write', ['any'], 'string', ([data], env) => write(data, env))],
};
