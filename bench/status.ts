/** GET of a public status beside a bare Hono handler that answers as many bytes, both in workerd. */

import { build } from 'esbuild';
import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { Agent, request } from 'undici';
import { type Benchmark, digits } from './figure.ts';
import { pause, withStack } from './local.ts';

const SECONDS = 5;
const CONNECTIONS = 16;

async function rate(url: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  const dispatcher = new Agent({ connections: CONNECTIONS, pipelining: 1 });
  const end = performance.now() + SECONDS * 1000;
  let count = 0;
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (performance.now() < end) {
        const { statusCode, body } = await request(url, { dispatcher, headers });
        await body.dump();
        if (statusCode !== 200 && statusCode !== 304) throw new Error(`${url} answered ${statusCode}`);
        count++;
      }
    }),
  );
  await dispatcher.close();
  return count / SECONDS;
}

async function bareHono(body: string): Promise<{ url: string; close(): Promise<void> }> {
  const source = `import { Hono } from 'hono';
    const app = new Hono();
    app.get('/', (c) => c.body(${JSON.stringify(body)}, 200, { 'content-type': 'application/json' }));
    export default app;`;
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: process.cwd() },
    bundle: true,
    write: false,
    format: 'esm',
    conditions: ['workerd', 'worker'],
  });
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      host: '127.0.0.1',
      port: 0,
      cf: false,
      telemetry: { enabled: false },
      workers: [
        { name: 'bare', modules: true, script: outputFiles[0]?.text ?? '', compatibilityDate: '2026-08-01' },
      ],
    }),
  );
  const url = (await miniflare.ready).href;
  return { url, close: () => miniflare.dispose() };
}

export const benchmark: Benchmark = () =>
  withStack(async ({ url, key }) => {
    const response = await fetch(`${url}/v1/applications`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: `{apiVersion: core.oam.dev/v1beta1, kind: Application, metadata: {name: watched}, spec: {components: [{name: watched, type: webservice, properties: {image: "nginx:1"}}]}}`,
    });
    const { statusUrl } = (await response.json()) as { statusUrl: string };
    let body = '';
    for (let look = 0; look < 300 && !body.includes('"running"'); look++) {
      body = await (await fetch(statusUrl)).text();
      await pause(100);
    }
    const etag = (await fetch(statusUrl)).headers.get('etag') ?? '';
    const bare = await bareHono(body);
    try {
      const floor = await rate(bare.url);
      const whole = await rate(statusUrl);
      const unchanged = await rate(statusUrl, { 'if-none-match': etag });
      const figure = (name: string, value: number) => ({
        name,
        value: digits(value),
        unit: 'r/s',
        baseline: `${digits(floor)} r/s`,
        ratio: `${digits(value / floor)} ×`,
      });
      return {
        about: `GET /status/{id}, ${CONNECTIONS} connections for ${SECONDS} s, beside a bare Hono handler in workerd`,
        figures: [figure('200 with body', whole), figure('304 by ETag', unchanged)],
      };
    } finally {
      await bare.close();
    }
  });
