import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { libraries } from '../../../engine/definitions/libraries.ts';
import { DefinitionRegistry, StockDefinitions } from '../../../engine/definitions/registry.ts';
import { stockFiles } from '../../../engine/definitions/stock.generated.ts';
import type { Component, TraitUse } from '../../../engine/oam/application.ts';
import { parseSubmission } from '../../../engine/oam/parse.ts';
import { renderApplication } from '../../../engine/render/application.ts';
import { planApplication } from '../../../engine/render/plan.ts';
import { TemplateCache } from '../../../engine/render/template-cache.ts';

const stock = new StockDefinitions(stockFiles);
const cache = new TemplateCache({ libraries });

/** Whether all components render where no template may take more than so many steps. */
function rendersWithin(steps: number, components: readonly Partial<Component>[]): boolean {
  const document = {
    apiVersion: 'core.oam.dev/v1beta1',
    kind: 'Application',
    metadata: { name: 'app' },
    spec: { components },
  };
  const parsed = parseSubmission(JSON.stringify(document));
  assert.ok(parsed.ok, JSON.stringify(parsed));
  const [application] = parsed.value.applications;
  assert.ok(application !== undefined);
  const around = {
    environment: { cache, budget: { steps } },
    clusterVersion: () => ({ major: '1', minor: '31' }),
  };
  const plan = planApplication({ application, registry: new DefinitionRegistry({ stock }), ...around });
  assert.ok(plan.ok, JSON.stringify(plan));
  const rendered = renderApplication({ plan: plan.value, revision: 'app-v1', ...around });
  if (rendered.ok) return true;
  assert.deepEqual(new Set(rendered.issues.map(({ code }) => code)), new Set(['evaluate.budget']));
  return false;
}

/** The steps that the most expensive of the templates needs. */
function stepsOf(components: readonly Partial<Component>[]): number {
  let [low, high] = [0, 1 << 20];
  assert.ok(rendersWithin(high, components));
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (rendersWithin(middle, components)) high = middle;
    else low = middle;
  }
  return high;
}

const traits: readonly TraitUse[] = [
  { type: 'scaler', properties: { replicas: 3 } },
  { type: 'env', properties: { env: { REGION: 'eu' } } },
  { type: 'gateway', properties: { domain: 'shop.example', http: { '/': 80 } } },
];
const web = (i: number, used: readonly TraitUse[] = traits): Partial<Component> => ({
  name: `web-${String(i).padStart(3, '0')}`,
  type: 'webservice',
  properties: { image: 'nginx', ports: [{ port: 80, expose: true }] },
  traits: used,
});
const many = <T>(count: number, make: (i: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, i) => make(i));

describe('the work for one template', () => {
  it('is the same however many components stand beside its own', () => {
    const alone = stepsOf([web(0)]);
    assert.ok(rendersWithin(alone, many(80, web)));
    assert.ok(!rendersWithin(alone - 1, many(80, web)));
  });
  it('is the same however many traits went before that it does not read of', () => {
    const scaler = { type: 'scaler', properties: { replicas: 3 } };
    const one = stepsOf([web(0, [scaler])]);
    assert.ok(
      rendersWithin(one, [
        web(
          0,
          many(60, () => scaler),
        ),
      ]),
    );
    const expose = (i: number) => ({ type: 'gateway', properties: { name: `g${i}`, http: { '/': 80 } } });
    const few = stepsOf([web(0, many(2, expose))]);
    assert.ok(rendersWithin(few, [web(0, many(9, expose))]));
  });
});
