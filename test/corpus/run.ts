/**
 * `npm run -s corpus -- SUITE [DIR...] [--write OUT] [--filter WORD] [--json]`: runs the cases of a suite and
 * prints what differs. DIR defaults to the suite's folder in $MAINSHEET_CORPUS if it has one, else beside this file.
 * With --write, what each case gave goes to OUT at the case's own path. The last line is `N passed, N failed`.
 */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Agreement, CorpusCase, Difference, Outcome, Suite } from './suite.ts';

const HERE = dirname(fileURLToPath(import.meta.url));
const SHOWN_DIFFERENCES = 4;
const SHOWN_LENGTH = 160;

export interface CaseResult {
  readonly path: string;
  readonly differences: readonly Difference[];
  readonly information: Readonly<Record<string, Agreement>>;
  readonly got: unknown;
}

/** Runs one case; an error that it throws becomes its difference, and what it gave. */
export async function runCase(one: CorpusCase): Promise<CaseResult> {
  try {
    const outcome: Outcome = await one.run();
    return { path: one.path, ...outcome };
  } catch (thrown) {
    const error = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    const differences = [{ at: '', expected: 'an answer', actual: error.split('\n').slice(0, 3).join(' ') }];
    return { path: one.path, differences, information: {}, got: { error } };
  }
}

/** The suite of this name; null if there is none. */
export async function loadSuite(name: string): Promise<Suite | null> {
  if (!suiteNames().includes(name)) return null;
  const module: { readonly suite: Suite } = await import(`./suites/${name}.ts`);
  return module.suite;
}

export function suiteNames(): readonly string[] {
  const files = readdirSync(join(HERE, 'suites')).filter((file) => file.endsWith('.ts'));
  return files.map((file) => file.slice(0, -3)).sort();
}

/** Where a suite's cases lie when no folder is given. */
export function defaultFolder(suite: Suite): string {
  const own = join(HERE, suite.folder);
  const shared = process.env['MAINSHEET_CORPUS'];
  if (shared === undefined) return own;
  // Of some suites the cases beside this file are all there are.
  const folder = join(shared, suite.folder);
  return existsSync(folder) || !existsSync(own) ? folder : own;
}

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : (JSON.stringify(value) ?? String(value));
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text;
}

function printFailure(result: CaseResult): void {
  console.log(`FAIL ${result.path}`);
  for (const { at, expected, actual } of result.differences.slice(0, SHOWN_DIFFERENCES)) {
    console.log(
      `  ${at === '' ? 'case' : at}\n    expected ${shown(expected)}\n    actual   ${shown(actual)}`,
    );
  }
  const more = result.differences.length - SHOWN_DIFFERENCES;
  if (more > 0) console.log(`  and ${more} more`);
}

function printInformation(results: readonly CaseResult[]): void {
  const totals: Record<string, { same: number; different: number }> = {};
  for (const { information } of results) {
    for (const [key, { same, different }] of Object.entries(information)) {
      totals[key] ??= { same: 0, different: 0 };
      totals[key].same += same;
      totals[key].different += different;
    }
  }
  for (const [key, { same, different }] of Object.entries(totals).sort()) {
    console.log(`information only: ${key} agrees in ${same} of ${same + different}`);
  }
}

function write(out: string, result: CaseResult): void {
  const file = join(out, result.path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(result.got, null, 2)}\n`);
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      write: { type: 'string' },
      filter: { type: 'string', default: '' },
      json: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  const [name, ...given] = positionals;
  const suite = name === undefined ? null : await loadSuite(name);
  if (suite === null) {
    console.error(
      `usage: corpus SUITE [DIR...] [--write OUT] [--filter WORD] [--json]; suites: ${suiteNames().join(', ')}`,
    );
    return 2;
  }
  const folders = given.length > 0 ? given : [defaultFolder(suite)];
  const missing = folders.filter((folder) => !existsSync(folder));
  if (missing.length > 0) {
    console.error(`no such folder: ${missing.join(', ')}`);
    return 2;
  }
  const results: CaseResult[] = [];
  for (const one of folders.flatMap((folder) => suite.cases(folder))) {
    if (!one.path.includes(values.filter)) continue;
    const result = await runCase(one);
    results.push(result);
    if (values.write !== undefined) write(values.write, result);
    if (result.differences.length > 0 && !values.json) printFailure(result);
  }
  const failed = results.filter((result) => result.differences.length > 0);
  if (values.json) {
    const cases = results.map(({ path, differences, information }) => ({ path, differences, information }));
    console.log(
      JSON.stringify({ passed: results.length - failed.length, failed: failed.length, cases }, null, 1),
    );
  } else printInformation(results);
  const say = values.json ? console.error : console.log;
  say(`${results.length - failed.length} passed, ${failed.length} failed`);
  return failed.length > 0 || results.length === 0 ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main();
