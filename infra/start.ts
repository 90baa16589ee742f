/** `npm start`: the whole service on this machine, with one tenant, its agent and a cluster. */
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Local, startLocal } from './local/local.ts';
import { parseOptions } from './local/options.ts';
import { StartFailure } from './local/state.ts';

const parsed = parseOptions(process.argv.slice(2), process.env);
if (!parsed.ok) {
  (parsed.help ? process.stdout : process.stderr).write(parsed.text);
  process.exit(parsed.help ? 0 : 2);
}
const { options } = parsed;
const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

const say = (line: string) => {
  if (!options.json) console.log(line);
};

let running: Local | undefined;
/** In the middle of the start there is nothing to tidy: children end with us, and the next start finds what it needs. */
const stop = async () => {
  process.off('SIGINT', stop);
  process.off('SIGTERM', stop);
  if (running !== undefined) say('\nStopping.');
  await running?.close();
  process.exit(0);
};
process.on('SIGINT', stop);
process.on('SIGTERM', stop);

try {
  running = await startLocal({ root, ...options, say, onFailure: (text) => console.error(text) });
  const { url, key, operatorKey, cluster } = running;
  if (options.json) console.log(JSON.stringify({ url, key, operatorKey, cluster }));
} catch (error) {
  console.error(error instanceof StartFailure ? error.message : error);
  process.exit(1);
}
