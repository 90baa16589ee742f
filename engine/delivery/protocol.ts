/**
 * What hub and agent say to each other. Every message has `v`; unknown fields pass, so that either side may be
 * newer. Bytes (keys, signatures, payloads) are base64url without padding, times are milliseconds.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { z } from 'zod';
import type { AgentId, ApplicationUid, ClusterId, PlanId, TenantId } from '../ids.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { decodeBase64url } from './base64url.ts';
import { driftRule, envelopeSchema, MAX_BUNDLE_OBJECTS, objectRefSchema } from './bundle.ts';

export const PROTOCOL_VERSION = 1;

/** Seconds between two beats where nothing else is said, and after how many silent ones a cluster is unreachable. */
export const BEAT_SECONDS = 60;
export const BEATS_UNTIL_UNREACHABLE = 5;

/** How far an agent's clock may be from the hub's. */
export const MAX_CLOCK_SKEW_MS = 5 * 60 * 1000;

/** A request body of an agent, in bytes; larger reports are split. */
export const MAX_REPORT_BYTES = 4 * 1024 * 1024;
/** Where a sync answer stops adding bundles and says `more`. */
export const MAX_SYNC_BYTES = 8 * 1024 * 1024;
/** Above this an object travels as its metadata and status only. */
export const MAX_LIVE_BYTES = 64 * 1024;

export const header = {
  agent: 'mainsheet-agent',
  time: 'mainsheet-time',
  counter: 'mainsheet-counter',
  signature: 'mainsheet-signature',
} as const;

export interface SignedParts {
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  readonly time: number;
  /** 0 where the request is idempotent and carries no counter. */
  readonly counter: number;
  /** Lower-case hex. */
  readonly bodySha256: string;
}

/** The text that an agent signs for a request. */
export function requestText(parts: SignedParts): string {
  return `${parts.method}\n${parts.path}\n${parts.time}\n${parts.counter}\n${parts.bodySha256}`;
}

const version = z.literal(PROTOCOL_VERSION);
const base64url = (max: number) =>
  z
    .string()
    .max(max)
    .regex(/^[A-Za-z0-9_-]+$/);
const application = z
  .string()
  .min(1)
  .max(64)
  .transform((id) => id as ApplicationUid);
const sentence = z.string().max(2048);

/** A public signing key of the hub; `endorsement` is an older key's signature over the raw new one (rotation). */
export const hubKeySchema = z.object({
  keyId: z.string().min(1).max(64),
  publicKey: base64url(64),
  endorsement: z.object({ keyId: z.string(), signature: base64url(128) }).optional(),
});
export type HubKey = z.infer<typeof hubKeySchema>;

export const enrolRequestSchema = z.object({
  v: version,
  token: z.string().min(1).max(256),
  publicKey: base64url(64),
  nonce: base64url(64),
  kubernetes: z.object({ version: z.string().max(64), uid: z.string().max(64) }),
});
export type EnrolRequest = z.input<typeof enrolRequestSchema>;

/** The same answer to every repetition with the same key, until the cluster's owner accepts or refuses. */
export const enrolAnswerSchema = z.object({
  v: version,
  state: z.enum(['pending', 'accepted', 'refused']),
  agent: z.string().transform((id) => id as AgentId),
  tenant: z.string().transform((id) => id as TenantId),
  cluster: z.object({ id: z.string().transform((id) => id as ClusterId), name: z.string() }),
  hub: z.string().min(1).max(64),
  keys: z.array(hubKeySchema).min(1).max(8),
  /** Seconds to wait before asking again. */
  retryAfter: z.number().int().positive(),
});
export type EnrolAnswer = z.input<typeof enrolAnswerSchema>;

/** One kind that the cluster's API serves. */
export const servedKindSchema = z.object({
  group: z.string().max(253),
  version: z.string().max(63),
  kind: z.string().max(63),
  plural: z.string().max(253),
  namespaced: z.boolean(),
  verbs: z.array(z.string().max(32)).max(16),
});
export type ServedKind = z.infer<typeof servedKindSchema>;

export const capabilitiesSchema = z.object({
  kubernetes: z.string().max(64),
  agent: z.string().max(64),
  kinds: z.array(servedKindSchema).max(5000),
});
export type Capabilities = z.infer<typeof capabilitiesSchema>;

export const syncRequestSchema = z.object({
  v: version,
  /** Newest sequence held of each application; one that is not named is unknown to the agent. */
  have: z.array(z.object({ application, sequence: z.number().int().nonnegative() })).max(10_000),
  /** Sent after a start and whenever it changed. */
  capabilities: capabilitiesSchema.optional(),
});

const manifest = z.record(z.string(), z.unknown()).transform((object) => object as JsonObject);

export const signedBundleSchema = z.object({
  index: envelopeSchema,
  /** The objects that changed since the sequence which the agent named, by address. */
  objects: z.record(z.string().regex(/^[0-9a-f]{64}$/), manifest),
});
export type SignedBundle = z.infer<typeof signedBundleSchema>;

const planId = z
  .string()
  .min(1)
  .max(64)
  .transform((id) => id as PlanId);

/** Plans in one answer, Applications in one plan. */
export const MAX_PLANS = 4;
export const MAX_PLANNED_APPLICATIONS = 100;
/** What of an answer to a plan are changes, in bytes; what is beyond is counted only. */
export const MAX_CHANGES_BYTES = 1024 * 1024;
/** Changes of one object, and the bytes of one value of a change. */
export const MAX_CHANGES = 100;
export const MAX_VALUE_BYTES = 4096;

/** What would become of one Application in a cluster. Unsigned: nothing is written for it. */
export const wantedSchema = z.object({
  application: z.object({ uid: application, namespace: z.string().max(253), name: z.string().max(253) }),
  drift: driftRule,
  /** As a bundle would hold them. */
  objects: z.array(manifest).max(MAX_BUNDLE_OBJECTS),
  /** What was delivered and would not be wanted any more. */
  leaving: z.array(objectRefSchema).max(1000),
});
export type Wanted = z.infer<typeof wantedSchema>;

export const planRequestSchema = z.object({
  id: planId,
  applications: z.array(wantedSchema).max(MAX_PLANNED_APPLICATIONS),
});
export type PlanRequest = z.infer<typeof planRequestSchema>;

export const syncAnswerSchema = z.union([
  z.object({ v: version, unchanged: z.literal(true), beatSeconds: z.number().positive() }),
  z.object({
    v: version,
    unchanged: z.literal(false),
    beatSeconds: z.number().positive(),
    bundles: z.array(signedBundleSchema),
    /** Hub keys, where one was added. */
    keys: z.array(hubKeySchema).max(8).optional(),
    /** True where not all bundles fitted: ask again at once. */
    more: z.boolean(),
    /** Until each is answered or over. */
    plans: z.array(planRequestSchema).max(MAX_PLANS).optional(),
  }),
]);
export type SyncAnswer = z.input<typeof syncAnswerSchema>;

/** What happened to one object, in the words of a change set. */
export const outcomes = [
  'created',
  'configured',
  'unchanged',
  /** Somebody had changed or deleted it; it is as the bundle says again. */
  'healed',
  /** Somebody changed it, and the rule is to report. */
  'drifted',
  /** Left the Application and is gone. */
  'deleted',
  /** Left the Application, is asked to go, and is still there. */
  'deleting',
  /** Seen again; nothing was written. */
  'observed',
  /** In the bundle, not in the cluster. */
  'missing',
  /** The cluster or a rule said no: see `reason`. */
  'refused',
] as const;
export type Outcome = (typeof outcomes)[number];

/** Why an object was refused. Each has a fixed meaning; the sentence for people is in `message`. */
export const refusals = [
  'not-managed',
  'managed-by-other',
  'field-conflict',
  'missing-kind',
  'missing-namespace',
  'forbidden',
  'invalid',
  'immutable',
  'terminating',
  'unreachable',
  'other',
] as const;
export type Refusal = (typeof refusals)[number];

/** Somebody's change to an object of ours. */
export const driftSchema = z.object({
  /** Field manager that held the fields, `''` where nobody can be named (a deletion). */
  manager: z.string().max(256),
  fields: z.array(z.string().max(512)).max(50),
  deleted: z.boolean(),
  at: z.number().int(),
});
export type Drift = z.infer<typeof driftSchema>;

export const objectReportSchema = z.object({
  ref: objectRefSchema,
  outcome: z.enum(outcomes),
  reason: z.enum(refusals).optional(),
  message: sentence.optional(),
  /** The live object, redacted. Absent where it does not exist or did not change since the last report. */
  live: manifest.optional(),
  drift: driftSchema.optional(),
});
export type ObjectReport = z.infer<typeof objectReportSchema>;

export const bundleReportSchema = z.object({
  application,
  sequence: z.number().int().positive(),
  /** Whether every object of the sequence has been tried, and what left was asked to go. */
  complete: z.boolean(),
  objects: z.array(objectReportSchema).max(1000),
  /**
   * Of a complete report on a bundle that prunes: keys (`refKey`) of what left the Application and may still be
   * there. What the hub believes to be there beyond that is gone.
   */
  left: z.array(z.string().max(1024)).max(1000).optional(),
});
export type BundleReport = z.infer<typeof bundleReportSchema>;

/** What a delivery would do with an object. */
export const plannedActions = [
  'create',
  'update',
  'unchanged',
  /** Somebody changed it, and the rule is to report: it would stay as it is. */
  'drifted',
  'delete',
  /** The cluster or a rule says no: see `reason`. */
  'refused',
] as const;

const json = z.unknown().transform((value) => value as JsonValue);
/** A field of the live object and what it would be after; secret values are hidden. Paths are JSON pointers. */
export const fieldChangeSchema = z
  .object({ path: z.string().max(2048), from: json.optional(), to: json.optional() })
  .transform(({ path, from, to }) => ({
    path,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
  }));

export const objectPlanSchema = z.object({
  ref: objectRefSchema,
  action: z.enum(plannedActions),
  reason: z.enum(refusals).optional(),
  message: sentence.optional(),
  changes: z.array(fieldChangeSchema).max(MAX_CHANGES).optional(),
  /** How many more changes there are than `changes` shows. */
  omitted: z.number().int().positive().optional(),
  /** Fields that other managers hold; `kept`: they are another Application's and stay as they are. */
  conflicts: z
    .array(z.object({ manager: z.string().max(256), field: z.string().max(512), kept: z.boolean() }))
    .max(50)
    .optional(),
});
export type ObjectPlan = z.infer<typeof objectPlanSchema>;

export const planAnswerSchema = z.discriminatedUnion('state', [
  z.object({
    id: planId,
    state: z.literal('ready'),
    applications: z
      .array(z.object({ application, objects: z.array(objectPlanSchema).max(1500) }))
      .max(MAX_PLANNED_APPLICATIONS),
  }),
  z.object({ id: planId, state: z.literal('failed'), message: sentence }),
]);
export type PlanAnswer = z.infer<typeof planAnswerSchema>;

export const reportRequestSchema = z
  .object({
    v: version,
    counter: z.number().int().positive(),
    reports: z.array(bundleReportSchema).max(200),
    plans: z.array(planAnswerSchema).max(MAX_PLANS).optional(),
  })
  .refine(({ reports, plans = [] }) => reports.length + plans.length > 0, 'nothing is reported');

export const reportAnswerSchema = z.object({ v: version, counter: z.number().int().nonnegative() });
export type ReportAnswer = z.infer<typeof reportAnswerSchema>;

/** What the wake socket carries: hints, never data. */
export const wakeMessageSchema = z.object({ v: version, kind: z.literal('sync') });
export type WakeMessage = z.infer<typeof wakeMessageSchema>;

const tokenForm = /^mse\.([A-Za-z0-9_-]{32,64})\.([0-9a-f]{64})$/;

/** What an enrolment token says: a secret, and the SHA-256 (hex) of the hub's raw signing key to pin. */
export interface EnrolmentToken {
  readonly secret: string;
  readonly hubKeySha256: string;
}

export function formatEnrolmentToken(token: EnrolmentToken): string {
  return `mse.${token.secret}.${token.hubKeySha256}`;
}

export function parseEnrolmentToken(text: string): EnrolmentToken | undefined {
  const match = tokenForm.exec(text);
  const [, secret, hubKeySha256] = match ?? [];
  return secret === undefined || hubKeySha256 === undefined ? undefined : { secret, hubKeySha256 };
}

/** The token of a cluster's agent: the secret, and the hash of the hub's first signing key. */
export function tokenText(
  secret: string,
  hub: { readonly keys: readonly Pick<HubKey, 'publicKey'>[] },
): string {
  const raw = decodeBase64url(hub.keys[0]?.publicKey ?? '');
  if (raw === undefined) throw new RangeError('the hub has no signing key');
  return formatEnrolmentToken({ secret, hubKeySha256: bytesToHex(sha256(raw)) });
}
