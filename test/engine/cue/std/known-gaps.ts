/**
 * Calls that are known to be answered otherwise than by the real CUE, each with its reason; `call` and the first
 * argument name them. A call that comes to be answered alike must leave this list.
 */
export const knownGaps: readonly {
  readonly call: string;
  readonly first: string;
  readonly reason: string;
}[] = [
  ...[
    ['a: [b,#c\n d]', 'the YAML library wants a space before a comment'],
    ['a: \u0085b', 'the YAML library takes no line break of YAML 1.1 but CR and LF'],
    ['a: \u2028b', 'the YAML library takes no line break of YAML 1.1 but CR and LF'],
    ['a: x\u2028y', 'the YAML library takes no line break of YAML 1.1 but CR and LF'],
    ['a: "x\u0085y"', 'the YAML library takes no line break of YAML 1.1 but CR and LF'],
    ['...\n', 'the YAML library lets a document end before it begins'],
    ['%FOO bar\n---\na', 'the YAML library warns of an unknown directive, the real reader refuses it'],
    ['a: |\n  \tx\n', 'the YAML library lets a tab begin the text of a block scalar'],
    ['-\ta', 'the YAML library lets a tab follow a dash'],
    ['\t', 'the YAML library takes a tab alone for an empty document'],
    [': 1', 'the YAML library reads a missing key as null'],
    [': ', 'the YAML library reads a missing key as null'],
    ['a: !!int 0x1G', 'the real reader takes the digits before the wrong one'],
  ].map(([first = '', reason = '']) => ({ call: 'encoding/yaml.Unmarshal', first, reason })),
  {
    call: 'encoding/json.UnmarshalStream',
    first: '{"_x":1,"#d":2,"a-b":3,"":4}',
    reason: 'the real stream reader makes a definition of a key that begins with #',
  },
  {
    call: 'html.Unescape',
    first: '&timesb;',
    reason: 'of the entities that HTML 5 added only the common ones are known',
  },
  { call: 'math.Cbrt', first: '{"float":"1e-100000"}', reason: 'the real root leaves its range on the way' },
];
