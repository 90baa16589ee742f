/** Applications for the stock definitions of which a schema alone does not tell enough to make one that renders. */
import type { JsonObject } from '../json.ts';
import { own } from '../json.ts';
import type { Definition } from './definition.ts';

/** An Application that uses a stock definition; null where the schema is enough (`exampleOf`). */
export function stockExample({ kind, name }: Definition): JsonObject | null {
  const spec = own(specs, `${kind}/${name}`);
  if (spec === undefined) return null;
  return { apiVersion: 'core.oam.dev/v1beta1', kind: 'Application', metadata: { name: 'example' }, spec };
}

const web = { name: 'web', type: 'webservice', properties: { image: 'nginx:1' } };

const component = (type: string, properties: JsonObject): JsonObject => ({
  components: [{ name: 'example', type, properties }],
});

const trait = (type: string, properties: JsonObject): JsonObject => ({
  components: [{ ...web, traits: [{ type, properties }] }],
});

const settings = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings' },
  data: { level: 'info' },
};

const specs: Readonly<Record<string, JsonObject>> = {
  'component/helmchart': component('helmchart', {
    chart: { source: 'shop', repoURL: 'https://charts.example.com', version: '1.4.0' },
    values: { replicas: 2 },
  }),
  'component/k8s-objects': component('k8s-objects', { objects: [settings] }),
  'component/ref-objects': component('ref-objects', {
    objects: [{ resource: 'configmap', name: 'settings' }],
  }),
  'component/raw': component('raw', settings),
  'trait/container-image': trait('container-image', { image: 'nginx:1.29' }),
  'trait/json-patch': trait('json-patch', {
    operations: [{ op: 'add', path: '/spec/replicas', value: 2 }],
  }),
  'trait/k8s-update-strategy': trait('k8s-update-strategy', {
    strategy: { type: 'RollingUpdate', rollingStrategy: { maxSurge: '50%', maxUnavailable: '0' } },
  }),
  'trait/securitycontext': trait('securitycontext', {
    runAsNonRoot: true,
    readOnlyRootFilesystem: true,
    addCapabilities: ['NET_BIND_SERVICE'],
  }),
  'trait/pvc': trait('pvc', {
    claimName: 'data',
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '1Gi' } },
  }),
  // Policies have the type's name in two spellings; only this one is one that places components.
  'policy/envbinding': {
    components: [web],
    policies: [
      {
        name: 'environments',
        type: 'env-binding',
        properties: {
          envs: [
            { name: 'test', placement: { namespaceSelector: { name: 'shop-test' } } },
            {
              name: 'production',
              placement: { namespaceSelector: { name: 'shop' } },
              patch: { components: [{ name: 'web', properties: { image: 'nginx:1.29' } }] },
            },
          ],
        },
      },
    ],
    workflow: {
      steps: [{ name: 'test', type: 'deploy2env', properties: { env: 'test', policy: 'environments' } }],
    },
  },
  'workflowstep/deploy': {
    components: [web],
    policies: [{ name: 'here', type: 'topology', properties: { clusters: ['local'], namespace: 'shop' } }],
    workflow: { steps: [{ name: 'rollout', type: 'deploy', properties: { policies: ['here'] } }] },
  },
};
