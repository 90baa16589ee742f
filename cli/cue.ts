/** `mainsheet cue`: evaluating, checking and formatting CUE with the engine that the service runs. */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { renderDiagnostics } from '../engine/cue/error-text.ts';
import { FINAL_SYNTAX, formatFile, formatNode, syntaxOf } from '../engine/cue/format.ts';
import {
  type CueError,
  compile,
  type Data,
  type Diagnostic,
  parse,
  parseExpr,
  type Value,
} from '../engine/cue/index.ts';
import { libraries } from '../engine/definitions/libraries.ts';
import type { CommandIo } from './main.ts';

const usage = `usage: mainsheet cue eval FILE... [-e EXPR] [--out json|cue] [--data NAME=FILE]
       mainsheet cue vet FILE... [--concrete] [--data NAME=FILE]
       mainsheet cue fmt FILE... [--check]

  -e, --expression EXPR   print the value of an expression instead of the whole
      --out FORMAT        json (default) or cue
      --data NAME=FILE    unify the JSON of a file with the top-level field NAME; may be repeated
      --concrete          refuse values that are not complete
      --check             only tell which files are not formatted

FILE - reads standard input. Several files are one program. The exit status is 1 for errors, 2 for wrong usage.
`;

type Mode = 'eval' | 'vet' | 'fmt';

interface Flags {
  readonly expression: string | undefined;
  readonly out: string;
  readonly data: readonly string[];
  readonly concrete: boolean;
  readonly check: boolean;
}

export async function cue(args: readonly string[], io: CommandIo): Promise<number> {
  let parsed: ReturnType<typeof parseFlags>;
  try {
    parsed = parseFlags(args);
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error), io);
  }
  const { values, positionals } = parsed;
  if (values.help) {
    io.out(usage);
    return 0;
  }
  const [mode, ...files] = positionals;
  if (mode !== 'eval' && mode !== 'vet' && mode !== 'fmt')
    return wrong('The first word is eval, vet or fmt.', io);
  if (files.length === 0) return wrong('No file is named.', io);
  if (values.out !== 'json' && values.out !== 'cue') return wrong(`"${values.out}" is no format.`, io);
  return run(mode, files, { ...values, expression: values.expression }, io);
}

function parseFlags(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      expression: { type: 'string', short: 'e' },
      out: { type: 'string', default: 'json' },
      data: { type: 'string', multiple: true, default: [] },
      concrete: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
}

function wrong(message: string, io: CommandIo): 2 {
  io.err(`${message}\n\n${usage}`);
  return 2;
}

function run(mode: Mode, names: readonly string[], flags: Flags, io: CommandIo): number {
  const texts = new Map<string, string>();
  const bindings: Record<string, Data> = {};
  try {
    for (const name of names) texts.set(name, read(name));
    for (const one of flags.data) {
      const at = one.indexOf('=');
      if (at < 1) return wrong(`--data ${one}: a name, = and a file are wanted.`, io);
      const file = one.slice(at + 1);
      const text = read(file);
      const data = dataOf(file, text);
      if (!data.ok) return failed(data.issues, new Map([[file, text]]), io);
      bindings[one.slice(0, at)] = data.value;
    }
  } catch (error) {
    io.err(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
  return mode === 'fmt' ? format(texts, flags, io) : evaluate(mode, texts, { flags, bindings }, io);
}

function read(name: string): string {
  return readFileSync(name === '-' ? 0 : name, 'utf8');
}

type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly issues: readonly Diagnostic[] };

/** JSON is CUE, so it is read as such: numbers keep how they are written, and mistakes have their place. */
function dataOf(name: string, text: string): Read<Data> {
  const opened = open(new Map([[name, text]]), {});
  if (!opened.ok) return opened;
  const data = opened.value.toData();
  return data.ok ? data : { ok: false, issues: data.error.diagnostics };
}

function open(texts: ReadonlyMap<string, string>, bindings: Readonly<Record<string, Data>>): Read<Value> {
  const files = [];
  for (const [name, text] of texts) {
    const parsed = parse({ name, text });
    if (!parsed.ok) return { ok: false, issues: parsed.issues.map((issue) => syntaxDiagnostic(name, issue)) };
    files.push(parsed.value);
  }
  const compiled = compile(files, { libraries, declare: Object.keys(bindings) });
  return compiled.ok ? { ok: true, value: compiled.value.evaluate({ bindings }) } : compiled;
}

function syntaxDiagnostic(
  source: string,
  issue: { readonly message: string; readonly line: number; readonly column: number },
): Diagnostic {
  const position = { source, line: issue.line, column: issue.column };
  return { code: 'syntax', path: [], pathText: '', message: issue.message, position, positions: [position] };
}

function failed(issues: readonly Diagnostic[], texts: ReadonlyMap<string, string>, io: CommandIo): 1 {
  io.err(`${renderDiagnostics(issues, texts)}\n`);
  return 1;
}

const RESULT = 'mainsheet-result';

function evaluate(
  mode: 'eval' | 'vet',
  texts: ReadonlyMap<string, string>,
  asked: { readonly flags: Flags; readonly bindings: Readonly<Record<string, Data>> },
  io: CommandIo,
): number {
  const { flags, bindings } = asked;
  const all = new Map(texts);
  // The expression is a field of its own behind the program, so that it sees the program's names.
  if (flags.expression !== undefined) {
    const source = { name: 'expression', text: flags.expression };
    const parsed = parseExpr(source);
    if (!parsed.ok)
      return failed(
        parsed.issues.map((issue) => syntaxDiagnostic(source.name, issue)),
        new Map([[source.name, source.text]]),
        io,
      );
    all.set(source.name, `"${RESULT}": ${source.text}`);
  }
  const opened = open(all, bindings);
  if (!opened.ok) return failed(opened.issues, all, io);
  const value = flags.expression === undefined ? opened.value : opened.value.lookup([RESULT]);
  const invalid = value.validate({ concrete: mode === 'vet' && flags.concrete });
  if (invalid !== null) return failed(invalid.diagnostics, all, io);
  if (mode === 'vet') return 0;
  if (flags.out === 'cue') {
    io.out(`${formatNode(syntaxOf(value, FINAL_SYNTAX).expr)}\n`);
    return 0;
  }
  const json = value.toJSONText();
  if (!json.ok) return failed(worthTelling(value, json.error), all, io);
  io.out(`${indented(json.value)}\n`);
  return 0;
}

/** Everything that is missing, and not only the first. */
function worthTelling(value: Value, error: CueError): readonly Diagnostic[] {
  return (value.validate({ concrete: true }) ?? error).diagnostics;
}

/** JSON text with line breaks, every number as it is written. */
function indented(json: string): string {
  let depth = 0;
  let out = '';
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|\{\}|\[\]|[{}[\]:,]|[^"{}[\]:,]+/g)) {
    if (token === '}' || token === ']') out += `\n${'  '.repeat(--depth)}${token}`;
    else if (token === '{' || token === '[') out += `${token}\n${'  '.repeat(++depth)}`;
    else if (token === ',') out += `,\n${'  '.repeat(depth)}`;
    else out += token === ':' ? ': ' : token;
  }
  return out;
}

function format(texts: ReadonlyMap<string, string>, flags: Flags, io: CommandIo): number {
  let status = 0;
  for (const [name, text] of texts) {
    const parsed = parse({ name, text });
    if (!parsed.ok) {
      status = failed(
        parsed.issues.map((issue) => syntaxDiagnostic(name, issue)),
        texts,
        io,
      );
      continue;
    }
    const formatted = formatFile(parsed.value);
    if (flags.check) {
      if (formatted === text) continue;
      io.out(`${name}\n`);
      status = 1;
    } else if (name === '-') io.out(formatted);
    else if (formatted !== text) writeFileSync(name, formatted);
  }
  return status;
}
