/** Finding definitions by words. */
import type { Definition } from './definition.ts';
import { aliasAnnotation } from './definition.ts';

/** Whether all words of a text stand in a definition's name, alias or description, in any case. */
export function matchesWords({ name, annotations, description }: Definition, words: string): boolean {
  const text = `${name}\n${annotations[aliasAnnotation] ?? ''}\n${description}`.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
