import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import fc from 'fast-check';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { DEFAULT_BUDGET } from '../../../engine/cue/eval/evaluation.ts';
import { newCache, type RenderInput, renderText } from '../../support/render-text.ts';

const long = process.env['MAINSHEET_LONG'] === '1';
/** Of the corpus, one case in so many; all of it in the long run. */
const stride = long ? 1 : 6;
const orders = long ? 20 : 3;

const shared = process.env['MAINSHEET_CORPUS'];
const folders = [
  join(import.meta.dirname, '../../corpus/render'),
  ...(shared === undefined ? [] : [join(shared, 'render')]),
];

function optional(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

function inputAt(root: string, path: string): RenderInput {
  const folder = join(root, dirname(path));
  const { clusterVersion, clusters = [] } = JSON.parse(readFileSync(join(root, path), 'utf8')) as RenderInput;
  return {
    path: dirname(path),
    application: readFileSync(join(folder, 'application.yaml'), 'utf8'),
    extra: optional(join(folder, 'extra.yaml')),
    definitions: optional(join(folder, 'definitions.yaml')),
    clusterVersion,
    clusters,
  };
}

const inputs = folders
  .flatMap((root) =>
    globSync('**/expected.json', { cwd: root })
      .sort()
      .map((path) => inputAt(root, path)),
  )
  .filter((_, i) => i % stride === 0);

describe('a rendering gives the same bytes', () => {
  let first: readonly string[];
  before(() => {
    assert.ok(inputs.length > 10, 'there are no cases');
    first = inputs.map((input) => renderText(input, { cache: newCache() }));
  });
  const assertSame = (got: readonly string[]) => {
    for (const [i, text] of got.entries()) assert.equal(text, first[i], inputs[i]?.path);
  };

  it('the second time, with a cache that all share', () => {
    const cache = newCache();
    assertSame(inputs.map((input) => renderText(input, { cache })));
    assertSame(inputs.map((input) => renderText(input, { cache })));
  });
  it('with a cache that forgets', () => {
    const cache = newCache();
    for (const [i, input] of inputs.entries()) {
      renderText(inputs[(i * 7) % inputs.length] ?? input, { cache });
      assert.equal(renderText(input, { cache }), first[i], input.path);
    }
  });
  it('in any order', () => {
    const indices = inputs.map((_, i) => i);
    const shuffled = fc.shuffledSubarray(indices, {
      minLength: Math.min(40, indices.length),
      maxLength: indices.length,
    });
    fc.assert(
      fc.property(shuffled, (order) => {
        const cache = newCache();
        for (const i of order) {
          const input = inputs[i];
          if (input !== undefined) assert.equal(renderText(input, { cache }), first[i], input.path);
        }
      }),
      { numRuns: orders },
    );
  });

  describe('in workerd', () => {
    let miniflare: Miniflare;
    before(async () => {
      const bundled = await build({
        entryPoints: [fileURLToPath(new URL('./determinism.worker.ts', import.meta.url))],
        bundle: true,
        format: 'esm',
        write: false,
        conditions: ['workerd', 'worker', 'browser'],
        external: ['node:*', 'cloudflare:*'],
      });
      miniflare = new Miniflare(
        convertV4MiniflareOptions({
          modules: true,
          script: bundled.outputFiles[0]?.text ?? '',
          compatibilityDate: '2026-08-01',
          compatibilityFlags: ['nodejs_compat'],
          cf: false,
        }),
      );
    });
    after(() => miniflare.dispose());

    it('as in Node', async () => {
      for (let at = 0; at < inputs.length; at += 20) {
        const part = inputs.slice(at, at + 20);
        const response = await miniflare.dispatchFetch('http://render/', {
          method: 'POST',
          body: JSON.stringify(part),
        });
        const texts = (await response.json()) as readonly string[];
        for (const [i, text] of texts.entries()) assert.equal(text, first[at + i], part[i]?.path);
      }
    });
  });
});

describe('a stock definition on realistic input', () => {
  const stock = inputs.filter(({ definitions }) => definitions === null);
  it('needs no more than a tenth of its budget', () => {
    const { steps, nodes, bytes, depth } = DEFAULT_BUDGET;
    const tenth = { steps: steps / 10, nodes: nodes / 10, bytes: Math.floor(bytes / 10), depth: depth / 10 };
    const cache = newCache();
    for (const input of stock) {
      const text = renderText(input, { cache, budget: tenth });
      assert.equal(text, renderText(input, { cache }), input.path);
      assert.doesNotMatch(text, /evaluate\.budget/, input.path);
    }
  });
});
