/** Reads the Application files of one path at the commit that a ref names now. Smart HTTP, one shallow fetch, in memory. */
import git from 'isomorphic-git';
import { Fault } from '../../engine/fault.ts';
import type { Egress, GitFiles, GitReader, GitSource } from '../ports.ts';
import { defaultGitBudget, type GitBudget, gitHttp } from './http.ts';
import { memoryFiles } from './memory-files.ts';

const applicationFile = /\.(ya?ml|json)$/;
const maximumFiles = 100;
const dir = '/repository';

const refused = (text: string) => new Fault('git.refused', text);

/** Everything that isomorphic-git throws, as a fault; its texts can hold URLs, so they stay internal. */
function translated(error: unknown, source: GitSource): Fault {
  if (error instanceof Fault) return error;
  const cause = error instanceof Error ? error : undefined;
  const code = cause !== undefined && 'code' in cause ? String(cause.code) : '';
  const internal = `${code} ${cause?.message ?? String(error)}`;
  if (code === 'NotFoundError')
    return new Fault('git.refused', `The repository has no ref ${source.ref}.`, { internal });
  if (code === 'HttpError') {
    return new Fault('git.unreachable', 'The Git server refused to answer for this repository.', {
      internal,
      cause,
    });
  }
  return new Fault('git.unreachable', 'The repository could not be read from its Git server.', {
    internal,
    cause,
  });
}

function pathParts(path: string): readonly string[] {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.includes('..')) throw refused(`The path ${path} leaves the repository.`);
  return parts;
}

/** The GitReader over an Egress; every read has the whole budget. */
export function gitReader(egress: Egress, budget: GitBudget = defaultGitBudget): GitReader {
  return { read: (source) => readGitFiles(egress, source, budget) };
}

async function readGitFiles(egress: Egress, source: GitSource, budget: GitBudget): Promise<GitFiles> {
  const parts = pathParts(source.path);
  const fs = memoryFiles();
  const http = gitHttp(egress, budget, source.credentials);
  const cache = {};
  try {
    await fs.promises.mkdir(dir);
    await git.init({ fs, dir, bare: true, gitdir: dir });
    await git.addRemote({ fs, gitdir: dir, remote: 'origin', url: source.url });
    const { fetchHead } = await git.fetch({
      fs,
      http,
      gitdir: dir,
      url: source.url,
      ref: source.ref,
      remoteRef: source.ref,
      depth: 1,
      singleBranch: true,
      tags: false,
      cache,
    });
    if (fetchHead === null) throw refused(`The repository has no ref ${source.ref}.`);
    const { commit, oid } = await git.readCommit({ fs, gitdir: dir, oid: fetchHead, cache });
    const found: { path: string; oid: string }[] = [];
    await collect(commit.tree, '', parts);
    const files = [];
    for (const { path, oid: blob } of found.sort((a, b) => (a.path < b.path ? -1 : 1))) {
      const { blob: bytes } = await git.readBlob({ fs, gitdir: dir, oid: blob, cache });
      files.push({ path, text: textOf(path, bytes) });
    }
    return { commit: oid, files };

    async function collect(tree: string, prefix: string, wanted: readonly string[]): Promise<void> {
      const [next, ...rest] = wanted;
      const { tree: entries } = await git.readTree({ fs, gitdir: dir, oid: tree, cache });
      const chosen = next === undefined ? entries : entries.filter((entry) => entry.path === next);
      if (next !== undefined && chosen.length === 0)
        throw refused(`The path ${source.path} is not in the repository.`);
      for (const entry of chosen) {
        const path = prefix === '' ? entry.path : `${prefix}/${entry.path}`;
        const named = next !== undefined;
        if (entry.type === 'commit' && named) throw refused(`${path} is a submodule, which is not read.`);
        if (entry.mode === '120000' && (named || applicationFile.test(path))) {
          throw refused(`${path} is a symbolic link, which is not followed.`);
        }
        if (entry.type === 'tree') await collect(entry.oid, path, rest);
        else if (entry.type === 'blob' && rest.length === 0 && (named || applicationFile.test(path))) {
          if (found.length === maximumFiles) throw refused(`The path holds more than ${maximumFiles} files.`);
          found.push({ path, oid: entry.oid });
        }
      }
    }
  } catch (error) {
    throw translated(error, source);
  }
}

function textOf(path: string, bytes: Uint8Array): string {
  if (bytes.byteLength > 1024 * 1024) throw refused(`${path} is larger than 1 MiB.`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refused(`${path} is not UTF-8 text.`);
  }
  if (text.startsWith('version https://git-lfs.github.com/spec/'))
    throw refused(`${path} is kept in Git LFS, which is not read.`);
  return text;
}
