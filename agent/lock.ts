/** One process a state folder: a second one would take the first one's identity. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readWhole } from './files.ts';

/** Takes the folder; gives what lets it go. A lock whose process is gone (killed) counts for nothing. */
export function openLock(folder: string): () => void {
  const path = join(folder, 'pid');
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx', mode: 0o600 });
      return () => rmSync(path, { force: true });
    } catch {
      const holder = Number(readWhole(path) ?? 0);
      if (isAlive(holder)) throw new Error(`another agent (process ${holder}) uses ${folder}`);
      rmSync(path, { force: true });
    }
  }
  throw new Error(`${folder} cannot be locked`);
}

function isAlive(pid: number): boolean {
  if (!(pid > 0) || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
