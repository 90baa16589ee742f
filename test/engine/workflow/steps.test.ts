import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ApplicationSpec, AppPolicy, WorkflowObject } from '../../../engine/oam/application.ts';
import type { WorkflowPlan } from '../../../engine/workflow/steps.ts';
import { flatSteps, nameSteps, planWorkflow } from '../../../engine/workflow/steps.ts';

const components = [
  { name: 'a', type: 't' },
  { name: 'b', type: 't', dependsOn: ['a'] },
];

function plan(
  spec: Partial<ApplicationSpec>,
  policies: AppPolicy[] = [],
  workflows: WorkflowObject[] = [],
): WorkflowPlan {
  const planned = planWorkflow({ components, ...spec }, policies, workflows);
  assert.ok(planned.ok, JSON.stringify(planned));
  return planned.value;
}

describe('without a workflow', () => {
  it('there is a step a component, in parallel, with its dependencies', () => {
    assert.deepEqual(plan({}), {
      steps: [
        { name: 'a', type: 'apply-component', properties: { component: 'a' } },
        { name: 'b', type: 'apply-component', properties: { component: 'b' }, dependsOn: ['a'] },
      ],
      mode: { steps: 'DAG', subSteps: 'DAG' },
    });
  });
  it('each topology gets a deploy with all overrides before it', () => {
    const policies = ['topology', 'override', 'topology', 'override'].map((type, i) => ({
      name: `${type[0]}${i}`,
      type,
      properties: {},
    }));
    assert.deepEqual(plan({}, policies).steps, [
      { name: 'deploy-t0', type: 'deploy', properties: { policies: ['o1', 'o3', 't0'] } },
      { name: 'deploy-t2', type: 'deploy', properties: { policies: ['o1', 'o3', 't2'] } },
    ]);
  });
  it('overrides alone, and ref-objects alone, get one deploy', () => {
    assert.deepEqual(plan({}, [{ name: 'o', type: 'override', properties: {} }]).steps, [
      { name: 'deploy', type: 'deploy', properties: { policies: ['o'] } },
    ]);
    assert.deepEqual(plan({ components: [{ name: 'r', type: 'ref-objects' }] }).steps, [
      { name: 'deploy', type: 'deploy', properties: { policies: [] } },
    ]);
  });
  it('each environment of env-binding gets a deploy2env', () => {
    const policies = [
      { name: 'e', type: 'env-binding', properties: { envs: [{ name: 'x' }, { name: 'y' }] } },
    ];
    assert.deepEqual(
      plan({}, policies).steps.map((s) => [s.name, s.type]),
      [
        ['deploy-e-x', 'deploy2env'],
        ['deploy-e-y', 'deploy2env'],
      ],
    );
  });
});

describe('with a workflow', () => {
  const ship: WorkflowObject = {
    kind: 'Workflow',
    metadata: { name: 'ship', labels: {}, annotations: {} },
    mode: { steps: 'DAG', subSteps: 'StepByStep' },
    steps: [{ type: 'suspend' }],
  };
  it('its steps run one after another unless a mode says otherwise', () => {
    assert.deepEqual(plan({ workflow: { steps: [{ type: 'suspend' }] } }).mode, {
      steps: 'StepByStep',
      subSteps: 'DAG',
    });
    assert.deepEqual(plan({ workflow: { steps: [{ type: 'suspend' }], mode: { steps: 'DAG' } } }).mode, {
      steps: 'DAG',
      subSteps: 'DAG',
    });
  });
  it('a ref takes steps and mode of the object; a mode beside the ref replaces it whole', () => {
    assert.deepEqual(plan({ workflow: { ref: 'ship' } }, [], [ship]), {
      steps: ship.steps,
      mode: { steps: 'DAG', subSteps: 'StepByStep' },
    });
    assert.deepEqual(plan({ workflow: { ref: 'ship', mode: {} } }, [], [ship]).mode, {
      steps: 'StepByStep',
      subSteps: 'DAG',
    });
  });
  it('a ref that is missing, and a ref beside steps, are refused', () => {
    const missing = planWorkflow({ components, workflow: { ref: 'nope' } }, [], [ship]);
    const double = planWorkflow({ components, workflow: { ref: 'ship', steps: [] } }, [], [ship]);
    assert.ok(!missing.ok && !double.ok);
    assert.deepEqual(
      [missing.issues[0]!.code, double.issues[0]!.code],
      ['parse.workflow-not-found', 'parse.workflow-ref-and-steps'],
    );
  });
  it('steps without a name are named by their place', () => {
    const named = nameSteps([
      { type: 'suspend' },
      { type: 'step-group', name: 'g', subSteps: [{ type: 'suspend' }] },
    ]);
    assert.deepEqual(
      flatSteps(named).map((f) => [f.step.name, f.path.join('.')]),
      [
        ['step-0', '0'],
        ['g', '1'],
        ['step-1-0', '1.subSteps.0'],
      ],
    );
  });
});
