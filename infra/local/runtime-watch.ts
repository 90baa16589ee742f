/** Waits until standard input closes, which it does when the process that started it is gone, and ends what is left of workerd. */
import { isRuntime } from './runtime.ts';

process.stdin.resume();
process.stdin.once('close', () => {
  for (const pid of process.argv.slice(2).map(Number)) {
    if (isRuntime(pid)) process.kill(pid, 'SIGKILL');
  }
  process.exit(0);
});
