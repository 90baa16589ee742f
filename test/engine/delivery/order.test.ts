import assert from 'node:assert/strict';
import { it } from 'node:test';
import { inApplyOrder, inPruneOrder } from '../../../engine/delivery/order.ts';

const entry = (kind: string, apiVersion = 'v1', name = 'x') => ({ ref: { apiVersion, kind, name } });
const kinds = (entries: readonly { ref: { kind: string } }[]) => entries.map(({ ref }) => ref.kind);

const mixed = [
  entry('ValidatingWebhookConfiguration', 'admissionregistration.k8s.io/v1'),
  entry('Widget', 'example.com/v1'),
  entry('Ingress', 'networking.k8s.io/v1'),
  entry('Deployment', 'apps/v1'),
  entry('ConfigMap'),
  entry('CustomResourceDefinition', 'apiextensions.k8s.io/v1'),
  entry('Namespace'),
];

it('applies what others need first and what intercepts others last', () => {
  assert.deepEqual(kinds(inApplyOrder(mixed)), [
    'Namespace',
    'CustomResourceDefinition',
    'ConfigMap',
    'Deployment',
    'Ingress',
    'Widget',
    'ValidatingWebhookConfiguration',
  ]);
});

it('prunes in reverse', () => {
  assert.deepEqual(kinds(inPruneOrder(mixed)), kinds(inApplyOrder(mixed)).reverse());
});

it('keeps the order given among equals, and goes by group: a Service of another group is a custom resource', () => {
  const services = [
    entry('Service', 'serving.knative.dev/v1', 'k'),
    entry('Deployment', 'apps/v1'),
    entry('Service', 'v1', 'b'),
    entry('Service', 'v1', 'a'),
  ];
  assert.deepEqual(
    inApplyOrder(services).map(({ ref }) => `${ref.kind}/${ref.name}`),
    ['Service/b', 'Service/a', 'Deployment/x', 'Service/k'],
  );
});

it('applies an early stage before all but what everything needs, and prunes it after', () => {
  const entries = [
    entry('ConfigMap'),
    { ...entry('Deployment', 'apps/v1', 'early'), stage: 0 as const },
    entry('Namespace'),
    { ...entry('Widget', 'example.com/v1', 'early'), stage: 0 as const },
    {
      ...entry('ValidatingWebhookConfiguration', 'admissionregistration.k8s.io/v1', 'early'),
      stage: 0 as const,
    },
    entry('Secret'),
  ];
  const order = [
    'Namespace',
    'Deployment',
    'Widget',
    'ValidatingWebhookConfiguration',
    'Secret',
    'ConfigMap',
  ];
  assert.deepEqual(kinds(inApplyOrder(entries)), order);
  assert.deepEqual(kinds(inPruneOrder(entries)), order.toReversed());
});
