import { z } from '@hono/zod-openapi';
import type { Delivery, Receiver } from '../../db/model/access.ts';
import { timestamp } from '../openapi.ts';

export const receiverName = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'a DNS label');

export const putReceiverSchema = z
  .strictObject({
    name: receiverName,
    kind: z.literal('github'),
    repository: z.url().max(2000).openapi({ example: 'https://github.com/acme/shop.git' }),
    ref: z
      .string()
      .regex(/^refs\/(heads|tags)\/[^\s~^:?*[\\]+$/, 'a full ref such as refs/heads/main')
      .default('refs/heads/main'),
    path: z.string().max(1000).default('.').openapi({ description: 'File or folder of the Applications' }),
    namespace: z
      .string()
      .max(63)
      .default('default')
      .openapi({ description: 'For Applications that name none' }),
    secret: z
      .string()
      .min(16)
      .max(200)
      .optional()
      .openapi({ description: "The webhook's secret; made and shown once where none is given" }),
    token: z.string().max(500).optional().openapi({ description: 'Reads a private repository' }),
  })
  .openapi('PutReceiver');

export const receiverSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.literal('github'),
    repository: z.string(),
    ref: z.string(),
    path: z.string(),
    namespace: z.string(),
    url: z.string().openapi({ description: 'Where the Git host sends its webhooks' }),
    createdAt: z.string(),
    updatedAt: z.string(),
  })
  .openapi('Receiver');

export function receiverView(receiver: Receiver): z.infer<typeof receiverSchema> {
  const { id, name, kind, repository, ref, path, namespace, createdAt, updatedAt } = receiver;
  return {
    id,
    name,
    kind,
    repository,
    ref,
    path,
    namespace,
    url: `/hooks/${id}`,
    createdAt: timestamp(createdAt),
    updatedAt: timestamp(updatedAt),
  };
}

export const deliverySchema = z
  .object({
    id: z.string(),
    deliveryId: z.string(),
    event: z.string(),
    state: z.enum(['received', 'processing', 'submitted', 'ignored', 'failed']),
    attempt: z.number().int(),
    replayOf: z.string().optional(),
    commit: z.string().optional(),
    runs: z.array(z.string()),
    problem: z.record(z.string(), z.unknown()).optional(),
    receivedAt: z.string(),
    finishedAt: z.string().optional(),
  })
  .openapi('Delivery');

export function deliveryView(delivery: Delivery): z.infer<typeof deliverySchema> {
  const { receiver: _, runs, problem, receivedAt, finishedAt, replayOf, commit, ...rest } = delivery;
  return {
    ...rest,
    runs: [...runs],
    receivedAt: timestamp(receivedAt),
    ...(finishedAt === undefined ? {} : { finishedAt: timestamp(finishedAt) }),
    ...(replayOf === undefined ? {} : { replayOf }),
    ...(commit === undefined ? {} : { commit }),
    ...(problem === undefined ? {} : { problem: { ...problem } }),
  };
}
