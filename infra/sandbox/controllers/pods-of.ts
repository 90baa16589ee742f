// What the workload controllers share: pods made from a template, and conditions.

import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '../json.ts';
import type { Metadata, StoredObject } from '../kube-object.ts';
import { selectorOf, selects } from '../registry/selector.ts';
import type { Client } from './client.ts';
import type { Condition, PodTemplate, Workload } from './kinds.ts';
import { ownedBy } from './owners.ts';

const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

/** A short name for a template: equal templates have equal ones. */
export function templateHash(template: Json, collisions = 0): string {
  const bytes = createHash('sha256')
    .update(`${canonical(template)}/${collisions}`)
    .digest();
  let text = '';
  for (let i = 0; i < 10; i++) text += LETTERS[(bytes[i] ?? 0) % LETTERS.length];
  return text;
}

function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`).join(',')}}`;
}

/** Takes over what the selector finds and nobody controls. */
export function adopt(client: Client, owner: Workload, resource: string): void {
  const selector = selectorOf(owner.spec.selector);
  for (const object of client.list(resource, owner.metadata.namespace)) {
    const { labels, ownerReferences = [], deletionTimestamp } = object.metadata;
    if (deletionTimestamp !== undefined || !selects(selector, labels)) continue;
    if (ownerReferences.some(({ controller }) => controller === true)) continue;
    client.update({
      ...object,
      metadata: { ...object.metadata, ownerReferences: [...ownerReferences, ownedBy(owner)] },
    });
  }
}

export interface PodNaming {
  readonly name?: string;
  readonly generateName?: string;
  readonly labels?: { readonly [name: string]: string };
  readonly annotations?: { readonly [name: string]: string };
}

type PodOwner = StoredObject & { readonly spec: { readonly template: PodTemplate } };

/** Makes one pod from the owner's template; `spec` goes over the template's. */
export function createPod(client: Client, owner: PodOwner, naming: PodNaming, spec: JsonObject = {}): void {
  const { labels = {}, annotations = {} } = naming;
  const { template } = owner.spec;
  const metadata: Metadata = {
    namespace: owner.metadata.namespace ?? '',
    labels: { ...template.metadata.labels, ...labels },
    ownerReferences: [ownedBy(owner)],
  };
  const noted = { ...template.metadata.annotations, ...annotations };
  if (Object.keys(noted).length > 0) metadata.annotations = noted;
  if (template.metadata.finalizers) metadata.finalizers = template.metadata.finalizers;
  if (naming.name !== undefined) metadata.name = naming.name;
  if (naming.generateName !== undefined) metadata.generateName = naming.generateName;
  client.create('/pods', { metadata, spec: { ...template.spec, ...spec } });
}

/** The conditions with one set; its times move only when they should. */
export function withCondition(conditions: readonly Condition[], next: Condition, now: string): Condition[] {
  const before = conditions.find((one) => one.type === next.type);
  const same = before && before.status === next.status;
  if (same && before['reason'] === next['reason'] && before['message'] === next['message'])
    return [...conditions];
  const made: Condition = {
    ...next,
    ...('lastUpdateTime' in next ? { lastUpdateTime: now } : {}),
    lastTransitionTime: same ? (before['lastTransitionTime'] ?? now) : now,
  };
  return before ? conditions.map((one) => (one === before ? made : one)) : [...conditions, made];
}
