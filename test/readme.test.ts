import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';

const readme = readFileSync('README.md', 'utf8');
const scripts = Object.keys(
  (JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object }).scripts,
);
const blocks = (language: string): readonly string[] =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, text = '']) => text);

describe('the README', () => {
  it('shows the example as it is delivered by the end-to-end test', () => {
    assert.deepEqual(blocks('yaml'), [readFileSync('examples/website.yaml', 'utf8')]);
  });
  it('names only npm scripts that there are', () => {
    const named = [...readme.matchAll(/npm run (?:-s )?([a-z:]+)/g)].map(([, name = '']) => name);
    assert.ok(named.length > 0);
    for (const name of named) assert.ok(scripts.includes(name), name);
  });
  it('points only to files and folders that there are', () => {
    const paths = [
      ...readme.matchAll(/`((?:[a-z-]+\/)+[\w.-]*|[A-Z-]+\.md|[a-z]+\/[\w./-]+\.(?:ts|md|yaml))`/g),
    ].map(([, path = '']) => path);
    assert.ok(paths.length > 10, String(paths.length));
    for (const path of paths) assert.ok(existsSync(path.replace(/<.*$/, '')), path);
  });
  it('shows answers with the fields that the service gives', () => {
    for (const text of blocks('json')) assert.doesNotThrow(() => JSON.parse(text.replaceAll('…', 'x')), text);
  });
});
