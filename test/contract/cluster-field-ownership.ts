// Who owns which field: scenarios that every cluster, real or made up, must go through alike. Each says what it
// guarantees; what the servers answer besides is compared between them, in cluster-field-ownership.test.ts.

import assert from 'node:assert/strict';
import { type Answer, type ClusterAccess, type Json, KubeHttp } from './kube-http.ts';
import { normalised } from './normalise.ts';

type JsonObject = { [key: string]: Json };

export interface Scenario {
  readonly name: string;
  readonly run: (cluster: ScenarioCluster) => Promise<void>;
}

export const APPLY = 'application/apply-patch+yaml';
export const MERGE = 'application/merge-patch+json';
export const STRATEGIC = 'application/strategic-merge-patch+json';
export const JSON_PATCH = 'application/json-patch+json';

/** A cluster as a scenario sees it: its own namespace, and a record of what was answered. */
export class ScenarioCluster {
  readonly namespace: string;
  readonly record: Json[] = [];
  readonly #http: KubeHttp;

  constructor(http: KubeHttp, namespace: string) {
    this.#http = http;
    this.namespace = namespace;
  }

  /** A path in the scenario's namespace: `apps/v1 deployments a`. */
  path(api: string, plural: string, name = '', subresource = ''): string {
    const prefix = api.includes('/') ? `/apis/${api}` : `/api/${api}`;
    const parts = [prefix, 'namespaces', this.namespace, plural, name, subresource];
    return parts.filter((part) => part !== '').join('/');
  }

  async ask(method: string, at: string, asked: Parameters<KubeHttp['ask']>[2] = {}): Promise<Answer> {
    const answer = await this.#http.ask(method, at, asked);
    const group = this.namespace.replaceAll('-', '');
    const text = JSON.stringify(normalised(answer))
      .replaceAll(this.namespace, '<namespace>')
      .replaceAll(group, '<group>');
    this.record.push(JSON.parse(text) as Json); // what JSON.parse gives is Json
    return answer;
  }

  /** Asks until the answer is as wanted, and records only that one. */
  async until(at: string, wanted: (answer: Answer) => boolean): Promise<Answer> {
    for (let tries = 0; tries < 400; tries++) {
      const answer = await this.#http.ask('GET', at);
      if (wanted(answer)) return this.ask('GET', at);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`${at} never came to be as wanted`);
  }

  /** Asks without recording. */
  quietly(method: string, at: string, body?: Json): Promise<Answer> {
    return this.#http.ask(method, at, body === undefined ? {} : { body });
  }

  /** Waits until a path is served. */
  async untilQuietly(at: string): Promise<void> {
    for (let tries = 0; tries < 400; tries++) {
      if ((await this.#http.ask('GET', at)).code === 200) return;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`${at} was never served`);
  }

  /** Gives the garbage collector time to learn of what was just made. */
  settle(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, 300));
  }

  /** Applies without recording: what is answered carries ids that differ between clusters. */
  applyQuietly(at: string, manager: string, body: Json): Promise<Answer> {
    return this.#http.ask('PATCH', at, { body, contentType: APPLY, query: { fieldManager: manager } });
  }

  apply(
    at: string,
    manager: string,
    body: Json | string,
    query: Record<string, string> = {},
  ): Promise<Answer> {
    return this.ask('PATCH', at, { body, contentType: APPLY, query: { fieldManager: manager, ...query } });
  }
}

/** Runs a scenario in a namespace of its own and gives what was answered, in comparable form. */
export async function runScenario(
  access: ClusterAccess,
  scenario: Scenario,
  namespace: string,
): Promise<Json[]> {
  const http = new KubeHttp(access);
  const cluster = new ScenarioCluster(http, namespace);
  try {
    const made = await http.ask('POST', '/api/v1/namespaces', {
      body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
    });
    assert.equal(made.code, 201, JSON.stringify(made.body));
    await scenario.run(cluster);
    return cluster.record;
  } finally {
    await http.ask('DELETE', `/api/v1/namespaces/${namespace}`).catch(() => undefined);
    http.close();
  }
}

export function object(answer: Answer): JsonObject {
  assert.ok(answer.code < 300, `${answer.code} ${JSON.stringify(answer.body)}`);
  return answer.body as JsonObject; // a success is an object
}

export function at(value: Json | undefined, ...path: (string | number)[]): Json | undefined {
  let found: Json | undefined = value;
  for (const step of path) {
    if (Array.isArray(found) && typeof step === 'number') found = found[step];
    else if (typeof found === 'object' && found !== null && !Array.isArray(found))
      found = found[String(step)];
    else return undefined;
  }
  return found;
}

/** What a manager owns in an object; `Apply` unless another operation is named. */
export function ownedBy(
  answer: Answer,
  manager: string,
  operation = 'Apply',
  subresource = '',
): Json | undefined {
  const entries = at(answer.body, 'metadata', 'managedFields');
  const found = (Array.isArray(entries) ? entries : []).find(
    (entry) =>
      at(entry, 'manager') === manager &&
      at(entry, 'operation') === operation &&
      (at(entry, 'subresource') ?? '') === subresource,
  );
  return at(found, 'fieldsV1');
}

export function refused(answer: Answer, code: number, reason: string): JsonObject {
  assert.equal(answer.code, code, JSON.stringify(answer.body));
  assert.equal(at(answer.body, 'reason'), reason);
  return answer.body as JsonObject; // a Status
}

export function causes(answer: Answer): { field: Json | undefined; message: Json | undefined }[] {
  const list = at(answer.body, 'details', 'causes');
  return (Array.isArray(list) ? list : [])
    .map((cause) => ({ field: at(cause, 'field'), message: at(cause, 'message') }))
    .sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

export function configMap(name: string, data: JsonObject, metadata: JsonObject = {}): JsonObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data };
}

/** A ConfigMap of which only metadata is applied. */
export function bareConfigMap(name: string, metadata: JsonObject): JsonObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata } };
}

/** A Deployment that runs nothing, so that no controller has much to say about it. */
export function deployment(name: string, containers: Json, spec: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas: 0,
      paused: true,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers } },
      ...spec,
    },
  };
}
