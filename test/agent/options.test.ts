import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readOptions, usage } from '../../agent/options.ts';

const whole = ['--hub', 'https://hub.example.com', '--state', '/var/lib/agent', '--kubeconfig', 'kc'];

describe('the command line', () => {
  it('is read, the token from the environment too', () => {
    const options = readOptions(whole, { MAINSHEET_ENROL_TOKEN: 'mse.x' });
    assert.ok(typeof options === 'object');
    assert.deepEqual(
      [options.hub, options.token, options.namespace],
      ['https://hub.example.com', 'mse.x', 'default'],
    );
    assert.deepEqual(options.cluster, { kubeconfig: 'kc' });
  });

  it('goes to its own cluster where it runs in one', () => {
    const options = readOptions(whole.slice(0, 4), { KUBERNETES_SERVICE_HOST: '10.0.0.1' });
    assert.ok(typeof options === 'object' && options.cluster === 'in-cluster');
  });

  it('says in one sentence what is wrong', () => {
    const cases: [readonly string[], RegExp][] = [
      [[], /--hub must be an address/],
      [['--hub', 'x'], /--hub must be an address/],
      [whole.slice(0, 2), /--state must name a folder/],
      [whole.slice(0, 4), /--kubeconfig must name a file/],
      [[...whole, '--beat', 'soon'], /--beat must be a positive number/],
      [[...whole, '--bogus'], /--bogus/],
    ];
    for (const [args, expected] of cases) assert.match(String(readOptions(args, {})), expected);
    assert.equal(readOptions(['--help'], {}), usage);
  });
});
