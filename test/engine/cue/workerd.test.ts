import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { corpusTexts } from '../../support/cue-texts.ts';
import { DEEP, depthIsCounted, spent } from './spent.ts';

const bundled = await build({
  entryPoints: [fileURLToPath(new URL('./spent.worker.ts', import.meta.url))],
  bundle: true,
  format: 'esm',
  write: false,
  conditions: ['workerd', 'worker', 'browser'],
});
const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    modules: true,
    script: bundled.outputFiles[0]?.text ?? '',
    compatibilityDate: '2026-08-01',
    cf: false,
  }),
);
after(() => miniflare.dispose());

test('a program spends in workerd what it spends on Node, and means the same', async () => {
  const texts = corpusTexts('budget').filter((_, i) => i % 5 === 0);
  const response = await miniflare.dispatchFetch('http://engine/', {
    method: 'POST',
    body: JSON.stringify(texts),
  });
  const there: unknown = await response.json();
  assert.ok(texts.length > 100);
  assert.deepEqual(there, texts.map(spent));
});

for (const [name, text] of Object.entries(DEEP)) {
  test(`the depth is counted before the stack ends, on Node and in workerd: ${name}`, async () => {
    assert.equal(depthIsCounted(text), true, 'Node');
    const response = await miniflare.dispatchFetch(`http://engine/?${new URLSearchParams({ deep: name })}`);
    assert.equal(await response.json(), true, 'workerd');
  });
}
