/** Answers the hub's plans, one at a time and beside what is delivered. Asked for the same twice, it answers once. */
import { ownerOf } from '../engine/delivery/ownership.ts';
import type { PlanAnswer, PlanRequest } from '../engine/delivery/protocol.ts';
import { changeBudget } from '../engine/diff/live.ts';
import type { ApplicationUid, PlanId } from '../engine/ids.ts';
import type { Membership } from './identity.ts';
import { planApplication, type TrialCluster } from './plan.ts';
import { turns } from './turns.ts';

/** Plans of which it is remembered that they were taken. */
const REMEMBERED = 256;

export interface PlannerOptions {
  readonly cluster: TrialCluster;
  membership(): Membership;
  /** Address of what was last applied as an Application's object. */
  applied(application: ApplicationUid, key: string): string | undefined;
  /** Whether this agent is the active one. */
  active(): boolean;
  answer(answer: PlanAnswer): void;
}

export class Planner {
  private readonly options: PlannerOptions;
  private readonly taken = new Set<PlanId>();
  private readonly turn = turns(1);
  private stopped = false;

  constructor(options: PlannerOptions) {
    this.options = options;
  }

  stop(): void {
    this.stopped = true;
  }

  take(plans: readonly PlanRequest[]): void {
    if (!this.options.active()) return;
    for (const plan of plans) {
      if (this.taken.has(plan.id)) continue;
      this.taken.add(plan.id);
      for (const oldest of this.taken) {
        if (this.taken.size <= REMEMBERED) break;
        this.taken.delete(oldest);
      }
      void this.turn(() => this.work(plan));
    }
  }

  /** The answer did not reach the hub: it will ask again. */
  lost(plan: PlanId): void {
    this.taken.delete(plan);
  }

  private async work(plan: PlanRequest): Promise<void> {
    try {
      await this.answer(plan);
    } catch {
      this.options.answer({ id: plan.id, state: 'failed', message: 'the agent failed on this plan' });
    }
  }

  private async answer({ id, applications: wanted }: PlanRequest): Promise<void> {
    const { cluster, membership, applied, answer } = this.options;
    const { hub, tenant } = membership();
    const budget = changeBudget();
    const applications = [];
    for (const one of wanted) {
      if (this.stopped) return;
      const { uid } = one.application;
      const input = {
        wanted: one,
        owner: ownerOf(hub, tenant, uid),
        budget,
        applied: (key: string) => applied(uid, key),
      };
      applications.push({ application: uid, objects: await planApplication(cluster, input) });
    }
    answer({ id, state: 'ready', applications });
  }
}
