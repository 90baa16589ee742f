import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { CueError, compile, parse } from '../../../engine/cue/index.ts';
import { libraries } from '../../../engine/definitions/libraries.ts';
import type { JsonValue } from '../../../engine/json.ts';
import { CueUnifier } from '../../../engine/render/cue-unifier.ts';
import { Manifest, ManifestError } from '../../../engine/render/manifest.ts';
import { TemplateCache } from '../../../engine/render/template-cache.ts';

/**
 * Programs with an `output`, a `patch` and perhaps a second one, and what KubeVela's library for patches made of
 * them with CUE 0.14.1: the object, or its refusal.
 */
interface Vector {
  readonly cue: string;
  readonly json?: JsonValue;
  readonly refused?: string;
}

const vectors: readonly Vector[] = JSON.parse(
  readFileSync(join(import.meta.dirname, 'data/patch-vectors.json'), 'utf8'),
);
/** `between`: the JSON is asked for before each patch, as rules do. */
type Asked = 'between' | 'at the end';
const unifier = new CueUnifier(new TemplateCache({ libraries }));

function patched(text: string, asked: Asked): JsonValue | { readonly refused: string } {
  const parsed = parse({ name: 'vector', text });
  assert.ok(parsed.ok);
  const compiled = compile([parsed.value], { libraries });
  assert.ok(compiled.ok);
  const value = compiled.value.evaluate();
  const manifest = new Manifest(value.lookup('output'));
  for (const name of ['patch', 'patch2']) {
    const patch = value.lookup(name);
    if (!patch.exists()) continue;
    const error = manifest.patch(patch, 'all', unifier);
    if (error !== null) return { refused: error.message };
    const unprintable = asked === 'between' ? manifest.json() : manifest.unprintable();
    if (unprintable instanceof CueError) return { refused: unprintable.message };
  }
  const json = manifest.json();
  return json instanceof CueError ? { refused: json.message } : json;
}

for (const asked of ['between', 'at the end'] as const) {
  describe(`patches give what KubeVela’s library gives, JSON asked for ${asked}`, () => {
    for (const [i, vector] of vectors.entries()) {
      it(`vector ${i}`, () => {
        const got = patched(vector.cue, asked);
        if (vector.json !== undefined) assert.deepEqual(got, vector.json, vector.cue);
        else assert.ok(typeof got === 'object' && got !== null && 'refused' in got, vector.cue);
      });
    }
  });
}

describe('numbers', () => {
  const numbers = (...texts: string[]) => {
    const parsed = parse({ name: 'numbers', text: texts.join('\n') });
    assert.ok(parsed.ok);
    const compiled = compile([parsed.value], { libraries });
    assert.ok(compiled.ok);
    const value = compiled.value.evaluate();
    const manifest = new Manifest(value.lookup('output'));
    const patch = value.lookup('patch');
    if (patch.exists()) assert.equal(manifest.patch(patch, 'all', unifier), null);
    return manifest;
  };
  const mergePatch = '// +patchStrategy=jsonMergePatch\npatch: {y: 2.50}';

  it('keep kind and digits for other templates, through JSON patches as well', () => {
    for (const patch of ['patch: y: 2.50', mergePatch]) {
      const data = numbers('output: {kind: "K", x: 1.0, z: 12345678901234567890}', patch).data('all');
      assert.ok(!(data instanceof CueError));
      assert.deepEqual(data, {
        type: 'struct',
        fields: new Map<string, unknown>([
          ['kind', 'K'],
          [
            'x',
            { type: 'float', value: { form: 'finite', negative: false, coefficient: 10n, exponent: -1 } },
          ],
          ['z', 12345678901234567890n],
          [
            'y',
            { type: 'float', value: { form: 'finite', negative: false, coefficient: 250n, exponent: -2 } },
          ],
        ]),
      });
    }
  });
  it('beyond 64 bits are rounded, as Kubernetes rounds them', () => {
    assert.deepEqual(numbers('output: {kind: "K", x: 36893488147419103232, y: 1.0}').finished(), {
      kind: 'K',
      x: 36893488147419103000,
      y: 1,
    });
  });
  it('of 64 bits that JavaScript would write with other digits are refused, not changed', () => {
    for (const digits of ['9007199254740993', '1152921504606846976', '-9223372036854775808']) {
      for (const patch of ['', 'patch: y: 1', mergePatch]) {
        const finished = numbers(`output: {kind: "K", l: [${digits}]}`, patch).finished();
        assert.ok(finished instanceof ManifestError);
        assert.match(finished.message, new RegExp(digits));
      }
    }
    assert.deepEqual(numbers('output: {kind: "K", x: 9007199254740994}').finished(), {
      kind: 'K',
      x: 9007199254740994,
    });
  });
});
