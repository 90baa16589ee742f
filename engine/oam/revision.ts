/** The identity of an Application's content: equal for texts that KubeVela would not make a new revision for. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { JsonDraft, JsonValue } from '../json.ts';
import { canonicalJson } from '../json.ts';
import type { Application, PolicyObject, WorkflowObject } from './application.ts';
import { specJson, stepJson } from './application.ts';

/** sha256 in hex over the canonical JSON of a value. */
export function contentHash(value: JsonValue): string {
  return textHash(canonicalJson(value));
}

/** sha256 in hex over a text in UTF-8. */
export function textHash(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}

/**
 * The hash that decides whether a submission is a new revision (KubeVela's rule, revision.go: spec with external
 * policies and workflow, or another publishVersion).
 */
export function specHash(
  application: Application,
  external: { readonly policies: readonly PolicyObject[]; readonly workflow: WorkflowObject | null },
): string {
  const parts: JsonDraft = { spec: specJson(application.spec) };
  const version = application.metadata.annotations['app.oam.dev/publishVersion'];
  if (version !== undefined) parts['publishVersion'] = version;
  if (external.policies.length > 0) {
    const policies = external.policies.map(
      (p) => [p.metadata.name, { type: p.type, properties: p.properties ?? null }] as const,
    );
    parts['policies'] = Object.fromEntries(policies);
  }
  if (external.workflow !== null) {
    parts['workflow'] = {
      name: external.workflow.metadata.name,
      steps: external.workflow.steps.map(stepJson),
    };
  }
  return contentHash(parts);
}
