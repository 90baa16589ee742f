/** Applications and what KubeVela renders of them; the rules of comparison are in the corpus' README. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Given } from '../render-case.ts';
import { renderCase } from '../render-case.ts';
import { compareRendering } from '../render-compare.ts';
import type { CorpusCase, Outcome, Suite } from '../suite.ts';

export const suite: Suite = {
  folder: 'render',
  cases(folder) {
    const paths = globSync('**/expected.json', { cwd: folder }).map((path) => path.replaceAll('\\', '/'));
    return paths.sort().map((path): CorpusCase => ({ path, run: () => run(folder, path) }));
  },
};

function run(folder: string, path: string): Outcome {
  const expected = JSON.parse(readFileSync(join(folder, path), 'utf8')) as Given & Record<string, unknown>;
  const got = renderCase(join(folder, dirname(path)), expected);
  const { differences, information } = compareRendering(expected, got);
  const { origin, alsoIn, inputSha1, context, clusterVersion, clusters, usesDeprecated } = expected;
  return {
    differences,
    information,
    got: { origin, alsoIn, inputSha1, context, clusterVersion, clusters, usesDeprecated, ...got },
  };
}
