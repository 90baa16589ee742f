/**
 * Runs the tests: every `*.test.ts` under test/, or those whose path contains one of the words given.
 * `--long` sets MAINSHEET_LONG=1, which seeded suites read as "the large numbers". The closing line is
 * `N passed, N failed, N skipped`; what is skipped is listed by name with its reason.
 */
import { globSync } from 'node:fs';
import { cpus } from 'node:os';
import { run } from 'node:test';
import { parseArgs } from 'node:util';

interface TestEvent {
  readonly name: string;
  readonly nesting: number;
  readonly file?: string;
  readonly skip?: string | boolean;
  readonly todo?: string | boolean;
  readonly details: { readonly type?: string; readonly error?: unknown; readonly duration_ms: number };
}

const { values, positionals } = parseArgs({
  options: { long: { type: 'boolean', default: false }, verbose: { type: 'boolean', default: false } },
  allowPositionals: true,
});
if (values.long) process.env['MAINSHEET_LONG'] = '1';

const files = globSync('test/**/*.test.ts')
  .filter((file) => positionals.length === 0 || positionals.some((word) => file.includes(word)))
  .sort();
if (files.length === 0) {
  console.error(`no test file matches ${positionals.join(', ')}`);
  process.exit(1);
}

let passed = 0;
const failed: string[] = [];
const skipped: string[] = [];
const started = Date.now();

/** The reason why a test failed, without the stack frames of the runner. */
function reason(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  return text
    .split('\n')
    .filter((line) => !line.includes('node:internal'))
    .slice(0, 30)
    .join('\n    ');
}

const stream = run({
  files,
  concurrency: Math.max(1, Math.min(3, cpus().length - 1)),
  timeout: values.long ? 3_600_000 : 600_000,
});
stream.on('test:pass', (event: TestEvent) => {
  if (event.details.type === 'suite') return;
  if (event.skip !== undefined && event.skip !== false) {
    skipped.push(
      `${event.name}${typeof event.skip === 'string' && event.skip !== '' ? `: ${event.skip}` : ''}`,
    );
    return;
  }
  passed++;
  if (values.verbose) console.log(`ok ${event.name} (${Math.round(event.details.duration_ms)} ms)`);
});
stream.on('test:fail', (event: TestEvent) => {
  if (event.details.type === 'suite') return;
  const why = reason(event.details.error);
  // A parent that failed only because of its children is not a failure of its own.
  if (/\d+ subtests? failed/.test(why)) return;
  failed.push(`${event.file ?? ''}: ${event.name}`);
  console.log(`not ok ${event.file ?? ''}: ${event.name}\n    ${why}`);
});
stream.on('test:stdout', (event: { message: string }) => {
  if (values.verbose) process.stdout.write(event.message);
});
stream.on('test:stderr', (event: { message: string }) => {
  if (values.verbose) process.stderr.write(event.message);
});
for await (const _ of stream);

if (skipped.length > 0) {
  console.log('\nskipped:');
  for (const line of [...new Set(skipped)].sort()) console.log(`  ${line}`);
}
if (failed.length > 0) {
  console.log('\nfailed:');
  for (const line of failed) console.log(`  ${line}`);
}
console.log(`\n${files.length} files, ${Math.round((Date.now() - started) / 1000)} s`);
console.log(
  `${passed} passed, ${failed.length} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`,
);
process.exit(failed.length > 0 || passed === 0 ? 1 : 0);
