import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { libraries } from '../../../engine/definitions/libraries.ts';
import { DefinitionRegistry, StockDefinitions } from '../../../engine/definitions/registry.ts';
import { stockFiles } from '../../../engine/definitions/stock.generated.ts';
import { parseSubmission } from '../../../engine/oam/parse.ts';
import { renderApplication } from '../../../engine/render/application.ts';
import { planApplication } from '../../../engine/render/plan.ts';
import { TemplateCache } from '../../../engine/render/template-cache.ts';
import { assembleRendering } from '../../../engine/workflow/assemble.ts';
import {
  executableStepTypes,
  unenforcedPolicies,
  unsupportedSteps,
} from '../../../engine/workflow/executable.ts';

const web = { name: 'web', type: 'webservice', properties: { image: 'nginx' } };

function planned(spec: object, besides: readonly object[] = []) {
  const application = {
    apiVersion: 'core.oam.dev/v1beta1',
    kind: 'Application',
    metadata: { name: 'shop' },
    spec: { components: [web], ...spec },
  };
  const parsed = parseSubmission([application, ...besides].map((one) => JSON.stringify(one)).join('\n---\n'));
  assert.ok(parsed.ok, JSON.stringify(parsed));
  const [first] = parsed.value.applications;
  assert.ok(first);
  const registry = new DefinitionRegistry({ stock: new StockDefinitions(stockFiles) });
  const plan = planApplication({
    application: first,
    registry,
    workflows: parsed.value.workflows,
    environment: { cache: new TemplateCache({ libraries }) },
    clusterVersion: () => ({ major: '1', minor: '31' }),
  });
  assert.ok(plan.ok, JSON.stringify(plan));
  return plan.value;
}

const pathsOf = (spec: object, besides?: readonly object[]) =>
  unsupportedSteps(planned(spec, besides)).map(({ path, actual }) => [path, actual]);
const steps = (...list: readonly object[]) => ({ workflow: { steps: list } });

describe('what a run cannot carry out', () => {
  it('is nothing of an Application without a workflow, or with policies that place it', () => {
    assert.deepEqual(pathsOf({}), []);
    assert.deepEqual(
      pathsOf({ policies: [{ name: 'here', type: 'topology', properties: { clusters: ['local'] } }] }),
      [],
    );
  });
  it('is a step by its type, where it stands', () => {
    assert.deepEqual(
      pathsOf(steps({ type: 'apply-component', name: 'web' }, { type: 'suspend' }, { type: 'notification' })),
      [
        ['/spec/workflow/steps/1/type', 'suspend'],
        ['/spec/workflow/steps/2/type', 'notification'],
      ],
    );
    const grouped = steps({ type: 'step-group', subSteps: [{ type: 'suspend' }, { type: 'deploy' }] });
    assert.deepEqual(pathsOf(grouped), [
      ['/spec/workflow/steps/0/type', 'step-group'],
      ['/spec/workflow/steps/0/subSteps/0/type', 'suspend'],
    ]);
  });
  it('is a condition, an input and an approval, without which something else would be delivered', () => {
    assert.deepEqual(
      pathsOf(
        steps(
          {
            type: 'apply-component',
            name: 'web',
            if: 'status.a.failed',
            inputs: [{ from: 'x', parameterKey: 'y' }],
          },
          { type: 'deploy', properties: { auto: false, policies: [] } },
        ),
      ),
      [
        ['/spec/workflow/steps/0/if', 'status.a.failed'],
        ['/spec/workflow/steps/0/inputs', 'x'],
        ['/spec/workflow/steps/1/properties/auto', 'false'],
      ],
    );
    assert.deepEqual(
      pathsOf({ components: [{ ...web, inputs: [{ from: 'url', parameterKey: 'image' }] }] }),
      [['/spec/components/0/inputs', 'url']],
    );
  });
  it('stands where the step comes from: a Workflow that is referred to, an env-binding', () => {
    const workflow = {
      apiVersion: 'core.oam.dev/v1alpha1',
      kind: 'Workflow',
      metadata: { name: 'release' },
      steps: [{ type: 'suspend', name: 'wait' }],
    };
    assert.deepEqual(pathsOf({ workflow: { ref: 'release' } }, [workflow]), [
      ['/spec/workflow/ref', 'suspend'],
    ]);
    const envs = [{ name: 'prod', placement: { clusterSelector: { name: 'local' } } }];
    const policies = [
      { name: 'once', type: 'apply-once', properties: { enable: true } },
      { name: 'envs', type: 'env-binding', properties: { envs } },
    ];
    assert.deepEqual(pathsOf({ policies }), [['/spec/policies/1', 'deploy2env']]);
  });
  it('is told of policies that are taken and not enforced', () => {
    const policies = [
      { name: 'here', type: 'topology', properties: { clusters: ['local'] } },
      { name: 'keep', type: 'garbage-collect', properties: { keepLegacyResource: true } },
    ];
    assert.deepEqual(
      unenforcedPolicies(planned({ policies })).map(({ path, actual }) => [path, actual]),
      [['/spec/policies/1/type', 'garbage-collect']],
    );
  });
  it('is exactly what a rendering is not assembled with', () => {
    for (const type of [...executableStepTypes, 'suspend', 'step-group', 'notification']) {
      const plan = planned(
        steps({ type, name: 'web', ...(type === 'apply-component' && { properties: { component: 'web' } }) }),
      );
      const clusterVersion = () => ({ major: '1', minor: '31' });
      const rendered = renderApplication({
        plan,
        revision: 'shop-v1',
        environment: { cache: new TemplateCache({ libraries }) },
        clusters: [{ name: 'local', labels: {} }],
        clusterVersion,
      });
      assert.ok(rendered.ok, JSON.stringify(rendered));
      const assembled = assembleRendering({
        plan,
        rendered: rendered.value,
        revision: 'shop-v1',
        clusterVersion,
      });
      assert.equal(assembled.ok, unsupportedSteps(plan).length === 0, type);
    }
  });
});
