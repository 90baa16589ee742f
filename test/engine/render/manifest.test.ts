import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { CueError, compile, parse } from '../../../engine/cue/index.ts';
import { libraries } from '../../../engine/definitions/libraries.ts';
import type { JsonValue } from '../../../engine/json.ts';
import { CueUnifier } from '../../../engine/render/cue-unifier.ts';
import { Manifest } from '../../../engine/render/manifest.ts';
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
const unifier = new CueUnifier(new TemplateCache({ libraries }));

function patched(text: string): JsonValue | { readonly refused: string } {
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
    const json = manifest.json();
    if (json instanceof CueError) return { refused: json.message };
  }
  const json = manifest.json();
  return json instanceof CueError ? { refused: json.message } : json;
}

describe('patches give what KubeVela’s library gives', () => {
  for (const [i, vector] of vectors.entries()) {
    it(`vector ${i}`, () => {
      const got = patched(vector.cue);
      if (vector.json !== undefined) assert.deepEqual(got, vector.json, vector.cue);
      else assert.ok(typeof got === 'object' && got !== null && 'refused' in got, vector.cue);
    });
  }
});
