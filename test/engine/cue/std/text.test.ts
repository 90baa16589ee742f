import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeBase64, encodeBase64 } from '../../../../engine/cue/std/base64-text.ts';
import { countOf, finder, lastIndexOf } from '../../../../engine/cue/std/text-search.ts';
import * as utf8 from '../../../../engine/cue/std/utf8.ts';

const text = fc.string({ unit: 'binary', maxLength: 40 });

test('UTF-8 goes there and back as the platform has it', () => {
  fc.assert(
    fc.property(text, (value) => {
      const bytes = utf8.encodeUtf8(value);
      assert.deepEqual(Buffer.from(bytes), Buffer.from(value, 'utf8'));
      assert.equal(utf8.byteLength(value), bytes.length);
      assert.equal(utf8.decodeUtf8(bytes), value);
      assert.equal(utf8.runeCount(value), Array.from(value).length);
    }),
  );
});

test('broken UTF-8 decodes to the replacement characters that the platform gives', () => {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const byte = fc.oneof(fc.nat(255), fc.constantFrom(0xe4, 0xb8, 0xf0, 0x9f, 0x98, 0xc2, 0xed, 0xa0, 0x80));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), fc.array(byte, { maxLength: 8 }), (a, b) => {
      for (const bytes of [a, Uint8Array.from(b)])
        assert.equal(utf8.decodeUtf8(bytes), decoder.decode(bytes));
    }),
    { numRuns: 2000 },
  );
});

test('texts are ordered by their bytes', () => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      assert.equal(utf8.compareText(a, b), Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});

test('base64 goes there and back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
      const encoded = encodeBase64(bytes);
      assert.equal(encoded, Buffer.from(bytes).toString('base64'));
      assert.deepEqual(decodeBase64(encoded), bytes);
    }),
  );
});

test('the linear search finds what the plain one finds', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 40, maxLength: 60 });
  fc.assert(
    fc.property(letters, fc.array(letters, { maxLength: 6 }), (pattern, parts) => {
      // Long enough that the linear way is taken.
      const long = `${parts.join(pattern)}${'ab'.repeat(60_000)}${pattern}`;
      assert.equal(finder(long, pattern)(0), long.indexOf(pattern));
      assert.equal(lastIndexOf(long, pattern), long.lastIndexOf(pattern));
      assert.equal(countOf(long, pattern), long.split(pattern).length - 1);
    }),
    { numRuns: 20 },
  );
});
