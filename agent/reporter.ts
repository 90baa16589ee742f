/**
 * Gathers what is to be told to the hub and tells it, a request at a time. What is said twice about one object of
 * one sequence before it is sent becomes one; what could not be sent stays.
 */
import { type ObjectRef, refKey } from '../engine/delivery/bundle.ts';
import {
  type BundleReport,
  MAX_REPORT_BYTES,
  type ObjectReport,
  type PlanAnswer,
} from '../engine/delivery/protocol.ts';
import type { ApplicationUid, PlanId } from '../engine/ids.ts';
import { Backoff, pause } from './backoff.ts';

/** How long changes are gathered: a settled bundle is told at once, what a watch sees may come in bursts. */
const SETTLED_MS = 5;
const OBSERVED_MS = 150;
const OBJECTS_PER_REPORT = 500;
const REPORTS_PER_REQUEST = 100;

interface Pending {
  readonly application: ApplicationUid;
  readonly sequence: number;
  readonly objects: Map<string, ObjectReport>;
  complete: boolean;
  left: readonly string[] | undefined;
}

export interface ReporterOptions {
  send(reports: readonly BundleReport[]): Promise<void>;
  sendPlan(answer: PlanAnswer): Promise<void>;
  /** Whether the hub has taken the answer; it is not sent a second time by itself. */
  planSent(plan: PlanId, reached: boolean): void;
  /** These objects are known to be gone by the hub now. */
  acknowledged(application: ApplicationUid, deleted: readonly ObjectRef[]): void;
  failed(error: unknown): void;
}

export class Reporter {
  private readonly options: ReporterOptions;
  private readonly pending = new Map<string, Pending>();
  private readonly plans: PlanAnswer[] = [];
  private readonly stopped = new AbortController();
  private wakeAt = Number.POSITIVE_INFINITY;
  private woken: (() => void) | undefined;

  constructor(options: ReporterOptions) {
    this.options = options;
  }

  object(application: ApplicationUid, sequence: number, report: ObjectReport): void {
    const { objects } = this.of(application, sequence);
    const key = refKey(report.ref);
    const before = objects.get(key);
    const seenAgain = report.outcome === 'observed' && before !== undefined && before.outcome !== 'deleted';
    objects.set(key, seenAgain ? { ...before, ...(report.live && { live: report.live }) } : report);
    this.wakeIn(OBSERVED_MS);
  }

  complete(application: ApplicationUid, sequence: number, left: readonly string[] | undefined): void {
    const pending = this.of(application, sequence);
    pending.complete = true;
    pending.left = left;
    this.wakeIn(SETTLED_MS);
  }

  plan(answer: PlanAnswer): void {
    this.plans.push(answer);
    this.wakeIn(SETTLED_MS);
  }

  stop(): void {
    this.stopped.abort();
    this.woken?.();
  }

  /** Runs until stopped. */
  async run(): Promise<void> {
    const backoff = new Backoff({ firstMs: 500, capMs: 60_000 });
    const { signal } = this.stopped;
    while (!signal.aborted) {
      const wait = this.wakeAt - performance.now();
      if (wait > 0) {
        await this.sleep(Math.min(wait, 60_000));
        continue;
      }
      this.wakeAt = Number.POSITIVE_INFINITY;
      const batch = this.takeBatch();
      if (batch.length === 0) {
        await this.tellPlan();
        continue;
      }
      try {
        await this.options.send(batch);
        backoff.reset();
        this.acknowledge(batch);
        if (this.pending.size + this.plans.length > 0) this.wakeIn(0);
      } catch (error) {
        this.putBack(batch);
        this.options.failed(error);
        await backoff.wait(signal);
        this.wakeIn(0);
      }
    }
  }

  /** One answer, when nothing else is to be told. The hub asks again for one that gets lost. */
  private async tellPlan(): Promise<void> {
    const answer = this.plans.shift();
    if (answer === undefined) return;
    try {
      await this.options.sendPlan(answer);
      this.options.planSent(answer.id, true);
    } catch (error) {
      this.options.failed(error);
      this.options.planSent(answer.id, false);
    }
    if (this.plans.length > 0) this.wakeIn(0);
  }

  private of(application: ApplicationUid, sequence: number): Pending {
    const key = `${application}/${sequence}`;
    const known = this.pending.get(key);
    if (known !== undefined) return known;
    const made: Pending = {
      application,
      sequence,
      objects: new Map(),
      complete: false,
      left: undefined,
    };
    this.pending.set(key, made);
    return made;
  }

  private wakeIn(ms: number): void {
    const at = performance.now() + ms;
    if (at >= this.wakeAt) return;
    this.wakeAt = at;
    this.woken?.();
  }

  private async sleep(ms: number): Promise<void> {
    const early = new AbortController();
    this.woken = () => early.abort();
    await pause(ms, early.signal);
    this.woken = undefined;
  }

  /** As much as one request may carry, oldest first. */
  private takeBatch(): BundleReport[] {
    const batch: BundleReport[] = [];
    let bytes = 0;
    for (const [key, pending] of this.pending) {
      const objects: ObjectReport[] = [];
      for (const [name, object] of pending.objects) {
        bytes += JSON.stringify(object).length * 1.1;
        if (bytes > MAX_REPORT_BYTES || objects.length >= OBJECTS_PER_REPORT) break;
        objects.push(object);
        pending.objects.delete(name);
      }
      const whole = pending.objects.size === 0;
      batch.push(reportOf(pending, objects, whole));
      if (whole) this.pending.delete(key);
      if (!whole || bytes > MAX_REPORT_BYTES || batch.length >= REPORTS_PER_REQUEST) break;
    }
    return batch;
  }

  private putBack(batch: readonly BundleReport[]): void {
    for (const report of batch) {
      const pending = this.of(report.application, report.sequence);
      for (const object of report.objects) {
        const key = refKey(object.ref);
        if (!pending.objects.has(key)) pending.objects.set(key, object);
      }
      pending.complete ||= report.complete;
      pending.left ??= report.left;
    }
  }

  private acknowledge(batch: readonly BundleReport[]): void {
    for (const { application, objects } of batch) {
      const deleted = objects.filter(({ outcome }) => outcome === 'deleted').map(({ ref }) => ref);
      if (deleted.length > 0) this.options.acknowledged(application, deleted);
    }
  }
}

/** A report that could not take everything is not complete yet. */
function reportOf(pending: Pending, objects: readonly ObjectReport[], whole: boolean): BundleReport {
  return {
    application: pending.application,
    sequence: pending.sequence,
    complete: whole && pending.complete,
    objects: [...objects],
    ...(whole && pending.complete && pending.left && { left: [...pending.left] }),
  };
}
