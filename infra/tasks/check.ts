/** `npm run check`: format and lint, types of each folder, import rules, dead code, both Workers as they would be deployed. */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';

interface Step {
  readonly name: string;
  readonly command: readonly string[];
}

const typed = ['engine', 'db', 'queues', 'functions', 'agent', 'infra', 'cli', 'bench', 'test'] as const;
const steps: readonly Step[] = [
  { name: 'format and lint', command: ['biome', 'check', '--error-on-warnings', '.'] },
  ...typed.map((folder) => ({
    name: `types of ${folder}`,
    command: ['tsc', '-p', `${folder}/tsconfig.json`],
  })),
  {
    name: 'import rules',
    command: [
      'depcruise',
      '--config',
      '.dependency-cruiser.cjs',
      ...typed.filter((folder) => folder !== 'test'),
    ],
  },
  { name: 'dead code', command: ['knip'] },
  {
    name: 'the HTTP Worker bundles',
    command: ['wrangler', 'deploy', '--dry-run', '--outdir', 'dist/functions'],
  },
  {
    name: 'the queue Worker bundles',
    command: [
      'wrangler',
      'deploy',
      '--dry-run',
      '--outdir',
      'dist/queues',
      '--config',
      'queues/wrangler.toml',
    ],
  },
];

const { positionals } = parseArgs({ allowPositionals: true });
const chosen = steps.filter(
  ({ name }) => positionals.length === 0 || positionals.some((word) => name.includes(word)),
);
let failures = 0;
for (const { name, command } of chosen) {
  const [program, ...rest] = command;
  if (program === undefined) continue;
  const started = Date.now();
  const result = spawnSync(program, rest, {
    encoding: 'utf8',
    env: {
      ...process.env,
      WRANGLER_SEND_METRICS: 'false',
      WRANGLER_HIDE_BANNER: 'true',
      WRANGLER_WRITE_LOGS: 'false',
    },
  });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  const output = `${result.stdout}${result.stderr}`;
  const size = /Total Upload:.*/.exec(output)?.[0];
  if (result.status === 0) {
    console.log(`ok    ${name} (${seconds} s)${size === undefined ? '' : ` ${size}`}`);
  } else {
    failures++;
    console.log(
      `FAIL  ${name} (${seconds} s)\n${output}${result.error === undefined ? '' : result.error.message}`,
    );
  }
}
console.log(`${chosen.length - failures} checks passed, ${failures} failed`);
process.exit(failures === 0 ? 0 : 1);
