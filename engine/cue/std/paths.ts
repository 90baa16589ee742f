/** Import paths of the standard packages, by which one is known that was not lent. */
export const STANDARD_PATHS: readonly string[] = [
  ...['crypto/hmac', 'crypto/md5', 'crypto/sha1', 'crypto/sha256', 'crypto/sha512', 'encoding/base64'],
  ...['encoding/csv', 'encoding/hex', 'encoding/json', 'encoding/yaml', 'html', 'list', 'math', 'math/bits'],
  ...[
    'net',
    'path',
    'regexp',
    'strconv',
    'strings',
    'struct',
    'text/tabwriter',
    'text/template',
    'time',
    'uuid',
  ],
];
