/** Reads of a cluster by its kubeconfig, for tests that look at what was really applied. */
import {
  KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  PatchStrategy,
} from '@kubernetes/client-node';

export interface KubeReader {
  get(apiVersion: string, kind: string, namespace: string, name: string): Promise<KubernetesObject | null>;
  create(object: KubernetesObject): Promise<KubernetesObject>;
  remove(apiVersion: string, kind: string, namespace: string, name: string): Promise<void>;
  /** Changes an object as somebody else would: a merge patch. */
  merge(apiVersion: string, kind: string, namespace: string, name: string, patch: object): Promise<void>;
  /** Names of the objects that a label selector chooses. */
  list(
    apiVersion: string,
    kind: string,
    namespace: string,
    labelSelector: string,
  ): Promise<readonly string[]>;
}

/** A client with all rights of the kubeconfig. */
export function kubeReader(kubeconfig: string): KubeReader {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const api = KubernetesObjectApi.makeApiClient(config);
  const isMissing = (error: unknown) => error instanceof Error && 'code' in error && error.code === 404;
  return {
    async get(apiVersion, kind, namespace, name) {
      try {
        return await api.read({ apiVersion, kind, metadata: { namespace, name } });
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    create: (object) => api.create(object),
    async remove(apiVersion, kind, namespace, name) {
      await api.delete({ apiVersion, kind, metadata: { namespace, name } });
    },
    async merge(apiVersion, kind, namespace, name, patch) {
      const { metadata, ...rest } = patch as { metadata?: object };
      const object = { apiVersion, kind, ...rest, metadata: { ...metadata, namespace, name } };
      await api.patch(object, undefined, undefined, 'somebody', undefined, PatchStrategy.MergePatch);
    },
    async list(apiVersion, kind, namespace, labelSelector) {
      const { items } = await api.list(
        apiVersion,
        kind,
        namespace,
        undefined,
        undefined,
        undefined,
        undefined,
        labelSelector,
      );
      return items.map(({ metadata }) => metadata?.name ?? '');
    },
  };
}
