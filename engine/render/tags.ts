/** Markers in doc comments: lines of the form `// +key=value` (KubeVela's patch tags, usage texts). */
import type { Tags } from './patch-tree.ts';
import { noTags } from './patch-tree.ts';

/**
 * The markers of a field's doc lines (without the slashes). Of equal keys the last counts; a value that holds a
 * space is no marker.
 */
export function tagsOf(lines: readonly string[]): Tags {
  let tags: Map<string, string> | null = null;
  for (const line of lines) {
    const text = line.trim();
    if (!text.startsWith('+')) continue;
    const equals = text.indexOf('=');
    if (equals < 0) continue;
    const value = text.slice(equals + 1).trim();
    if (/\s/.test(value)) continue;
    tags ??= new Map();
    tags.set(text.slice(1, equals).trim(), value);
  }
  return tags ?? noTags;
}
