import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { decodeBase64url, encodeBase64url } from '../../../engine/delivery/base64url.ts';
import { preAuthEncoding } from '../../../engine/delivery/dsse.ts';

it('encodes the example of the DSSE protocol', () => {
  const bytes = preAuthEncoding('http://example.com/HelloWorld', new TextEncoder().encode('hello world'));
  assert.equal(new TextDecoder().decode(bytes), 'DSSEv1 29 http://example.com/HelloWorld 11 hello world');
});

it('counts bytes, not characters', () => {
  const bytes = preAuthEncoding('é', new TextEncoder().encode('ü'));
  assert.equal(new TextDecoder().decode(bytes), 'DSSEv1 2 é 2 ü');
});

it('base64url agrees with Node and reads back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (bytes) => {
      const text = encodeBase64url(bytes);
      assert.equal(text, Buffer.from(bytes).toString('base64url'));
      assert.deepEqual(decodeBase64url(text), new Uint8Array(bytes));
    }),
  );
});

it('base64url refuses what is not it', () => {
  for (const text of ['a', 'ab=', 'a+b', 'QR', 'QQ ']) assert.equal(decodeBase64url(text), undefined, text);
});
