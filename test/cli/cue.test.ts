import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { cue } from '../../cli/cue.ts';

const folder = mkdtempSync(join(tmpdir(), 'mainsheet-cue-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function run(...args: string[]): Promise<{ status: number; out: string; err: string }> {
  const out: string[] = [];
  const err: string[] = [];
  const status = await cue(args, {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text.replaceAll(`${folder}/`, '')),
  });
  return { status, out: out.join(''), err: err.join('') };
}

const sum = file('sum.cue', 'b: a+1\na: int\nprice: 1.50\n');
const data = file('data.json', '41');
const wrong = file('wrong.cue', 'parameter: type: "a" | "b"\nparameter: type: "c"\n');

describe('mainsheet cue eval', () => {
  it('prints JSON with numbers as they are written', async () => {
    const { status, out } = await run('eval', sum, '--data', `a=${data}`);
    assert.deepEqual([status, out], [0, '{\n  "b": 42,\n  "a": 41,\n  "price": 1.50\n}\n']);
  });
  it('prints the value of an expression that sees the program', async () => {
    const { out } = await run('eval', sum, '-e', '[b, len("abc")]', '--data', `a=${data}`);
    assert.equal(out, '[\n  42,\n  3\n]\n');
  });
  it('prints an incomplete value as CUE', async () => {
    const { status, out } = await run('eval', sum, '--out', 'cue');
    assert.equal(status, 0);
    assert.match(out, /a: +int/);
  });
  it('unifies several files', async () => {
    const { out } = await run('eval', sum, file('more.cue', 'a: 1\n'));
    assert.equal(JSON.parse(out).b, 2);
  });
  it('tells everything that is missing for JSON', async () => {
    const { status, err } = await run('eval', sum);
    assert.equal(status, 1);
    assert.equal(
      err,
      'b: non-concrete value int in operand to +\n  sum.cue:1:4\n    b: a+1\n       ^\na: incomplete value int\n  sum.cue:2:4\n    a: int\n       ^\n',
    );
  });
  it('tells one conflict once, with both places', async () => {
    const { status, err } = await run('eval', wrong);
    assert.equal(status, 1);
    assert.equal(
      err,
      [
        'parameter.type: "c" is none of "a", "b"',
        '  wrong.cue:1:18',
        '    parameter: type: "a" | "b"',
        '                     ^     ^',
        '  wrong.cue:2:18',
        '    parameter: type: "c"',
        '                     ^',
        '',
      ].join('\n'),
    );
  });
});

describe('mainsheet cue vet', () => {
  it('lets incomplete values pass unless they are to be concrete', async () => {
    assert.equal((await run('vet', sum)).status, 0);
    assert.equal((await run('vet', sum, '--concrete')).status, 1);
    assert.equal((await run('vet', sum, '--concrete', '--data', `a=${data}`)).status, 0);
  });
  it('shows where a text ends too early', async () => {
    const { status, err } = await run('vet', file('open.cue', 'a: {\n'));
    assert.equal(status, 1);
    assert.match(err, /^expected '\}', found 'EOF'\n {2}open\.cue:1:6\n/);
  });
  it('refuses data that is none, at its place', async () => {
    const { status, err } = await run('vet', sum, '--data', `a=${file('bad.json', '{"x": }')}`);
    assert.equal(status, 1);
    assert.match(err, /bad\.json:1:7/);
  });
});

describe('mainsheet cue fmt', () => {
  it('formats in place, and tells beforehand which files it would change', async () => {
    const path = file('ugly.cue', 'a:1\nlong:   2\n');
    const { status, out } = await run('fmt', '--check', path);
    assert.deepEqual([status, out], [1, `${path}\n`]);
    assert.equal((await run('fmt', path)).status, 0);
    assert.equal(readFileSync(path, 'utf8'), 'a:    1\nlong: 2\n');
    assert.equal((await run('fmt', '--check', path)).status, 0);
  });
});

describe('mainsheet cue', () => {
  it('reads standard input, and its exit status is that of the process', () => {
    const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
    const { stdout, status } = spawnSync(process.execPath, [main, 'cue', 'eval', '-'], { input: 'a: 1\n' });
    assert.deepEqual([stdout.toString(), status], ['{\n  "a": 1\n}\n', 0]);
  });
  it('tells how it is used', async () => {
    assert.match((await run('--help')).out, /^usage: mainsheet cue eval/);
    for (const args of [
      [],
      ['eval'],
      ['grow', sum],
      ['eval', sum, '--out', 'xml'],
      ['eval', sum, '--data', 'x'],
    ])
      assert.equal((await run(...args)).status, 2, args.join(' '));
    assert.equal((await run('eval', join(folder, 'absent.cue'))).status, 1);
  });
});
