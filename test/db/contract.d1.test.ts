import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { repositoryContract } from '../contract/repository.ts';

repositoryContract('D1 in workerd', async () => {
  const bundled = await build({
    entryPoints: [fileURLToPath(new URL('./contract.worker.ts', import.meta.url))],
    bundle: true,
    format: 'esm',
    write: false,
    conditions: ['workerd', 'worker', 'browser'],
    external: ['node:*', 'cloudflare:*'],
  });
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: true,
      script: bundled.outputFiles[0]?.text ?? '',
      compatibilityDate: '2026-08-01',
      compatibilityFlags: ['nodejs_compat'],
      d1Databases: { DB: 'contract' },
      cf: false,
    }),
  );
  return {
    async run(group, title) {
      const url = `http://contract/?${new URLSearchParams({ group, title })}`;
      const response = await miniflare.dispatchFetch(url);
      const text = await response.text();
      assert(response.ok, text);
    },
    close: () => miniflare.dispose(),
  };
});
