/** Values for the tests of what is made of them. */
import assert from 'node:assert/strict';
import { compile, parse, type Value } from '../../../../engine/cue/index.ts';
import { libraries } from '../../../../engine/definitions/libraries.ts';

/** The value that a text means, evaluated. */
export function evaluated(text: string): Value {
  const parsed = parse({ name: 'test.cue', text });
  assert.ok(parsed.ok, parsed.ok ? '' : parsed.issues[0]?.message);
  const compiled = compile([parsed.value], { libraries });
  assert.ok(compiled.ok, compiled.ok ? '' : compiled.issues[0]?.message);
  const value = compiled.value.evaluate();
  value.kind();
  return value;
}

/** The value at a path, evaluated. */
export function at(text: string, path: string): Value {
  const value = evaluated(text).lookup(path);
  value.kind();
  return value;
}
