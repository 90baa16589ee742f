import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import * as errorText from '../../../engine/cue/error-text.ts';
import * as format from '../../../engine/cue/format.ts';
import * as engine from '../../../engine/cue/index.ts';
import * as openapi from '../../../engine/cue/openapi.ts';
import { libraries } from '../../../engine/definitions/libraries.ts';

const folder = new URL('../../../engine/cue/', import.meta.url);
const readme = readFileSync(new URL('README.md', folder), 'utf8');
const examples = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, text = '']) => text);

/** What an example prints, and what its comments say that it prints. */
function printed(example: string): { readonly prints: readonly unknown[]; readonly says: readonly string[] } {
  const prints: unknown[] = [];
  const given = {
    ...engine,
    ...format,
    ...openapi,
    ...errorText,
    libraries,
    print: (x: unknown) => prints.push(x),
  };
  const body = stripTypeScriptTypes(example.replace(/^import .*\n/gm, ''));
  new Function(...Object.keys(given), body)(...Object.values(given));
  return { prints, says: [...example.matchAll(/^print\(.*; \/\/ (.*)$/gm)].map(([, said = '']) => said) };
}

test('the examples of the README print what they say', () => {
  assert.equal(examples.length, 2);
  for (const example of examples) {
    const { prints, says } = printed(example);
    assert.ok(says.length > 0);
    assert.deepEqual(prints, says);
  }
});

test('the first example of the README takes ten lines', () => {
  assert.ok(
    (examples[0] ?? '')
      .trim()
      .split('\n')
      .filter((line) => !/^(import .*)?$/.test(line)).length <= 10,
  );
});

test('every member that the README names is one of a value', () => {
  const [, list = ''] = /A `Value` is a handle on a place: (.*?)\. What/.exec(readme) ?? [];
  const names = [...list.matchAll(/`(\w+)/g)].map(([, name = '']) => name);
  assert.ok(names.length > 15);
  for (const name of names) assert.equal(typeof Reflect.get(engine.Value.prototype, name), 'function', name);
});

async function bundle(...entries: readonly string[]) {
  const { metafile, outputFiles } = await build({
    entryPoints: entries.map((entry) => fileURLToPath(new URL(entry, folder))),
    absWorkingDir: fileURLToPath(folder),
    ...{ bundle: true, minify: true, format: 'esm', write: false, metafile: true, outdir: 'out' },
    platform: 'neutral',
  });
  return { inputs: Object.keys(metafile.inputs), bytes: outputFiles.map((file) => file.contents.length) };
}

test('the engine could be published alone: nothing that its entries reach lies outside its folder', async () => {
  const { inputs } = await bundle('index.ts', 'error-text.ts', 'format.ts', 'openapi.ts', 'packages.ts');
  assert.ok(inputs.length > 100);
  assert.deepEqual(
    inputs.filter((path) => path.startsWith('..') || path.includes('node_modules')),
    [],
  );
});

test('parse, compile and evaluate are less than 200 kB minified, without what is lent to them', async () => {
  const { bytes } = await bundle('index.ts');
  assert.ok(bytes[0] !== undefined && bytes[0] < 200_000, String(bytes[0]));
});
