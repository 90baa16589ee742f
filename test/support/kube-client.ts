/** A client of a cluster with all rights of its kubeconfig: for tests that look, and that meddle as other people do. */
import {
  KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  PatchStrategy,
} from '@kubernetes/client-node';

export interface KubeClient {
  get(apiVersion: string, kind: string, namespace: string, name: string): Promise<KubernetesObject | null>;
  create(object: KubernetesObject): Promise<void>;
  remove(apiVersion: string, kind: string, namespace: string, name: string): Promise<void>;
  /** A merge patch under somebody's name. */
  edit(
    apiVersion: string,
    kind: string,
    namespace: string,
    name: string,
    patch: object,
    manager: string,
  ): Promise<void>;
}

export function kubeClient(kubeconfig: string): KubeClient {
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
    async create(object) {
      await api.create(object);
    },
    async remove(apiVersion, kind, namespace, name) {
      await api.delete({ apiVersion, kind, metadata: { namespace, name } });
    },
    async edit(apiVersion, kind, namespace, name, patch, manager) {
      const object = { apiVersion, kind, metadata: { namespace, name }, ...patch };
      await api.patch(object, undefined, undefined, manager, undefined, PatchStrategy.MergePatch);
    },
  };
}
