/** Whole Applications to objects, with compiled templates (warm) and without (cold), beside KubeVela's figures. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { libraries } from '../engine/definitions/libraries.ts';
import { DefinitionRegistry, StockDefinitions } from '../engine/definitions/registry.ts';
import { stockFiles } from '../engine/definitions/stock.generated.ts';
import type { Application } from '../engine/oam/application.ts';
import { parseSubmission } from '../engine/oam/parse.ts';
import { renderApplication } from '../engine/render/application.ts';
import { planApplication } from '../engine/render/plan.ts';
import { TemplateCache } from '../engine/render/template-cache.ts';
import { type Benchmark, digits, type Figure } from './figure.ts';

const goals = {
  'one-webservice': 25,
  'webservice-five-traits': 50,
  'five-components': 50,
  'fifty-components': 500,
} as const;
const ROUNDS = 7;
const ROUND_MS = 150;

const folder = () =>
  join(
    process.env['MAINSHEET_CORPUS'] ?? join(dirname(fileURLToPath(import.meta.url)), '../test/corpus'),
    'bench',
  );

/** The Application of a text; KubeVela's figures begin where its Application is read as well. */
function read(text: string): Application {
  const parsed = parseSubmission(text);
  const application = parsed.ok ? parsed.value.applications[0] : undefined;
  if (application === undefined) throw new Error('the Application does not parse');
  return application;
}

/** Finds definitions and renders; gives the number of objects. */
function render(application: Application, stock: StockDefinitions, cache: TemplateCache): number {
  const around = { environment: { cache }, clusterVersion: () => ({ major: '1', minor: '31' }) };
  const plan = planApplication({ application, registry: new DefinitionRegistry({ stock }), ...around });
  if (!plan.ok) throw new Error(plan.issues[0]?.message);
  const rendered = renderApplication({
    plan: plan.value,
    revision: `${application.metadata.name}-v1`,
    ...around,
  });
  if (!rendered.ok) throw new Error(rendered.issues[0]?.message);
  return rendered.value.entries.reduce((count, { component }) => count + 1 + component.objects.length, 0);
}

/** As many copies of the components under names of their own. */
function copies(application: Application, count: number): Application {
  const components = Array.from({ length: count }, (_, i) =>
    application.spec.components.map((component) => ({ ...component, name: `${component.name}-${i}` })),
  ).flat();
  return { ...application, spec: { ...application.spec, components } };
}

/** The traits over and over again. */
function moreTraits(application: Application, count: number): Application {
  const components = application.spec.components.map((component) => ({
    ...component,
    traits: Array.from({ length: count }, () => ({
      type: 'annotations',
      properties: { 'example.org/a': 'b', 'example.org/c': 'd' },
    })),
  }));
  return { ...application, spec: { ...application.spec, components } };
}

/** What one more costs where there are many, beside what one costs where there are few: 1 is linear. */
function growth(
  name: string,
  few: readonly [number, Application],
  many: readonly [number, Application],
): Figure {
  const stock = new StockDefinitions(stockFiles);
  const cache = new TemplateCache({ libraries });
  const [a, b] = [few, many].map(([, application]) => measure(() => render(application, stock, cache)));
  const each = [(a ?? 0) / few[0], (b ?? 0) / many[0]] as const;
  return {
    name: `${name}: each of ${many[0]}`,
    value: digits(each[1]),
    unit: 'µs',
    baseline: `${digits(each[0])} µs (each of ${few[0]})`,
    ratio: `${digits(each[1] / each[0])} × the time`,
  };
}

/** Microseconds an operation: the best round. */
function measure(operation: () => number): number {
  let kept = 0;
  for (const end = performance.now() + ROUND_MS * 4; performance.now() < end; ) kept += operation();
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now();
    let count = 0;
    for (; performance.now() - started < ROUND_MS || count === 0; count++) kept += operation();
    rounds.push(((performance.now() - started) * 1000) / count);
  }
  if (kept === 0) throw new Error('nothing was rendered');
  return Math.min(...rounds);
}

export const benchmark: Benchmark = async () => {
  const from = folder();
  const { usPerApp } = JSON.parse(readFileSync(join(from, 'baseline.json'), 'utf8')) as {
    usPerApp: Record<string, number>;
  };
  const stock = new StockDefinitions(stockFiles);
  const figures: Figure[] = [];
  for (const [name, goal] of Object.entries(goals)) {
    const text = readFileSync(join(from, name, 'application.yaml'), 'utf8');
    const application = read(text);
    const cache = new TemplateCache({ libraries });
    const base = usPerApp[name] ?? Number.NaN;
    const warm = measure(() => render(application, stock, cache));
    const cold = measure(() =>
      render(application, new StockDefinitions(stockFiles), new TemplateCache({ libraries })),
    );
    const reading = measure(() => read(text).spec.components.length);
    figures.push({
      name: `${name}, reading its YAML`,
      value: digits(reading),
      unit: 'µs',
      baseline: '',
      ratio: '',
    });
    for (const [kind, us, wanted] of [
      ['warm', warm, `≥ ${goal}`],
      ['cold', cold, ''],
    ] as const) {
      figures.push({
        name: `${name} ${kind}`,
        value: digits(us),
        unit: 'µs',
        baseline: `${digits(base)} µs`,
        ratio: `${digits(base / us)} × as fast`,
        goal: wanted,
      });
    }
  }
  const text = (name: string) => readFileSync(join(from, name, 'application.yaml'), 'utf8');
  const fifty = read(text('fifty-components'));
  const one = read(text('one-webservice'));
  figures.push(
    growth(
      'components',
      [5, { ...fifty, spec: { ...fifty.spec, components: fifty.spec.components.slice(0, 5) } }],
      [50, fifty],
    ),
    growth('components', [50, fifty], [500, copies(fifty, 10)]),
    growth('traits', [10, moreTraits(one, 10)], [100, moreTraits(one, 100)]),
  );
  return {
    about: `Best of ${ROUNDS} rounds, one thread; KubeVela as it was measured once on another machine (baseline.json)`,
    figures,
  };
};
