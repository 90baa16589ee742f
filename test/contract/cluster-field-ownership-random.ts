// Random writes to one object by a few managers, asked of two clusters, which must answer alike. A run is a pure
// function of its operations: fast-check makes them from a seed and shrinks what differs.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { APPLY, JSON_PATCH, MERGE, STRATEGIC } from './cluster-field-ownership.ts';
import type { Answer, Json, KubeHttp } from './kube-http.ts';
import { normalised } from './normalise.ts';

type JsonObject = { [key: string]: Json };

export interface Kind {
  readonly name: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  /** built-in kinds take strategic merge patches */
  readonly builtin: boolean;
  /** what is applied besides metadata */
  readonly content: fc.Arbitrary<JsonObject>;
}

type Operation =
  | {
      readonly do: 'apply';
      readonly manager: string;
      readonly content: JsonObject;
      readonly force: boolean;
      readonly dryRun: boolean;
    }
  | { readonly do: 'merge' | 'strategic'; readonly manager: string; readonly content: JsonObject }
  | { readonly do: 'replace'; readonly manager: string; readonly content: JsonObject }
  | { readonly do: 'create'; readonly manager: string; readonly content: JsonObject }
  | { readonly do: 'remove-field'; readonly manager: string; readonly path: string }
  | { readonly do: 'delete' };

const word = fc.constantFrom('a', 'b', 'c');
const text = fc.constantFrom('', '1', '2', 'x');
const manager = fc.constantFrom('m1', 'm2', 'm3');

function some<T>(of: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<JsonObject> {
  return fc.record(of, { requiredKeys: [] }) as fc.Arbitrary<JsonObject>; // only JSON goes in
}

const words = fc.dictionary(word, text, { maxKeys: 3 });
const labels = fc.option(words, { nil: null, freq: 6 });
const metadata = some({ labels, annotations: words });
const env = fc.uniqueArray(some({ name: word, value: text }), {
  maxLength: 3,
  selector: (one) => String(one['name']),
});
const ports = fc.uniqueArray(
  some({
    containerPort: fc.constantFrom(80, 81),
    protocol: fc.constantFrom('TCP', 'UDP'),
    name: fc.constantFrom('p', 'q'),
  }),
  { maxLength: 2, selector: (one) => `${one['containerPort']}/${one['protocol'] ?? 'TCP'}` },
);
const container = some({
  name: word,
  image: fc.constantFrom('i:1', 'i:2'),
  env,
  ports,
  command: fc.array(word, { maxLength: 2 }),
  resources: some({
    limits: some({ cpu: fc.constantFrom('1', '1000m', '500m'), memory: fc.constantFrom('1Gi', '1024Mi') }),
  }),
  stdin: fc.boolean(),
});
const containers = fc.uniqueArray(container, { maxLength: 3, selector: (one) => String(one['name']) });

const deploymentContent: fc.Arbitrary<JsonObject> = fc
  .tuple(
    metadata,
    containers,
    some({ minReadySeconds: fc.constantFrom(0, 3), revisionHistoryLimit: fc.constantFrom(0, 10) }),
    fc.boolean(),
  )
  .map(([meta, list, spec, whole]) => ({
    metadata: meta,
    spec: {
      ...spec,
      ...(whole ? { replicas: 0, paused: true, selector: { matchLabels: { app: 'd' } } } : {}),
      template: { ...(whole ? { metadata: { labels: { app: 'd' } } } : {}), spec: { containers: list } },
    },
  }));

const servicePorts = fc.uniqueArray(
  some({
    port: fc.constantFrom(80, 81),
    protocol: fc.constantFrom('TCP', 'UDP'),
    name: word,
    targetPort: fc.constantFrom<Json>(8080, 'web'),
  }),
  { maxLength: 3, selector: (one) => `${one['port']}/${one['protocol'] ?? 'TCP'}` },
);

const anything: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom<Json>(1, 'x', true, null),
    fc.array(tie('value'), { maxLength: 2 }) as fc.Arbitrary<Json>, // Json inside
    fc.dictionary(word, tie('value'), { maxKeys: 2 }) as fc.Arbitrary<Json>, // Json inside
  ),
})).value;

const widgetSpec = some({
  size: fc.constantFrom<Json>(1, 2, 9, 10),
  mode: fc.constantFrom('a', 'b', 'c'),
  items: fc.uniqueArray(some({ name: word, value: text, n: fc.constantFrom(1, 3) }), {
    maxLength: 3,
    selector: (one) => String(one['name']),
  }),
  tags: fc.uniqueArray(word, { maxLength: 3 }),
  list: fc.array(word, { maxLength: 2 }),
  any: fc.dictionary(word, anything, { maxKeys: 2 }) as fc.Arbitrary<JsonObject>, // Json inside
  whole: some({ x: text, y: text }),
  port: fc.constantFrom<Json>(80, 'web'),
  map: words,
  none: fc.option(text, { nil: null }),
});

export function kindsOf(widgetApi: string): readonly Kind[] {
  return [
    {
      name: 'ConfigMap',
      apiVersion: 'v1',
      kind: 'ConfigMap',
      plural: 'configmaps',
      builtin: true,
      content: some({
        metadata,
        data: fc.option(fc.dictionary(word, fc.option(text, { nil: null, freq: 5 }), { maxKeys: 3 }), {
          nil: null,
          freq: 8,
        }),
      }),
    },
    {
      name: 'Deployment',
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      plural: 'deployments',
      builtin: true,
      content: deploymentContent,
    },
    {
      name: 'Service',
      apiVersion: 'v1',
      kind: 'Service',
      plural: 'services',
      builtin: true,
      content: some({
        metadata,
        spec: some({
          selector: words,
          ports: servicePorts,
          sessionAffinity: fc.constantFrom('None', 'ClientIP'),
        }),
      }),
    },
    {
      name: 'custom',
      apiVersion: widgetApi,
      kind: 'Widget',
      plural: 'widgets',
      builtin: false,
      content: some({ metadata, spec: widgetSpec }),
    },
  ];
}

/** Up to nine writes, most of them applies. */
export function operationsFor(kind: Kind): fc.Arbitrary<Operation[]> {
  const content = kind.content;
  const path = fc.constantFrom(
    '/metadata/labels',
    '/metadata/labels/a',
    '/data/a',
    '/spec/template/spec/containers/0/env',
    '/spec/items',
    '/spec/ports/0',
  );
  const patch = kind.builtin
    ? fc.constantFrom<'merge' | 'strategic'>('merge', 'strategic')
    : fc.constant<'merge'>('merge');
  const one: fc.Arbitrary<Operation> = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constant('apply' as const),
        manager,
        content,
        force: fc.boolean(),
        dryRun: rarely(0.1),
      }),
    },
    { weight: 2, arbitrary: fc.record({ do: patch, manager, content }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('replace' as const), manager, content }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('create' as const), manager, content }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('remove-field' as const), manager, path }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const) }) },
  );
  return fc.array(one, { minLength: 1, maxLength: 9 });
}

function rarely(share: number): fc.Arbitrary<boolean> {
  return fc.double({ min: 0, max: 1, noNaN: true }).map((value) => value > 1 - share);
}

export interface Place {
  readonly namespace: string;
  readonly name: string;
}

/** Performs the operations one after the other and gives the answers in comparable form. */
export async function perform(
  http: KubeHttp,
  kind: Kind,
  { namespace, name }: Place,
  operations: readonly Operation[],
): Promise<Json[]> {
  const api = kind.apiVersion.includes('/') ? `/apis/${kind.apiVersion}` : `/api/${kind.apiVersion}`;
  const collection = `${api}/namespaces/${namespace}/${kind.plural}`;
  const at = `${collection}/${name}`;
  const answers: Json[] = [];
  for (const operation of operations) {
    const answer = await write(http, kind, { collection, at, name }, operation);
    answers.push(normalised(answer), normalised(await http.ask('GET', at)));
  }
  await http.ask('DELETE', at);
  return answers;
}

interface Addresses {
  readonly collection: string;
  readonly at: string;
  readonly name: string;
}

function whole(kind: Kind, name: string, content: JsonObject): JsonObject {
  const { metadata: given, ...rest } = content;
  return {
    apiVersion: kind.apiVersion,
    kind: kind.kind,
    metadata: { name, ...(given as JsonObject | undefined) },
    ...rest,
  };
}

async function write(
  http: KubeHttp,
  kind: Kind,
  { collection, at, name }: Addresses,
  operation: Operation,
): Promise<Answer> {
  const query = 'manager' in operation ? { fieldManager: operation.manager } : {};
  switch (operation.do) {
    case 'apply': {
      const asked = {
        ...query,
        force: String(operation.force),
        ...(operation.dryRun ? { dryRun: 'All' } : {}),
      };
      return http.ask('PATCH', at, {
        body: whole(kind, name, operation.content),
        contentType: APPLY,
        query: asked,
      });
    }
    case 'merge':
    case 'strategic': {
      const contentType = operation.do === 'merge' ? MERGE : STRATEGIC;
      return http.ask('PATCH', at, { body: operation.content, contentType, query });
    }
    case 'replace': {
      const body = whole(kind, name, operation.content);
      const live = await http.ask('GET', at);
      const revision = kind.builtin || live.code !== 200 ? {} : { resourceVersion: revisionOf(live.body) };
      return http.ask('PUT', at, {
        body: { ...body, metadata: { ...(body['metadata'] as JsonObject), ...revision } },
        query,
      });
    }
    case 'create':
      return http.ask('POST', collection, { body: whole(kind, name, operation.content), query });
    case 'remove-field':
      return http.ask('PATCH', at, {
        body: [{ op: 'remove', path: operation.path }],
        contentType: JSON_PATCH,
        query,
      });
    case 'delete':
      return http.ask('DELETE', at);
    default:
      return operation satisfies never;
  }
}

function revisionOf(body: Json): string {
  const found = body as { metadata?: { resourceVersion?: string } }; // an object of the API
  assert.ok(found.metadata?.resourceVersion);
  return found.metadata.resourceVersion;
}
