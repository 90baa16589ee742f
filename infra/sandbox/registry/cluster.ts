import type { Store } from '../store/store.ts';
import type { Resources } from './resources.ts';

/** What every verb works on. */
export interface Cluster {
  readonly store: Store;
  readonly resources: Resources;
  readonly now: () => Date;
}

/** RFC 3339 in whole seconds, as object metadata carries times. */
export function timestamp(cluster: Cluster): string {
  return `${cluster.now().toISOString().slice(0, 19)}Z`;
}
