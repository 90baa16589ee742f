/** The command line of the agent. */
import { parseArgs } from 'node:util';

export const usage = `mainsheet-agent: keeps the applications of one cluster as the hub says

  --hub URL             address of the hub
  --token TOKEN         enrolment token; needed until the enrolment has been accepted (or MAINSHEET_ENROL_TOKEN)
  --state DIR           where key, membership and what was applied are kept
  --kubeconfig FILE     the cluster; without it the one that the agent runs in
  --namespace NAME      where the agent's Lease lies (default: default)
  --beat SECONDS        asks the hub this often, whatever the hub says
  --with-parent         ends when its standard input closes, as it does when the process that started it dies
  --help                this text
`;

export interface Options {
  readonly hub: string;
  readonly token: string | undefined;
  readonly state: string;
  readonly cluster: { readonly kubeconfig: string } | 'in-cluster';
  readonly namespace: string;
  readonly beatSeconds: number | undefined;
  readonly withParent: boolean;
}

/** Reads the options; a string says what is wrong with them. */
export function readOptions(
  args: readonly string[],
  env: Record<string, string | undefined>,
): Options | string {
  let values: Partial<Record<string, string | boolean>>;
  try {
    ({ values } = parseArgs({ args: [...args], options: known, strict: true }));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] : undefined);
  if (values['help'] === true) return usage;
  const [hub, state, kubeconfig] = [text('hub'), text('state'), text('kubeconfig')];
  if (hub === undefined || !URL.canParse(hub)) return '--hub must be an address, as https://hub.example.com';
  if (state === undefined) return '--state must name a folder';
  const beat = text('beat');
  const beatSeconds = beat === undefined ? undefined : Number(beat);
  if (beatSeconds !== undefined && !(beatSeconds > 0)) return '--beat must be a positive number of seconds';
  if (kubeconfig === undefined && env['KUBERNETES_SERVICE_HOST'] === undefined) {
    return '--kubeconfig must name a file: this process does not run in a cluster';
  }
  return {
    hub,
    state,
    token: text('token') ?? env['MAINSHEET_ENROL_TOKEN'],
    cluster: kubeconfig === undefined ? 'in-cluster' : { kubeconfig },
    namespace: text('namespace') ?? 'default',
    beatSeconds,
    withParent: values['with-parent'] === true,
  };
}

const known = {
  hub: { type: 'string' },
  token: { type: 'string' },
  state: { type: 'string' },
  kubeconfig: { type: 'string' },
  'with-parent': { type: 'boolean' },
  namespace: { type: 'string' },
  beat: { type: 'string' },
  help: { type: 'boolean' },
} as const;
