/** One render case: the files of its folder, and what Mainsheet makes of them in the expectation's shape. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Definition } from '../../engine/definitions/definition.ts';
import { libraries } from '../../engine/definitions/libraries.ts';
import { velaPackages } from '../../engine/definitions/packages.ts';
import { formatOf, parseDefinitions } from '../../engine/definitions/parse.ts';
import { DefinitionRegistry, StockDefinitions } from '../../engine/definitions/registry.ts';
import { stockFiles } from '../../engine/definitions/stock.generated.ts';
import type { JsonDraft, JsonObject, JsonValue } from '../../engine/json.ts';
import { isObject } from '../../engine/json.ts';
import { componentJson, modeJson, policyJson, stepJson } from '../../engine/oam/application.ts';
import type { Submission } from '../../engine/oam/parse.ts';
import { parseSubmission } from '../../engine/oam/parse.ts';
import type { ClusterInfo } from '../../engine/policy/topology.ts';
import type { RenderedEntry, Rendering, RenderRequest } from '../../engine/render/application.ts';
import { renderApplication } from '../../engine/render/application.ts';
import type { ApplicationPlan } from '../../engine/render/plan.ts';
import { planApplication } from '../../engine/render/plan.ts';
import { TemplateCache } from '../../engine/render/template-cache.ts';
import type { Issue, Result } from '../../engine/result.ts';

/** The parts of an expectation that say what was given beside the Application. */
export interface Given {
  readonly clusterVersion: { readonly major: string; readonly minor: string };
  readonly clusters?: readonly ClusterInfo[];
  readonly usesDeprecated?: unknown;
}

const stock = {
  shipped: new StockDefinitions(stockFiles, { deprecated: false }),
  all: new StockDefinitions(stockFiles),
};
const cache = new TemplateCache({ libraries, imports: velaPackages('render') });

/** Renders the case in a folder. The answer has the shape of `expected.json`. */
export function renderCase(folder: string, given: Given): JsonObject {
  const definitions = readDefinitions(folder);
  if ('issues' in definitions) return failed(definitions.issues, {});
  const registry = new DefinitionRegistry({
    stock: given.usesDeprecated === undefined ? stock.shipped : stock.all,
    definitions: definitions.found,
  });
  const application = parse(join(folder, 'application.yaml'));
  if ('issues' in application) return failed(application.issues, {});
  const extra = existsSync(join(folder, 'extra.yaml')) ? parse(join(folder, 'extra.yaml')) : null;
  if (extra !== null && 'issues' in extra) return failed(extra.issues, {});
  const [app] = application.applications;
  if (app === undefined) throw new Error('the case holds no Application');
  const plan = planApplication({
    application: app,
    registry,
    policyObjects: extra?.policies ?? [],
    workflows: extra?.workflows ?? [],
    environment: { cache },
    clusterVersion: () => given.clusterVersion,
  });
  if (!plan.ok) return failed(plan.issues, {});
  const rendering = renderAnswered(folder, {
    plan: plan.value,
    revision: `${app.metadata.name}-v1`,
    environment: { cache },
    clusters: given.clusters ?? [],
    clusterVersion: () => given.clusterVersion,
  });
  if (!rendering.ok) return failed(rendering.issues, planParts(plan.value));
  return { result: 'ok', ...planParts(plan.value), ...renderingParts(rendering.value) };
}

/** Renders until nothing is asked for: `answers.json` has what each request, as `GET https://…`, is answered with. */
function renderAnswered(folder: string, request: RenderRequest): Result<Rendering> {
  const file = join(folder, 'answers.json');
  const answers = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as JsonObject) : {};
  const responses = new Map<string, JsonObject>();
  for (;;) {
    const rendering = renderApplication({ ...request, responses });
    const asked = rendering.ok ? rendering.value.needs.filter(({ key }) => !responses.has(key)) : [];
    if (asked.length === 0) return rendering;
    for (const { key, request: sent } of asked) {
      const answer = answers[`${sent.method} ${sent.url}`];
      if (!isObject(answer)) return rendering;
      responses.set(key, answer);
    }
  }
}

function parse(file: string): Submission | { readonly issues: readonly Issue[] } {
  const read = parseSubmission(readFileSync(file, 'utf8'), {
    source: file.split('/').at(-1) ?? file,
    systemKeys: 'keep',
    admission: 'skip',
  });
  return read.ok ? read.value : { issues: read.issues };
}

/** `definitions.yaml`, and a folder `definitions/` of .cue and YAML files. */
function readDefinitions(
  folder: string,
): { readonly found: readonly Definition[] } | { readonly issues: readonly Issue[] } {
  const files = [
    ...globSync('definitions.yaml', { cwd: folder }),
    ...globSync('definitions/**/*.{cue,yaml,yml,json}', { cwd: folder }).sort(),
  ];
  const found: Definition[] = [];
  for (const file of files) {
    const text = readFileSync(join(folder, file), 'utf8');
    const parsed = parseDefinitions(text, formatOf(file), file);
    if (!parsed.ok) return { issues: parsed.issues };
    found.push(...parsed.value);
  }
  return { found };
}

function planParts(plan: ApplicationPlan): JsonObject {
  const parts: JsonDraft = {
    workflowSteps: plan.workflow.steps.map(stepJson),
    workflowMode: modeJson(plan.workflow.mode),
  };
  if (plan.applied.length > 0) parts['appliedPolicies'] = plan.applied.map((policy) => ({ ...policy }));
  if (plan.policies.length > 0) parts['policies'] = plan.policies.map(policyJson);
  return parts;
}

function renderingParts(rendering: Rendering): JsonObject {
  const parts: JsonDraft = {
    components: rendering.entries.map(entryJson),
    policyObjects: rendering.policyObjects,
    generatedNames: rendering.entries.flatMap(generatedNames),
  };
  if (rendering.deploys.length > 0) {
    parts['deploys'] = rendering.deploys.map((d) => ({
      step: d.step,
      policies: d.policies,
      placements: d.placements.map((p) => ({ cluster: p.cluster, namespace: p.namespace })),
      components: d.components.map(componentJson),
    }));
  }
  return parts;
}

function entryJson(entry: RenderedEntry): JsonObject {
  const { component, placement } = entry;
  const of = (role: 'trait' | 'auxiliary'): readonly JsonObject[] =>
    component.objects.filter((o) => o.role === role).map((o) => o.object);
  const out: JsonDraft = {
    name: component.name,
    workload: component.workload,
    traits: of('trait'),
    auxiliaries: of('auxiliary'),
    order: order(entry),
  };
  if (placement !== null) {
    const { replicaKey, ...rest } = placement;
    out['placement'] = replicaKey === '' ? { ...rest } : { ...rest, replicaKey };
  }
  return out;
}

function order(entry: RenderedEntry): readonly JsonValue[] {
  const seen = { trait: 0, auxiliary: 0 };
  return entry.component.objects.map(
    (o) => `${o.role === 'trait' ? 'traits' : 'auxiliaries'}/${seen[o.role]++}`,
  );
}

function generatedNames(entry: RenderedEntry, index: number): readonly string[] {
  const places = order(entry);
  return entry.component.objects.flatMap((o, i) =>
    o.generatedName ? [`components/${index}/${String(places[i])}`] : [],
  );
}

const shownIssues = 20;

/** The error in the expectation's form: class, the paths of wrong parameters, the messages. */
function failed(issues: readonly Issue[], parts: JsonObject): JsonObject {
  const [first] = issues;
  const error: JsonDraft = {
    class: first === undefined ? '' : classOf(first),
    message: issues
      .slice(0, shownIssues)
      .map((i) => i.message)
      .join('\n'),
    issues: issues.slice(0, shownIssues).map((i) => JSON.parse(JSON.stringify(i)) as JsonObject),
  };
  const parameters = issues.filter((i) => classOf(i) === 'parameter').map((i) => parameterPath(i.path));
  if (parameters.length > 0) error['parameterPaths'] = [...new Set(parameters)].sort();
  return { result: 'error', error, ...parts };
}

/** The corpus knows classes; codes of Mainsheet are finer, the class before the dot. */
function classOf(issue: Issue): string {
  return issue.code.split('.')[0] ?? issue.code;
}

const plainLabel = /^(?:[\p{L}$_][\p{L}\p{Nd}$_]*|[0-9]+)$/u;

/** `…/properties/a/0/b` as `parameter.a.0.b`. */
function parameterPath(path: string): string {
  const [, below = ''] = path.split(/\/properties(?=\/|$)/);
  const steps = below
    .split('/')
    .slice(1)
    .map((s) => s.replaceAll('~1', '/').replaceAll('~0', '~'));
  return ['parameter', ...steps.map((s) => (plainLabel.test(s) ? s : JSON.stringify(s)))].join('.');
}
