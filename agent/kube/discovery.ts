/** Which kinds the API server serves, and where. */
import { z } from 'zod';
import type { Capabilities, ServedKind } from '../../engine/delivery/protocol.ts';
import type { KubeApi } from './api.ts';

const listSchema = z.object({
  groupVersion: z.string(),
  resources: z.array(
    z.object({
      name: z.string(),
      kind: z.string(),
      namespaced: z.boolean(),
      verbs: z.array(z.string()).default([]),
    }),
  ),
});
const groupsSchema = z.object({
  groups: z.array(z.object({ name: z.string(), versions: z.array(z.object({ groupVersion: z.string() })) })),
});

/** A missing kind asks the server again, but not more often than this. */
const REFRESH_MS = 1000;

export class Discovery {
  private readonly api: KubeApi;
  private kinds = new Map<string, ServedKind>();
  private refreshedAt = Number.NEGATIVE_INFINITY;
  private refreshing: Promise<void> | undefined;
  private readings = 0;

  constructor(api: KubeApi) {
    this.api = api;
  }

  /** The kind, asked for again where it is not known; undefined: the server has no such kind. Throws KubeError. */
  async find(apiVersion: string, kind: string): Promise<ServedKind | undefined> {
    const key = `${apiVersion}/${kind}`;
    if (!this.kinds.has(key) && performance.now() - this.refreshedAt > REFRESH_MS) await this.refresh();
    return this.kinds.get(key);
  }

  /** The next kind that is not known is asked for at once. */
  expire(): void {
    this.refreshedAt = Number.NEGATIVE_INFINITY;
  }

  /** Grows with every reading. */
  get reading(): number {
    return this.readings;
  }

  isReadSince(ms: number): boolean {
    return performance.now() - this.refreshedAt < ms;
  }

  all(): readonly ServedKind[] {
    return [...this.kinds.values()];
  }

  /** Reads everything anew. Concurrent calls share one reading. */
  refresh(): Promise<void> {
    this.refreshing ??= this.read().finally(() => {
      this.refreshing = undefined;
    });
    return this.refreshing;
  }

  private async read(): Promise<void> {
    const { groups } = groupsSchema.parse(await this.api.json({ method: 'GET', path: '/apis' }));
    const paths = groups.flatMap(({ versions }) =>
      versions.map(({ groupVersion }) => `/apis/${groupVersion}`),
    );
    const lists = await Promise.all(['/api/v1', ...paths].map((path) => this.readVersion(path)));
    this.kinds = new Map(lists.flat().map((kind) => [`${apiVersionOf(kind)}/${kind.kind}`, kind]));
    this.refreshedAt = performance.now();
    this.readings += 1;
  }

  /** An aggregated API may be down: its kinds are then not served, the others are. */
  private async readVersion(path: string): Promise<ServedKind[]> {
    try {
      const { groupVersion, resources } = listSchema.parse(await this.api.json({ method: 'GET', path }));
      const slash = groupVersion.indexOf('/');
      const group = slash < 0 ? '' : groupVersion.slice(0, slash);
      return resources
        .filter(({ name }) => !name.includes('/'))
        .map(({ name, kind, namespaced, verbs }) => ({
          group,
          version: groupVersion.slice(slash + 1),
          kind,
          plural: name,
          namespaced,
          verbs,
        }));
    } catch (error) {
      if (path === '/api/v1') throw error;
      return [];
    }
  }
}

export function apiVersionOf({ group, version }: Pick<ServedKind, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}

/** Path of a kind's objects in a namespace (undefined: all of them, or the kind has none), or of one object. */
export function pathOf(kind: ServedKind, namespace?: string, name?: string): string {
  const root = kind.group === '' ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
  const scope =
    kind.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${root}${scope}/${kind.plural}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`;
}

const versionSchema = z.object({ gitVersion: z.string() });

export async function serverVersion(api: KubeApi): Promise<string> {
  return versionSchema.parse(await api.json({ method: 'GET', path: '/version' })).gitVersion;
}

const namespaceSchema = z.object({ metadata: z.object({ uid: z.string() }) });

/** The uid of `kube-system`, by which a cluster is known from another. */
export async function clusterUid(api: KubeApi): Promise<string> {
  const namespace = await api.json({ method: 'GET', path: '/api/v1/namespaces/kube-system' });
  return namespaceSchema.parse(namespace).metadata.uid;
}

export async function capabilitiesOf(
  api: KubeApi,
  discovery: Discovery,
  agent: string,
): Promise<Capabilities> {
  return { kubernetes: await serverVersion(api), agent, kinds: [...discovery.all()] };
}
