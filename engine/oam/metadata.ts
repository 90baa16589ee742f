/**
 * The keys of labels and annotations that KubeVela gives a meaning (pkg/oam/labels.go), and which of them only
 * the system may set.
 */
import type { Issue } from '../result.ts';
import { pointer } from '../result.ts';
import type { ObjectMeta } from './application.ts';

export const label = {
  appName: 'app.oam.dev/name',
  appNamespace: 'app.oam.dev/namespace',
  appRevision: 'app.oam.dev/appRevision',
  appComponent: 'app.oam.dev/component',
  replicaKey: 'app.oam.dev/replicaKey',
  resourceType: 'app.oam.dev/resourceType',
  workloadType: 'workload.oam.dev/type',
  traitType: 'trait.oam.dev/type',
  traitResource: 'trait.oam.dev/resource',
} as const;

export const annotation = {
  publishVersion: 'app.oam.dev/publishVersion',
  workflowName: 'app.oam.dev/workflowName',
  autoUpdate: 'app.oam.dev/autoUpdate',
  skipGlobalPolicies: 'policy.oam.dev/skip-global',
  inplaceUpgrade: 'app.oam.dev/inplace-upgrade',
  filterLabelKeys: 'filter.oam.dev/label-keys',
  filterAnnotationKeys: 'filter.oam.dev/annotation-keys',
  kubectlLastApplied: 'kubectl.kubernetes.io/last-applied-configuration',
} as const;

/** Annotations of the Application that never reach its objects (apis/types/types.go DefaultFilterAnnots). */
export const annotationsNotPassed: readonly string[] = [
  annotation.inplaceUpgrade,
  annotation.filterLabelKeys,
  annotation.filterAnnotationKeys,
  annotation.kubectlLastApplied,
];

const systemKeys: ReadonlySet<string> = new Set([
  'app.oam.dev/username',
  'app.oam.dev/group',
  'app.oam.dev/service-account-name',
  'app.oam.dev/last-applied-configuration',
  'app.oam.dev/last-applied-time',
  'app.oam.dev/resource-url',
  'app.oam.dev/shared-by',
  'app.oam.dev/app-revision-hash',
  'app.oam.dev/app-revision',
  'app.oam.dev/appName',
  'app.oam.dev/uid',
  'app.oam.dev/cluster',
  'app.oam.dev/name',
  'app.oam.dev/namespace',
  'app.oam.dev/appRevision',
  'app.oam.dev/component',
  'app.oam.dev/revision',
  'app.oam.dev/replicaKey',
  'app.oam.dev/resourceType',
  'oam.dev/kubevela-version',
  'oam.dev/render-hash',
  'workload.oam.dev/type',
  'trait.oam.dev/type',
  'trait.oam.dev/resource',
]);
const systemPrefixes = ['config.oam.dev/', 'addons.oam.dev/', 'definition.oam.dev/', 'mainsheet.dev/'];
/** Keys under our own prefix that a user sets. */
const ownUserKeys: ReadonlySet<string> = new Set([
  'mainsheet.dev/drift',
  'mainsheet.dev/status-page',
  'mainsheet.dev/strict',
]);

/** Whether only the system may set this label or annotation of an Application. */
export function isSystemKey(key: string): boolean {
  if (ownUserKeys.has(key)) return false;
  return systemKeys.has(key) || systemPrefixes.some((p) => key.startsWith(p));
}

/** The metadata without what only the system may set, and a warning for each key removed. */
export function withoutSystemKeys(metadata: ObjectMeta): {
  readonly metadata: ObjectMeta;
  readonly warnings: readonly Issue[];
} {
  const warnings: Issue[] = [];
  const clean = (field: 'labels' | 'annotations'): Readonly<Record<string, string>> => {
    const kept = Object.entries(metadata[field]).filter(([key]) => {
      if (!isSystemKey(key)) return true;
      warnings.push(systemKeyWarning(field, key));
      return false;
    });
    return Object.fromEntries(kept);
  };
  const labels = clean('labels');
  const annotations = clean('annotations');
  return warnings.length === 0
    ? { metadata, warnings }
    : { metadata: { ...metadata, labels, annotations }, warnings };
}

function systemKeyWarning(field: 'labels' | 'annotations', key: string): Issue {
  return {
    code: 'system-key-removed',
    path: pointer(['metadata', field, key]),
    message: `${key} is set by the system; the value given here was removed.`,
  };
}
