import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatFile } from '../../../../engine/cue/syntax/format.ts';
import { parse, parseExpr } from '../../../../engine/cue/syntax/parser.ts';
import { corpusTexts, mutate, seeded } from '../../../support/cue-texts.ts';

const SEED = 20_241;
const RUNS = process.env['MAINSHEET_LONG'] === '1' ? 100_000 : 5000;

test('whatever the text, the parser gives a tree or issues within the text', () => {
  const random = seeded(SEED);
  const texts = corpusTexts().filter((text) => text.length < 3000);
  for (let run = 0; run < RUNS; run++) {
    let text = texts[Math.floor(random() * texts.length)] ?? '';
    for (let n = 1 + Math.floor(random() * 3); n > 0; n--) text = mutate(text, random);
    const source = { name: 'fuzz.cue', text };
    const result = parse(source);
    parseExpr(source);
    if (result.ok) {
      formatFile(result.value);
      formatFile(result.value, { simplify: true });
      continue;
    }
    assert.ok(result.issues.length > 0, JSON.stringify(text));
    for (const { span, line, column } of result.issues) {
      assert.ok(span.start >= 0 && span.start <= span.end && span.end <= text.length, JSON.stringify(text));
      assert.ok(line >= 1 && column >= 1);
    }
  }
});

test('a text of random characters is no different', () => {
  const random = seeded(SEED);
  const alphabet = '{}[]()"\'#\\,:?!=<>&|+-*/@._ \n\t\rab1é😀\u0000\ud800';
  for (let run = 0; run < RUNS; run++) {
    const length = Math.floor(random() * 60);
    let text = '';
    for (let i = 0; i < length; i++) text += alphabet[Math.floor(random() * alphabet.length)];
    const result = parse({ name: 'fuzz.cue', text });
    if (result.ok) formatFile(result.value);
  }
});
