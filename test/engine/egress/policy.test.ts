import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allowsAddress, allowsUrl, parseIpv6, specialRange } from '../../../engine/egress/policy.ts';

const closed = { allowedHosts: [], allowedPorts: [], allowHttp: false } as const;
const verdict = (url: string, policy = closed) => allowsUrl(new URL(url), policy).ok;

describe('the egress policy', () => {
  it('lets public https addresses through', () => {
    for (const url of [
      'https://github.com/acme/shop.git',
      'https://8.8.8.8/',
      'https://[2606:4700::1111]/',
    ]) {
      assert.equal(verdict(url), true, url);
    }
  });
  it('refuses every notation of addresses that are not public', () => {
    for (const url of [
      'https://127.0.0.1/',
      'https://127.1/',
      'https://2130706433/',
      'https://0x7f000001/',
      'https://0177.0.0.1/',
      'https://0/',
      'https://10.1.2.3/',
      'https://172.31.255.255/',
      'https://192.168.0.1/',
      'https://169.254.169.254/latest/meta-data/',
      'https://100.64.0.1/',
      'https://224.0.0.1/',
      'https://255.255.255.255/',
      'https://[::1]/',
      'https://[::]/',
      'https://[::ffff:127.0.0.1]/',
      'https://[::ffff:7f00:1]/',
      'https://[::127.0.0.1]/',
      'https://[64:ff9b::7f00:1]/',
      'https://[2002:7f00:1::]/',
      'https://[fd00::1]/',
      'https://[fe80::1]/',
      'https://[fec0::1]/',
      'https://[ff02::1]/',
      'https://[2001:db8::1]/',
      'https://localhost/',
      'https://localhost./',
      'https://shop.localhost/',
      'https://metadata.google.internal/',
      'https://printer.local/',
      'https://intranet/',
    ]) {
      assert.equal(verdict(url), false, url);
    }
  });
  it('refuses other schemes, plain http, credentials and odd ports', () => {
    for (const url of [
      'http://github.com/',
      'ftp://github.com/',
      'file:///etc/passwd',
      'https://user:secret@github.com/',
      'https://github.com:6443/',
    ]) {
      assert.equal(verdict(url), false, url);
    }
  });
  it('makes exceptions for exactly the hosts and ports that the operator names', () => {
    const policy = {
      allowedHosts: ['127.0.0.1', 'git.corp.internal'],
      allowedPorts: [8443],
      allowHttp: false,
    };
    assert.equal(allowsUrl(new URL('http://127.0.0.1:3000/shop.git'), policy).ok, true);
    assert.equal(allowsUrl(new URL('https://git.corp.internal/x'), policy).ok, true);
    assert.equal(allowsUrl(new URL('https://github.com:8443/'), policy).ok, true);
    assert.equal(allowsUrl(new URL('http://127.0.0.2:3000/'), policy).ok, false);
  });
  it('judges what a name resolves to by the same ranges', () => {
    assert.equal(allowsAddress('169.254.169.254', 'rebind.example.com', closed).ok, false);
    assert.equal(allowsAddress('::ffff:10.0.0.1', 'rebind.example.com', closed).ok, false);
    assert.equal(allowsAddress('93.184.216.34', 'example.com', closed).ok, true);
  });
  it('knows text that is no address', () => {
    assert.equal(specialRange('example.com'), 'unknown');
    assert.equal(parseIpv6('1:2:3'), null);
    assert.equal(parseIpv6('::1::'), null);
    assert.deepEqual(parseIpv6('::ffff:1.2.3.4'), [0, 0, 0, 0, 0, 0xffff, 0x102, 0x304]);
  });
});
