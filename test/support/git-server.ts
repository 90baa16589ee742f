/** A real Git server on loopback: `git http-backend` behind a small CGI bridge, with one repository. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The reason to skip a test that needs git, false where git is there. */
export function gitMissing(): string | false {
  const execPath = spawnSync('git', ['--exec-path'], { encoding: 'utf8' });
  return execPath.status === 0 ? false : 'git is not installed';
}

const identity = {
  GIT_AUTHOR_NAME: 'Test',
  GIT_AUTHOR_EMAIL: 'test@example.com',
  GIT_COMMITTER_NAME: 'Test',
  GIT_COMMITTER_EMAIL: 'test@example.com',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
};

export interface GitServer {
  /** The repository's address over HTTP. */
  readonly url: string;
  /** Writes files and links (path → target), commits on the branch, and answers the commit's name. */
  commit(files: Readonly<Record<string, string>>, links?: Readonly<Record<string, string>>): string;
  close(): Promise<void>;
}

/** Starts the server on a free port of 127.0.0.1 with an empty repository `shop.git` of one branch. */
export async function startGitServer(branch = 'main'): Promise<GitServer> {
  const root = mkdtempSync(join(tmpdir(), 'mainsheet-git-'));
  const bare = join(root, 'shop.git');
  const work = join(root, 'work');
  const git = (...args: readonly string[]): string => {
    const result = spawnSync('git', args, { encoding: 'utf8', env: { ...process.env, ...identity } });
    if (result.status !== 0) throw new Error(`git ${args.join(' ')}: ${result.stderr}`);
    return result.stdout.trim();
  };
  git('init', '--quiet', '--bare', `--initial-branch=${branch}`, bare);
  git('init', '--quiet', `--initial-branch=${branch}`, work);

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const child = spawn('git', ['http-backend'], {
      env: {
        ...process.env,
        ...identity,
        GIT_PROJECT_ROOT: root,
        GIT_HTTP_EXPORT_ALL: '1',
        REQUEST_METHOD: request.method ?? 'GET',
        PATH_INFO: decodeURIComponent(url.pathname),
        QUERY_STRING: url.search.slice(1),
        CONTENT_TYPE: request.headers['content-type'] ?? '',
        GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
        REMOTE_ADDR: '127.0.0.1',
      },
    });
    request.pipe(child.stdin);
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('close', () => {
      const output = Buffer.concat(chunks);
      const split = output.indexOf('\r\n\r\n');
      for (const line of output.subarray(0, split).toString('utf8').split('\r\n')) {
        const colon = line.indexOf(':');
        const [name, value] = [line.slice(0, colon), line.slice(colon + 1).trim()];
        if (name.toLowerCase() === 'status') response.statusCode = Number.parseInt(value, 10);
        else response.setHeader(name, value);
      }
      response.end(output.subarray(split + 4));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server's address is never a pipe's name.
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}/shop.git`,
    commit(files, links = {}) {
      for (const [path, text] of Object.entries(files)) {
        mkdirSync(dirname(join(work, path)), { recursive: true });
        writeFileSync(join(work, path), text);
      }
      for (const [path, target] of Object.entries(links)) {
        mkdirSync(dirname(join(work, path)), { recursive: true });
        symlinkSync(target, join(work, path));
      }
      git('-C', work, 'add', '--all');
      git('-C', work, 'commit', '--quiet', '--message', 'Change the files');
      git('-C', work, 'push', '--quiet', bare, branch);
      return git('-C', work, 'rev-parse', 'HEAD');
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(root, { recursive: true, force: true });
    },
  };
}
