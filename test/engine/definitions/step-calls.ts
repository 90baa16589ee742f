/** What a stock workflow step calls, found as KubeVela finds it (kubevela/pkg cue/cuex/compiler.go Resolve). */
import assert from 'node:assert/strict';
import type { Value } from '../../../engine/cue/index.ts';
import { compile, parse } from '../../../engine/cue/index.ts';
import { libraries } from '../../../engine/definitions/libraries.ts';
import { velaPackages } from '../../../engine/definitions/packages.ts';
import { StockDefinitions } from '../../../engine/definitions/registry.ts';
import { stockFiles } from '../../../engine/definitions/stock.generated.ts';
import type { JsonObject, JsonValue } from '../../../engine/json.ts';
import { dataOf } from '../../../engine/render/data.ts';

export interface Call {
  /** Where it stands in the step, such as `secret.apply`. */
  readonly at: string;
  /** `<provider>.<verb>`. */
  readonly verb: string;
  /** Null where they are not known in full. */
  readonly params: JsonValue;
}

export interface Played {
  readonly calls: readonly Call[];
  /** The calls as one text, each `<at> <verb>`. */
  readonly order: string;
  /** A value of the step after all calls, null where it is not known in full. */
  at(path: string): JsonValue;
}

/** What calls give back, by verb; of several the next one each time. */
export type Answers = Readonly<Record<string, JsonObject | readonly JsonObject[]>>;

const stock = new StockDefinitions(stockFiles);
const imports = velaPackages('step');
const context = {
  name: 'shop',
  appName: 'shop',
  namespace: 'prod',
  stepName: 'go',
  stepSessionID: 'abc123',
};

/** Plays a step to its end: calls are made one by one, and what they give back is filled in. */
export function play(step: string, parameter: JsonObject | null, answers: Answers = {}): Played {
  let value = evaluated(step, parameter);
  const calls: Call[] = [];
  const seen = new Map<string, number>();
  const done = new Set<string>();
  for (;;) {
    const next = findCall(value, [], done);
    if (next === null) break;
    done.add(next.path.join('\n'));
    const { path, verb } = next;
    const [provider = ''] = verb.split('.');
    const legacy = provider === 'op' || provider === 'ql';
    const params = jsonOf(legacy ? next.value : next.value.lookup('$params'));
    calls.push({ at: path.join('.'), verb, params });
    const turn = seen.get(verb) ?? 0;
    seen.set(verb, turn + 1);
    const answer = answerOf(answers[verb], turn);
    if (answer === null) continue;
    if (!legacy) value = value.fill([...path, '$returns'], dataOf(answer));
    else for (const [key, x] of Object.entries(answer)) value = value.fill([...path, key], dataOf(x));
  }
  return {
    calls,
    order: calls.map((c) => `${c.at} ${c.verb}`).join(', '),
    at: (path) => jsonOf(value.lookup(path)),
  };
}

function evaluated(step: string, parameter: JsonObject | null): Value {
  const schematic = stock.find('workflowstep', step)?.schematic;
  assert.ok(schematic?.type === 'cue', step);
  const parsed = parse({ name: step, text: schematic.template.text });
  assert.ok(parsed.ok);
  const compiled = compile([parsed.value], { libraries, imports, declare: ['context', 'parameter'] });
  assert.ok(compiled.ok, compiled.ok ? '' : compiled.issues.map((i) => i.message).join('; '));
  const given = parameter === null ? {} : { parameter: dataOf(parameter) };
  return compiled.value.evaluate({ bindings: { context: dataOf(context), ...given } });
}

interface FoundCall {
  readonly path: readonly string[];
  readonly verb: string;
  readonly value: Value;
}

/** The first call that is not done, in the order of fields and inner ones first. Definitions are no calls. */
function findCall(value: Value, path: readonly string[], done: ReadonlySet<string>): FoundCall | null {
  const fields = value.fields({ optional: true, hidden: true });
  const inner: readonly (readonly [string, Value])[] =
    fields?.map((f) => [f.name, f.value]) ??
    value.elements()?.map((element, i) => [String(i), element]) ??
    [];
  for (const [label, x] of inner) {
    const found = label.startsWith('#') ? null : findCall(x, [...path, label], done);
    if (found !== null) return found;
  }
  const verb = value.lookup('#do').string();
  if (verb === null || done.has(path.join('\n'))) return null;
  return { path, verb: `${value.lookup('#provider').string()}.${verb}`, value };
}

function answerOf(answers: Answers[string] | undefined, turn: number): JsonObject | null {
  if (answers === undefined) return null;
  // An array of answers is the only array there is.
  const several = Array.isArray(answers) ? (answers as readonly JsonObject[]) : [answers as JsonObject];
  return several[Math.min(turn, several.length - 1)] ?? null;
}

function jsonOf(value: Value): JsonValue {
  const text = value.toJSONText();
  return text.ok ? (JSON.parse(text.value) as JsonValue) : null;
}
