import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseCueFile } from '../../../engine/definitions/cue-file.ts';
import type { Definition } from '../../../engine/definitions/definition.ts';
import { libraries } from '../../../engine/definitions/libraries.ts';
import { DefinitionRegistry, StockDefinitions } from '../../../engine/definitions/registry.ts';
import { stockFiles } from '../../../engine/definitions/stock.generated.ts';
import { parseSubmission } from '../../../engine/oam/parse.ts';
import { renderApplication } from '../../../engine/render/application.ts';
import { planApplication } from '../../../engine/render/plan.ts';
import { TemplateCache } from '../../../engine/render/template-cache.ts';
import { assembleRendering } from '../../../engine/workflow/assemble.ts';
import { earlyObjectsOf, objectsOf } from '../../../engine/workflow/rendering.ts';

const stock = new StockDefinitions(stockFiles);
const cache = new TemplateCache({ libraries });
const clusterVersion = () => ({ major: '1', minor: '31' });

function assemble(
  spec: object,
  clusters: readonly string[] = ['local'],
  definitions: readonly Definition[] = [],
) {
  const metadata = { name: 'shop', namespace: 'team' };
  const text = JSON.stringify({ apiVersion: 'core.oam.dev/v1beta1', kind: 'Application', metadata, spec });
  const parsed = parseSubmission(text);
  assert.ok(parsed.ok, JSON.stringify(parsed));
  const [application] = parsed.value.applications;
  assert.ok(application);
  const registry = new DefinitionRegistry({ stock, definitions, revisions: [] });
  const plan = planApplication({ application, registry, environment: { cache }, clusterVersion });
  assert.ok(plan.ok, JSON.stringify(plan));
  const revision = 'shop-v1';
  const named = clusters.map((name) => ({ name, labels: {} }));
  const rendered = renderApplication({
    plan: plan.value,
    revision,
    environment: { cache },
    clusters: named,
    clusterVersion,
  });
  assert.ok(rendered.ok, JSON.stringify(rendered));
  return assembleRendering({ plan: plan.value, rendered: rendered.value, revision, clusterVersion });
}

const web = (name: string, more: object = {}) => ({
  name,
  type: 'webservice',
  properties: { image: 'nginx', ports: [{ port: 80, expose: true }] },
  ...more,
});

describe('a rendered Application', () => {
  it('without a workflow is a step a component, in its namespace on the local cluster', () => {
    const result = assemble({ components: [web('db'), web('front', { dependsOn: ['db'] })] });
    assert.ok(result.ok);
    const { plan, targets } = result.value;
    assert.deepEqual(plan.mode, { steps: 'DAG', subSteps: 'DAG' });
    const placement = { cluster: 'local', namespace: 'team', replicaKey: '' };
    assert.deepEqual(plan.steps, [
      {
        name: 'db',
        type: 'apply-component',
        dependsOn: [],
        targets: [{ component: 'db', placement, dependsOn: [] }],
      },
      {
        name: 'front',
        type: 'apply-component',
        dependsOn: ['db'],
        targets: [{ component: 'front', placement, dependsOn: [] }],
      },
    ]);
    assert.deepEqual(
      targets.map(({ component, context }) => [component, context['cluster'], context['appRevision']]),
      [
        ['db', '', 'shop-v1'],
        ['front', '', 'shop-v1'],
      ],
    );
  });

  it('tells which of its traits go before the workload', () => {
    const early = parseCueFile(
      'early: {type: "trait", attributes: stage: "PreDispatch"}\ntemplate: outputs: o: {apiVersion: "v1", kind: "ConfigMap", metadata: name: "e"}',
      'early.cue',
    );
    assert.ok(early.ok);
    const traits = [{ type: 'scaler', properties: { replicas: 2 } }, { type: 'early' }];
    const result = assemble({ components: [web('front', { traits })] }, ['local'], [early.value]);
    assert.ok(result.ok);
    const [target] = result.value.targets;
    assert.ok(target);
    assert.deepEqual(
      target.traits.map(({ type, stage }) => [type, stage]),
      [
        ['scaler', undefined],
        ['early', 'PreDispatch'],
      ],
    );
    assert.deepEqual(
      [...earlyObjectsOf(target)].map(({ manifest }) => manifest['kind']),
      ['ConfigMap'],
    );
  });
  it('carries what its health is judged by: templates, parameters, roles', () => {
    const traits = [
      { type: 'scaler', properties: { replicas: 2 } },
      { type: 'expose', properties: { port: [80] } },
    ];
    const result = assemble({ components: [web('front', { traits })] });
    assert.ok(result.ok);
    const [target] = result.value.targets;
    assert.ok(target);
    assert.deepEqual(target.workload, { apiVersion: 'apps/v1', kind: 'Deployment' });
    assert.match(result.value.templates[target.templates]?.healthPolicy ?? '', /isHealth/);
    assert.deepEqual(target.parameter, { image: 'nginx', ports: [{ port: 80, expose: true }] });
    assert.deepEqual(
      objectsOf(target).map(({ role, output, manifest }) => [role, output, manifest['kind']]),
      [
        ['workload', '', 'Deployment'],
        ['auxiliary', 'webserviceExpose', 'Service'],
        ['trait', 'service', 'Service'],
      ],
    );
    assert.deepEqual(
      target.traits.map(({ type, objects }) => [type, objects.length]),
      [
        ['scaler', 0],
        ['expose', 1],
      ],
    );
    assert.ok(!('components' in target.context));
  });

  it('with deploy steps has a target a component and place', () => {
    const result = assemble(
      {
        components: [web('db'), web('front', { dependsOn: ['db'] })],
        policies: [
          { name: 'east', type: 'topology', properties: { clusters: ['east'], namespace: 'x' } },
          { name: 'west', type: 'topology', properties: { clusters: ['west'] } },
        ],
        workflow: {
          steps: [
            { name: 'first', type: 'deploy', timeout: '3m', properties: { policies: ['east'] } },
            { name: 'second', type: 'deploy', properties: { policies: ['west'] } },
          ],
        },
      },
      ['local', 'east', 'west'],
    );
    assert.ok(result.ok, JSON.stringify(result));
    const { plan, targets } = result.value;
    assert.deepEqual(plan.mode.steps, 'StepByStep');
    assert.deepEqual(
      plan.steps.map(({ name, timeoutMs, targets }) => [
        name,
        timeoutMs,
        targets.map(({ component, placement, dependsOn }) => [
          component,
          placement.cluster,
          placement.namespace,
          dependsOn,
        ]),
      ]),
      [
        [
          'first',
          180_000,
          [
            ['db', 'east', 'x', []],
            ['front', 'east', 'x', ['db']],
          ],
        ],
        [
          'second',
          undefined,
          [
            ['db', 'west', 'team', []],
            ['front', 'west', 'team', ['db']],
          ],
        ],
      ],
    );
    assert.deepEqual(
      targets.map(({ context }) => context['cluster']),
      ['east', 'east', 'west', 'west'],
    );
  });

  it('takes what an override adds: components, traits, parameters, and how each is judged', () => {
    const result = assemble({
      components: [web('front')],
      policies: [
        {
          name: 'more',
          type: 'override',
          properties: {
            components: [
              {
                name: 'front',
                properties: { image: 'other' },
                traits: [{ type: 'expose', properties: { port: [8080] } }],
              },
              { name: 'added', type: 'worker', properties: { image: 'nginx' } },
            ],
          },
        },
        { name: 'here', type: 'topology', properties: { clusters: ['local'] } },
      ],
    });
    assert.ok(result.ok, JSON.stringify(result));
    const [front, added] = result.value.targets;
    assert.deepEqual(
      front?.traits.map(({ type, objects }) => [type, objects.length]),
      [['expose', 1]],
    );
    assert.equal(front?.parameter['image'], 'other');
    assert.equal(added?.component, 'added');
    assert.match(result.value.templates[added?.templates ?? '']?.healthPolicy ?? '', /isHealth/);
  });

  it('with a step that runs cannot take is refused by the name of its type', () => {
    const result = assemble({
      components: [web('front')],
      workflow: { steps: [{ name: 'wait', type: 'suspend' }] },
    });
    assert.ok(!result.ok);
    assert.equal(result.issues[0]?.code, 'workflow-step-unsupported');
    assert.match(result.issues[0]?.message ?? '', /"wait" is of type suspend/);
  });
});
