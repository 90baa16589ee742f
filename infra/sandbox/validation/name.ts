// The forms that names, labels and keys may take, with the sentences that the API server refuses others with.

/** What is wrong with a name, if anything. */
export type NameRule = (value: string) => string[];

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const QUALIFIED = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const CONFIG_KEY = '[-._a-zA-Z0-9]+';

const whole = (pattern: string) => new RegExp(`^(?:${pattern})$`);
const RULES = {
  label: whole('[a-z0-9](?:[-a-z0-9]*[a-z0-9])?'),
  subdomain: whole('[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*'),
  oldLabel: whole('[a-z](?:[-a-z0-9]*[a-z0-9])?'),
  qualified: whole(QUALIFIED),
  configKey: whole(CONFIG_KEY),
} as const;

function tooLong(limit: number): string {
  return `must be no more than ${limit} characters`;
}

function rule(limit: number, pattern: RegExp, message: string): NameRule {
  return (value) => {
    if (value.length > limit) return [tooLong(limit)];
    return pattern.test(value) ? [] : [message];
  };
}

export const dnsLabel = rule(
  63,
  RULES.label,
  `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${LABEL}')`,
);

export const dnsSubdomain = rule(
  253,
  RULES.subdomain,
  `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${SUBDOMAIN}')`,
);

export const dns1035Label = rule(
  63,
  RULES.oldLabel,
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
);

/** Names that only have to fit into a path: those of roles and bindings. */
export const pathSegment: NameRule = (value) => {
  if (value === '.' || value === '..') return [`may not be '${value}'`];
  const bad = ['/', '%'].filter((part) => value.includes(part));
  return bad.map((part) => `may not contain '${part}'`);
};

const NAME_PART = `name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${QUALIFIED}')`;

/** Label and annotation keys: a name, with an optional domain and slash before it. */
export const qualifiedName: NameRule = (value) => {
  const parts = value.split('/');
  const name = parts.at(-1) ?? '';
  if (parts.length > 2) {
    return [
      `a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${QUALIFIED}') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const problems: string[] = [];
  if (parts.length === 2) {
    if (parts[0] === '') problems.push('prefix part must be non-empty');
    else problems.push(...dnsSubdomain(parts[0] ?? '').map((problem) => `prefix part ${problem}`));
  }
  if (name === '') problems.push('name part must be non-empty');
  else if (name.length > 63) problems.push(`name part ${tooLong(63)}`);
  if (!RULES.qualified.test(name)) problems.push(NAME_PART);
  return problems;
};

export const labelValue = (value: string): string[] => {
  const problems = value.length > 63 ? [tooLong(63)] : [];
  if (value !== '' && !RULES.qualified.test(value)) {
    problems.push(
      `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(${QUALIFIED})?')`,
    );
  }
  return problems;
};

export const configKey: NameRule = (value) => {
  if (value.length > 253) return [tooLong(253)];
  if (!RULES.configKey.test(value)) {
    return [
      `a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '${CONFIG_KEY}')`,
    ];
  }
  if (value === '.') return ["must not be '.'"];
  if (value === '..') return ["must not be '..'"];
  return value.startsWith('..') ? ["must not start with '..'"] : [];
};

export const portName: NameRule = (value) => {
  const problems: string[] = [];
  if (value.length > 15) problems.push(tooLong(15));
  if (!/^[-a-z0-9]+$/.test(value)) {
    problems.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)');
  }
  if (!/[a-z]/.test(value)) problems.push('must contain at least one letter (a-z)');
  if (value.includes('--')) problems.push('must not contain consecutive hyphens');
  if (value.startsWith('-') || value.endsWith('-')) problems.push('must not begin or end with a hyphen');
  return problems;
};

export const envName: NameRule = (value) =>
  value.length > 0 && /^[ -<>-~]+$/.test(value)
    ? []
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];

/** The prefix before a generated suffix may end in a hyphen, which the whole name does not. */
export function generated(rule: NameRule): NameRule {
  return (value) => rule(value.length > 0 && value.endsWith('-') ? `${value.slice(0, -1)}a` : value);
}
