import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderDiagnostics } from '../../../engine/cue/error-text.ts';
import { compile, parse } from '../../../engine/cue/index.ts';
import { libraries } from '../../../engine/definitions/libraries.ts';

/** What a person is told about a template; one that is fine tells nothing. */
function told(...lines: readonly string[]): string {
  const text = lines.join('\n');
  const parsed = parse({ name: 'web.cue', text });
  assert.ok(parsed.ok);
  const compiled = compile([parsed.value], { libraries });
  const issues = compiled.ok
    ? (compiled.value.evaluate().validate({ concrete: true })?.diagnostics ?? [])
    : compiled.issues;
  return renderDiagnostics(issues, new Map([['web.cue', text]]));
}

function tells(name: string, template: readonly string[], message: readonly string[]): void {
  test(name, () => assert.equal(told(...template), message.join('\n')));
}

tells(
  'a text where a number is wanted is told with both places',
  ['parameter: port: int', 'parameter: {port: "80"}'],
  [
    'parameter.port: conflicting values int and "80" (mismatched types int and string)',
    '  web.cue:1:18',
    '    parameter: port: int',
    '                     ^',
    '  web.cue:2:19',
    '    parameter: {port: "80"}',
    '                      ^',
  ],
);
tells(
  'a misspelt parameter in the template is told with the name that was meant',
  ['parameter: {replicas: *1 | int}', 'output: spec: replicas: parameter.replica'],
  [
    'output.spec.replicas: undefined field: replica',
    '  did you mean replicas?',
    '  web.cue:2:35',
    '    output: spec: replicas: parameter.replica',
    '                                      ^',
  ],
);
tells(
  'a misspelt property is told with the name that was meant',
  ['#P: {image: string, cpu?: string}', 'parameter: #P & {imgae: "nginx", image: "x"}'],
  [
    'parameter.imgae: field not allowed',
    '  did you mean image?',
    '  web.cue:2:18',
    '    parameter: #P & {imgae: "nginx", image: "x"}',
    '                     ^',
  ],
);
tells(
  'a value outside of a choice is one error',
  ['parameter: type: "ClusterIP" | "NodePort"', 'parameter: type: "Nodeport"'],
  [
    'parameter.type: "Nodeport" is none of "ClusterIP", "NodePort"',
    '  web.cue:1:18',
    '    parameter: type: "ClusterIP" | "NodePort"',
    '                     ^             ^',
    '  web.cue:2:18',
    '    parameter: type: "Nodeport"',
    '                     ^',
  ],
);
tells(
  'a value out of bounds is told with the bound',
  ['parameter: port: >0 & <65536', 'parameter: port: 70000'],
  [
    'parameter.port: invalid value 70000 (out of bound <65536)',
    '  web.cue:1:23',
    '    parameter: port: >0 & <65536',
    '                          ^',
    '  web.cue:2:18',
    '    parameter: port: 70000',
    '                     ^',
  ],
);
tells(
  'an optional parameter read without a test is told at the place of reading',
  ['parameter: cpu?: string', 'output: cpu: parameter.cpu'],
  [
    'output.cpu: cannot reference optional field: cpu',
    '  web.cue:2:24',
    '    output: cpu: parameter.cpu',
    '                           ^',
  ],
);
tells(
  'an unknown name is told before anything is evaluated',
  ['output: name: contxt.name', 'context: name: "x"'],
  [
    'output.name: reference "contxt" not found',
    '  did you mean context?',
    '  web.cue:1:15',
    '    output: name: contxt.name',
    '                  ^',
  ],
);
tells(
  'an import without use is told',
  ['import "strings"', 'output: a: 1'],
  ['imported and not used: "strings"', '  web.cue:1:8', '    import "strings"', '           ^'],
);
tells(
  'a missing import is told as an unknown name',
  ['output: a: strings.ToUpper("x")'],
  [
    'output.a: reference "strings" not found',
    '  web.cue:1:12',
    '    output: a: strings.ToUpper("x")',
    '               ^',
  ],
);
tells(
  'a parameter that was not given is told at its declaration',
  ['parameter: image: string', 'output: "app"'],
  [
    'parameter.image: incomplete value string',
    '  web.cue:1:19',
    '    parameter: image: string',
    '                      ^',
  ],
);
tells(
  'a text that does not match is told with the pattern',
  ['parameter: name: =~"^[a-z]+$"', 'parameter: name: "A b"'],
  [
    'parameter.name: invalid value "A b" (out of bound =~"^[a-z]+$")',
    '  web.cue:1:18',
    '    parameter: name: =~"^[a-z]+$"',
    '                     ^',
    '  web.cue:2:18',
    '    parameter: name: "A b"',
    '                     ^',
  ],
);
tells(
  'lists of different lengths are told with both lengths',
  ['a: [1, 2] & [1, 2, 3]'],
  [
    'a: incompatible list lengths (2 and 3)',
    '  web.cue:1:4',
    '    a: [1, 2] & [1, 2, 3]',
    '       ^        ^',
  ],
);
tells(
  'a required field that is missing is told at its declaration',
  ['parameter: {cmd!: string}'],
  [
    'parameter.cmd: field is required but not present',
    '  web.cue:1:13',
    '    parameter: {cmd!: string}',
    '                ^',
  ],
);
tells(
  'a wrong element is told with its index',
  ['parameter: env: [...{name: string, value: string}]', 'parameter: env: [{name: "A", value: 1}]'],
  [
    'parameter.env.0.value: conflicting values 1 and string (mismatched types int and string)',
    '  web.cue:1:43',
    '    parameter: env: [...{name: string, value: string}]',
    '                                              ^',
    '  web.cue:2:37',
    '    parameter: env: [{name: "A", value: 1}]',
    '                                        ^',
  ],
);
tells(
  'an operation on values that do not go together is told with both kinds',
  ['output: name: "x" + 1'],
  [
    'output.name: invalid operands "x" and 1 to \'+\' (type string and int)',
    '  web.cue:1:15',
    '    output: name: "x" + 1',
    '                  ^',
  ],
);
tells(
  'a struct that fits no alternative is told with what is wrong in each',
  ['parameter: {http: path: string} | {tcp: port: int}', 'parameter: {http: path: 1, tcp: port: "x"}'],
  [
    'parameter: fits none of the choices:',
    '  web.cue:1:25',
    '    parameter: {http: path: string} | {tcp: port: int}',
    '                            ^                     ^',
    '  web.cue:2:25',
    '    parameter: {http: path: 1, tcp: port: "x"}',
    '                            ^             ^',
    '  - parameter.http.path: conflicting values 1 and string (mismatched types int and string)',
    '  - parameter.tcp.port: conflicting values "x" and int (mismatched types string and int)',
  ],
);
tells(
  'an unresolved choice is told',
  ['parameter: *"a" | *"b" | "c"'],
  [
    'parameter: incomplete value "a" | "b"',
    '  web.cue:1:12',
    '    parameter: *"a" | *"b" | "c"',
    '               ^',
  ],
);
tells(
  'two defaults that do not agree are told at both declarations',
  ['parameter: replicas: *1 | int', 'parameter: replicas: *2 | int'],
  [
    'parameter.replicas: incomplete value 1 | 2 | int',
    '  web.cue:1:22',
    '    parameter: replicas: *1 | int',
    '                         ^',
    '  web.cue:2:22',
    '    parameter: replicas: *2 | int',
    '                         ^',
  ],
);
tells(
  'a structure without end is told where it is declared',
  ['#Tree: child: #Tree'],
  ['#Tree.child: structural cycle', '  web.cue:1:15', '    #Tree: child: #Tree', '                  ^'],
);
tells(
  'names of one letter are not near each other',
  ['x: close({a: 1}) & {c: 3}'],
  ['x.c: field not allowed', '  web.cue:1:21', '    x: close({a: 1}) & {c: 3}', '                        ^'],
);
tells(
  'letters in the wrong order or case are told with the name that was meant',
  ['output: {a: context.nmae, b: context.appName}', 'context: close({name: "x", appname: "y"})'],
  [
    'output.a: undefined field: nmae',
    '  did you mean name?',
    '  web.cue:1:21',
    '    output: {a: context.nmae, b: context.appName}',
    '                        ^',
    'output.b: undefined field: appName',
    '  did you mean appname?',
    '  web.cue:1:38',
    '    output: {a: context.nmae, b: context.appName}',
    '                                         ^',
  ],
);
tells(
  'a misspelt package is told with the package that was meant',
  ['import "string"', 'output: a: string.ToUpper("x")'],
  [
    'package "string" not found',
    '  did you mean strings?',
    '  web.cue:1:8',
    '    import "string"',
    '           ^',
  ],
);
tells(
  'a misspelt function is told with the function that was meant',
  ['import "strings"', 'output: a: strings.ToUppper("x")'],
  [
    'output.a: cannot call non-function strings.ToUppper (type _|_)',
    '  did you mean ToUpper?',
    '  web.cue:2:12',
    '    output: a: strings.ToUppper("x")',
    '               ^',
  ],
);
tells(
  'a long line is told in part',
  [`a: "${'x'.repeat(300)}", b: int & "y", c: "${'z'.repeat(300)}"`],
  [
    'b: conflicting values int and "y" (mismatched types int and string)',
    '  web.cue:1:311',
    `    …${'x'.repeat(74)}", b: int & "y", c: "${'z'.repeat(65)}…`,
    `    ${' '.repeat(81)}^     ^`,
  ],
);
test('of a value outside of a large choice the first alternatives are told, and how many more there are', () => {
  const choices = Array.from({ length: 66 }, (_, i) => `"c${i}"`).join(' | ');
  assert.match(told(`a: ${choices}`, 'a: "x"'), /^a: "x" is none of "c0", "c1", .*, "c63" and 2 more\n/);
});
// An error is worked out for its reader, when the budget of the evaluation counts no more.
test('however many names are wrong, as many are told as people read', () => {
  const name = (i: number, end: string) => `"${'p'.repeat(60)}${i}${end}"`;
  const lines = (text: (i: number) => string) => Array.from({ length: 3000 }, (_, i) => text(i)).join('\n');
  const programs = [
    `#D: {\n${lines((i) => `${name(i, 'q')}?: int`)}\n}\nx: #D & {\n${lines((i) => `${name(i * 7, 'z')}: 1`)}\n}`,
    `#D: "${'ab'.repeat(50_000)}"?: int\nx: #D & {"${'ba'.repeat(50_000)}": 1}`,
    lines((i) => `x${i}: y${i}`),
    `x: ${lines((i) => `"a${i}" |`)} "b"\nx: "c"`,
  ];
  for (const text of programs) {
    const shown = told(text)
      .split('\n')
      .filter((line) => !line.startsWith(' '));
    assert.ok(shown.length > 0 && shown.length <= 64, String(shown.length));
  }
});
tells(
  'a list added to a list is told with what to do instead',
  ['output: args: ["a"] + ["b"]'],
  [
    'output.args: Addition of lists is superseded by list.Concat; see https://cuelang.org/e/v0.11-list-arithmetic',
    '  web.cue:1:15',
    '    output: args: ["a"] + ["b"]',
    '                  ^',
  ],
);
