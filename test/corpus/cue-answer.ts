/** Asks a CUE program everything that a corpus case asks, and gives the answers in the shape of its expectation. */
import { createHash } from 'node:crypto';

/** An error as the corpus tells it; `path`, `line` and the rest are absent where there is none. */
export interface Problem {
  readonly code: string;
  readonly path?: string;
  readonly line?: number;
  readonly lines?: readonly number[];
  readonly count?: number;
  readonly paths?: readonly string[];
  readonly message: string;
}

export type JsonAnswer = { readonly text: string } | { readonly problem: Problem };

/** A value, with the questions that the corpus asks. */
export interface AskedValue {
  exists(): boolean;
  kind(): string;
  incompleteKind(): string;
  isConcrete(): boolean;
  error(): Problem | null;
  validate(options: { readonly concrete: boolean; readonly final: boolean }): Problem | null;
  json(): JsonAnswer;
  /** The default, where there is one. */
  default(): AskedValue | null;
  /** The labels of all fields as the corpus spells them; null where the value has none to give. */
  fields(): readonly string[] | null;
  /** A list's length, or the bound of an open list's length as text. */
  length(): number | string;
  docs(): readonly string[];
  allows(label: string): boolean;
  syntax(form: 'docs' | 'final'): string;
  openapi(): unknown;
  lookup(path: string): AskedValue;
  /** The regular fields' values by name; a problem if they cannot be listed. */
  regularFields(): readonly (readonly [string, AskedValue])[] | Problem;
}

export type Opened =
  | { readonly stage: 'syntax' | 'compile'; readonly problem: Problem }
  | { readonly value: AskedValue };

export interface Fill {
  readonly path: string;
  readonly json?: unknown;
  readonly cue?: string;
}

export interface Ask {
  readonly append?: string;
  readonly fills?: readonly Fill[];
  readonly lookups?: readonly { readonly path: string; readonly want?: readonly string[] }[];
  readonly vela?: boolean;
  readonly openapi?: string;
}

type Answer = Record<string, unknown>;

const LONGEST_JSON = 16 << 10;

/** All answers about a program. */
export function answer(opened: Opened, ask: Ask): Answer {
  if ('stage' in opened) return { stage: opened.stage, error: opened.problem };
  const { value } = opened;
  const out: Answer = { top: top(value) };
  if (ask.lookups !== undefined && ask.lookups.length > 0) {
    const lookups: Answer = {};
    for (const { path, want } of ask.lookups) lookups[path] = look(value.lookup(path), want ?? []);
    out['lookups'] = lookups;
  }
  if (ask.vela === true) out['vela'] = vela(value);
  if (ask.openapi !== undefined) out['openapi'] = value.lookup(ask.openapi).openapi();
  return out;
}

function verdict(problem: Problem | null): unknown {
  return problem ?? 'ok';
}

function jsonFacts(value: AskedValue): Answer {
  const json = value.json();
  if ('problem' in json) return { jsonError: json.problem };
  const bytes = Buffer.byteLength(json.text);
  if (bytes <= LONGEST_JSON) return { json: json.text };
  return { jsonBytes: bytes, jsonSha256: createHash('sha256').update(json.text).digest('hex') };
}

function top(value: AskedValue): Answer {
  const out: Answer = {};
  const kind = value.incompleteKind();
  if (kind !== 'struct') out['kind'] = kind;
  const error = value.error();
  if (error !== null) out['error'] = error;
  out['validate'] = verdict(value.validate({ concrete: false, final: false }));
  out['concrete'] = verdict(value.validate({ concrete: true, final: false }));
  return { ...out, ...jsonFacts(value) };
}

function look(value: AskedValue, want: readonly string[]): Answer {
  const error = value.error();
  if (!value.exists()) return { exists: false, ...(error === null ? {} : { error }) };
  const out: Answer = { kind: value.kind() };
  const incompleteKind = value.incompleteKind();
  if (incompleteKind !== out['kind']) out['incompleteKind'] = incompleteKind;
  if (!value.isConcrete()) out['concrete'] = false;
  if (error !== null) out['error'] = error;
  const invalid = value.validate({ concrete: false, final: false });
  if (invalid !== null) out['validate'] = invalid;
  Object.assign(out, jsonFacts(value));
  const isList = incompleteKind === 'list';
  const length = isList ? value.length() : null;
  const fallback = typeof length === 'number' ? null : value.default();
  if (fallback !== null) out['default'] = jsonFacts(fallback);
  if (incompleteKind === 'struct' || incompleteKind === '_|_') {
    const fields = value.fields();
    if (fields !== null && (fields.length > 0 || incompleteKind === 'struct')) out['fields'] = fields;
  }
  if (length !== null) out['len'] = length;
  const docs = value.docs();
  if (docs.length > 0) out['docs'] = docs;
  for (const fact of want) {
    if (fact === 'syntax') out['syntax'] = value.syntax('docs');
    else if (fact === 'syntax-final') out['syntax-final'] = value.syntax('final');
    else if (fact.startsWith('allows:')) out[fact] = value.allows(fact.slice('allows:'.length));
  }
  return out;
}

/** What KubeVela asks of a template. */
function vela(root: AskedValue): Answer {
  const out: Answer = { validate: verdict(root.validate({ concrete: false, final: false })) };
  const errs = root.lookup('errs');
  if (errs.exists()) {
    const json = errs.json();
    out['errs'] = 'problem' in json ? json.problem : JSON.parse(json.text);
  }
  const output = root.lookup('output');
  if (output.exists()) out['output'] = compiled(output);
  const outputs = root.lookup('outputs');
  if (outputs.exists()) {
    const fields = outputs.regularFields();
    if ('code' in fields) out['outputs'] = { error: fields };
    else out['outputs'] = Object.fromEntries(fields.map(([name, value]) => [name, compiled(value)]));
  }
  for (const name of ['patch', 'patchOutputs']) {
    const value = root.lookup(name);
    if (!value.exists()) continue;
    const docs = value.docs();
    out[name] = { ...(docs.length > 0 ? { docs } : {}), syntax: value.syntax('docs'), ...compiled(value) };
  }
  return out;
}

function compiled(value: AskedValue): Answer {
  const error = value.error();
  if (error !== null) return { at: 'err', error };
  const invalid = value.validate({ concrete: true, final: true });
  if (invalid !== null) return { at: 'validate', error: invalid };
  const json = value.json();
  return 'problem' in json ? { at: 'json', error: json.problem } : { json: json.text };
}
