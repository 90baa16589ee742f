/** Three hundred Applications of one ConfigMap each, until all stand in the cluster. */
import { type Benchmark, digits } from './figure.ts';
import { inParallel, pause, submit, withStack } from './local.ts';

const COUNT = 300;
const WORKERS = 8;

const application = (index: number) => `apiVersion: core.oam.dev/v1beta1
kind: Application
metadata: {name: app-${index}}
spec:
  components:
    - name: app-${index}
      type: k8s-objects
      properties:
        objects:
          - apiVersion: v1
            kind: ConfigMap
            metadata: {name: app-${index}, labels: {measured: "yes"}}
            data: {index: "${index}"}
`;

export const benchmark: Benchmark = () =>
  withStack(async (stack) => {
    const indices = Array.from({ length: COUNT }, (_, index) => index);
    const started = performance.now();
    await inParallel(
      WORKERS,
      indices.map((index) => () => submit(stack, application(index))),
    );
    const accepted = performance.now() - started;
    for (;;) {
      const { items } = await stack.kube.list(
        'v1',
        'ConfigMap',
        'default',
        undefined,
        undefined,
        undefined,
        undefined,
        'measured=yes',
      );
      if (items.length >= COUNT) break;
      await pause(50);
    }
    const applied = performance.now() - started;
    const bare = performance.now();
    await inParallel(
      WORKERS,
      indices.map(
        (index) => () =>
          stack.apply({
            apiVersion: 'v1',
            kind: 'ConfigMap',
            metadata: { name: `bare-${index}`, namespace: 'default' },
            // The client's type names no field of any kind.
            ...({ data: { index: String(index) } } as object),
          }),
      ),
    );
    const floor = COUNT / ((performance.now() - bare) / 1000);
    const rate = COUNT / (applied / 1000);
    return {
      about: `${COUNT} Applications × 1 ConfigMap on ${stack.where}, ${WORKERS} at a time, beside bare server-side applies of as many`,
      figures: [
        {
          name: 'accepted',
          value: digits(COUNT / (accepted / 1000)),
          unit: 'apps/s',
          baseline: `${digits(floor)} applies/s`,
          ratio: `${digits(COUNT / (accepted / 1000) / floor)} ×`,
        },
        {
          name: 'applied',
          value: digits(rate),
          unit: 'apps/s',
          baseline: `${digits(floor)} applies/s`,
          ratio: `${digits(rate / floor)} ×`,
        },
      ],
    };
  });
