/** What keys may do. A key's roles grant scopes; scopes named on the key itself narrow them. */
export const scopes = [
  'applications:read',
  'applications:write',
  'definitions:read',
  'definitions:write',
  'clusters:read',
  'clusters:write',
  'receivers:read',
  'receivers:write',
  'keys:write',
  'audit:read',
  'tenant:read',
  'tenant:write',
] as const;
export type Scope = (typeof scopes)[number];

export const roles = {
  admin: scopes,
  deployer: [
    'applications:read',
    'applications:write',
    'definitions:read',
    'clusters:read',
    'receivers:read',
    'tenant:read',
  ],
  viewer: ['applications:read', 'definitions:read', 'clusters:read', 'receivers:read', 'tenant:read'],
} as const satisfies Record<string, readonly Scope[]>;
export type Role = keyof typeof roles;

export const roleNames = ['admin', 'deployer', 'viewer'] as const satisfies readonly Role[];

const isRole = (name: string): name is Role => Object.hasOwn(roles, name);

/** The scopes of a key: those of its roles, less what its own list leaves out. An unknown role grants nothing. */
export function scopesOf(key: {
  readonly roles: readonly string[];
  readonly scopes: readonly string[];
}): ReadonlySet<Scope> {
  const granted = new Set<Scope>();
  for (const role of key.roles) {
    if (!isRole(role)) continue;
    for (const scope of roles[role]) {
      if (key.scopes.length === 0 || key.scopes.includes(scope)) granted.add(scope);
    }
  }
  return granted;
}
