import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));

function run(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [main, 'import', ...args], (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    );
  });
}

describe('mainsheet import', () => {
  let folder: string;
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'mainsheet-import-'));
    write(
      'good.cue',
      'import "vela/kube"\n\ngood: type: "workflow-step"\ntemplate: apply: kube.#Apply & {$params: value: {}}\n',
    );
    write('other.cue', 'parameter: x: string\n');
    write(
      'loose.yaml',
      'a: 1\n---\napiVersion: core.oam.dev/v1beta1\nkind: TraitDefinition\nmetadata: {name: loose}\nspec:\n  schematic:\n    cue:\n      template: |\n        parameter: {}\n        patch: a: nowhere\n',
    );
  });
  after(() => rmSync(folder, { recursive: true }));

  it('tells what does not compile with file and line, and the totals', async () => {
    const { code, out } = await run(folder);
    assert.equal(code, 0, out);
    assert.match(out, /^loose\.yaml:11: does not compile: .*nowhere/m);
    assert.match(
      out,
      /^2 of 2 definitions loaded \(100 %\), 0 refused, 0 outdated; of the loaded, 1 compile and 1 do not\.$/m,
    );
  });
  it('ends with 1 where one is refused, and tells why', async () => {
    write('bad.cue', 'one: type: "trait"\ntwo: type: "trait"\ntemplate: a: 1\n');
    const { code, out } = await run(folder);
    assert.equal(code, 1);
    assert.match(out, /^bad\.cue:2: refused: .*"one" and "two"/m);
  });
  it('gives the report as JSON', async () => {
    const { out } = await run(folder, '--output', 'json');
    const { totals, items } = JSON.parse(out) as {
      totals: { loaded: number };
      items: { name?: string; imports: string[]; needsProviders: boolean }[];
    };
    assert.equal(totals.loaded, 2);
    const good = items.find(({ name }) => name === 'good');
    assert.deepEqual([good?.imports, good?.needsProviders], [['vela/kube'], true]);
  });
  it('says how it is used, and what is missing', async () => {
    assert.equal((await run()).code, 2);
    assert.equal((await run(join(folder, 'nowhere'))).code, 2);
    assert.match((await run('--help')).out, /^usage: mainsheet import/);
  });
});
