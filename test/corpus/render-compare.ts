/** The comparison of a rendering with KubeVela's, by the rules of the corpus' README ("Comparing"). */
import type { Comparison } from './compare.ts';
import { compare } from './compare.ts';
import type { Difference } from './suite.ts';

type Plain = Readonly<Record<string, unknown>>;

/** Classes that must be told apart; the others may be swapped among each other. */
const exactClasses = new Set(['definition-not-found', 'user-error', 'policy', 'cluster', 'parameter']);

export function compareRendering(expected: Plain, got: Plain): Comparison {
  if (expected['result'] !== got['result']) {
    const shown = (side: Plain): unknown => (side['result'] === 'error' ? side['error'] : side['result']);
    return {
      differences: [{ at: 'result', expected: shown(expected), actual: shown(got) }],
      information: {},
    };
  }
  if (expected['result'] === 'error') return compareErrors(expected['error'] as Plain, got['error'] as Plain);
  const generated = new Set((expected['generatedNames'] ?? []) as readonly string[]);
  const rules = { information: new Set<string>(), mayBeMore: new Set<string>() };
  return compare(normal(expected, generated), normal(got, generated), rules);
}

function compareErrors(expected: Plain, got: Plain): Comparison {
  const differences: Difference[] = [];
  const differ = (at: string, want: unknown, actual: unknown): void => {
    if (JSON.stringify(want) !== JSON.stringify(actual)) differences.push({ at, expected: want, actual });
  };
  const want = String(expected['class']);
  if (exactClasses.has(want) || exactClasses.has(String(got['class'])))
    differ('error.class', want, got['class']);
  if (want === 'parameter') differ('error.parameterPaths', expected['parameterPaths'], got['parameterPaths']);
  if (want === 'user-error')
    differ(
      'error.userMessages',
      userMessages(expected['message']),
      String(got['message']).split('\n').sort(),
    );
  return { differences, information: {} };
}

/** The lines below `User Errors:` in KubeVela's message. */
function userMessages(message: unknown): readonly string[] {
  const [, below = ''] = String(message).split('User Errors:\n');
  const [block = ''] = below.split('\n\n');
  return block
    .split('\n')
    .map((line) => line.trim())
    .sort();
}

/** What is compared, without what does not count: empty annotations and labels, hashes in generated names. */
function normal(side: Plain, generated: ReadonlySet<string>): Plain {
  const components = list(side['components']).map((component, i) => {
    const { order: _, ...rest } = component;
    const objects = (key: 'traits' | 'auxiliaries'): readonly unknown[] =>
      list(component[key]).map((object, j) =>
        normalObject(object, generated.has(`components/${i}/${key}/${j}`)),
      );
    return {
      ...rest,
      workload: normalObject(component['workload'] as Plain, false),
      traits: objects('traits'),
      auxiliaries: objects('auxiliaries'),
    };
  });
  return {
    components,
    policyObjects: list(side['policyObjects']).map((object) => normalObject(object, false)),
    workflowSteps: side['workflowSteps'],
    workflowMode: side['workflowMode'],
    policies: side['policies'] ?? [],
    deploys: side['deploys'] ?? [],
    appliedPolicies: list(side['appliedPolicies']).map(withoutText),
  };
}

/** Why a policy was left out is told in other words. */
function withoutText({ message, ...policy }: Plain): Plain {
  return { ...policy, message: message === 'enabled=false' ? message : message !== undefined };
}

function list(value: unknown): readonly Plain[] {
  return Array.isArray(value) ? value : [];
}

function normalObject(object: Plain, isNameGenerated: boolean): Plain {
  const metadata: Record<string, unknown> = { ...(object['metadata'] as Plain) };
  for (const key of ['annotations', 'labels']) {
    const map = metadata[key];
    if (typeof map === 'object' && map !== null && Object.keys(map).length === 0) delete metadata[key];
  }
  if (isNameGenerated) metadata['name'] = String(metadata['name']).replace(/-[^-]*$/, '-');
  return { ...object, metadata };
}
