import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { libraries } from '../../../engine/definitions/libraries.ts';
import { statusEvaluator } from '../../../engine/health/evaluate.ts';
import type { StatusEvaluator } from '../../../engine/health/service.ts';
import type { ClusterId } from '../../../engine/ids.ts';
import type { JsonObject } from '../../../engine/json.ts';
import { type DigestInput, digest, type InventoryFact } from '../../../engine/workflow/digest.ts';
import type { RenderedTarget, Rendering } from '../../../engine/workflow/rendering.ts';
import { here } from './scene.ts';

const cluster = 'clu_one' as ClusterId;
const config: JsonObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'conf', namespace: 'default' },
};
const deployment: JsonObject = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } };
const service: JsonObject = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' } };

const web: RenderedTarget = {
  component: 'web',
  placement: here,
  workload: { apiVersion: 'apps/v1', kind: 'Deployment' },
  templates: 'component/webservice',
  parameter: { image: 'nginx' },
  context: { name: 'web', cluster: '' },
  objects: [
    { role: 'workload', output: '', manifest: deployment },
    { role: 'auxiliary', output: 'expose', manifest: service },
  ],
  traits: [
    { type: 'scaler', templates: '', parameter: {}, objects: [] },
    {
      type: 'config',
      templates: '',
      parameter: {},
      objects: [{ role: 'trait', output: 'conf', manifest: config }],
    },
  ],
};

const rendering: Rendering = {
  v: 1,
  plan: { mode: { steps: 'DAG', subSteps: 'DAG' }, steps: [] },
  templates: { 'component/webservice': { healthPolicy: 'isHealth: …', customStatus: '', details: '' } },
  targets: [web],
};

const live = (manifest: JsonObject, status: JsonObject = {}) => ({ ...manifest, status });

const fact = (ref: string, change: Partial<InventoryFact> = {}): InventoryFact => ({
  cluster,
  ref,
  wanted: 'yes',
  outcome: 'created',
  reason: '',
  message: '',
  reportedSequence: 1,
  live: config,
  ...change,
});

const whole = () => [
  fact('apps/Deployment/default/web', { live: live(deployment) }),
  fact('/Service/default/web', { live: live(service) }),
  fact('/ConfigMap/default/conf', { live: config }),
];

/** Healthy when the live workload has a ready replica. */
const evaluate: StatusEvaluator = ({ templates, context }) => {
  const status = (context['output'] as { status?: { readyReplicas?: number } } | null)?.status;
  const healthy = templates.healthPolicy === '' || (status?.readyReplicas ?? 0) > 0;
  return {
    healthy,
    message: templates.healthPolicy === '' ? '' : `Ready:${status?.readyReplicas ?? 0}/1`,
    details: {},
    problems: [],
  };
};

function look(inventory: readonly InventoryFact[], change: Partial<DigestInput> = {}) {
  const destinations = [{ cluster, names: ['local'], delivered: null, leftovers: null }];
  const done = new Map([[cluster, 1]]);
  return digest({ rendering, destinations, inventory, done, counter: 9, evaluate, ...change });
}

const observed = (result: ReturnType<typeof look>) => result.reports[0]?.targets[0]?.observed;

describe('a digest', () => {
  it('says nothing of what nobody has reported', () => {
    const silent = look(whole().map((row) => ({ ...row, reportedSequence: 0, outcome: 'pending' as const })));
    assert.deepEqual([silent.reports[0]?.targets, silent.services], [[], []]);
  });

  it('is present and judged by the definition once every object is there', () => {
    const rows = whole();
    const unready = observed(look(rows));
    assert.deepEqual(unready && 'healthy' in unready && [unready.kind, unready.healthy, unready.message], [
      'present',
      false,
      'Ready:0/1',
    ]);
    rows[0] = fact('apps/Deployment/default/web', { live: live(deployment, { readyReplicas: 1 }) });
    const ready = look(rows);
    assert.deepEqual(ready.services, [
      {
        name: 'web',
        namespace: 'default',
        workloadDefinition: { apiVersion: 'apps/v1', kind: 'Deployment' },
        healthy: true,
        workloadHealthy: true,
        message: 'Ready:1/1',
        traits: [
          { type: 'scaler', healthy: true },
          { type: 'config', healthy: true },
        ],
      },
    ]);
  });

  describe('of a health policy that cannot be worked out', () => {
    const judged = (healthPolicy: string, rows = whole(), customStatus = '') => {
      const templates = { 'component/webservice': { healthPolicy, customStatus, details: '' } };
      const working = statusEvaluator({ libraries });
      return look(rows, { rendering: { ...rendering, templates }, evaluate: working }).services[0];
    };
    it('is not healthy, and says why', () => {
      for (const [policy, told] of [
        ['isHealth: context.output.nothing > 3', /undefined field: nothing/],
        ['isHealth: 1 &', /does not compile/],
        ['isHealth: "yes"', /isHealth is no boolean/],
        ['other: true', /isHealth/],
      ] as const) {
        const service = judged(policy);
        assert.equal(service?.healthy, false, policy);
        assert.match(service?.message ?? '', /^The health policy cannot be worked out: /, policy);
        assert.match(service?.message ?? '', told, policy);
      }
    });
    it('says it beside the message of the definition', () => {
      const { message } = judged('isHealth: 1 & 2', whole(), 'message: "two of three"') ?? {};
      assert.match(
        message ?? '',
        /^two of three The health policy cannot be worked out: .*conflicting values/,
      );
    });
    it('does not show texts that it was given', () => {
      const { message } = judged('isHealth: "canary\\"canary" & 3') ?? {};
      assert.match(message ?? '', /conflicting values/);
      assert.doesNotMatch(message ?? '', /canary/);
    });
  });

  it('is of the lowest sequence among its objects', () => {
    const rows = whole().map((row, i) => ({ ...row, reportedSequence: i + 3 }));
    assert.deepEqual(observed(look(rows))?.stamp, { sequence: 3, counter: 9 });
  });

  it('is absent while an object is missing, changed and not reported, or leaving', () => {
    for (const change of [
      { outcome: 'missing' as const },
      { outcome: 'pending' as const },
      { wanted: 'leaving' as const },
    ]) {
      const rows = whole();
      rows[1] = fact('/Service/default/web', change);
      assert.equal(observed(look(rows))?.kind, 'absent', JSON.stringify(change));
    }
    assert.equal(observed(look(whole().slice(1)))?.kind, 'absent');
  });

  it('names what was refused, and the service shows why', () => {
    const rows = whole();
    rows[1] = fact('/Service/default/web', { outcome: 'refused', reason: 'forbidden', message: 'no right' });
    const result = look(rows);
    const seen = observed(result);
    assert.deepEqual(seen?.kind === 'refused' && seen.problems, [
      { object: 'Service default/web', reason: 'forbidden', message: 'no right' },
    ]);
    assert.deepEqual([result.services[0]?.healthy, result.services[0]?.message], [false, 'no right']);
  });

  it("judges a trait's objects by their kinds where its definition says nothing", () => {
    const claim: JsonObject = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' } };
    const storage = {
      type: 'storage',
      templates: '',
      parameter: {},
      objects: [{ role: 'trait' as const, output: 'pvc', manifest: claim }],
    };
    const target = { ...web, objects: [], traits: [storage] };
    const bound = (phase: string) =>
      look([fact('/PersistentVolumeClaim/default/data', { live: live(claim, { phase }) })], {
        rendering: { ...rendering, templates: {}, targets: [{ ...target, templates: '' }] },
      }).services[0]?.healthy;
    assert.deepEqual(
      [bound('Bound'), bound('Pending'), bound('Lost'), bound('Odd')],
      [true, false, false, false],
    );
  });

  it('tells what left and is still there', () => {
    const rows = [...whole(), fact('/ConfigMap/default/old', { wanted: 'leaving' })];
    assert.deepEqual(look(rows).reports[0]?.leftovers, ['/ConfigMap/default/old']);
  });

  it('takes no row of another cluster for its own', () => {
    const rows = whole().map((row) => ({ ...row, cluster: 'clu_two' as ClusterId }));
    assert.deepEqual(look(rows).services, []);
  });
});
