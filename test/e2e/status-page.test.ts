import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { type Browser, chromium } from 'playwright-core';
import { call, type LocalStack, removeState, startStack, temporaryState } from '../support/local-stack.ts';

const executablePath = process.env['MAINSHEET_CHROMIUM'];

describe('the status page in a browser', {
  skip: executablePath === undefined ? 'MAINSHEET_CHROMIUM is not set' : false,
  timeout: 180_000,
}, () => {
  const stateDirectory = temporaryState();
  let stack: LocalStack;
  let browser: Browser;

  before(async () => {
    stack = await startStack({ stateDirectory });
    browser = await chromium.launch({
      executablePath: executablePath ?? '',
      args: [
        ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-dev-shm-usage', '--no-first-run'],
        ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
      ],
    });
  });
  after(async () => {
    await browser?.close();
    await stack?.stop();
    removeState(stateDirectory);
  });

  it('goes from delivering to running by itself, and then to the next revision', async () => {
    const text = readFileSync('examples/website.yaml', 'utf8');
    const submit = (body: string) =>
      call(`${stack.url}/v1/applications`, stack.key, { method: 'POST', body });
    const submitted = await submit(text);
    assert.equal(submitted.status, 202, submitted.text);
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    await page.goto(String(submitted.body['statusUrl']));
    await page
      .locator('#phase', { hasText: 'running' })
      .and(page.locator('.good'))
      .waitFor({ timeout: 60_000 });
    assert.equal(await page.locator('h1').textContent(), 'website');
    assert.match((await page.locator('body').textContent()) ?? '', /sandbox/);
    assert.equal(await page.locator('td', { hasText: 'frontend' }).count(), 1);
    await submit(text.replace('testapp:v1', 'testapp:v2'));
    await page.getByText('Revision 2').waitFor({ timeout: 60_000 });
    assert.deepEqual(complaints, []);
  });
});
