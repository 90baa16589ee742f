/** Live objects and what KubeVela's health and status code says of them; the format is in the corpus' README. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCustomResources } from '../../../engine/definitions/custom-resource.ts';
import type { Definition } from '../../../engine/definitions/definition.ts';
import { libraries } from '../../../engine/definitions/libraries.ts';
import { StockDefinitions } from '../../../engine/definitions/registry.ts';
import { stockFiles } from '../../../engine/definitions/stock.generated.ts';
import { statusEvaluator } from '../../../engine/health/evaluate.ts';
import type { JsonObject } from '../../../engine/json.ts';
import { compare } from '../compare.ts';
import type { CorpusCase, Outcome, Suite } from '../suite.ts';

interface CaseFile {
  readonly definition: string;
  readonly kind: 'component' | 'trait';
  readonly definitionYaml?: string;
  readonly context: JsonObject;
  readonly parameter: JsonObject | null;
  readonly isHealth: boolean;
  readonly message: string;
  readonly details: Readonly<Record<string, string>>;
  readonly messageError?: string;
}

const stock = new StockDefinitions(stockFiles);
const evaluate = statusEvaluator({ libraries });

export const suite: Suite = {
  folder: 'health-kubevela',
  cases(folder) {
    const paths = globSync('**/*.json', { cwd: folder }).map((path) => path.replaceAll('\\', '/'));
    return paths.sort().map((path): CorpusCase => ({ path, run: () => run(join(folder, path)) }));
  },
};

function run(file: string): Outcome {
  const one: CaseFile = JSON.parse(readFileSync(file, 'utf8'));
  const definition = definitionOf(one);
  const verdict = evaluate({
    templates: definition.status,
    context: one.context,
    parameter: one.parameter ?? {},
  });
  const got = { isHealth: verdict.healthy, message: verdict.message, details: verdict.details };
  const rules = {
    information: new Set(one.messageError === undefined ? [] : ['message']),
    mayBeMore: new Set<string>(),
  };
  const want = { isHealth: one.isHealth, message: one.message, details: one.details };
  const { differences, information } = compare(want, got, rules);
  return { differences, information, got: { ...one, ...got, problems: verdict.problems } };
}

function definitionOf(one: CaseFile): Definition {
  if (one.definitionYaml !== undefined) {
    const parsed = parseCustomResources(one.definitionYaml);
    if (!parsed.ok) throw new Error(parsed.issues[0]?.message);
    const [definition] = parsed.value;
    if (definition !== undefined) return definition;
  }
  const definition = stock.find(one.kind, one.definition);
  if (definition === null)
    throw new Error(`there is no stock definition of the ${one.kind} ${one.definition}`);
  return definition;
}
