/**
 * Errors outside the engine: one table from code to HTTP status and retry class. `public` is the only text that
 * leaves the service; `internal` and `cause` are for the operator's log. Texts of libraries (drizzle's `params:`,
 * the Kubernetes client's body and headers) never become `public`.
 */
export type Retry = 'never' | 'soon' | 'backoff';

export const faultTable = {
  'request.malformed': { status: 400, retry: 'never' },
  'auth.missing': { status: 401, retry: 'never' },
  'auth.invalid': { status: 401, retry: 'never' },
  'auth.forbidden': { status: 403, retry: 'never' },
  'resource.not_found': { status: 404, retry: 'never' },
  'request.method': { status: 405, retry: 'never' },
  'resource.conflict': { status: 409, retry: 'never' },
  'idempotency.mismatch': { status: 422, retry: 'never' },
  'idempotency.in_progress': { status: 409, retry: 'soon' },
  'request.precondition': { status: 412, retry: 'never' },
  'request.precondition_required': { status: 428, retry: 'never' },
  'request.too_large': { status: 413, retry: 'never' },
  'request.media_type': { status: 415, retry: 'never' },
  'application.invalid': { status: 422, retry: 'never' },
  'definition.invalid': { status: 422, retry: 'never' },
  'cluster.missing_kind': { status: 422, retry: 'never' },
  'rate.limited': { status: 429, retry: 'backoff' },
  'stream.too_many': { status: 503, retry: 'backoff' },
  'lease.lost': { status: 409, retry: 'soon' },
  'store.conflict': { status: 409, retry: 'soon' },
  'store.unavailable': { status: 503, retry: 'backoff' },
  'store.unreadable': { status: 500, retry: 'never' },
  'egress.refused': { status: 422, retry: 'never' },
  'egress.failed': { status: 502, retry: 'backoff' },
  'git.unreachable': { status: 502, retry: 'backoff' },
  'git.refused': { status: 422, retry: 'never' },
  'git.too_large': { status: 422, retry: 'never' },
  'agent.clock': { status: 401, retry: 'soon' },
  'agent.replayed': { status: 409, retry: 'never' },
  internal: { status: 500, retry: 'backoff' },
} as const satisfies Record<string, { status: number; retry: Retry }>;

export type FaultCode = keyof typeof faultTable;

export interface FaultDetail {
  /** RFC 6901 pointer into what was sent. */
  readonly pointer: string;
  readonly detail: string;
  readonly code?: string;
  readonly expected?: string;
  readonly actual?: string;
  /** `<definition>:<line>`, where a parameter's rule stands. */
  readonly definition?: string;
}

export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: FaultCode;
  readonly public: string;
  readonly internal: string | undefined;
  readonly errors: readonly FaultDetail[];
  /** What else was seen: a misspelt name often says why another is missing. */
  readonly warnings: readonly FaultDetail[];

  constructor(
    code: FaultCode,
    publicText: string,
    more: {
      internal?: string;
      cause?: unknown;
      errors?: readonly FaultDetail[];
      warnings?: readonly FaultDetail[];
    } = {},
  ) {
    super(publicText, more.cause === undefined ? undefined : { cause: more.cause });
    this.code = code;
    this.public = publicText;
    this.internal = more.internal;
    this.errors = more.errors ?? [];
    this.warnings = more.warnings ?? [];
  }

  get status(): number {
    return faultTable[this.code].status;
  }

  get retry(): Retry {
    return faultTable[this.code].retry;
  }
}
