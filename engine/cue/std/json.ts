/** Package `encoding/json`. `Validate` is the evaluator's, since it takes a schema. */
import { textValidator } from '../eval/text-validator.ts';
import type { BuiltinEnv, BuiltinError, Data, StdPackage } from './builtin.ts';
import { evalError, isBuiltinError, isList } from './builtin.ts';
import { functionsOf, overBudget } from './define.ts';
import { formatJson, jsonProblem, jsonSize, parseJson } from './json-text.ts';
import { decodeUtf8 } from './utf8.ts';

const define = functionsOf('encoding/json');

type Token = readonly [text: string, kind: 'open' | 'close' | 'comma' | 'colon' | 'scalar'];

/** The tokens of JSON that is known to be valid, as written. */
function tokens(text: string): Token[] {
  const result: Token[] = [];
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g)) {
    const kind =
      token === '{' || token === '['
        ? 'open'
        : token === '}' || token === ']'
          ? 'close'
          : token === ','
            ? 'comma'
            : token === ':'
              ? 'colon'
              : 'scalar';
    result.push([token, kind]);
  }
  return result;
}

/** The text of valid JSON, or the refusal of one that is not. Bytes that are no UTF-8 count as U+FFFD. */
function validText(source: string | Uint8Array): string | BuiltinError {
  const text = typeof source === 'string' ? source : decodeUtf8(source);
  return jsonProblem(text) ?? text;
}

/** Go's json.Indent: empty containers stay closed up, space behind the value is kept, space before it goes. */
function indent(text: string, prefix: string, step: string, env: BuiltinEnv): string | BuiltinError {
  const parts: string[] = [];
  let depth = 0;
  let opened = false;
  const newline = (): boolean => {
    const width = 1 + prefix.length + step.length * depth;
    if (!env.charge(width)) return false;
    parts.push(`\n${prefix}${step.repeat(depth)}`);
    return true;
  };
  for (const [token, kind] of tokens(text)) {
    if (opened && kind !== 'close' && !newline()) return overBudget();
    const empty = opened && kind === 'close';
    opened = kind === 'open';
    if (kind === 'open') depth++;
    if (kind === 'close') {
      depth--;
      if (!empty && !newline()) return overBudget();
    }
    parts.push(kind === 'colon' ? ': ' : token);
    if (kind === 'comma' && !newline()) return overBudget();
  }
  return parts.join('') + (/[ \t\r\n]*$/.exec(text)?.[0] ?? '');
}

function htmlEscape(text: string): string {
  return text.replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function unmarshalled(
  source: string | Uint8Array,
  single: boolean,
  env: BuiltinEnv,
): readonly Data[] | BuiltinError {
  if (!env.charge(source.length)) return overBudget();
  return parseJson(source, single, (depth) => env.nest(depth));
}

function marshalStream(value: Data, env: BuiltinEnv): Data | BuiltinError {
  if (!isList(value)) return evalError('cannot use value as list');
  if (!env.charge(jsonSize(value))) return overBudget();
  return value.map((item) => `${formatJson(item)}\n`).join('');
}

const UNMARSHAL = define('Unmarshal', ['source'], 'any', ([bytes], env) => {
  const values = unmarshalled(bytes, true, env);
  return isBuiltinError(values) ? values : (values[0] ?? null);
});

export const json: StdPackage = {
  path: 'encoding/json',
  evaluatorOwned: [textValidator(UNMARSHAL, 'Validate', { final: true })],
  functions: [
    define('Valid', ['source'], 'bool', ([bytes]) => !isBuiltinError(validText(bytes))),
    define('Compact', ['source'], 'string', ([bytes], env) => {
      if (!env.charge(bytes.length)) return overBudget();
      const text = validText(bytes);
      return isBuiltinError(text)
        ? text
        : tokens(text)
            .map(([token]) => token)
            .join('');
    }),
    define('Indent', ['source', 'string', 'string'], 'string', ([bytes, prefix, step], env) => {
      if (!env.charge(bytes.length)) return overBudget();
      const text = validText(bytes);
      return isBuiltinError(text) ? text : indent(text, prefix, step, env);
    }),
    define('HTMLEscape', ['source'], 'string', ([bytes], env) =>
      env.charge(bytes.length * 2)
        ? htmlEscape(typeof bytes === 'string' ? bytes : decodeUtf8(bytes))
        : overBudget(),
    ),
    define('Marshal', ['any'], 'string', ([value], env) =>
      env.charge(jsonSize(value)) ? formatJson(value) : overBudget(),
    ),
    define('MarshalStream', ['any'], 'string', ([value], env) => marshalStream(value, env)),
    UNMARSHAL,
    define('UnmarshalStream', ['source'], 'any', ([bytes], env) => unmarshalled(bytes, false, env)),
  ],
};
