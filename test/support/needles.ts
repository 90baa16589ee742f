/** What a secret text may look like where it has leaked. */

/** The text itself, and what it is inside of base64, whatever stands before it there. */
export function needlesOf(text: string): readonly string[] {
  const shifted = [0, 1, 2].map((shift) => {
    const whole = Buffer.from('\0'.repeat(shift) + text).toString('base64');
    // Characters that also depend on the bytes around it are left off at both ends.
    return whole.slice(shift === 0 ? 0 : shift + 1, whole.length - 4);
  });
  const url = shifted.map((one) => one.replaceAll('+', '-').replaceAll('/', '_'));
  const hex = Buffer.from(text).toString('hex');
  return [...new Set([text, hex, ...shifted, ...url])];
}

/** Names of the secrets that a text gives away. */
export function leaksIn(content: string, secrets: Readonly<Record<string, string>>): readonly string[] {
  const found = Object.entries(secrets).filter(([, text]) =>
    needlesOf(text).some((needle) => content.includes(needle)),
  );
  return found.map(([name]) => name);
}
