// A long table of requests, right and wrong: the sandbox answers each with the API server's code, and where there is
// an API server, with the same body.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { type Sandbox, startSandbox } from '../../infra/sandbox/sandbox.ts';
import { type Answer, accessFrom, type ClusterAccess, KubeHttp } from './kube-http.ts';
import { normalised } from './normalise.ts';

const REAL = process.env['MAINSHEET_TEST_KUBECONFIG'];
const FORMATS: Readonly<Record<string, string>> = {
  apply: 'application/apply-patch+yaml',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
};

interface Line {
  readonly text: string;
  readonly method: string;
  readonly code: number;
  readonly at: string;
  readonly contentType: string;
  readonly body: string;
  /** why the sandbox answers otherwise, if it does */
  readonly gap: string | undefined;
}

function readTable(): Line[] {
  const lines: Line[] = [];
  let gap: string | undefined;
  for (const text of readFileSync(new URL('./answers/requests.txt', import.meta.url), 'utf8').split('\n')) {
    if (text.startsWith('# gap: ')) gap = text.slice('# gap: '.length);
    const match = /^([A-Z]+) (\d+) (\S+) (\S+)(?: (.*))?$/.exec(text);
    if (!match) continue;
    const [, method = '', code, at = '', format = '-', body = ''] = match;
    const contentType = format === '-' ? 'application/json' : (FORMATS[format] ?? format);
    lines.push({ text, method, code: Number(code), at, contentType, body, gap });
    gap = undefined;
  }
  return lines;
}

const table = readTable();
let runs = 0;
const mark = `ans-${process.pid.toString(36)}${Date.now().toString(36).slice(-5)}`;
let directory: string;
let sandbox: Sandbox;

before(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'sandbox-answers-'));
  sandbox = await startSandbox({ directory, podDelayMs: 50 });
});

after(async () => {
  await sandbox.close();
  rmSync(directory, { recursive: true, force: true });
});

/** The answers to the whole table, in its order. */
async function answersOf(access: ClusterAccess): Promise<Answer[]> {
  const http = new KubeHttp(access);
  const answers: Answer[] = [];
  const namespace = `${mark}-${runs++}`;
  const place = (text: string) => text.replaceAll('{ns}', namespace);
  try {
    const body = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
    await http.ask('POST', '/api/v1/namespaces', { body });
    await made(http, `/api/v1/namespaces/${namespace}/serviceaccounts/default`);
    for (const line of table) {
      const asked = line.body === '' ? {} : { body: place(line.body), contentType: line.contentType };
      answers.push(await http.ask(line.method, place(line.at), asked));
    }
    return answers.map((answer) => nameless(answer, namespace));
  } finally {
    await http.ask('DELETE', `/api/v1/namespaces/${namespace}`);
    http.close();
  }
}

function nameless(answer: Answer, namespace: string): Answer {
  return JSON.parse(JSON.stringify(answer).replaceAll(namespace, '<namespace>')) as Answer; // the same shape
}

async function made(http: KubeHttp, at: string): Promise<void> {
  for (let tries = 0; tries < 400 && (await http.ask('GET', at)).code !== 200; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

test('the sandbox answers every request with the API server’s code', async () => {
  const answers = await answersOf(accessFrom(sandbox.kubeconfig));
  const wrong = table.flatMap((line, i) => {
    const code = answers[i]?.code ?? 0;
    return code === line.code || line.gap !== undefined ? [] : [`${code} instead of ${line.text}`];
  });
  assert.deepEqual(wrong, []);
});

test('the sandbox and a real API server answer the same, but for the gaps that the table names', {
  skip: REAL === undefined ? 'MAINSHEET_TEST_KUBECONFIG is not set' : false,
}, async () => {
  const [here, there] = await Promise.all(
    [accessFrom(sandbox.kubeconfig), accessFrom(REAL ?? '')].map(answersOf),
  );
  for (const [i, line] of table.entries()) {
    const [mine, real] = [here?.[i], there?.[i]];
    assert.ok(mine && real);
    assert.equal(real.code, line.code, `the API server: ${line.text}`);
    const [a, b] = [normalised(mine), normalised(real)];
    if (line.gap === undefined) assert.deepEqual(a, b, line.text);
    else assert.ok(!isDeepStrictEqual(a, b), `no gap any more (${line.gap}): ${line.text}`);
  }
});
