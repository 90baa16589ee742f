import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseCueFile } from '../../../engine/definitions/cue-file.ts';
import type { Definition } from '../../../engine/definitions/definition.ts';
import { resourceOf, ruleIssues, ruleMatches } from '../../../engine/definitions/rules.ts';

function trait(name: string, attributes = '{}', labels = '{}'): Definition {
  const parsed = parseCueFile(
    `"${name}": {type: "trait", labels: ${labels}, attributes: ${attributes}}\ntemplate: parameter: {}\n`,
    `${name}.cue`,
  );
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return parsed.value;
}

const component = (...traits: readonly (readonly [Definition, string])[]) => ({
  name: 'web',
  definition: trait('webservice'),
  resources: ['deployments.apps'],
  traits: traits.map(([definition, resource], i) => ({
    definition,
    resources: [resource],
    path: `/spec/components/0/traits/${i}`,
  })),
});
const messages = (...traits: readonly (readonly [Definition, string])[]) =>
  ruleIssues(component(...traits)).map(({ message }) => message);

describe('a rule', () => {
  const subject = {
    definition: trait('ingress', '{}', '{tier: "edge", "x.oam.dev/b": "c"}'),
    resources: ['ingresses.networking.k8s.io'],
  };
  for (const [rule, matches] of [
    ['*', true],
    ['ingress', true],
    ['gateway', false],
    ['ingresses.networking.k8s.io', true],
    ['ingresses.networking.k8s.io/v1', true],
    ['services.networking.k8s.io', false],
    ['*.networking.k8s.io', true],
    ['*.k8s.io', false],
    ['labelSelector:tier=edge', true],
    ['labelSelector:tier=edge,x.oam.dev/b=c', true],
    ['labelSelector:tier=core', false],
    ['labelSelector:tier!=core', true],
    ['labelSelector:!tier', false],
    ['labelSelector:tier', true],
    ['labelSelector:tier in (core, edge)', true],
    ['labelSelector:tier notin (core,edge)', false],
    ['labelSelector:tier notin (core),x.oam.dev/b', true],
    ['labelSelector:tier in (edge', false],
  ] as const) {
    it(`${rule} ${matches ? 'means' : 'does not mean'} this trait`, () => {
      assert.equal(ruleMatches(rule, subject), matches);
    });
  }
  it('names resources by their usual plural', () => {
    assert.equal(resourceOf('networking.k8s.io/v1', 'Ingress'), 'ingresses.networking.k8s.io');
    assert.equal(resourceOf('networking.k8s.io/v1', 'NetworkPolicy'), 'networkpolicies.networking.k8s.io');
    assert.equal(resourceOf('v1', 'ConfigMap'), 'configmaps');
  });
});

describe('conflictsWith', () => {
  const ingress = ['ingresses.networking.k8s.io'] as const;
  it('is told with rule, both traits and component', () => {
    assert.deepEqual(messages([trait('a', '{conflictsWith: ["b"]}'), 'x.y'], [trait('b'), 'x.z']), [
      'conflict(rule: "b") between traits ("a" and "b") of component "web" is detected',
    ]);
  });
  it('holds whichever of the two stands first', () => {
    assert.equal(messages([trait('b'), 'x.z'], [trait('a', '{conflictsWith: ["b"]}'), 'x.y']).length, 1);
  });
  it('reads resources, groups and labels of the other', () => {
    for (const rule of ['ingresses.networking.k8s.io', '*.networking.k8s.io', 'labelSelector:tier=edge'])
      assert.deepEqual(
        messages(
          [trait('a', `{conflictsWith: [${JSON.stringify(rule)}]}`), 'x.y'],
          [trait('b', '{}', '{tier: "edge"}'), ingress[0]],
        ),
        [`conflict(rule: "${rule}") between traits ("a" and "b") of component "web" is detected`],
      );
  });
  it('tells a label selector that is none', () => {
    assert.deepEqual(
      messages([trait('a', '{conflictsWith: ["labelSelector:,,,"]}'), 'x.y'], [trait('b'), 'x.z']),
      [
        'labelSelector in conflict rule ("labelSelector:,,,") of trait "a" is invalid: "" is not a label requirement such as app=shop, tier!=cache, env in (a,b), !old.',
      ],
    );
  });
  it('without entries allows every other trait', () => {
    assert.deepEqual(messages([trait('a', '{conflictsWith: []}'), 'x.y'], [trait('b'), 'x.y']), []);
  });
  it('leaves a trait alone with itself', () => {
    assert.deepEqual(messages([trait('a', '{conflictsWith: ["*", "a", "*.y"]}'), 'x.y']), []);
  });
  it('with * excludes every other trait, told once', () => {
    assert.deepEqual(
      messages([trait('a', '{conflictsWith: ["*"]}'), 'x.y'], [trait('b'), 'x.z'], [trait('c'), 'x.w']),
      ['trait "a" of component "web" conflicts with all other traits'],
    );
  });
});

describe('appliesToWorkloads', () => {
  it('without entries is for every workload', () => {
    assert.deepEqual(messages([trait('a'), 'x.y']), []);
  });
  for (const rule of ['*', 'webservice', 'deployments.apps', '*.apps', 'labelSelector:!tier'])
    it(`takes a Deployment by ${rule}`, () => {
      assert.deepEqual(messages([trait('a', `{appliesToWorkloads: ["jobs.batch", "${rule}"]}`), 'x.y']), []);
    });
  for (const rule of ['worker', 'daemonsets.apps', '*.batch', 'labelSelector:tier'])
    it(`takes no Deployment by ${rule}`, () => {
      assert.equal(messages([trait('a', `{appliesToWorkloads: ["${rule}"]}`), 'x.y']).length, 1);
    });
  it('tells where the trait does not belong', () => {
    assert.deepEqual(messages([trait('a', '{appliesToWorkloads: ["jobs.batch"]}'), 'x.y']), [
      'The trait "a" is not for the component "web": it applies to jobs.batch, not to deployments.apps.',
    ]);
  });
});
