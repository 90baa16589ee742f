/** workerd, which miniflare starts: that it is there, and that it ends with us even when we are killed. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StartFailure } from './state.ts';

const missing = () => new StartFailure('The Workers runtime (workerd) is not there; run npm install again.');

/** Throws StartFailure where the binary is missing, which miniflare would tell by a crash. */
export function requireRuntime(): void {
  const require = createRequire(import.meta.url);
  let path = process.env['MINIFLARE_WORKERD_PATH'];
  try {
    path ??= (createRequire(require.resolve('miniflare'))('workerd') as { default: string }).default;
  } catch {
    throw missing();
  }
  if (!existsSync(path)) throw missing();
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
}

function processes(): readonly Process[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,comm='], { encoding: 'utf8' });
  return (stdout ?? '').split('\n').flatMap((line) => {
    const [, pid, parent, name] = /^\s*(\d+)\s+(\d+)\s+(.+)$/.exec(line) ?? [];
    return pid === undefined || name === undefined
      ? []
      : [{ pid: Number(pid), parent: Number(parent), name }];
  });
}

export const isRuntime = (pid: number): boolean =>
  processes().some((one) => one.pid === pid && one.name.includes('workerd'));

/**
 * Sets a process beside us that ends our workerd once we are gone; the answer takes it away again. Where there is no
 * `ps`, there is no watch.
 */
export function watchRuntime(): () => void {
  const pids = processes()
    .filter(({ parent, name }) => parent === process.pid && name.includes('workerd'))
    .map(({ pid }) => String(pid));
  if (pids.length === 0) return () => undefined;
  const script = join(dirname(fileURLToPath(import.meta.url)), 'runtime-watch.ts');
  const watch = spawn(process.execPath, ['--no-warnings', script, ...pids], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watch.unref();
  // The pipe must not keep us alive; its end is what the watch waits for.
  (watch.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  return () => {
    watch.kill('SIGKILL');
  };
}
