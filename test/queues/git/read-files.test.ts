import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Fault } from '../../../engine/fault.ts';
import { defaultGitBudget } from '../../../queues/git/http.ts';
import { gitReader } from '../../../queues/git/read-files.ts';
import { nodeEgress } from '../../../queues/transports/egress.node.ts';
import { gitMissing, startGitServer } from '../../support/git-server.ts';

const skip = gitMissing();

describe('reading Application files from a Git server', { skip }, () => {
  let server: Awaited<ReturnType<typeof startGitServer>>;
  let commit: string;
  const egress = nodeEgress({ allowedHosts: ['127.0.0.1'], allowedPorts: 'any', allowHttp: true });
  const reader = gitReader(egress);
  const source = (path: string, ref = 'main') => ({ url: server.url, ref, path, credentials: null });
  const faultOf = async (work: Promise<unknown>): Promise<string> => {
    const error = await work.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof Fault, String(error));
    return error.code;
  };

  before(async () => {
    server = await startGitServer();
    commit = server.commit(
      {
        'README.md': 'no application',
        'apps/b.yaml': 'b: 1\n',
        'apps/a.yml': 'a: 1\n',
        'apps/deep/c.json': '{}',
        'apps/notes.txt': 'not read',
        'lfs/big.yaml': 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n',
        'bomb/zeros.yaml': '0'.repeat(3 * 1024 * 1024),
      },
      { 'linked/out.yaml': '../README.md' },
    );
  });
  after(async () => server?.close());

  it('gives the files of a folder in order of path, at the commit of the ref', async () => {
    const read = await reader.read(source('apps'));
    assert.equal(read.commit, commit);
    assert.deepEqual(
      read.files.map((file) => [file.path, file.text]),
      [
        ['apps/a.yml', 'a: 1\n'],
        ['apps/b.yaml', 'b: 1\n'],
        ['apps/deep/c.json', '{}'],
      ],
    );
  });
  it('reads one named file whatever its ending', async () => {
    assert.deepEqual((await reader.read(source('apps/notes.txt'))).files, [
      { path: 'apps/notes.txt', text: 'not read' },
    ]);
  });
  it('takes a full ref as well as a branch name', async () => {
    assert.equal((await reader.read(source('apps', 'refs/heads/main'))).commit, commit);
  });
  it('refuses a ref, a path and a way out that are not there', async () => {
    assert.equal(await faultOf(reader.read(source('apps', 'gone'))), 'git.refused');
    assert.equal(await faultOf(reader.read(source('nowhere'))), 'git.refused');
    assert.equal(await faultOf(reader.read(source('../apps'))), 'git.refused');
  });
  it('refuses links and LFS pointers', async () => {
    assert.equal(await faultOf(reader.read(source('linked'))), 'git.refused');
    assert.equal(await faultOf(reader.read(source('lfs'))), 'git.refused');
  });
  it('refuses what unpacks to more than the budget although it travels small', async () => {
    const budget = { ...defaultGitBudget, pack: { ...defaultGitBudget.pack, objectBytes: 1024 * 1024 } };
    assert.equal(await faultOf(gitReader(egress, budget).read(source('apps'))), 'git.too_large');
  });
  it('stops receiving at the budget', async () => {
    const budget = { ...defaultGitBudget, receivedBytes: 600 };
    assert.equal(await faultOf(gitReader(egress, budget).read(source('apps'))), 'git.too_large');
  });
  it('reaches no address that the policy refuses', async () => {
    const closed = nodeEgress({ allowedHosts: [], allowedPorts: 'any', allowHttp: true });
    assert.equal(await faultOf(gitReader(closed).read(source('apps'))), 'egress.refused');
  });
});
