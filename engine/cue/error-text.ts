/** Errors for people: the message, the lines it is about, a caret under each place. */
import type { Diagnostic, Position } from './diagnostic.ts';

/** A longer line is shown in part. */
const WIDEST = 160;

/** A message with the lines it is about and a caret under each place. */
export function renderDiagnostic(d: Diagnostic, texts: ReadonlyMap<string, string>): string {
  const head = d.pathText === '' ? d.message : `${d.pathText}: ${d.message}`;
  const lines = [head];
  if (d.nearest !== undefined) lines.push(`  did you mean ${d.nearest}?`);
  const places = d.positions.length > 0 ? d.positions : (d.declared ?? []);
  for (const onLine of byLine(places)) lines.push(...shown(onLine, texts));
  return lines.join('\n');
}

function byLine(places: readonly Position[]): Iterable<readonly Position[]> {
  const lines = new Map<string, Position[]>();
  for (const p of places) {
    const key = `${p.source}:${p.line}`;
    const known = lines.get(key);
    if (known === undefined) lines.set(key, [p]);
    else known.push(p);
  }
  return lines.values();
}

/** The places on one line: where the first is, the line, and carets under all of them. */
function shown(places: readonly Position[], texts: ReadonlyMap<string, string>): string[] {
  const [first] = places;
  if (first === undefined) return [];
  const lines = [`  ${first.source}:${first.line}:${first.column}`];
  const text = lineOf(texts.get(first.source), first.line);
  if (text === null) return lines;
  const columns = places.map((p) => p.column - 1);
  const last = columns.at(-1) ?? 0;
  const from = last < WIDEST ? 0 : Math.max(0, (columns[0] ?? 0) - WIDEST / 2);
  const carets = columns.filter((at) => at < from + WIDEST);
  const before = from > 0 ? '…' : '';
  const after = text.length > from + WIDEST ? '…' : '';
  lines.push(`    ${before}${text.slice(from, from + WIDEST).replace(/\t/g, ' ')}${after}`);
  let under = '';
  for (const at of carets) under = `${under.padEnd(at - from + before.length)}^`;
  lines.push(`    ${under}`);
  return lines;
}

function lineOf(text: string | undefined, line: number): string | null {
  if (text === undefined) return null;
  let start = 0;
  for (let n = 1; n < line; n++) {
    const end = text.indexOf('\n', start);
    if (end < 0) return null;
    start = end + 1;
  }
  const end = text.indexOf('\n', start);
  return text.slice(start, end < 0 ? text.length : end);
}

/** The errors of one value as text, each conflict told once: a value that fits no disjunct is one error. */
export function renderDiagnostics(all: readonly Diagnostic[], texts: ReadonlyMap<string, string>): string {
  const [head, ...rest] = all;
  const count = /^(\d+) errors in empty disjunction:$/.exec(head?.message ?? '')?.[1];
  if (head === undefined || count === undefined) return all.map((d) => renderDiagnostic(d, texts)).join('\n');
  const pairs = rest.map((d) =>
    d.pathText === head.pathText
      ? /^conflicting values (.+?) and (.+?)(?: \(mismatched .*)?$/.exec(d.message)
      : null,
  );
  const found = pairs[0]?.[1];
  const isChoice = found !== undefined && pairs.every((m) => m?.[1] === found);
  const untold = Number(count) - rest.length;
  const more = untold > 0 ? ` and ${untold} more` : '';
  const message = isChoice
    ? `${found} is none of ${pairs.map((m) => m?.[2]).join(', ')}${more}`
    : 'fits none of the choices:';
  const lines = [renderDiagnostic({ ...head, message }, texts)];
  if (!isChoice) {
    for (const d of rest) lines.push(`  - ${d.pathText}: ${d.message}`);
    if (more !== '') lines.push(`  -${more}`);
  }
  return lines.join('\n');
}
