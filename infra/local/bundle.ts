/** Bundles a Worker's entry into one module, as it would be deployed. */
import { build, type Plugin } from 'esbuild';

/** CommonJS packages ask for Node's modules by `require`, which a Worker has as imports only. */
const nodeModules: Plugin = {
  name: 'node-modules-as-imports',
  setup({ onResolve, onLoad }) {
    const builtin = /^(?:node:)?(buffer|crypto|events|path|stream|string_decoder|util)$/;
    onResolve({ filter: builtin }, ({ path, kind }) => {
      const name = `node:${path.replace('node:', '')}`;
      return kind === 'require-call' ? { path: name, namespace: 'required' } : { path: name, external: true };
    });
    onLoad({ filter: /.*/, namespace: 'required' }, ({ path }) => ({
      contents: `export * from '${path}'; export { default } from '${path}';`,
    }));
  },
};

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
    plugins: [nodeModules],
    logLevel: 'silent',
    minifyWhitespace: true,
  });
  const [file] = result.outputFiles;
  if (file === undefined) throw new Error(`${entry} gave no bundle`);
  return file.text;
}
