// One process a folder. The lock outlives a kill and is then taken over.

import { readFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

const held = new Set<string>();

/** Gives the function that releases the folder. Throws when another sandbox works on it. */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const file = path.join(path.resolve(folder), 'lock');
  if (held.has(file)) throw new Error(`a sandbox of this process already works on ${folder}`);
  const owner = await ownerOf(file);
  if (owner !== undefined) throw new Error(`the sandbox in ${folder} is already running as process ${owner}`);
  held.add(file);
  await writeFile(file, `${process.pid} ${startOf(process.pid)}\n`, { mode: 0o600 });
  return async () => {
    held.delete(file);
    await rm(file, { force: true });
  };
}

async function ownerOf(file: string): Promise<number | undefined> {
  const content = await readFile(file, 'utf8').catch(() => '');
  const [pid, start = ''] = content.trim().split(' ');
  const owner = Number(pid);
  if (!Number.isInteger(owner) || owner <= 0 || owner === process.pid) return undefined;
  try {
    process.kill(owner, 0);
  } catch (error) {
    // it is there, but somebody else's
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return undefined; // node's own error
  }
  return startOf(owner) === start ? owner : undefined;
}

/** When a process began, to tell it from a later one with its number; '' where the system does not say. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
