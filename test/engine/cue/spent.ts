/** What programs spend, for comparing runtimes. Runs wherever the engine does. */
import { compile, parse } from '../../../engine/cue/index.ts';
import { libraries } from '../../../engine/definitions/libraries.ts';

export interface Spent {
  readonly code: string;
  readonly steps: number;
  readonly nodes: number;
  readonly bytes: number;
  readonly json: string | null;
}

export function spent(text: string): Spent {
  const parsed = parse({ name: 'in.cue', text });
  if (!parsed.ok)
    return { code: parsed.issues[0]?.code ?? 'syntax', steps: 0, nodes: 0, bytes: 0, json: null };
  const compiled = compile([parsed.value], { libraries });
  if (!compiled.ok) return { code: 'compile', steps: 0, nodes: 0, bytes: 0, json: null };
  const value = compiled.value.evaluate();
  const code = value.validate()?.code ?? 'valid';
  const json = value.toJSONText();
  const { steps, nodes, bytes } = value.ctx;
  return { code, steps, nodes, bytes, json: json.ok ? json.value : null };
}

/** Whether the depth was counted to its end, and the stack did not end before it. */
export function depthIsCounted(text: string): boolean {
  const parsed = parse({ name: 'in.cue', text });
  if (!parsed.ok) return parsed.issues.every((issue) => issue.code === 'budget');
  const compiled = compile([parsed.value], { libraries });
  if (!compiled.ok) return false;
  const value = compiled.value.evaluate();
  const ended = value.validate()?.code !== 'budget' && value.toJSONText().ok;
  return ended || value.ctx.depth > value.ctx.budget.depth || value.ctx.spent?.issues[0]?.args[0] !== 'depth';
}

const times = (n: number, text: string): string => text.repeat(n);

/** Programs that nest without end, or as deep as a text can. */
export const DEEP: Readonly<Record<string, string>> = {
  'endless structure': '#F: {n: int, out: (#F & {"n": n + 1}).out}\nx: (#F & {n: 0}).out',
  'endless text': 'a: "\\(((p) & (_)).x != _|_)"\np: {for k, v in ("\\(((p) & (_)).x != _|_)") {x?: int}}',
  'long chain of references': `${Array.from({ length: 3000 }, (_, i) => `a${3000 - i}: a${2999 - i} + 1`).join('\n')}\na0: 1`,
  'endless call': 'a: len([a][0])\nb: close([b][0])',
  'endless list': 'a: [a][0] | [b]\nb: [...a] & [b]',
  'nested structs': `x: ${times(400, '{a: ')}1${times(400, '}')}`,
  'nested lists': `x: ${times(400, '[')}1${times(400, ']')}`,
  'nested disjunctions': `x: ${times(300, '(1 | ')}2${times(300, ')')}`,
  'nested JSON text':
    'import "encoding/json"\nimport "strings"\nx: json.Unmarshal(strings.Repeat("[", 1150) + strings.Repeat("]", 1150))\ny: json.Marshal(x)',
  'JSON text nested without end':
    'import "encoding/json"\nimport "strings"\nlet s = strings.Repeat("{\\"a\\":", 9000) + "1" + strings.Repeat("}", 9000)\nx: json.Unmarshal("{\\"a\\":" + s + ",\\"a\\":" + s + "}")',
  'nested parentheses': `x: ${times(5000, '(')}1${times(5000, ')')}`,
  'nested conditions': `x: ${times(200, '{if true ')}{a: 1}${times(200, '}')}`,
  'nested list comprehensions': `x: ${times(200, '[for v in ')}[1]${times(200, ' {v}]')}`,
  'nested calls': `x: ${times(300, 'len([')}1${times(300, '])')}`,
  'nested interpolations': `x: ${times(100, '"\\(')}1${times(100, ')"')}`,
};
