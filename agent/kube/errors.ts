/** What a Kubernetes API server or the way to it can answer, as one type. */
import { z } from 'zod';
import type { FieldConflict } from '../../engine/delivery/ownership.ts';

const statusSchema = z.object({
  kind: z.literal('Status').optional(),
  message: z.string().default(''),
  reason: z.string().default(''),
  details: z
    .object({
      kind: z.string().optional(),
      causes: z
        .array(
          z.object({
            reason: z.string().default(''),
            message: z.string().default(''),
            field: z.string().default(''),
          }),
        )
        .optional(),
    })
    .optional(),
});

export interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

/** An answer other than 2xx, or none (`status` 0: unreachable, cut off, timed out). */
export class KubeError extends Error {
  override readonly name = 'KubeError';
  readonly status: number;
  readonly reason: string;
  readonly causes: readonly Cause[];

  constructor(status: number, reason: string, message: string, causes: readonly Cause[] = []) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.causes = causes;
  }
}

/** Reads the Status object of an answer; whatever else came gives an error with the status alone. */
export function kubeError(status: number, body: string): KubeError {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    parsed = undefined;
  }
  const read = statusSchema.safeParse(parsed);
  if (!read.success) return new KubeError(status, '', `the API server answered ${status}`);
  const { message, reason, details } = read.data;
  return new KubeError(status, reason, message || `the API server answered ${status}`, details?.causes ?? []);
}

export function unreachable(cause: unknown): KubeError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return new KubeError(0, code, `the API server cannot be reached${code === '' ? '' : ` (${code})`}`);
}

export function isNotFound(error: unknown): boolean {
  return error instanceof KubeError && error.status === 404;
}

const conflictWith = /^conflict with "((?:[^"\\]|\\.)*)"/;

/** The field conflicts of a server-side apply that was refused with 409; empty for any other conflict. */
export function fieldConflicts(error: KubeError): FieldConflict[] {
  return error.causes
    .filter(({ reason }) => reason === 'FieldManagerConflict')
    .map(({ message, field }) => ({ manager: conflictWith.exec(message)?.[1] ?? '', field }));
}
