// node infra/sandbox/main.ts --dir D [--port 0] [--pod-delay MS]: prints `ready <kubeconfig>` once it serves. It stops
// on SIGTERM and SIGINT, and when its standard input is a pipe that closes.

import { fstatSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { DEFAULT_POD_DELAY_MS, startSandbox } from './sandbox.ts';

const USAGE = `usage: sandbox --dir D [--port 0] [--pod-delay ${DEFAULT_POD_DELAY_MS}]

  --dir D         where objects, keys and the kubeconfig are kept; required
  --port 0        0 takes a free one
  --pod-delay MS  how long a pod takes to be ready
`;

function arguments_(): { dir: string; port: number; podDelay: number } {
  const { values } = parseArgs({
    options: {
      dir: { type: 'string' },
      port: { type: 'string', default: '0' },
      'pod-delay': { type: 'string', default: String(DEFAULT_POD_DELAY_MS) },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    process.exit(0);
  }
  const port = Number(values.port);
  const podDelay = Number(values['pod-delay']);
  if (!values.dir) throw new Error('--dir is required');
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new Error(`--port ${values.port} is no port`);
  if (!Number.isInteger(podDelay) || podDelay < 0)
    throw new Error(`--pod-delay ${values['pod-delay']} is no time in milliseconds`);
  return { dir: values.dir, port, podDelay };
}

function stdinIsPipe(): boolean {
  try {
    const stat = fstatSync(0);
    return stat.isFIFO() || stat.isSocket();
  } catch {
    return false;
  }
}

async function main(): Promise<void> {
  const { dir, port, podDelay } = arguments_();
  const sandbox = await startSandbox({ directory: dir, port, podDelayMs: podDelay });
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    sandbox.close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  if (stdinIsPipe()) {
    process.stdin.on('end', stop);
    process.stdin.on('error', stop);
    process.stdin.resume();
  }
  process.stdout.write(`ready ${sandbox.kubeconfig}\n`);
}

function fail(error: unknown): never {
  process.stderr.write(`sandbox: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

main().catch(fail);
