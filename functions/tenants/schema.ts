import { z } from '@hono/zod-openapi';

export const tenantName = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'lower-case letters, digits and dashes, at most 63')
  .openapi({ example: 'acme' });

export const createTenantSchema = z
  .strictObject({
    name: tenantName,
    displayName: z.string().max(200).optional(),
    status: z
      .enum(['public', 'off'])
      .optional()
      .openapi({ description: 'Whether Applications have a public status' }),
  })
  .openapi('CreateTenant');

export const tenantSchema = z
  .object({ id: z.string(), name: z.string(), displayName: z.string(), createdAt: z.string() })
  .openapi('Tenant');

export const createdTenantSchema = z
  .object({
    tenant: tenantSchema,
    key: z.string().openapi({ description: 'An admin key of the tenant, shown this once' }),
  })
  .openapi('CreatedTenant');
