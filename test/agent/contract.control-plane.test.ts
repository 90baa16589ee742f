import { describe } from 'node:test';
import { clusterContract } from '../contract/cluster.ts';

const kubeconfig = process.env['MAINSHEET_TEST_KUBECONFIG'];

describe('a real API server', {
  skip: kubeconfig === undefined && 'MAINSHEET_TEST_KUBECONFIG is not set',
}, () => {
  if (kubeconfig === undefined) return;
  clusterContract('a real API server', async () => ({ kubeconfig, close: async () => {} }));
});
