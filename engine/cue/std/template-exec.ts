/** Runs a Go template over data, within the budget. */
import type { BuiltinEnv, BuiltinError, Data } from './builtin.ts';
import { evalError, isBuiltinError } from './builtin.ts';
import { overBudget } from './define.ts';
import { formatSize, goText, printedSize } from './go-format.ts';
import type { GoValue } from './go-value.ts';
import { fromData, goInt, goType, isGoInt, isGoList, isGoMap, isTrue } from './go-value.ts';
import { callTemplateFunction } from './template-functions.ts';
import type { Operand, Pipeline, TemplateNode, Templates } from './template-parse.ts';
import { parseTemplate } from './template-parse.ts';

/** Templates that call each other deeper than this are stopped. */
const MAX_DEPTH = 100;
/** Charged for each node that is run. */
const NODE_BYTES = 32;

/** Thrown inside the execution alone, to get out of it. */
class Stopped {
  readonly error: BuiltinError;
  constructor(error: BuiltinError) {
    this.error = error;
  }
}

function stop(message: string): never {
  throw new Stopped(evalError(`template: ${message}`));
}

/** The text that a template makes of data. Errors: a malformed template, a failing call, the budget. */
export function executeTemplate(source: string, data: Data, env: BuiltinEnv): string | BuiltinError {
  const templates = parseTemplate(source);
  if (isBuiltinError(templates)) return templates;
  // A nil at the top is no value, where one inside is nil.
  const root = fromData(data) ?? undefined;
  const execution = new Execution(templates, env);
  try {
    execution.run('', root, 0);
  } catch (stopped) {
    if (stopped instanceof Stopped) return stopped.error;
    throw stopped;
  }
  return execution.output.join('');
}

interface Variable {
  readonly name: string;
  value: GoValue;
}
type Flow = 'next' | 'break' | 'continue';

class Execution {
  readonly output: string[] = [];
  readonly #templates: Templates;
  readonly #env: BuiltinEnv;
  #variables: Variable[] = [];
  #depth = 0;

  constructor(templates: Templates, env: BuiltinEnv) {
    this.#templates = templates;
    this.#env = env;
  }

  #charge(bytes: number): void {
    if (!this.#env.charge(bytes)) throw new Stopped(overBudget());
  }

  run(name: string, dot: GoValue, depth: number): void {
    const nodes = this.#templates.get(name);
    if (!nodes) stop(`template "${name}" not defined`);
    if (depth > MAX_DEPTH) stop(`exceeded maximum template depth (${MAX_DEPTH})`);
    const [variables, before] = [this.#variables, this.#depth];
    this.#variables = [{ name: '$', value: dot }];
    this.#depth = depth;
    this.#walk(nodes, dot);
    this.#variables = variables;
    this.#depth = before;
  }

  #walk(nodes: readonly TemplateNode[], dot: GoValue): Flow {
    for (const node of nodes) {
      this.#charge(NODE_BYTES);
      const flow = this.#node(node, dot);
      if (flow !== 'next') return flow;
    }
    return 'next';
  }

  #node(node: TemplateNode, dot: GoValue): Flow {
    switch (node.type) {
      case 'text':
        this.#print(node.text);
        return 'next';
      case 'action': {
        const value = this.#pipeline(node.pipeline, dot);
        if (node.pipeline.variables.length > 0) return 'next';
        this.#charge(printedSize(value));
        this.#print(value === undefined ? '<no value>' : goText(value));
        return 'next';
      }
      case 'break':
      case 'continue':
        return node.type;
      case 'template':
        this.run(node.name, node.pipeline ? this.#pipeline(node.pipeline, dot) : undefined, this.#depth + 1);
        return 'next';
      case 'if':
      case 'with':
        return this.#scoped(() => {
          const value = this.#pipeline(node.pipeline, dot);
          const [nodes, inner] = isTrue(value)
            ? [node.body, node.type === 'with' ? value : dot]
            : [node.otherwise, dot];
          return this.#walk(nodes, inner);
        });
      case 'range':
        return this.#scoped(() => this.#range(node.pipeline, node, dot));
      default:
        return node satisfies never;
    }
  }

  #print(text: string): void {
    this.#charge(text.length);
    this.output.push(text);
  }

  #scoped(run: () => Flow): Flow {
    const mark = this.#variables.length;
    const flow = run();
    this.#variables.length = mark;
    return flow;
  }

  #range(
    pipeline: Pipeline,
    node: { readonly body: readonly TemplateNode[]; readonly otherwise: readonly TemplateNode[] },
    dot: GoValue,
  ): Flow {
    const value = this.#pipeline({ ...pipeline, variables: [], assigns: false }, dot);
    const mark = this.#variables.length;
    let ran = false;
    for (const [index, item] of this.#entries(value, pipeline.variables.length)) {
      ran = true;
      this.#variables.length = mark;
      this.#bindIteration(pipeline, index, item);
      this.#charge(NODE_BYTES);
      if (this.#walk(node.body, item) === 'break') break;
    }
    if (ran) return 'next';
    this.#variables.length = mark;
    return this.#walk(node.otherwise, dot);
  }

  /** One variable takes the item, two take the index and the item. */
  #bindIteration({ variables, assigns }: Pipeline, index: GoValue, item: GoValue): void {
    const values = variables.length === 1 ? [item] : [index, item];
    for (const [i, name] of variables.entries()) {
      if (assigns) this.#assign(name, values[i]);
      else this.#variables.push({ name, value: values[i] });
    }
  }

  *#entries(value: GoValue, variables: number): Generator<readonly [GoValue, GoValue]> {
    if (value === null || value === undefined) return;
    if (isGoInt(value)) {
      if (variables > 1) stop(`can't use ${value.value} to iterate over more than one variable`);
      for (let i = 0n; i < value.value; i++) yield [goInt(i), goInt(i)];
      return;
    }
    if (isGoMap(value)) return yield* value;
    if (value instanceof Uint8Array) {
      for (const [index, byte] of value.entries()) yield [goInt(index), goInt(byte, 'uint8')];
      return;
    }
    if (!isGoList(value)) stop(`range can't iterate over ${goType(value)}`);
    for (const [index, item] of value.entries()) yield [goInt(index), item];
  }

  #assign(name: string, value: GoValue): void {
    const variable = this.#variables.findLast((one) => one.name === name);
    if (!variable) stop(`undefined variable: ${name}`);
    variable.value = value;
  }

  #pipeline(pipeline: Pipeline, dot: GoValue): GoValue {
    let final: readonly GoValue[] = [];
    for (const command of pipeline.commands) {
      // What an interface holds is taken out of it: a nil is no value then.
      const value = this.#command(command, dot, final) ?? undefined;
      final = [value];
    }
    const [value] = final;
    for (const name of pipeline.variables) {
      if (pipeline.assigns) this.#assign(name, value);
      else this.#variables.push({ name, value });
    }
    return value;
  }

  #command([first, ...rest]: readonly Operand[], dot: GoValue, final: readonly GoValue[]): GoValue {
    if (first?.type === 'function') return this.#function(first.name, rest, dot, final);
    if (rest.length > 0 || final.length > 0) stop("can't give argument to non-function");
    if (!first || first.type === 'nil') stop('nil is not a command');
    return this.#operand(first, dot);
  }

  #operand(operand: Operand, dot: GoValue): GoValue {
    this.#charge(NODE_BYTES);
    switch (operand.type) {
      case 'dot':
        return dot;
      case 'nil':
        return null;
      case 'literal':
        return operand.value;
      case 'field':
        return fieldsOf(dot, operand.names);
      case 'variable': {
        const variable = this.#variables.findLast((one) => one.name === operand.name);
        if (!variable) stop(`undefined variable: ${operand.name}`);
        return fieldsOf(variable.value, operand.names);
      }
      case 'function':
        return this.#function(operand.name, [], dot, []);
      case 'pipeline':
        return this.#pipeline(operand.pipeline, dot);
      case 'chain':
        return fieldsOf(this.#operand(operand.of, dot), operand.names);
      default:
        return operand satisfies never;
    }
  }

  #function(name: string, operands: readonly Operand[], dot: GoValue, final: readonly GoValue[]): GoValue {
    if (name === 'and' || name === 'or') return this.#logic(name, operands, dot, final);
    const args = [...operands.map((operand) => this.#operand(operand, dot)), ...final];
    const [format, ...values] = args;
    const size = name === 'printf' && typeof format === 'string' ? formatSize(format, values) : 0;
    this.#charge(size + args.reduce<number>((sum, arg) => sum + printedSize(arg) * 4, 0));
    const result = callTemplateFunction(name, args);
    if (!('ok' in result)) throw new Stopped({ ...result, message: `template: ${result.message}` });
    return result.value;
  }

  /** The first argument that decides, or the last; what stands behind it is not evaluated. */
  #logic(name: 'and' | 'or', operands: readonly Operand[], dot: GoValue, final: readonly GoValue[]): GoValue {
    if (operands.length + final.length === 0) stop(`wrong number of args for ${name}: want at least 1 got 0`);
    let value: GoValue;
    for (const operand of operands) {
      value = this.#operand(operand, dot);
      if (isTrue(value) === (name === 'or')) return value;
    }
    return final.length > 0 ? final[0] : value;
  }
}

/** Follows field names into maps. A missing key is no value, and so is all behind it; a nil has no fields. */
function fieldsOf(start: GoValue, names: readonly string[]): GoValue {
  let value = start;
  for (const name of names) {
    if (value === undefined) return undefined;
    if (value === null) stop(`nil pointer evaluating interface {}.${name}`);
    if (!isGoMap(value)) stop(`can't evaluate field ${name} in type ${goType(value)}`);
    value = value.get(name);
  }
  return value;
}
