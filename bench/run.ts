/** `npm run bench -- NAME...`: runs benchmarks and prints their figures; `--write` keeps them in bench/RESULTS.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { Benchmark, Figure } from './figure.ts';

const benchmarks: Readonly<Record<string, () => Promise<{ readonly benchmark: Benchmark }>>> = {
  cue: () => import('./cue.ts'),
  render: () => import('./render.ts'),
  deliver: () => import('./deliver.ts'),
  applications: () => import('./applications.ts'),
  status: () => import('./status.ts'),
};

const { values, positionals } = parseArgs({
  options: { write: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const chosen = positionals.length === 0 ? Object.keys(benchmarks) : positionals;
const unknown = chosen.filter((name) => !Object.hasOwn(benchmarks, name));
if (unknown.length > 0) {
  console.error(
    `There is no benchmark ${unknown.join(', ')}; there are ${Object.keys(benchmarks).join(', ')}.`,
  );
  process.exit(2);
}

const line = ({ name, value, unit, baseline, ratio, goal }: Figure): string =>
  `| ${name} | ${value} ${unit} | ${baseline} | ${ratio} | ${goal ?? ''} |`;

function section(name: string, { about, figures }: { about: string; figures: readonly Figure[] }): string {
  return [
    `## ${name}`,
    '',
    about,
    '',
    '| what | figure | baseline in the same run | ratio | goal |',
    '|---|---|---|---|---|',
    ...figures.map(line),
    '',
  ].join('\n');
}

/** Puts a benchmark's section in the place of its last one. */
function keep(name: string, text: string): void {
  const path = new URL('RESULTS.md', import.meta.url);
  const present = readFileSync(path, 'utf8').split(/^(?=## )/m);
  const others = present.filter((part) => !part.startsWith(`## ${name}\n`));
  const [head = '', ...sections] = others;
  writeFileSync(path, [head, ...[...sections, `${text}\n`].sort()].join(''));
}

for (const name of chosen) {
  const load = benchmarks[name];
  if (load === undefined) continue;
  const { benchmark } = await load();
  const result = await benchmark();
  const machine = `${cpus().length} cores, Node ${process.versions.node}`;
  const text = section(name, { about: `${result.about} (${machine})`, figures: result.figures });
  console.log(text);
  if (values.write) keep(name, text);
}
process.exit(0);
