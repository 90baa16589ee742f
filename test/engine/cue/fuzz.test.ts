import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { compile, parse, type Value } from '../../../engine/cue/index.ts';
import { libraries } from '../../../engine/definitions/libraries.ts';
import { corpusTexts, seeded } from '../../support/cue-texts.ts';
import { vary } from '../../support/cue-variations.ts';

const SEED = 4_242;
const RUNS = process.env['MAINSHEET_LONG'] === '1' ? 100_000 : 3000;
const LONGEST_TEXT = 1500;
const BUDGET = { steps: 50_000, nodes: 10_000, bytes: 1 << 20 };
/** What a text of the longest length and all that its evaluation leaves behind may keep of the heap. */
const MOST_KEPT_BYTES = 96 << 20;

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

/** A program of the corpus, changed one to three times. */
function* programs(count: number): Generator<string> {
  const random = seeded(SEED);
  const texts = corpusTexts('budget').filter((text) => text.length < LONGEST_TEXT);
  for (let run = 0; run < count; run++) {
    let text = texts[Math.floor(random() * texts.length)] ?? '';
    for (let n = 1 + Math.floor(random() * 3); n > 0; n--) {
      const parsed = parse({ name: 'fuzz.cue', text });
      if (!parsed.ok) break;
      text = vary(parsed.value, random);
    }
    yield text;
  }
}

interface Spent {
  readonly outcome: string;
  readonly steps: number;
  readonly nodes: number;
  readonly bytes: number;
}

/** Asks a program everything that the service asks of one. */
function run(text: string): Spent {
  const nothing = { steps: 0, nodes: 0, bytes: 0 };
  const parsed = parse({ name: 'fuzz.cue', text });
  if (!parsed.ok) return { outcome: 'syntax', ...nothing };
  const compiled = compile([parsed.value], { libraries });
  if (!compiled.ok) return { outcome: 'compile', ...nothing };
  const value = compiled.value.evaluate({ budget: BUDGET });
  const outcome = value.validate()?.code ?? 'valid';
  for (const { value: field } of value.fields({ optional: true, hidden: true, definitions: true }) ?? [])
    ask(field);
  ask(value);
  const { steps, nodes, bytes, spent, depth, budget } = value.ctx;
  assert.ok(steps <= BUDGET.steps + 1 && nodes <= BUDGET.nodes + 1, text);
  // Where the depth is spent it was counted, and not the stack that ended.
  if (spent !== null && spent.issues[0]?.args[0] === 'depth') assert.ok(depth > budget.depth, text);
  return { outcome, steps, nodes, bytes };
}

function ask(value: Value): void {
  const error = value.error();
  if (error !== null) for (const one of error.diagnostics) assert.equal(typeof one.message, 'string');
  value.validate({ concrete: true })?.message;
  value.toJSONText();
  value.default()?.kind();
}

test(`whatever the program, it ends with a value or a coded error within its budget (${RUNS} programs)`, () => {
  const outcomes = new Map<string, number>();
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  for (const text of programs(RUNS)) {
    const { outcome } = run(text);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  collectGarbage();
  assert.ok(process.memoryUsage().heapUsed - before < MOST_KEPT_BYTES);
  // Most of the variations are programs, and of all kinds.
  for (const kind of ['valid', 'eval', 'compile']) assert.ok((outcomes.get(kind) ?? 0) > RUNS / 100, kind);
  assert.ok((outcomes.get('syntax') ?? 0) < RUNS / 4);
});

test('the same program spends the same, whatever was evaluated before it', () => {
  const texts = [...programs(300)];
  const first = texts.map(run);
  const again = texts.toReversed().map(run).toReversed();
  assert.deepEqual(again, first);
});
