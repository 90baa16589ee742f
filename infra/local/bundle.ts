/** Bundles a Worker's entry into one module, as it would be deployed. */
import { build } from 'esbuild';

/** The text of the bundle. `entry` is relative to the project's root. */
export async function bundleWorker(root: string, entry: string): Promise<string> {
  const result = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2023',
    platform: 'neutral',
    mainFields: ['browser', 'module', 'main'],
    conditions: ['workerd', 'worker', 'browser', 'import'],
    external: ['cloudflare:*', 'node:*'],
    alias: { buffer: 'node:buffer', crypto: 'node:crypto', stream: 'node:stream', path: 'node:path' },
    logLevel: 'silent',
    minifyWhitespace: true,
  });
  const [file] = result.outputFiles;
  if (file === undefined) throw new Error(`${entry} gave no bundle`);
  return file.text;
}
