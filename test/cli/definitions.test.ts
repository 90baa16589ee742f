import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { parse } from 'yaml';
import { definitions } from '../../cli/definitions.ts';
import { stockFiles } from '../../engine/definitions/stock.generated.ts';

const folder = mkdtempSync(join(tmpdir(), 'mainsheet-definitions-'));
after(() => rmSync(folder, { recursive: true }));
const own = join(folder, 'own.cue');
writeFileSync(
  own,
  `"webservice": {
	type: "component"
	description: "Keeps a note."
}
template: {
	output: {apiVersion: "v1", kind: "ConfigMap", data: text: parameter.text}
	parameter: {
		// +usage=What it says
		text: "hello" | "goodbye"
	}
}
`,
);

async function run(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const status = await definitions(args, {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
  });
  return { status, out: out.join(''), err: err.join('') };
}
const rows = async (...args: string[]) => {
  const { status, out, err } = await run(...args, '-o', 'json');
  assert.equal(err, '');
  return {
    status,
    items: JSON.parse(out) as { kind: string; name: string; origin: string; deprecated: boolean }[],
  };
};

describe('mainsheet definitions', () => {
  it('lists every stock definition once', async () => {
    const { status, items } = await rows();
    assert.equal(status, 0);
    assert.equal(items.length, stockFiles.length);
    assert.equal(new Set(items.map(({ kind, name }) => `${kind}/${name}`)).size, stockFiles.length);
  });
  it('finds by words, kind and deprecation', async () => {
    const words = await rows('list', 'long-running', 'IDENTITY');
    assert.deepEqual(
      words.items.map(({ name }) => name),
      ['statefulset'],
    );
    assert.ok((await rows('--kind', 'policy')).items.every(({ kind }) => kind === 'policy'));
    const old = (await rows('--deprecated')).items;
    assert.ok(old.length > 0 && old.every(({ deprecated }) => deprecated));
    const none = await rows('no-such-thing');
    assert.deepEqual([none.status, none.items], [1, []]);
  });
  it('prints a table, JSON and YAML', async () => {
    const { out } = await run('statefulset', '--kind', 'component');
    assert.match(out, /^KIND +NAME +ORIGIN +DESCRIPTION\ncomponent +statefulset +stock +A long/);
    const yaml = parse((await run('statefulset', '-o', 'yaml')).out);
    assert.deepEqual(yaml, (await rows('statefulset')).items);
  });
  it('shows the page, the schema, an example and the text of one', async () => {
    assert.match((await run('show', 'scaler')).out, /^# scaler\n.*\| replicas \| integer \| {2}\| `1` \|/s);
    const schema = JSON.parse((await run('show', 'trait/scaler', '--view', 'schema')).out) as JsonSchema;
    assert.equal(schema.properties['replicas']?.default, 1);
    assert.match((await run('show', 'scaler', '--view', 'source')).out, /^scaler: \{\n/);
    const example = parse((await run('show', 'webservice', '--view', 'example')).out) as {
      spec: { components: unknown[] };
    };
    assert.equal(example.spec.components.length, 1);
    const whole = parse((await run('show', 'scaler', '-o', 'yaml')).out) as Record<string, unknown>;
    assert.deepEqual(whole['schema'], schema);
    assert.deepEqual([whole['kind'], whole['name'], whole['origin']], ['trait', 'scaler', 'stock']);
  });
  it('takes definitions of files in place of stock ones', async () => {
    const { items } = await rows('webservice', '-d', own, '--kind', 'component');
    assert.deepEqual(
      items.map(({ origin }) => origin),
      ['file'],
    );
    const { out } = await run('show', 'webservice', '-d', own, '-o', 'json');
    const shown = JSON.parse(out) as { origin: string; example: unknown };
    assert.equal(shown.origin, 'file');
    assert.match(JSON.stringify(shown.example), /"text":"hello"/);
    assert.match((await run('show', 'webservice', '-d', own)).out, /What it says/);
  });
  it('tells what is wrong: a name that is near, one of several kinds, an option', async () => {
    assert.match((await run('show', 'scalr')).err, /Did you mean "scaler"\?/);
    for (const args of [
      ['show'],
      ['--kind', 'gadget'],
      ['-o', 'xml'],
      ['show', 'a', '--view', 'b'],
      ['--nope'],
    ]) {
      const { status, err } = await run(...args);
      assert.equal(status, 2, args.join(' '));
      assert.match(err, /usage: mainsheet definitions/);
    }
    const missing = await run('-d', join(folder, 'nowhere'));
    assert.deepEqual([missing.status, missing.err.startsWith('error: ')], [1, true]);
  });
});

interface JsonSchema {
  readonly properties: Readonly<Record<string, { readonly default?: unknown }>>;
}
