import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseCueFile } from '../../../engine/definitions/cue-file.ts';
import { libraries } from '../../../engine/definitions/libraries.ts';
import { DefinitionRegistry, StockDefinitions } from '../../../engine/definitions/registry.ts';
import { stockFiles } from '../../../engine/definitions/stock.generated.ts';
import { parseSubmission } from '../../../engine/oam/parse.ts';
import type { RenderedEntry } from '../../../engine/render/application.ts';
import { renderApplication } from '../../../engine/render/application.ts';
import { planApplication } from '../../../engine/render/plan.ts';
import { TemplateCache } from '../../../engine/render/template-cache.ts';

const parsed = parseCueFile(
  'placed: {type: "trait", attributes: {}}\ntemplate: {patch: metadata: annotations: at: "\\(context.cluster)/\\(context.namespace)"\nparameter: {}}',
  'placed.cue',
);
assert.ok(parsed.ok);
const registry = new DefinitionRegistry({
  stock: new StockDefinitions(stockFiles),
  definitions: [parsed.value],
});

/** A web service with traits, deployed to clusters. */
function deployed(clusters: readonly string[], traits: readonly string[]): readonly RenderedEntry[] {
  const properties = { clusters, namespace: 'prod' };
  const document = {
    apiVersion: 'core.oam.dev/v1beta1',
    kind: 'Application',
    metadata: { name: 'app' },
    spec: {
      components: [
        {
          name: 'web',
          type: 'webservice',
          properties: { image: 'nginx' },
          traits: traits.map((type) => ({ type, properties: {} })),
        },
      ],
      policies: [{ name: 'there', type: 'topology', properties }],
      workflow: { steps: [{ name: 'go', type: 'deploy', properties: { policies: ['there'] } }] },
    },
  };
  const read = parseSubmission(JSON.stringify(document));
  assert.ok(read.ok, JSON.stringify(read));
  const [application] = read.value.applications;
  assert.ok(application !== undefined);
  const around = {
    environment: { cache: new TemplateCache({ libraries }) },
    clusterVersion: () => ({ major: '1', minor: '31' }),
  };
  const plan = planApplication({ application, registry, ...around });
  assert.ok(plan.ok, JSON.stringify(plan));
  const rendered = renderApplication({
    plan: plan.value,
    revision: 'app-v1',
    clusters: clusters.map((name) => ({ name, labels: {} })),
    ...around,
  });
  assert.ok(rendered.ok, JSON.stringify(rendered));
  return rendered.value.entries;
}
const annotations = (entries: readonly RenderedEntry[]) =>
  entries.map(({ component }) => (component.workload['metadata'] as { annotations?: object }).annotations);

describe('a component that goes to several places', () => {
  it('is at each of them what it would be there alone', () => {
    for (const traits of [[], ['scaler'], ['placed'], ['scaler', 'placed']]) {
      const together = deployed(['north', 'south'], traits);
      const alone = ['north', 'south'].flatMap((cluster) => deployed([cluster], traits));
      assert.deepEqual(together, alone);
    }
  });
  it('is made once where its templates do not read of the place', () => {
    const [north, south] = deployed(['north', 'south'], ['scaler']);
    assert.ok(north !== undefined && south !== undefined);
    assert.equal(north.component.workload['spec'], south.component.workload['spec']);
    const [here, there] = deployed(['north', 'south'], ['placed']);
    assert.ok(here !== undefined && there !== undefined);
    assert.notEqual(here.component.workload['spec'], there.component.workload['spec']);
  });
  it('is made for each where a template reads of the place', () => {
    assert.deepEqual(annotations(deployed(['north', 'south'], ['placed'])), [
      { at: 'north/prod' },
      { at: 'south/prod' },
    ]);
  });
});
