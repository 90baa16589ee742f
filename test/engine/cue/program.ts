/** Compiles and evaluates a text for the tests of this folder. */
import assert from 'node:assert/strict';
import {
  type Budget,
  compile,
  type Data,
  type Diagnostic,
  parse,
  type Template,
  type Value,
} from '../../../engine/cue/index.ts';
import { libraries } from '../../../engine/definitions/libraries.ts';

export function templateOf(text: string, declare: readonly string[] = []): Template {
  const parsed = parse({ name: 'in.cue', text });
  assert.ok(parsed.ok, 'the text parses');
  const compiled = compile([parsed.value], { libraries, declare });
  assert.ok(compiled.ok, compiled.ok ? '' : compiled.issues.map((i) => i.message).join('; '));
  return compiled.value;
}

export function evaluated(text: string, budget: Partial<Budget> = {}): Value {
  return templateOf(text).evaluate({ budget });
}

/** The issues of a text that parses and does not compile. */
export function refused(text: string): readonly Diagnostic[] {
  const parsed = parse({ name: 'in.cue', text });
  assert.ok(parsed.ok, 'the text parses');
  const compiled = compile([parsed.value], { libraries });
  assert.ok(!compiled.ok, 'the text does not compile');
  return compiled.issues;
}

export function json(value: Value): string {
  const result = value.toJSONText();
  assert.ok(result.ok, result.ok ? '' : result.error.message);
  return result.value;
}

export function struct(fields: Readonly<Record<string, Data>>): Data {
  return { type: 'struct', fields: new Map(Object.entries(fields)) };
}
