import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { descendants, isAlive, removeState, startStack, temporaryState } from '../../support/local-stack.ts';

const start = (...args: readonly string[]) =>
  spawnSync(process.execPath, ['--no-warnings', 'infra/start.ts', ...args], {
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, KUBECONFIG: '' },
  });
const oneSentence = (text: string, pattern: RegExp) => {
  assert.match(text, pattern);
  assert.equal(text.trim().split('\n').length, 1, text);
};

describe('npm start', { timeout: 300_000 }, () => {
  const states: string[] = [];
  const state = () => {
    const directory = temporaryState();
    states.push(directory);
    return directory;
  };
  after(() => {
    for (const directory of states) removeState(directory);
  });

  it('lists its options', () => {
    const { status, stdout } = start('--help');
    assert.equal(status, 0);
    for (const option of ['--port', '--state', '--kubeconfig', '--reset', '--json'])
      assert.match(stdout, new RegExp(option));
  });
  it('refuses an option that it does not know, and a port that is none', () => {
    assert.equal(start('--prot', '1').status, 2);
    assert.match(start('--port', '99999').stderr, /--port takes 0 to 65535/);
  });
  it('says in one sentence that a port is taken', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { status, stderr } = start('--port', String(port), '--state', state());
    server.close();
    assert.equal(status, 1);
    oneSentence(stderr, /Port \d+ is taken; choose another by --port/);
  });
  it('says in one sentence that keys cannot be read, and that they are missing', () => {
    const broken = state();
    writeFileSync(join(broken, 'keys.json'), '{');
    const unreadable = start('--state', broken, '--port', '0');
    assert.equal(unreadable.status, 1);
    oneSentence(unreadable.stderr, /cannot be read as keys; restore it, or begin anew with --reset/);
    const missing = state();
    mkdirSync(join(missing, 'store'));
    oneSentence(start('--state', missing, '--port', '0').stderr, /is missing but there is a store/);
  });
  it('says in one sentence that the folder cannot be used', () => {
    const file = join(state(), 'file');
    writeFileSync(file, '');
    oneSentence(start('--state', join(file, 'below'), '--port', '0').stderr, /cannot be used/);
  });
  it('says in one sentence that there is no such kubeconfig', () => {
    oneSentence(
      start('--kubeconfig', '/nowhere/config', '--state', state(), '--port', '0').stderr,
      /There is no kubeconfig at/,
    );
  });
  it('says in one sentence that the runtime is missing', () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--no-warnings', 'infra/start.ts', '--state', state(), '--port', '0'],
      {
        encoding: 'utf8',
        timeout: 60_000,
        env: { ...process.env, KUBECONFIG: '', MINIFLARE_WORKERD_PATH: '/nowhere/workerd' },
      },
    );
    assert.equal(status, 1);
    oneSentence(stderr, /workerd\) is not there; run npm install again/);
  });
  it('keeps its keys in a file of mode 0600 that is the same after a restart, and anew after --reset', async () => {
    const stateDirectory = state();
    const path = join(stateDirectory, 'keys.json');
    const first = await startStack({ stateDirectory });
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const kept = readFileSync(path, 'utf8');
    oneSentence(
      start('--state', stateDirectory, '--port', '0').stderr,
      /Another Mainsheet \(process \d+\) uses this state folder/,
    );
    await first.stop();
    const second = await startStack({ stateDirectory });
    assert.equal(second.key, first.key);
    assert.equal(readFileSync(path, 'utf8'), kept);
    await second.stop();
    const third = await startStack({ stateDirectory, reset: true });
    assert.notEqual(third.key, first.key);
    await third.stop();
    assert.equal(existsSync(join(stateDirectory, 'lock')), false);
  });
  it('takes its processes with it when it is killed', async () => {
    const stack = await startStack({ stateDirectory: state() });
    const children = descendants(stack.pid);
    assert.ok(children.length >= 3);
    process.kill(stack.pid, 'SIGKILL');
    const end = Date.now() + 20_000;
    while (children.some(isAlive) && Date.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 100));
    assert.deepEqual(children.filter(isAlive), []);
  });
});
