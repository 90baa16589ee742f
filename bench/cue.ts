/** Templates from source to JSON (cold) and compiled ones with a new parameter to JSON (warm), beside the real CUE. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { compile, type Data, parse, type Template, type Value } from '../engine/cue/index.ts';

import { libraries } from '../engine/definitions/libraries.ts';
import type { JsonObject } from '../engine/json.ts';
import { dataOf } from '../engine/render/data.ts';
import { type Benchmark, digits, type Figure, median } from './figure.ts';

interface Case {
  readonly name: string;
  readonly text: string;
  readonly bindings: Readonly<Record<string, Data>>;
}

const ROUNDS = 9;
const ROUND_MS = 120;
/** Until the platform has compiled what is measured. */
const WARM_UP_MS = 2000;

function folder(): string {
  const corpus = process.env['MAINSHEET_CORPUS'];
  if (corpus !== undefined) return join(corpus, 'bench/cue');
  return join(dirname(fileURLToPath(import.meta.url)), '../test/corpus/bench/cue');
}

function cases(from: string): readonly Case[] {
  const inputs = readdirSync(from).filter((file) => /^\d.*\.json$/.test(file));
  return inputs.map((file) => {
    const input = JSON.parse(readFileSync(join(from, file), 'utf8')) as {
      template: string;
      parameter: JsonObject;
      context: JsonObject;
    };
    const bindings = { parameter: dataOf(input.parameter), context: dataOf(input.context) };
    return {
      name: file.replace('.json', ''),
      text: readFileSync(join(from, input.template), 'utf8'),
      bindings,
    };
  });
}

function compiled({ name, text }: Case): Template {
  const parsed = parse({ name, text });
  if (!parsed.ok) throw new Error(`${name} does not parse`);
  const template = compile([parsed.value], { libraries });
  if (!template.ok) throw new Error(`${name} does not compile: ${template.issues[0]?.message}`);
  return template.value;
}

/** What KubeVela takes of a template: output, each of outputs, and patch. */
function exported(root: Value): number {
  if (root.validate() !== null) throw new Error('the template is in error');
  const json = (value: Value): number => {
    const text = value.toJSONText();
    if (!text.ok) throw new Error(text.error.message);
    return text.value.length;
  };
  let size = 0;
  for (const name of ['output', 'patch']) {
    const value = root.lookup(name);
    if (value.exists()) size += json(value);
  }
  const outputs = root.lookup('outputs');
  for (const { value } of outputs.exists() ? (outputs.fields() ?? []) : []) size += json(value);
  return size;
}

/** Microseconds an operation, the best of several rounds, as the baseline's are. */
function measure(operation: () => number): number {
  const warmUp = performance.now() + WARM_UP_MS;
  let kept = 0;
  while (performance.now() < warmUp) kept += operation();
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now();
    let count = 0;
    for (; performance.now() - started < ROUND_MS; count++) kept += operation();
    rounds.push(((performance.now() - started) * 1000) / count);
  }
  if (kept === 0) throw new Error('nothing was exported');
  return Math.min(...rounds);
}

const BINARY_DISJUNCTIONS = 12;

/** Milliseconds for `({f0: 1} | {f0: 2}) & …` from source to verdict, the first run; the real CUE does not end in 5 s. */
function disjunctions(): number {
  const one = (_: unknown, i: number): string => `({f${i}: 1} | {f${i}: 2})`;
  const text = `a: ${Array.from({ length: BINARY_DISJUNCTIONS }, one).join(' & ')}`;
  const started = performance.now();
  const value = compiled({ name: 'disjunctions', text, bindings: {} }).evaluate().lookup('a');
  if (value.incompleteKind() !== 'struct') throw new Error(`a is ${value.incompleteKind()}`);
  return performance.now() - started;
}

/** Kilobytes of entries of engine/cue in one minified bundle; regular expressions, YAML and hashes are lent to it. */
async function bundled(entries: readonly string[]): Promise<number> {
  const contents = entries.map((entry) => `export * from './${entry}.ts';`).join('\n');
  const resolveDir = join(dirname(fileURLToPath(import.meta.url)), '../engine/cue');
  const result = await build({
    stdin: { contents, resolveDir, loader: 'ts' },
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
  });
  return (result.outputFiles[0]?.contents.length ?? Number.NaN) / 1000;
}

interface Baseline {
  readonly source: string;
  readonly us: Readonly<Record<string, number>>;
}

/** The real CUE, measured now where Go and its sources are there, else what was measured once. */
function baseline(from: string): Baseline {
  const oracle = process.env['MAINSHEET_CUE_ORACLE'];
  if (oracle !== undefined && existsSync(oracle) && statSync(oracle).isDirectory()) {
    const run = spawnSync('go', ['test', '-run', 'xxx', '-bench', 'Text', '-count', '3'], {
      cwd: oracle,
      encoding: 'utf8',
      env: { ...process.env, GOMAXPROCS: '1', GOFLAGS: '-mod=mod' },
    });
    const us: Record<string, number> = {};
    for (const [, name = '', ns = ''] of run.stdout.matchAll(
      /^BenchmarkText\/(\S+?)(?:-\d+)?\s+\d+\s+([\d.]+) ns\/op/gm,
    )) {
      us[name] = Math.min(us[name] ?? Number.POSITIVE_INFINITY, Number(ns) / 1000);
    }
    if (Object.keys(us).length > 0) return { source: 'the real CUE v0.14.1 in the same run', us };
  }
  const { cases: kept } = JSON.parse(readFileSync(join(from, 'baseline.json'), 'utf8')) as {
    cases: Record<string, { text_us: number }>;
  };
  const us = Object.fromEntries(Object.entries(kept).map(([name, { text_us }]) => [name, text_us]));
  return { source: 'the real CUE v0.14.1 as it was measured once on another machine (baseline.json)', us };
}

export const benchmark: Benchmark = async () => {
  const from = folder();
  const real = baseline(from);
  const figures: Figure[] = [];
  const ratios: number[] = [];
  for (const one of cases(from)) {
    const template = compiled(one);
    const base = real.us[one.name] ?? Number.NaN;
    const cold = measure(() => exported(compiled(one).evaluate({ bindings: one.bindings })));
    const warm = measure(() => exported(template.evaluate({ bindings: one.bindings })));
    ratios.push(base / warm);
    for (const [name, us, goal] of [
      [`${one.name} cold`, cold, '≥ 2'],
      [`${one.name} warm`, warm, '≥ 10'],
    ] as const) {
      figures.push({
        name,
        value: digits(us),
        unit: 'µs',
        baseline: `${digits(base)} µs`,
        ratio: `${digits(base / us)} × as fast`,
        goal,
      });
    }
  }
  figures.push({
    name: `${BINARY_DISJUNCTIONS} binary disjunctions of structs`,
    value: digits(disjunctions()),
    unit: 'ms',
    baseline: '> 5000 ms',
    ratio: '',
    goal: '< 100',
  });
  for (const [name, entries, goal] of [
    ['bundle: parse, compile, evaluate', ['index'], '< 200'],
    ['bundle with all packages', ['index', 'packages'], ''],
    ['bundle with everything', ['index', 'packages', 'error-text', 'format', 'openapi'], ''],
  ] as const) {
    figures.push({ name, value: digits(await bundled(entries)), unit: 'kB', baseline: '', ratio: '', goal });
  }
  return {
    about: `Best of ${ROUNDS} rounds, one thread, beside ${real.source}; median ratio warm ${digits(median(ratios))}`,
    figures,
  };
};
