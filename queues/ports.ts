/** The outside world as the queue side and the HTTP functions see it. Adapters are named by composition roots only. */
import type { EnrolAnswer } from '../engine/delivery/protocol.ts';
import type { ClusterId, TenantId } from '../engine/ids.ts';
import type { Message } from './messages.ts';

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

export interface JobQueue {
  /** Sends hints. A delay above the transport's cap is cut to it: whoever is woken early looks and waits again. */
  send(messages: readonly Message[], options?: { readonly delaySeconds?: number }): Promise<void>;
}

export interface Wake {
  /** Tells whoever listens for this cluster that there is something to fetch. Never fails for want of a listener. */
  hint(cluster: ClusterId): Promise<void>;
  /**
   * Answers an agent's request for a socket: 101 with the socket, or 501 where this platform holds none (the agent
   * then goes by its beat).
   */
  connect(cluster: ClusterId, request: Request): Promise<Response>;
}

/**
 * A cluster as the hub sees it. What shall be there stands in the store as the newest bundle of each Application;
 * `carry` sees to it that the cluster gets it, `pull` by waking its agent, push by performing it.
 */
export interface Cluster {
  carry(target: { readonly tenant: TenantId; readonly cluster: ClusterId }): Promise<void>;
}

/** Signs with the hub's current key. */
export interface Signer {
  readonly keyId: string;
  /** Ed25519 over the bytes. */
  sign(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>>;
}

/** Facts of this hub that agents pin or that name it. */
export interface HubIdentity {
  readonly id: string;
  readonly keys: EnrolAnswer['keys'];
}

/** The one way out to addresses that a user gave. Faults `egress.refused`, `egress.failed`. */
export interface Egress {
  fetch(
    request: Request,
    limits: { readonly maxBytes: number; readonly timeoutMs: number },
  ): Promise<Response>;
}

/** A repository's Application files, read over smart HTTP into memory under a budget. */
export interface GitReader {
  /**
   * Resolves the ref as it stands now and reads the files at its commit. Faults `git.unreachable`, `git.refused`,
   * `git.too_large`, `egress.refused`.
   */
  read(source: GitSource): Promise<GitFiles>;
}

export interface GitSource {
  /** `https://host/owner/name.git`. */
  readonly url: string;
  /** A full ref (`refs/heads/main`), or a branch's or tag's name. */
  readonly ref: string;
  /** A file or a folder in the repository; `` or `.` is all of it. */
  readonly path: string;
  /** Value of the Authorization header, for private repositories. */
  readonly credentials: string | null;
}

export interface GitFiles {
  /** The commit that was read, 40 hex digits. */
  readonly commit: string;
  /** In bytewise order of path. */
  readonly files: readonly { readonly path: string; readonly text: string }[];
}

/** What a consumer makes of one message. */
export type Verdict =
  | { readonly kind: 'ack' }
  | { readonly kind: 'retry'; readonly delaySeconds: number }
  /** It can never be done; it goes with a line in the operator's log. */
  | { readonly kind: 'bury'; readonly reason: string };

/** One message as a transport hands it over. */
export interface Received {
  readonly body: unknown;
  /** Deliveries of the message so far, this one too. */
  readonly attempts: number;
}
