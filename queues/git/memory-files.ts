/**
 * A file system in memory, as far as isomorphic-git needs one to hold a bare repository for the length of one read.
 * Paths are absolute; a folder is there as soon as it was made.
 */
type Entry = { readonly type: 'file'; readonly bytes: Uint8Array } | { readonly type: 'dir' };

const failure = (code: 'ENOENT' | 'ENOTDIR' | 'EEXIST' | 'ENOTEMPTY', path: string): Error =>
  Object.assign(new Error(`${code}: ${path}`), { code });

const clean = (path: string): string => {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return `/${parts.join('/')}`;
};
const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';

function statOf(entry: Entry) {
  const file = entry.type === 'file';
  return {
    type: entry.type,
    mode: file ? 0o100644 : 0o40000,
    size: file ? entry.bytes.byteLength : 0,
    ino: 0,
    mtimeMs: 0,
    ctimeMs: 0,
    uid: 0,
    gid: 0,
    dev: 0,
    isFile: () => file,
    isDirectory: () => !file,
    isSymbolicLink: () => false,
  };
}

/** A new, empty file system in the shape of `fs.promises`. */
export function memoryFiles() {
  const entries = new Map<string, Entry>([['/', { type: 'dir' }]]);
  const at = (path: string): Entry => {
    const entry = entries.get(clean(path));
    if (entry === undefined) throw failure('ENOENT', path);
    return entry;
  };
  const promises = {
    async readFile(path: string, options?: string | { encoding?: string }): Promise<Uint8Array | string> {
      const entry = at(path);
      if (entry.type !== 'file') throw failure('ENOENT', path);
      const encoding = typeof options === 'string' ? options : options?.encoding;
      return encoding === undefined ? entry.bytes : new TextDecoder().decode(entry.bytes);
    },
    async writeFile(path: string, data: Uint8Array | string): Promise<void> {
      const target = clean(path);
      if (entries.get(parentOf(target))?.type !== 'dir') throw failure('ENOENT', path);
      entries.set(target, {
        type: 'file',
        bytes: typeof data === 'string' ? new TextEncoder().encode(data) : data,
      });
    },
    async unlink(path: string): Promise<void> {
      at(path);
      entries.delete(clean(path));
    },
    async readdir(path: string): Promise<string[]> {
      if (at(path).type !== 'dir') throw failure('ENOTDIR', path);
      const folder = clean(path);
      return [...entries.keys()]
        .filter((key) => key !== '/' && parentOf(key) === folder)
        .map((key) => key.slice(key.lastIndexOf('/') + 1));
    },
    async mkdir(path: string): Promise<void> {
      const target = clean(path);
      if (entries.has(target)) throw failure('EEXIST', path);
      if (!entries.has(parentOf(target))) throw failure('ENOENT', path);
      entries.set(target, { type: 'dir' });
    },
    async rmdir(path: string): Promise<void> {
      if ((await promises.readdir(path)).length > 0) throw failure('ENOTEMPTY', path);
      entries.delete(clean(path));
    },
    async stat(path: string) {
      return statOf(at(path));
    },
    async lstat(path: string) {
      return statOf(at(path));
    },
    async readlink(path: string): Promise<never> {
      throw failure('ENOENT', path);
    },
    async symlink(_target: string, path: string): Promise<never> {
      throw failure('ENOENT', path);
    },
    async chmod(): Promise<void> {},
  };
  return { promises };
}
