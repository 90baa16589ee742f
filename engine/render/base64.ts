/** Base64 of texts, by CUE's own encoding/base64. */
import type { Libraries } from '../cue/index.ts';
import { compile, parse } from '../cue/index.ts';

type Decoded =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly message: string };

export function encodeBase64(text: string, libraries: Libraries): string {
  const encoded = run('base64.Encode(null, text)', text, libraries);
  return encoded.ok ? encoded.value : '';
}

/** What is no UTF-8 becomes U+FFFD, byte by byte. */
export function decodeBase64(text: string, libraries: Libraries): Decoded {
  return run('"\\(base64.Decode(null, text))"', text, libraries);
}

function run(expression: string, text: string, libraries: Libraries): Decoded {
  const source = `import "encoding/base64"\nout: ${expression}`;
  const parsed = parse({ name: 'base64', text: source });
  const compiled = parsed.ok ? compile([parsed.value], { libraries, declare: ['text'] }) : null;
  if (compiled === null || !compiled.ok) return { ok: false, message: 'cannot be compiled' };
  const out = compiled.value.evaluate({ bindings: { text } }).lookup(['out']).toData();
  if (!out.ok) return { ok: false, message: `fails: ${out.error.diagnostics[0]?.message ?? 'no value'}` };
  return typeof out.value === 'string'
    ? { ok: true, value: out.value }
    : { ok: false, message: 'gives no text' };
}
