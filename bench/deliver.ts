/** One Application from its submission until its objects stand in the cluster, beside applying the same objects bare. */
import type { KubernetesObject } from '@kubernetes/client-node';
import { type Benchmark, digits, median } from './figure.ts';
import { type BenchStack, pause, submit, withStack } from './local.ts';

const ROUNDS = 20;

const application = (image: string) => `apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: measured}
spec:
  components:
    - name: measured
      type: webservice
      properties: {image: "${image}", ports: [{port: 8080, expose: true}]}
`;

const imageOf = (object: KubernetesObject): unknown => {
  const { spec } = object as { spec?: { template?: { spec?: { containers?: { image?: string }[] } } } };
  return spec?.template?.spec?.containers?.[0]?.image;
};

const bare = (image: string): readonly KubernetesObject[] => {
  const labels = { app: 'bare' };
  const metadata = { name: 'bare', namespace: 'default' };
  const container = { name: 'bare', image, ports: [{ containerPort: 8080, name: 'port-8080' }] };
  const template = { metadata: { labels }, spec: { containers: [container] } };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: { selector: { matchLabels: labels }, template },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { selector: labels, ports: [{ port: 8080, name: 'port-8080' }] },
    },
    // The client's type names no field of any kind.
  ] as unknown as readonly KubernetesObject[];
};

async function delivered(stack: BenchStack, image: string): Promise<number> {
  const started = performance.now();
  await submit(stack, application(image));
  for (;;) {
    const object = await stack.kube
      .read({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'measured', namespace: 'default' },
      })
      .catch(() => undefined);
    if (object !== undefined && imageOf(object) === image) return performance.now() - started;
    await pause(2);
  }
}

export const benchmark: Benchmark = () =>
  withStack(async (stack) => {
    const ours: number[] = [];
    const floor: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(await delivered(stack, `nginx:${round}`));
      const started = performance.now();
      for (const object of bare(`nginx:${round}`)) await stack.apply(object);
      floor.push(performance.now() - started);
      await pause(300);
    }
    const [mine, base] = [median(ours.slice(1)), median(floor.slice(1))];
    return {
      about: `Submission to applied of a Deployment and a Service on ${stack.where}, median of ${ROUNDS - 1}, beside a bare server-side apply of both`,
      figures: [
        {
          name: 'submit to applied',
          value: digits(mine),
          unit: 'ms',
          baseline: `${digits(base)} ms`,
          ratio: `${digits(mine / base)} × the time`,
        },
      ],
    };
  });
