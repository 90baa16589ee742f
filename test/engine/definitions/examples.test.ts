import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Definition, templateOf } from '../../../engine/definitions/definition.ts';
import { exampleOf } from '../../../engine/definitions/docs.ts';
import { stockExample } from '../../../engine/definitions/examples.ts';
import { libraries } from '../../../engine/definitions/libraries.ts';
import { velaPackages } from '../../../engine/definitions/packages.ts';
import { DefinitionRegistry, StockDefinitions } from '../../../engine/definitions/registry.ts';
import { parameterSchema } from '../../../engine/definitions/schema.ts';
import { stockFiles } from '../../../engine/definitions/stock.generated.ts';
import type { JsonObject } from '../../../engine/json.ts';
import { parseSubmission } from '../../../engine/oam/parse.ts';
import { renderApplication } from '../../../engine/render/application.ts';
import { planApplication } from '../../../engine/render/plan.ts';
import { TemplateCache } from '../../../engine/render/template-cache.ts';
import type { Issue } from '../../../engine/result.ts';

const stock = new StockDefinitions(stockFiles);
const around = {
  environment: { cache: new TemplateCache({ libraries, imports: velaPackages('render') }) },
  clusterVersion: () => ({ major: '1', minor: '31' }),
};

/** What is wrong with an Application, and what it is warned of. */
function issuesOf(application: JsonObject): readonly Issue[] {
  const read = parseSubmission(JSON.stringify(application));
  if (!read.ok) return read.issues;
  const [first] = read.value.applications;
  assert.ok(first !== undefined);
  const plan = planApplication({
    application: first,
    registry: new DefinitionRegistry({ stock }),
    ...around,
  });
  if (!plan.ok) return plan.issues;
  const rendered = renderApplication({ plan: plan.value, revision: 'example-v1', clusters: [], ...around });
  const warnings = [...(read.warnings ?? []), ...(plan.warnings ?? []), ...(rendered.warnings ?? [])];
  return rendered.ok ? warnings : rendered.issues;
}

function exampleFor(definition: Definition): JsonObject | null {
  const template = templateOf(definition);
  const schema = template === null ? null : parameterSchema(template, { libraries });
  return stockExample(definition) ?? exampleOf(definition, schema?.ok ? schema.value : {});
}

/** What Mainsheet cannot render at all: their examples are right as far as they are looked at. */
const notRendered: Readonly<Record<string, string>> = {
  'component/helmchart': 'provider.unsupported',
  'component/ref-objects': 'provider.cluster',
};

describe('every stock definition has an example that renders', () => {
  for (const kind of ['component', 'trait', 'policy', 'workflowstep'] as const) {
    for (const name of stock.names(kind)) {
      it(`${kind} ${name}`, () => {
        const definition = stock.find(kind, name);
        assert.ok(definition !== null);
        const example = exampleFor(definition);
        assert.ok(example !== null);
        assert.ok(JSON.stringify(example).includes(`"${name === 'envbinding' ? 'env-binding' : name}"`));
        const expected = notRendered[`${kind}/${name}`];
        assert.deepEqual(
          issuesOf(example).map(({ code, message }) => (expected === undefined ? message : code)),
          expected === undefined ? [] : [expected],
        );
      });
    }
  }
});
