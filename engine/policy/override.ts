/** What an override policy makes of the components (pkg/policy/envbinding/patch.go, mergo with override). */
import type { RegexpLibrary } from '../cue/index.ts';
import type { JsonDraft, JsonObject, JsonValue } from '../json.ts';
import { isObject, own, put } from '../json.ts';
import type { AppPolicy, Component, TraitUse } from '../oam/application.ts';
import type { Issue, Result } from '../result.ts';
import { fail, ok, pointer } from '../result.ts';
import type { ComponentPatch, TraitPatch } from './specs.ts';
import { readOverride } from './specs.ts';

/** Applies the override policies in order. Warnings name patterns that hit more than they seem to. */
export function overrideComponents(
  policies: readonly AppPolicy[],
  components: readonly Component[],
  regexp: RegexpLibrary,
): Result<readonly Component[]> {
  let current = components;
  const warnings: Issue[] = [];
  for (const policy of policies) {
    if (policy.type !== 'override') continue;
    const spec = readOverride(policy);
    if (!spec.ok) return spec;
    const patched = patchComponents(current, spec.value.components, {
      policy: policy.name,
      selector: spec.value.selector,
      regexp,
    });
    if (!patched.ok) return patched;
    warnings.push(...(patched.warnings ?? []));
    current = patched.value;
  }
  return ok(current, warnings);
}

export interface PatchOptions {
  readonly policy: string;
  /** The names of the components that remain; null keeps all. */
  readonly selector: readonly string[] | null;
  readonly regexp: RegexpLibrary;
}

/** The components after the patches, then the selector. A slot keeps its name even when its component is replaced. */
export function patchComponents(
  components: readonly Component[],
  patches: readonly ComponentPatch[],
  options: PatchOptions,
): Result<readonly Component[]> {
  const slots = new Map<string, Component>();
  const order: string[] = [];
  const warnings: Issue[] = [];
  for (const component of components) {
    slots.set(component.name, component);
    order.push(component.name);
  }
  for (const [i, patch] of patches.entries()) {
    const path = pointer(['policies', options.policy, 'properties', 'components', i]);
    const hit = patch.name === '' ? matchByType(slots, patch) : matchByName(slots, patch, options.regexp);
    for (const slot of hit) {
      const merged = applyPatch(slots.get(slot) as Component, patch, path);
      if (!merged.ok) return merged;
      slots.set(slot, merged.value);
    }
    if (patch.name === '') continue;
    const beyond = hit.filter((slot) => slot !== patch.name);
    if (beyond.length > 0 && !/[*]/.test(patch.name)) warnings.push(unanchored(patch.name, beyond, path));
    // KubeVela's test for a valid name is unanchored: one small letter anywhere is enough.
    if (hit.length === 0 && /[a-z]/.test(patch.name)) {
      slots.set(patch.name, toComponent(patch));
      order.push(patch.name);
    }
  }
  const kept = options.selector === null ? order : order.filter((name) => options.selector?.includes(name));
  return ok(
    kept.map((name) => slots.get(name) as Component),
    warnings,
  );
}

function matchByType(slots: ReadonlyMap<string, Component>, patch: ComponentPatch): readonly string[] {
  return [...slots].filter(([, c]) => patch.type === '' || patch.type === c.type).map(([slot]) => slot);
}

/** KubeVela turns `*` into `.*` and looks for the pattern anywhere in the name. A broken pattern matches nothing. */
function matchByName(
  slots: ReadonlyMap<string, Component>,
  patch: ComponentPatch,
  regexp: RegexpLibrary,
): readonly string[] {
  const names = [...slots.keys()];
  if (/^[A-Za-z0-9_-]*$/.test(patch.name)) return names.filter((name) => name.includes(patch.name));
  const compiled = regexp.compile(patch.name.replaceAll('*', '.*'));
  return 'test' in compiled ? names.filter((name) => compiled.test(name)) : [];
}

function unanchored(name: string, beyond: readonly string[], path: string): Issue {
  return {
    code: 'override-matches-more',
    path: `${path}/name`,
    message: `"${name}" is looked for anywhere in a component's name, so it also changes ${beyond.map((b) => `"${b}"`).join(', ')}.`,
  };
}

function applyPatch(base: Component, patch: ComponentPatch, path: string): Result<Component> {
  if (patch.name !== '' && patch.type !== '' && patch.type !== base.type) return ok(toComponent(patch));
  return mergeComponent(base, patch, path);
}

function toComponent(patch: ComponentPatch): Component {
  const traits = patch.traits.filter((t) => !t.disable).map(toTrait);
  return {
    name: patch.name,
    type: patch.type,
    ...(patch.properties === undefined ? {} : { properties: patch.properties }),
    ...(traits.length > 0 ? { traits } : {}),
  };
}

function toTrait(patch: TraitPatch): TraitUse {
  return patch.properties === undefined
    ? { type: patch.type }
    : { type: patch.type, properties: patch.properties };
}

/** Properties are merged deeply, traits by type: of equal types the last is the base and stands in every place. */
export function mergeComponent(base: Component, patch: ComponentPatch, path: string): Result<Component> {
  const properties = mergeProperties(base.properties, patch.properties, `${path}/properties`);
  if (!properties.ok) return properties;
  const traits = new Map<string, TraitUse>();
  const order: string[] = [];
  for (const trait of base.traits ?? []) {
    traits.set(trait.type, trait);
    order.push(trait.type);
  }
  for (const [i, trait] of patch.traits.entries()) {
    const existing = traits.get(trait.type);
    if (trait.disable) {
      traits.delete(trait.type);
    } else if (existing === undefined) {
      traits.set(trait.type, toTrait(trait));
      order.push(trait.type);
    } else {
      const merged = mergeProperties(existing.properties, trait.properties, `${path}/traits/${i}/properties`);
      if (!merged.ok) return merged;
      traits.set(trait.type, { type: trait.type, properties: merged.value });
    }
  }
  const kept = order.flatMap((type) => traits.get(type) ?? []);
  const { traits: _, ...rest } = base;
  return ok({
    ...rest,
    properties: properties.value,
    ...(patch.externalRevision === '' ? {} : { externalRevision: patch.externalRevision }),
    ...(kept.length > 0 ? { traits: kept } : {}),
  });
}

function mergeProperties(
  base: JsonValue | undefined,
  patch: JsonValue | undefined,
  path: string,
): Result<JsonObject> {
  for (const value of [base, patch]) {
    if (value !== undefined && !isObject(value)) {
      return fail({
        code: 'policy.wrong-type',
        path,
        message: 'Properties that are merged must be maps.',
        expected: 'a map',
      });
    }
  }
  // Both were just checked to be maps or absent.
  return ok(mergeMaps((base ?? {}) as JsonObject, (patch ?? {}) as JsonObject));
}

/** mergo.Merge with override: maps merge, anything else (lists, null, zero values) replaces. */
export function mergeMaps(base: JsonObject, patch: JsonObject): JsonObject {
  const out: JsonDraft = {};
  for (const [key, value] of Object.entries(base)) put(out, key, value);
  for (const [key, value] of Object.entries(patch)) {
    const old = own(base, key);
    put(out, key, isObject(value) && isObject(old) ? mergeMaps(old, value) : value);
  }
  return out;
}
