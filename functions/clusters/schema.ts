import { z } from '@hono/zod-openapi';
import type { Cluster } from '../../db/model/cluster.ts';
import { timestamp } from '../openapi.ts';

export const clusterName = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/, 'a DNS name')
  .openapi({ example: 'production' });

export const clusterSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    state: z.enum(['awaiting', 'pending', 'active', 'revoked']),
    labels: z.record(z.string(), z.string()),
    kubernetes: z.record(z.string(), z.unknown()),
    createdAt: z.string(),
    acceptedAt: z.string().optional(),
    lastSeenAt: z.string().optional(),
  })
  .openapi('Cluster');

export function clusterView(cluster: Cluster): z.infer<typeof clusterSchema> {
  const { id, name, state, labels, kubernetes, createdAt, acceptedAt, lastSeenAt } = cluster;
  return {
    id,
    name,
    state,
    labels: { ...labels },
    kubernetes: { ...kubernetes },
    createdAt: timestamp(createdAt),
    ...(acceptedAt === undefined ? {} : { acceptedAt: timestamp(acceptedAt) }),
    ...(lastSeenAt === undefined ? {} : { lastSeenAt: timestamp(lastSeenAt) }),
  };
}

export const invitedSchema = z
  .object({
    cluster: clusterSchema,
    token: z
      .string()
      .openapi({ description: 'For the agent to enrol with, shown this once, good for an hour' }),
  })
  .openapi('InvitedCluster');

export const acceptSchema = z
  .strictObject({
    agent: z
      .string()
      .optional()
      .openapi({ description: 'Id of the agent that waits; the only one by default' }),
    namespaces: z
      .array(z.object({ namespace: z.string().min(1), serviceAccount: z.string().min(1) }))
      .default([{ namespace: '*', serviceAccount: '' }]),
    clusterScopedAccount: z.string().optional(),
  })
  .openapi('AcceptAgent');
