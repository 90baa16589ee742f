/** One active agent a cluster: who holds the Lease may write, everybody else waits for it to run out. */
import { z } from 'zod';
import type { JsonObject } from '../engine/json.ts';
import { pause } from './backoff.ts';
import type { KubeApi } from './kube/api.ts';
import { isNotFound, KubeError } from './kube/errors.ts';

const DURATION_SECONDS = 15;
const RENEW_MS = 5000;
/** Before others may take it, this agent stops taking it for its own. */
const MARGIN_MS = 3000;

const leaseSchema = z.object({
  metadata: z.object({ resourceVersion: z.string() }),
  spec: z
    .object({
      holderIdentity: z.string().optional(),
      renewTime: z.string().optional(),
      leaseDurationSeconds: z.number().optional(),
    })
    .default({}),
});

export interface LeaseOptions {
  readonly api: KubeApi;
  readonly namespace: string;
  readonly name: string;
  readonly holder: string;
  readonly signal: AbortSignal;
  /** Called when it becomes the active one, and when it is not any more; `why` says what is in the way. */
  changed(active: boolean, why: string): void;
}

export class Lease {
  private readonly options: LeaseOptions;
  /** Until when (by the monotonic clock) it holds for sure. */
  private until = Number.NEGATIVE_INFINITY;
  private told: string | undefined;

  constructor(options: LeaseOptions) {
    this.options = options;
  }

  active(): boolean {
    return performance.now() < this.until;
  }

  /** Tries to hold it until the signal aborts, then gives it back. */
  async run(): Promise<void> {
    const { signal } = this.options;
    while (!signal.aborted) {
      await this.attempt();
      await pause(this.active() ? RENEW_MS : RENEW_MS / 2, signal);
    }
    await this.release();
  }

  async attempt(): Promise<void> {
    const asked = performance.now();
    try {
      const why = await this.take();
      if (why === undefined) this.until = asked + DURATION_SECONDS * 1000 - MARGIN_MS;
      this.tell(why ?? '');
    } catch (error) {
      if (!this.active()) this.tell(error instanceof KubeError ? error.message : 'the Lease cannot be read');
    }
  }

  private tell(why: string): void {
    const now = `${this.active()} ${why}`;
    if (now === this.told) return;
    this.told = now;
    this.options.changed(this.active(), why);
  }

  /** Undefined: taken or renewed. Else who is in the way. */
  private async take(): Promise<string | undefined> {
    const { api } = this.options;
    const stored = await api.json({ method: 'GET', path: this.path() }).catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
    if (stored === undefined) {
      await api.json({ method: 'POST', path: this.path(''), body: this.lease() });
      return undefined;
    }
    const { metadata, spec } = leaseSchema.parse(stored);
    const { holderIdentity = '', renewTime, leaseDurationSeconds = DURATION_SECONDS } = spec;
    const over = Date.parse(renewTime ?? '') + leaseDurationSeconds * 1000;
    if (holderIdentity !== '' && holderIdentity !== this.options.holder && Date.now() < over) {
      return `${holderIdentity} is the active agent`;
    }
    await api.json({ method: 'PUT', path: this.path(), body: this.lease(metadata.resourceVersion) });
    return undefined;
  }

  private async release(): Promise<void> {
    if (!this.active()) return;
    this.until = Number.NEGATIVE_INFINITY;
    try {
      const { api, holder } = this.options;
      const { metadata, spec } = leaseSchema.parse(await api.json({ method: 'GET', path: this.path() }));
      if (spec.holderIdentity !== holder) return;
      await api.json({ method: 'PUT', path: this.path(), body: this.lease(metadata.resourceVersion, '') });
    } catch {
      // It runs out by itself.
    }
  }

  private path(name = this.options.name): string {
    const all = `/apis/coordination.k8s.io/v1/namespaces/${this.options.namespace}/leases`;
    return name === '' ? all : `${all}/${name}`;
  }

  private lease(resourceVersion?: string, holder = this.options.holder): JsonObject {
    const { namespace, name } = this.options;
    const time = new Date().toISOString().replace('Z', '000Z');
    return {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name, namespace, ...(resourceVersion !== undefined && { resourceVersion }) },
      spec: { holderIdentity: holder, leaseDurationSeconds: DURATION_SECONDS, renewTime: time },
    };
  }
}
