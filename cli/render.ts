/** `mainsheet render`: an Application to its objects, on this machine, with the code the service runs. */
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import type { JsonObject } from '../engine/json.ts';
import type { RenderedEntry, Rendering } from '../engine/render/application.ts';
import { parseClusterVersion } from '../engine/render/context.ts';
import type { CommandIo } from './main.ts';
import { type RenderOptions, readTexts, renderFlags, renderOne, report } from './rendering.ts';

const usage = `usage: mainsheet render -f FILE [options]

  -f, --file FILE            Applications, and the Policies and Workflows they refer to; - reads standard input
  -d, --definitions PATH     definitions of your own: a file or a folder of .cue, YAML or JSON; may be repeated
      --cluster NAME[=LABELS] a cluster that topologies may name, e.g. eu-1=zone=eu,tier=a; may be repeated
      --cluster-version V    the Kubernetes version to render for (default 1.31)
      --revision N           the number of the revision (default 1)
  -o, --output FORMAT        yaml (default) or json
`;

interface Options extends RenderOptions {
  readonly file: string;
  readonly output: 'yaml' | 'json';
}

export async function render(args: readonly string[], io: CommandIo): Promise<number> {
  const options = readOptions(args);
  if (typeof options === 'string') {
    (options === '' ? io.out : io.err)(options === '' ? usage : `${options}\n\n${usage}`);
    return options === '' ? 0 : 2;
  }
  const texts = readTexts(options.file, options.definitions);
  if (!texts.ok) return report(texts, io);
  const { submission } = texts.value;
  let failed = report(texts, io) !== 0;
  const printed: Printed[] = [];
  for (const application of submission.applications) {
    const rendered = renderOne(application, texts.value, options);
    failed = report(rendered, io) !== 0 || failed;
    if (rendered.ok) printed.push(...printedObjects(rendered.value));
  }
  if (submission.applications.length === 0) {
    io.err(`error: ${options.file} holds no Application.\n`);
    return 1;
  }
  if (failed && printed.length === 0) return 1;
  io.out(options.output === 'json' ? `${JSON.stringify(printed, null, 2)}\n` : asYaml(printed));
  return failed ? 1 : 0;
}

/** The options, or why they are wrong; an empty text asks for help. */
function readOptions(args: readonly string[]): Options | string {
  let values: ReturnType<typeof parseFlags>;
  try {
    values = parseFlags(args);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (values.help) return '';
  if (values.file === undefined) return 'The option -f is required.';
  const version = parseClusterVersion(values['cluster-version']);
  if (version === null) return `"${values['cluster-version']}" is no Kubernetes version such as 1.31.`;
  const revision = Number(values.revision);
  if (!Number.isInteger(revision) || revision < 1) return `"${values.revision}" is no revision number.`;
  const { output } = values;
  if (output !== 'yaml' && output !== 'json')
    return `"${output}" is no output format; there are yaml and json.`;
  return {
    file: values.file,
    definitions: values.definitions,
    clusters: values.cluster,
    version,
    revision,
    output,
  };
}

function parseFlags(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      file: { type: 'string', short: 'f' },
      ...renderFlags,
      revision: { type: 'string', default: '1' },
      output: { type: 'string', short: 'o', default: 'yaml' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return values;
}

interface Printed {
  readonly component: string | null;
  readonly cluster: string | null;
  readonly step: string | null;
  readonly object: JsonObject;
}

function printedObjects(rendering: Rendering): readonly Printed[] {
  const policies = rendering.policyObjects.map((object) => ({
    component: null,
    cluster: null,
    step: null,
    object,
  }));
  return [...policies, ...rendering.entries.flatMap(entryObjects)];
}

function entryObjects({ component, placement }: RenderedEntry): readonly Printed[] {
  const place = {
    component: component.name,
    cluster: placement?.cluster ?? null,
    step: placement?.step ?? null,
  };
  const workload = component.skipWorkload ? [] : [component.workload];
  return [...workload, ...component.objects.map((o) => o.object)].map((object) => ({ ...place, object }));
}

function asYaml(printed: readonly Printed[]): string {
  return printed
    .map(({ component, cluster, step, object }) => {
      const what = component === null ? 'policy' : `component ${component}`;
      const where = cluster === null ? '' : `, step ${step ?? ''}, cluster ${cluster}`;
      return `---\n# ${what}${where}\n${stringify(readable(object), { aliasDuplicateObjects: false, version: '1.1' })}`;
    })
    .join('');
}

/** The fields that every object has first, as people write them. */
function readable(object: JsonObject): JsonObject {
  const { apiVersion, kind, metadata, ...rest } = object;
  const head = Object.entries({ apiVersion, kind, metadata }).filter(([, value]) => value !== undefined);
  // Only fields that are there were kept.
  return { ...Object.fromEntries(head), ...rest } as JsonObject;
}
