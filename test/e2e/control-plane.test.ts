import { describe, it } from 'node:test';
import { deliverySuite } from './delivery.ts';

const kubeconfig = process.env['MAINSHEET_TEST_KUBECONFIG'];
if (kubeconfig === undefined) {
  describe('delivery to a real control plane', () => {
    it('runs the main job', { skip: 'MAINSHEET_TEST_KUBECONFIG is not set' }, () => undefined);
  });
} else deliverySuite('delivery to a real control plane', kubeconfig);
