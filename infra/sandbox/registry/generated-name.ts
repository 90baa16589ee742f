import { randomInt } from 'node:crypto';

// no vowels: no words
const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';
const MAX_BASE = 58;

/** `base` with five random letters, at most 63 long. */
export function generateName(base: string): string {
  let suffix = '';
  for (let i = 0; i < 5; i++) suffix += LETTERS[randomInt(LETTERS.length)];
  return base.slice(0, MAX_BASE) + suffix;
}
