/** `mainsheet diff`: what a text would change, against what a hub has delivered, what is live, or another text. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type PlannedChanges, plannedChanges, renderedObjects } from '../engine/diff/changes.ts';
import type { JsonObject } from '../engine/json.ts';
import type { Application } from '../engine/oam/application.ts';
import type { Rendering } from '../engine/render/application.ts';
import { parseClusterVersion } from '../engine/render/context.ts';
import { fail, type Issue, ok, type Result } from '../engine/result.ts';
import { type Difference, differenceText, differs, isRefused } from './difference.ts';
import { askHub } from './hub.ts';
import type { CommandIo } from './main.ts';
import { type RenderOptions, readTexts, renderFlags, renderOne, report, type Texts } from './rendering.ts';

const usage = `usage: mainsheet diff -f FILE --hub URL [--live] [options]
       mainsheet diff -f FILE --against FILE [options]

  -f, --file FILE            what would be submitted; - reads standard input
      --hub URL              compare with what this hub has delivered
      --key KEY              the key for the hub (default: the variable MAINSHEET_KEY)
      --live                 compare with what is in the clusters now, by their agents
      --wait SECONDS         how long to wait for the clusters (default 60)
      --against FILE         compare with this text instead, on this machine
  -d, --definitions PATH     with --against: definitions of your own; may be repeated
      --cluster NAME[=LABELS] with --against: a cluster that topologies may name; may be repeated
      --cluster-version V    with --against: the Kubernetes version to render for (default 1.31)
  -o, --output FORMAT        text (default) or json

It ends with 0 where nothing would change, 1 where something would, 2 where that cannot be told or is refused.
`;

interface Options {
  readonly file: string;
  readonly output: 'text' | 'json';
  readonly source:
    | {
        readonly kind: 'hub';
        readonly url: URL;
        readonly key: string;
        readonly live: boolean;
        readonly waitMs: number;
      }
    | { readonly kind: 'file'; readonly against: string; readonly render: RenderOptions };
}

export async function diff(args: readonly string[], io: CommandIo): Promise<number> {
  const options = readOptions(args);
  if (typeof options === 'string') {
    (options === '' ? io.out : io.err)(options === '' ? usage : `${options}\n\n${usage}`);
    return options === '' ? 0 : 2;
  }
  const { file, output, source } = options;
  const found = source.kind === 'file' ? diffTexts(file, source) : await diffHub(file, source);
  if (report(found, io) !== 0 || !found.ok) return 2;
  const difference = found.value;
  io.out(output === 'json' ? `${JSON.stringify(difference, null, 2)}\n` : differenceText(difference));
  if (isRefused(difference)) return 2;
  return differs(difference) ? 1 : 0;
}

async function diffHub(
  file: string,
  source: Extract<Options['source'], { kind: 'hub' }>,
): Promise<Result<Difference>> {
  try {
    const text = readFileSync(file === '-' ? 0 : file, 'utf8');
    return await askHub(text, source);
  } catch (error) {
    return fail({ code: 'file', path: '', message: error instanceof Error ? error.message : String(error) });
  }
}

/** Two texts, rendered here. An Application that only the old one has would go as a whole. */
function diffTexts(
  file: string,
  { against, render }: Extract<Options['source'], { kind: 'file' }>,
): Result<Difference> {
  const [before, after] = [readTexts(against, render.definitions), readTexts(file, render.definitions)];
  if (!before.ok) return before;
  if (!after.ok) return after;
  const [old, wanted] = [renderAll(before.value, render), renderAll(after.value, render)];
  if (!old.ok) return old;
  if (!wanted.ok) return wanted;
  const applications: PlannedChanges[] = [];
  for (const [key, { application, rendering }] of wanted.value) {
    applications.push(
      plannedChanges(placeOf(application), rendering, delivered(old.value.get(key)?.rendering)),
    );
  }
  for (const [key, { application, rendering }] of old.value) {
    if (wanted.value.has(key)) continue;
    applications.push(
      plannedChanges(placeOf(application), { ...rendering, entries: [] }, delivered(rendering)),
    );
  }
  return ok({ applications }, [...(after.warnings ?? []), ...(wanted.warnings ?? [])]);
}

interface RenderedOne {
  readonly application: Application;
  readonly rendering: Rendering;
}

function renderAll(texts: Texts, options: RenderOptions): Result<ReadonlyMap<string, RenderedOne>> {
  const found = new Map<string, RenderedOne>();
  const issues: Issue[] = [];
  const warnings: Issue[] = [];
  for (const application of texts.submission.applications) {
    const rendered = renderOne(application, texts, options);
    warnings.push(...(rendered.warnings ?? []));
    const { namespace, name } = placeOf(application);
    if (rendered.ok) found.set(`${namespace}/${name}`, { application, rendering: rendered.value });
    else issues.push(...rendered.issues);
  }
  return issues.length > 0 ? { ...fail(...issues), warnings } : ok(found, warnings);
}

const placeOf = ({ metadata }: Application) => ({
  namespace: metadata.namespace ?? 'default',
  name: metadata.name,
});

/** A rendering as if it had been delivered. */
function delivered(rendering: Rendering | undefined) {
  const objects = new Map<string, JsonObject[]>();
  for (const { cluster, object } of rendering === undefined ? [] : renderedObjects(rendering))
    objects.set(cluster, [...(objects.get(cluster) ?? []), object]);
  return { objects, nameOf: (cluster: string) => cluster };
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
  const { file, output, hub, against } = values;
  if (file === undefined) return 'The option -f is required.';
  if (output !== 'text' && output !== 'json')
    return `"${output}" is no output format; there are text and json.`;
  if ((hub === undefined) === (against === undefined)) return 'Give either --hub or --against.';
  const source = against === undefined ? hubOf(values) : fileOf(against, values);
  return typeof source === 'string' ? source : { file, output, source };
}

type Values = ReturnType<typeof parseFlags>;

function hubOf({
  hub = '',
  key = process.env['MAINSHEET_KEY'],
  live,
  wait,
}: Values): Options['source'] | string {
  if (!/^https?:\/\//.test(hub) || !URL.canParse(hub)) return `"${hub}" is no address of a hub.`;
  if (key === undefined || key === '') return 'A key is needed: --key, or the variable MAINSHEET_KEY.';
  const seconds = Number(wait);
  if (!(seconds > 0 && seconds <= 600)) return `"${wait}" is no number of seconds from 1 to 600.`;
  return { kind: 'hub', url: new URL(hub), key, live, waitMs: seconds * 1000 };
}

function fileOf(against: string, values: Values): Options['source'] | string {
  if (values.live) return 'The option --live needs a hub.';
  const version = parseClusterVersion(values['cluster-version']);
  if (version === null) return `"${values['cluster-version']}" is no Kubernetes version such as 1.31.`;
  const { definitions, cluster: clusters } = values;
  return { kind: 'file', against, render: { definitions, clusters, version, revision: 1 } };
}

function parseFlags(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...renderFlags,
      file: { type: 'string', short: 'f' },
      against: { type: 'string' },
      hub: { type: 'string' },
      key: { type: 'string' },
      live: { type: 'boolean', default: false },
      wait: { type: 'string', default: '60' },
      output: { type: 'string', short: 'o', default: 'text' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return values;
}
