/** The options of `npm start`. */
import { parseArgs } from 'node:util';

export interface StartOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly stateDirectory: string;
  readonly kubeconfig: string | undefined;
  readonly reset: boolean;
  readonly json: boolean;
}

export const usage = `Usage: npm start -- [options]

Starts the whole service on this machine: both Workers, the store, an agent, and a sandbox cluster
unless a kubeconfig is given.

  --port N          port of 127.0.0.1 to listen on, 0 takes a free one (default 8787)
  --state DIR       where everything is kept (default .mainsheet)
  --kubeconfig F    work on this cluster instead of the sandbox (default $KUBECONFIG)
  --reset           begin with an empty state folder
  --json            print one line {"url","key","operatorKey","cluster"} once it serves
  --help            this text
`;

export type ParsedOptions =
  | { readonly ok: true; readonly options: StartOptions }
  | { readonly ok: false; readonly help: boolean; readonly text: string };

const failed = (text: string): ParsedOptions => ({ ok: false, help: false, text: `${text}\n\n${usage}` });

/** Reads the command line. An unknown or ill-formed option is one sentence and the usage. */
export function parseOptions(args: readonly string[], environment: NodeJS.ProcessEnv): ParsedOptions {
  let values: {
    port: string;
    state: string;
    kubeconfig?: string;
    reset: boolean;
    json: boolean;
    help: boolean;
  };
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '8787' },
        state: { type: 'string', default: '.mainsheet' },
        kubeconfig: { type: 'string' },
        reset: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
  if (values.help) return { ok: false, help: true, text: usage };
  const port = Number(values.port);
  if (!/^\d{1,5}$/.test(values.port) || port > 65535)
    return failed(`--port takes 0 to 65535, not "${values.port}".`);
  const kubeconfig = values.kubeconfig ?? (environment['KUBECONFIG'] || undefined);
  const { state: stateDirectory, reset, json } = values;
  return { ok: true, options: { port, stateDirectory, kubeconfig, reset, json } };
}
