/** `mainsheet render`: an Application to its objects, on this machine, with the code the service runs. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import type { Definition } from '../engine/definitions/definition.ts';
import { libraries } from '../engine/definitions/libraries.ts';
import { velaPackages } from '../engine/definitions/packages.ts';
import { DefinitionRegistry, StockDefinitions } from '../engine/definitions/registry.ts';
import { stockFiles } from '../engine/definitions/stock.generated.ts';
import type { JsonObject } from '../engine/json.ts';
import type { Application } from '../engine/oam/application.ts';
import type { Submission } from '../engine/oam/parse.ts';
import { parseSubmission } from '../engine/oam/parse.ts';
import type { RenderedEntry, Rendering } from '../engine/render/application.ts';
import { renderApplication } from '../engine/render/application.ts';
import type { ClusterVersion } from '../engine/render/context.ts';
import { parseClusterVersion } from '../engine/render/context.ts';
import { planApplication } from '../engine/render/plan.ts';
import { TemplateCache } from '../engine/render/template-cache.ts';
import type { Issue, Result } from '../engine/result.ts';
import { fail, ok, withSpans } from '../engine/result.ts';
import { readDefinitionFiles } from './definition-files.ts';
import type { CommandIo } from './main.ts';
import { issueText } from './report.ts';

const usage = `usage: mainsheet render -f FILE [options]

  -f, --file FILE            Applications, and the Policies and Workflows they refer to; - reads standard input
  -d, --definitions PATH     definitions of your own: a file or a folder of .cue, YAML or JSON; may be repeated
      --cluster NAME[=LABELS] a cluster that topologies may name, e.g. eu-1=zone=eu,tier=a; may be repeated
      --cluster-version V    the Kubernetes version to render for (default 1.31)
      --revision N           the number of the revision (default 1)
  -o, --output FORMAT        yaml (default) or json
`;

interface Options {
  readonly file: string;
  readonly definitions: readonly string[];
  readonly clusters: readonly string[];
  readonly version: ClusterVersion;
  readonly revision: number;
  readonly output: 'yaml' | 'json';
}

export async function render(args: readonly string[], io: CommandIo): Promise<number> {
  const options = readOptions(args);
  if (typeof options === 'string') {
    (options === '' ? io.out : io.err)(options === '' ? usage : `${options}\n\n${usage}`);
    return options === '' ? 0 : 2;
  }
  const texts = readTexts(options);
  if (!texts.ok) return report(texts, io);
  const { submission, definitions } = texts.value;
  let failed = report(texts, io) !== 0;
  const printed: Printed[] = [];
  for (const application of submission.applications) {
    const rendered = renderOne(application, submission, definitions, options);
    failed = report(located(rendered, submission.locations.get(application)), io) !== 0 || failed;
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
      definitions: { type: 'string', short: 'd', multiple: true, default: [] },
      cluster: { type: 'string', multiple: true, default: [] },
      'cluster-version': { type: 'string', default: '1.31' },
      revision: { type: 'string', default: '1' },
      output: { type: 'string', short: 'o', default: 'yaml' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return values;
}

interface Texts {
  readonly submission: Submission;
  readonly definitions: readonly Definition[];
}

function readTexts(options: Options): Result<Texts> {
  try {
    const definitions = readDefinitionFiles(options.definitions);
    if (!definitions.ok) return definitions;
    const text = readFileSync(options.file === '-' ? 0 : options.file, 'utf8');
    const submission = parseSubmission(text, {
      source: options.file === '-' ? 'standard input' : options.file,
    });
    if (!submission.ok) return submission;
    const warnings = [...(definitions.warnings ?? []), ...(submission.warnings ?? [])];
    return { ok: true, value: { submission: submission.value, definitions: definitions.value }, warnings };
  } catch (error) {
    // Files that are missing or may not be read.
    return {
      ok: false,
      issues: [{ code: 'file', path: '', message: error instanceof Error ? error.message : String(error) }],
    };
  }
}

function renderOne(
  application: Application,
  submission: Submission,
  definitions: readonly Definition[],
  options: Options,
): Result<Rendering> {
  const registry = new DefinitionRegistry({ stock: new StockDefinitions(stockFiles), definitions });
  const namespace = application.metadata.namespace ?? 'default';
  const near = <T extends { readonly metadata: { readonly namespace?: string } }>(
    objects: readonly T[],
  ): readonly T[] => objects.filter((o) => (o.metadata.namespace ?? 'default') === namespace);
  const plan = planApplication({
    application,
    registry,
    policyObjects: near(submission.policies),
    workflows: near(submission.workflows),
  });
  if (!plan.ok) return plan;
  return renderApplication({
    plan: plan.value,
    revision: `${application.metadata.name}-v${options.revision}`,
    environment: { cache: new TemplateCache({ libraries, imports: velaPackages('render') }) },
    clusters: options.clusters.map(readCluster),
    clusterVersion: () => options.version,
  });
}

/** `name` or `name=key=value,key=value`. */
function readCluster(text: string): {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
} {
  const [name = '', ...rest] = text.split('=');
  const pairs = rest
    .join('=')
    .split(',')
    .filter((p) => p !== '');
  return {
    name,
    labels: Object.fromEntries(pairs.map((p) => [p.split('=')[0] ?? '', p.split('=').slice(1).join('=')])),
  };
}

/** The result with line and column where its issues point into the Application. */
function located<T>(result: Result<T>, locate: Parameters<typeof withSpans>[1] | undefined): Result<T> {
  if (locate === undefined) return result;
  const warnings = withSpans(result.warnings ?? [], locate);
  return result.ok ? ok(result.value, warnings) : { ...fail(...withSpans(result.issues, locate)), warnings };
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

function report(result: Result<unknown>, io: CommandIo): number {
  for (const warning of result.warnings ?? []) io.err(issueText('warning', warning));
  if (result.ok) return 0;
  for (const issue of result.issues as readonly Issue[]) io.err(issueText('error', issue));
  return 1;
}
