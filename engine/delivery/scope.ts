/** Whether objects of a kind live in namespaces: by what the cluster says it serves, else by what Kubernetes has. */
import type { JsonObject, JsonValue } from '../json.ts';
import { isArray, isObject } from '../json.ts';

const clusterScoped: ReadonlySet<string> = new Set([
  '/Namespace',
  '/Node',
  '/PersistentVolume',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
  'admissionregistration.k8s.io/ValidatingAdmissionPolicy',
  'admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding',
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
  'apiextensions.k8s.io/CustomResourceDefinition',
  'apiregistration.k8s.io/APIService',
  'certificates.k8s.io/CertificateSigningRequest',
  'flowcontrol.apiserver.k8s.io/FlowSchema',
  'flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration',
  'networking.k8s.io/IngressClass',
  'node.k8s.io/RuntimeClass',
  'rbac.authorization.k8s.io/ClusterRole',
  'rbac.authorization.k8s.io/ClusterRoleBinding',
  'scheduling.k8s.io/PriorityClass',
  'storage.k8s.io/CSIDriver',
  'storage.k8s.io/CSINode',
  'storage.k8s.io/StorageClass',
  'storage.k8s.io/VolumeAttachment',
]);

/**
 * `capabilities`: what the cluster's agent said, `{kinds: [{group, kind, namespaced}]}`. A kind that nobody knows is
 * taken to live in namespaces; the agent knows better when it applies it.
 */
export function namespacing(capabilities: JsonObject): (object: JsonObject) => boolean {
  const kinds = capabilities['kinds'];
  const said = new Map(
    (isArray(kinds) ? kinds : [])
      .filter(isObject)
      .map((kind) => [keyOf(kind['group'], kind['kind']), kind['namespaced'] === true]),
  );
  return ({ apiVersion, kind }) => {
    const group =
      typeof apiVersion === 'string' && apiVersion.includes('/')
        ? apiVersion.slice(0, apiVersion.indexOf('/'))
        : '';
    const key = keyOf(group, kind);
    return said.get(key) ?? !clusterScoped.has(key);
  };
}

function keyOf(group: JsonValue | undefined, kind: JsonValue | undefined): string {
  return `${typeof group === 'string' ? group : ''}/${typeof kind === 'string' ? kind : ''}`;
}
