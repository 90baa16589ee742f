/**
 * Lays text out in columns, as Go's text/tabwriter does for `cue fmt`: cells of neighbouring lines that stand in
 * the same column get the width of the widest. Leading empty cells are tabs, all other padding is blanks.
 */

interface Cell {
  readonly text: string;
  /** In code points. */
  readonly width: number;
  /** Ended by a tab, and so kept even where all of its column is empty. */
  readonly hard: boolean;
}

type Line = Cell[];

const TAB_WIDTH = 8;
const PADDING = 1;

/** Code points of a text. */
function widthOf(text: string): number {
  let width = text.length;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c >= 0xdc00 && c <= 0xdfff) width--;
  }
  return width;
}

export class Columns {
  #out = '';
  #lines: Line[] = [[]];
  #cell = '';
  /** Widths of the columns that are being laid out. */
  readonly #widths: number[] = [];

  /** Adds text to the cell at hand; it may hold line breaks, which then are only text. */
  write(text: string): void {
    this.#cell += text;
  }

  /** Ends a cell of indentation. */
  tab(): void {
    this.#endCell(true);
  }

  /** Ends a cell that lines up with the cells above and below. */
  align(): void {
    this.#endCell(false);
  }

  newline(): void {
    const cells = this.#endCell(false);
    this.#lines.push([]);
    // A line of one cell lines up with nothing, so nothing needs to be kept back for it.
    if (cells === 1) this.#flush();
  }

  /** A line break at which all columns end. */
  section(): void {
    this.#endCell(false);
    this.#lines.push([]);
    this.#flush();
  }

  /** Everything written so far, laid out. */
  finish(): string {
    if (this.#cell !== '') this.#endCell(false);
    this.#flush();
    return this.#out;
  }

  #endCell(hard: boolean): number {
    const line = this.#lines[this.#lines.length - 1] as Line; // there is always a line at hand
    line.push({ text: this.#cell, width: widthOf(this.#cell), hard });
    this.#cell = '';
    return line.length;
  }

  #flush(): void {
    this.#layOut(0, this.#lines.length);
    this.#lines = [[]];
  }

  /** Lays out lines whose columns left of `widths.length` are settled. The last cell of a line is in no column. */
  #layOut(from: number, to: number): void {
    const column = this.#widths.length;
    let written = from;
    for (let at = from; at < to; at++) {
      if (!this.#hasColumn(at, column)) continue;
      this.#writeLines(written, at);
      written = at;
      let width = 0;
      let empty = true;
      for (; at < to && this.#hasColumn(at, column); at++) {
        const cell = this.#lines[at]?.[column] as Cell; // hasColumn says so
        width = Math.max(width, cell.width + PADDING);
        if (cell.width > 0 || cell.hard) empty = false;
      }
      this.#widths.push(empty ? 0 : width);
      this.#layOut(written, at);
      this.#widths.pop();
      written = at;
    }
    this.#writeLines(written, to);
  }

  #hasColumn(line: number, column: number): boolean {
    return column < (this.#lines[line]?.length ?? 0) - 1;
  }

  #writeLines(from: number, to: number): void {
    for (let at = from; at < to; at++) {
      let leading = true;
      for (const [column, { text, width }] of (this.#lines[at] as Line).entries()) {
        const room = this.#widths[column];
        if (text !== '') leading = false;
        this.#out += text;
        if (room !== undefined) this.#out += padding(width, room, leading);
      }
      if (at + 1 < this.#lines.length) this.#out += '\n';
    }
  }
}

function padding(width: number, room: number, tabs: boolean): string {
  if (!tabs) return ' '.repeat(Math.max(0, room - width));
  const full = Math.ceil(room / TAB_WIDTH) * TAB_WIDTH;
  return '\t'.repeat(Math.ceil((full - width) / TAB_WIDTH));
}
