/** Issues as lines of text for a terminal. */
import type { Issue } from '../engine/result.ts';

/** `error: message`, where it stands in the user's text, and the rule of the definition that it breaks. */
export function issueText(level: 'error' | 'warning', issue: Issue): string {
  const lines = [`${level}: ${issue.message} [${issue.code}]`];
  if (issue.span !== undefined)
    lines.push(`  at ${issue.span.source}:${issue.span.line}:${issue.span.column}`);
  if (issue.path !== '') lines.push(`  in ${issue.path}`);
  if (issue.definition !== undefined) {
    const { source, line, column } = issue.definition;
    lines.push(`  because of ${source}:${line}:${column}`);
  }
  return `${lines.join('\n')}\n`;
}
