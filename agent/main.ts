/** The agent as a process: `node agent/main.ts --help`. Ends with 0 when asked to, 1 where it cannot begin. */
import { mkdirSync } from 'node:fs';
import { runAgent } from './agent.ts';
import { connect } from './kube/api.ts';
import { openLock } from './lock.ts';
import { readOptions, usage } from './options.ts';

const options = readOptions(process.argv.slice(2), process.env);
if (typeof options === 'string') {
  (options === usage ? process.stdout : process.stderr).write(`${options}\n`);
  process.exit(options === usage ? 0 : 1);
}

const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
if (options.withParent) {
  process.stdin.once('close', () => stop.abort());
  process.stdin.resume();
}
const log = (message: string) => process.stderr.write(`${new Date().toISOString()} ${message}\n`);

try {
  mkdirSync(options.state, { recursive: true, mode: 0o700 });
  const unlock = openLock(options.state);
  const api = connect(options.cluster);
  await runAgent({ ...options, api, signal: stop.signal, log });
  api.close();
  unlock();
  process.exit(0);
} catch (error) {
  log(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
