/** CUE programs and what the real CUE says about them; the format is in test/corpus/cue/README.md. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compare, type Rules } from '../compare.ts';
import { type Ask, answer } from '../cue-answer.ts';
import { openProgram } from '../cue-program.ts';
import type { CorpusCase, Outcome, Suite } from '../suite.ts';

interface CaseFile {
  readonly budget?: boolean;
  /** The file that holds the source, beside the case. */
  readonly cue?: string;
  readonly ask: Ask;
  readonly expect: Readonly<Record<string, unknown>>;
}

const RULES: Rules = {
  information: new Set(['message', 'count', 'lines', 'paths', 'syntax', 'syntax-final']),
  // Where the real CUE gives no line, as for conflicts, one of ours is no mistake.
  mayBeMore: new Set(['line']),
};

export const suite: Suite = {
  folder: 'cue',
  cases(folder) {
    const paths = globSync('**/*.json', { cwd: folder }).map((path) => path.replaceAll('\\', '/'));
    return paths.sort().map((path): CorpusCase => ({ path, run: () => runFile(folder, path) }));
  },
};

function runFile(folder: string, path: string): Outcome {
  const file = join(folder, path);
  const json = readFileSync(file, 'utf8');
  const one: CaseFile = JSON.parse(json);
  const source = one.cue === undefined ? file.replace(/\.json$/, '.cue') : join(dirname(file), one.cue);
  const text = readFileSync(source, 'utf8');
  const full = one.ask.append === undefined ? text : `${text}\n${one.ask.append}`;
  const got = ask(full, { ...one, ask: JSON.parse(json, keepNumber).ask });
  const answered = { ...one, expect: got };
  if (isExcused(one, got)) return { differences: [], information: {}, got: answered };
  const { differences, information } = compare(withoutTexts(one.expect), withoutTexts(got), RULES);
  return { differences, information, got: answered };
}

/** That a schema is refused counts, the words do not. */
function withoutTexts(facts: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { openapi } = facts;
  const isRefused = typeof openapi === 'object' && openapi !== null && 'error' in openapi;
  return isRefused ? { ...facts, openapi: 'refused' } : facts;
}

/** JSON's numbers as written, which newer runtimes can keep and tell; `1.0` is a float in CUE. */
interface RawJson {
  readonly rawJSON: (text: string) => unknown;
}

function keepNumber(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const text = context?.source;
  if (typeof value !== 'number' || text === undefined || text === String(value)) return value;
  return (JSON as unknown as RawJson).rawJSON(text); // not in TypeScript's library yet
}

function ask(text: string, one: CaseFile): Readonly<Record<string, unknown>> {
  try {
    return answer(openProgram(text, one.ask.fills ?? [], one.budget === true), one.ask);
  } catch (thrown) {
    const error = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    return { thrown: error.split('\n').slice(0, 4).join(' ') };
  }
}

/** Cases for which more than one answer is right. */
function isExcused(one: CaseFile, got: Readonly<Record<string, unknown>>): boolean {
  if ('thrown' in got) return false;
  if ('noAnswer' in one.expect || 'panic' in one.expect) return true;
  return one.budget === true && mentionsBudget(got);
}

function mentionsBudget(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if ('code' in value && value.code === 'budget') return true;
  return Object.values(value).some(mentionsBudget);
}
