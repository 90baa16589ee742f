import { z } from '@hono/zod-openapi';
import { roleNames, scopes } from '../middleware/scopes.ts';

export const createKeySchema = z
  .strictObject({
    name: z.string().min(1).max(100),
    subject: z
      .strictObject({ kind: z.string().min(1).max(50), id: z.string().min(1).max(200) })
      .default({ kind: 'service', id: 'unnamed' })
      .openapi({ description: 'For whom the key speaks' }),
    roles: z.array(z.enum(roleNames)).min(1),
    scopes: z
      .array(z.enum(scopes))
      .default([])
      .openapi({ description: 'Narrows the roles; empty: all of theirs' }),
    expiresInDays: z.number().int().min(1).max(3650).optional(),
  })
  .openapi('CreateKey');

export const keySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    subject: z.object({ kind: z.string(), id: z.string(), roles: z.array(z.string()) }),
    scopes: z.array(z.string()),
    hint: z.string(),
    createdAt: z.string(),
    expiresAt: z.string().optional(),
    revokedAt: z.string().optional(),
    lastUsedAt: z.string().optional(),
  })
  .openapi('Key');
