/** Package `encoding/yaml`, by the library passed in. `Validate` and `ValidatePartial` are the evaluator's. */
import { textValidator } from '../eval/text-validator.ts';
import type { BuiltinEnv, BuiltinError, Data, Outcome, StdPackage } from './builtin.ts';
import { evalError, isBuiltinError, isList } from './builtin.ts';
import { functionsOf, overBudget } from './define.ts';
import { jsonSize } from './json-text.ts';
import { decodeUtf8, isUtf8 } from './utf8.ts';

const define = functionsOf('encoding/yaml');

/** The documents of a YAML stream. Errors: what the library refuses, bytes that are no UTF-8, budget. */
function parseYaml(source: string | Uint8Array, env: BuiltinEnv): readonly Data[] | BuiltinError {
  // Reading makes tokens and nodes that take several times the text.
  if (!env.charge(source.length * 8)) return overBudget();
  if (typeof source !== 'string' && !isUtf8(source)) return evalError('yaml: invalid UTF-8');
  return env.yaml.parse(typeof source === 'string' ? source : decodeUtf8(source));
}

function unmarshal(source: string | Uint8Array, env: BuiltinEnv): Outcome {
  const documents = parseYaml(source, env);
  if (isBuiltinError(documents)) return documents;
  if (documents.length > 1) return evalError('expected a single YAML document');
  return documents[0] === undefined ? { type: 'absent' } : documents[0];
}

function marshal(value: Data, env: BuiltinEnv): Data | BuiltinError {
  // Indentation and block style make YAML longer than JSON.
  return env.charge(jsonSize(value) * 2) ? env.yaml.stringify(value) : overBudget();
}

function marshalStream(value: Data, env: BuiltinEnv): Data | BuiltinError {
  if (!isList(value)) return evalError('cannot use value as list');
  const documents: string[] = [];
  for (const item of value) {
    const text = marshal(item, env);
    if (typeof text !== 'string') return isBuiltinError(text) ? text : overBudget();
    documents.push(text);
  }
  return documents.join('---\n');
}

const UNMARSHAL = define('Unmarshal', ['source'], 'any', ([source], env) => unmarshal(source, env));

export const yaml: StdPackage = {
  path: 'encoding/yaml',
  evaluatorOwned: [
    textValidator(UNMARSHAL, 'Validate', { concrete: true, final: true }),
    textValidator(UNMARSHAL, 'ValidatePartial', {}),
  ],
  functions: [
    ...[
      define('Marshal', ['any'], 'string', ([value], env) => marshal(value, env)),
      define('MarshalStream', ['any'], 'string', ([value], env) => marshalStream(value, env)),
    ].map((fn) => ({ ...fn, keepsLiterals: true })),
    UNMARSHAL,
    define('UnmarshalStream', ['source'], 'any', ([source], env) => {
      const documents = parseYaml(source, env);
      // No document at all reads as null.
      if (isBuiltinError(documents)) return documents;
      return documents.length === 0 ? [null] : [...documents];
    }),
  ],
};
