/** Reading Applications from files and rendering them on this machine: what several commands do. */
import { readFileSync } from 'node:fs';
import type { Definition } from '../engine/definitions/definition.ts';
import { libraries } from '../engine/definitions/libraries.ts';
import { velaPackages } from '../engine/definitions/packages.ts';
import { DefinitionRegistry, StockDefinitions } from '../engine/definitions/registry.ts';
import { stockFiles } from '../engine/definitions/stock.generated.ts';
import type { Application } from '../engine/oam/application.ts';
import type { Submission } from '../engine/oam/parse.ts';
import { parseSubmission } from '../engine/oam/parse.ts';
import type { Rendering } from '../engine/render/application.ts';
import { needWarnings, renderApplication } from '../engine/render/application.ts';
import type { ClusterVersion } from '../engine/render/context.ts';
import { checkDeclaredParameters } from '../engine/render/declared-parameters.ts';
import { planApplication } from '../engine/render/plan.ts';
import { TemplateCache } from '../engine/render/template-cache.ts';
import type { Issue, Result } from '../engine/result.ts';
import { fail, ok, withSpans } from '../engine/result.ts';
import { unsupportedSteps } from '../engine/workflow/executable.ts';
import { readDefinitionFiles } from './definition-files.ts';
import type { CommandIo } from './main.ts';
import { issueText } from './report.ts';

/** Options of every command that renders. */
export const renderFlags = {
  definitions: { type: 'string', short: 'd', multiple: true, default: [] as string[] },
  cluster: { type: 'string', multiple: true, default: [] as string[] },
  'cluster-version': { type: 'string', default: '1.31' },
} as const;

export interface RenderOptions {
  readonly definitions: readonly string[];
  readonly clusters: readonly string[];
  readonly version: ClusterVersion;
  readonly revision: number;
}

export interface Texts {
  readonly submission: Submission;
  readonly definitions: readonly Definition[];
}

/** What a file (`-`: standard input) and the files of definitions hold. */
export function readTexts(file: string, paths: readonly string[]): Result<Texts> {
  try {
    const definitions = readDefinitionFiles(paths);
    if (!definitions.ok) return definitions;
    const text = readFileSync(file === '-' ? 0 : file, 'utf8');
    const submission = parseSubmission(text, {
      source: file === '-' ? 'standard input' : file,
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

/** The objects of one Application, its issues with the place in the text. */
export function renderOne(
  application: Application,
  { submission, definitions }: Texts,
  options: RenderOptions,
): Result<Rendering> {
  const registry = new DefinitionRegistry({ stock: new StockDefinitions(stockFiles), definitions });
  const namespace = application.metadata.namespace ?? 'default';
  const near = <T extends { readonly metadata: { readonly namespace?: string } }>(
    objects: readonly T[],
  ): readonly T[] => objects.filter((o) => (o.metadata.namespace ?? 'default') === namespace);
  const cache = new TemplateCache({ libraries, imports: velaPackages('render') });
  const around = { environment: { cache }, clusterVersion: () => options.version };
  const plan = planApplication({
    application,
    registry,
    ...around,
    policyObjects: near(submission.policies),
    workflows: near(submission.workflows),
  });
  if (!plan.ok) return located(plan, submission.locations.get(application));
  const rendered = renderApplication({
    plan: plan.value,
    revision: `${application.metadata.name}-v${options.revision}`,
    clusters: options.clusters.map(readCluster),
    ...around,
  });
  const stepCache = new TemplateCache({ libraries, imports: velaPackages('step') });
  const parameters = checkDeclaredParameters(plan.value, {
    policy: { cache },
    workflowstep: { cache: stepCache },
  });
  const warnings = [
    ...(plan.warnings ?? []),
    ...(rendered.warnings ?? []),
    ...(parameters.warnings ?? []),
    ...(rendered.ok ? needWarnings(rendered.value) : []),
    ...unsupportedSteps(plan.value),
  ];
  const result = rendered.ok && !parameters.ok ? parameters : rendered;
  return located({ ...result, warnings }, submission.locations.get(application));
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

/** Prints warnings and errors; gives 1 where there are errors, else 0. */
export function report(result: Result<unknown>, io: CommandIo): number {
  for (const warning of result.warnings ?? []) io.err(issueText('warning', warning));
  if (result.ok) return 0;
  for (const issue of result.issues as readonly Issue[]) io.err(issueText('error', issue));
  return 1;
}
