/** The HTTP application over a store in memory, for tests that speak HTTP without a server. */
import { DatabaseSync } from 'node:sqlite';
import { nodeSqliteDriver } from '../../db/drivers/node-sqlite.ts';
import { hashToken } from '../../db/keys.ts';
import { migrate } from '../../db/migrations/migrate.ts';
import { openStores } from '../../db/open.ts';
import type { Stores } from '../../db/stores.ts';
import { createSubmissions } from '../../db/submission/submit.ts';
import { libraries } from '../../engine/definitions/libraries.ts';
import { StockDefinitions } from '../../engine/definitions/registry.ts';
import { stockFiles } from '../../engine/definitions/stock.generated.ts';
import { createApp } from '../../functions/app.ts';
import type { Message } from '../../queues/messages.ts';
import { MemoryWake } from '../../queues/transports/memory.ts';

export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // Tests assert the shape.
  readonly body: Record<string, unknown>;
}

export interface TestApp {
  readonly stores: Stores;
  /** Everything that was sent to the queue. */
  readonly sent: Message[];
  readonly operatorKey: string;
  readonly logged: Readonly<Record<string, unknown>>[];
  /** Milliseconds that the clock is ahead. */
  time: number;
  request(path: string, init?: RequestInit & { readonly key?: string }): Promise<TestAnswer>;
  /** Makes a tenant and answers its admin key. */
  tenant(name: string): Promise<string>;
}

const operatorKey = 'mso_test-operator-key-of-enough-characters';
const origin = 'http://hub.test';

/** A fresh service with nothing in it. `around`: puts something between the service and its store. */
export async function testApp(around: (stores: Stores) => Stores = (stores) => stores): Promise<TestApp> {
  const driver = nodeSqliteDriver(new DatabaseSync(':memory:'));
  await migrate(driver);
  const test = { time: 0 };
  const clock = { now: () => Date.now() + test.time };
  const stores = around(openStores(driver, { dataKey: new Uint8Array(32).fill(7), clock }));
  const sent: Message[] = [];
  const logged: Readonly<Record<string, unknown>>[] = [];
  const app = createApp({
    stores,
    submissions: createSubmissions({ stores, stock: new StockDefinitions(stockFiles), clock, libraries }),
    queue: {
      async send(messages) {
        sent.push(...messages);
      },
    },
    wake: new MemoryWake(),
    clock,
    hub: { id: 'test', keys: [{ keyId: 'k1', publicKey: 'A'.repeat(43) }] },
    operatorKeyHash: await hashToken(operatorKey),
    egress: { allowedHosts: [], allowedPorts: [], allowHttp: false },
    log: (line) => logged.push(line),
  });
  const request = async (path: string, { key, ...init }: RequestInit & { readonly key?: string } = {}) => {
    const headers = new Headers(init.headers);
    if (key !== undefined) headers.set('authorization', `Bearer ${key}`);
    const response = await app.request(`${origin}${path}`, { ...init, headers });
    const text = await response.text();
    const json = /json/.test(response.headers.get('content-type') ?? '');
    const body = json ? (JSON.parse(text) as Record<string, unknown>) : {};
    return { status: response.status, headers: response.headers, text, body };
  };
  return Object.assign(test, {
    stores,
    sent,
    logged,
    operatorKey,
    request,
    async tenant(name: string) {
      const made = await request('/v1/tenants', {
        method: 'POST',
        key: operatorKey,
        body: JSON.stringify({ name }),
        headers: { 'content-type': 'application/json' },
      });
      return String(made.body['key']);
    },
  });
}
