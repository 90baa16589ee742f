/** What usually brings a kind that Kubernetes itself does not have, by its API group. Names of products, not advice. */

const byGroup: Readonly<Record<string, string>> = {
  'apps.kruise.io': 'OpenKruise',
  'argoproj.io': 'Argo',
  'autoscaling.alibabacloud.com': 'kubernetes-cronhpa-controller',
  'autoscaling.k8s.io': 'the Vertical Pod Autoscaler',
  'cert-manager.io': 'cert-manager',
  'chaosblade.io': 'ChaosBlade',
  'cluster.core.oam.dev': 'the cluster gateway of KubeVela',
  'core.oam.dev': 'KubeVela',
  'external-secrets.io': 'External Secrets Operator',
  'flagger.app': 'Flagger',
  'flink.apache.org': 'the Flink Kubernetes Operator',
  'gateway.networking.k8s.io': 'the Gateway API',
  'helm.toolkit.fluxcd.io': 'Flux (helm-controller)',
  'image.toolkit.fluxcd.io': 'Flux (image automation)',
  'keda.sh': 'KEDA',
  'kustomize.toolkit.fluxcd.io': 'Flux (kustomize-controller)',
  'monitoring.coreos.com': 'the Prometheus Operator',
  'networking.istio.io': 'Istio',
  'opentelemetry.io': 'the OpenTelemetry Operator',
  'ray.io': 'KubeRay',
  'rollouts.kruise.io': 'Kruise Rollouts',
  'security.istio.io': 'Istio',
  'serving.knative.dev': 'Knative Serving',
  'eventing.knative.dev': 'Knative Eventing',
  'snapshot.storage.k8s.io': 'the CSI snapshot controller',
  'source.toolkit.fluxcd.io': 'Flux (source-controller)',
  'sparkoperator.k8s.io': 'the Spark Operator',
  'split.smi-spec.io': 'a service mesh with SMI',
  'standard.oam.dev': 'the rollout controller of KubeVela',
  'tekton.dev': 'Tekton',
  'terraform.core.oam.dev': "Terraform's controller for KubeVela",
  'traefik.containo.us': 'Traefik',
  'traefik.io': 'Traefik',
  'velero.io': 'Velero',
};

/** The usual provider of a kind's group, or null where none is known. */
export function kindProvider(group: string): string | null {
  if (Object.hasOwn(byGroup, group)) return byGroup[group] ?? null;
  if (group.endsWith('.crossplane.io') || group.endsWith('.upbound.io')) return 'Crossplane';
  return null;
}
