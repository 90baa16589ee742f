/** Errors for people: the message, the lines it is about, a caret under each place. */
import type { Diagnostic } from './diagnostic.ts';

/** A message with the lines it is about and a caret under each place. */
export function renderDiagnostic(d: Diagnostic, texts: ReadonlyMap<string, string>): string {
  const head = d.pathText === '' ? d.message : `${d.pathText}: ${d.message}`;
  const lines = [head];
  if (d.nearest !== undefined) lines.push(`  did you mean ${d.nearest}?`);
  for (const p of d.positions) {
    const text = texts.get(p.source)?.split('\n')[p.line - 1];
    lines.push(`  ${p.source}:${p.line}:${p.column}`);
    if (text === undefined) continue;
    lines.push(`    ${text.replace(/\t/g, ' ')}`, `    ${' '.repeat(p.column - 1)}^`);
  }
  return lines.join('\n');
}

/** The errors of one value as text, each conflict told once: a value that fits no disjunct is one error. */
export function renderDiagnostics(all: readonly Diagnostic[], texts: ReadonlyMap<string, string>): string {
  const [head, ...rest] = all;
  if (head === undefined || !head.message.endsWith('errors in empty disjunction:'))
    return all.map((d) => renderDiagnostic(d, texts)).join('\n');
  const pairs = rest.map((d) =>
    d.pathText === head.pathText
      ? /^conflicting values (.+?) and (.+?)(?: \(mismatched .*)?$/.exec(d.message)
      : null,
  );
  const found = pairs[0]?.[1];
  const isChoice = found !== undefined && pairs.every((m) => m?.[1] === found);
  const message = isChoice
    ? `${found} is none of ${pairs.map((m) => m?.[2]).join(', ')}`
    : 'fits none of the choices:';
  const lines = [renderDiagnostic({ ...head, message }, texts)];
  if (!isChoice) for (const d of rest) lines.push(`  - ${d.pathText}: ${d.message}`);
  return lines.join('\n');
}
