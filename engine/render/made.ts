/** A component before it is labelled and named: the same wherever it goes, as far as its templates do not read where. */

import { templateOf } from '../definitions/definition.ts';
import type { JsonObject } from '../json.ts';
import type { Contract } from './output.ts';
import { auxiliaryType, finishTrait, finishWorkload, withWorkloadRef } from './output.ts';
import type { PlannedComponent, PlannedTrait } from './plan.ts';
import type { TemplateCache } from './template-cache.ts';

/** An object beside the workload. */
export interface RenderedObject {
  readonly object: JsonObject;
  /** `auxiliary`: the component's own `outputs`. */
  readonly role: 'trait' | 'auxiliary';
  /** The trait's type, or `AuxiliaryWorkload`. */
  readonly type: string;
  /** The name under `outputs`. */
  readonly resource: string;
  readonly generatedName: boolean;
  /** Goes to the local cluster and the Application's namespace, wherever the component goes. */
  readonly controlPlaneOnly: boolean;
}

export interface RenderedComponent {
  readonly name: string;
  readonly type: string;
  readonly workload: JsonObject;
  /** A trait manages the workload: it is not applied. */
  readonly skipWorkload: boolean;
  /** In KubeVela's order: the component's own outputs, then those of the traits. */
  readonly objects: readonly RenderedObject[];
  /** Types of traits that wait for the workload to be healthy. */
  readonly pendingTraits: readonly string[];
  /** The workload as each of the rendered traits found it, and which trait that was; empty where nobody asked. */
  readonly found: readonly FoundWorkload[];
}

/** The workload's JSON before a trait, which is given by its place among the component's traits. */
export interface FoundWorkload {
  readonly trait: number;
  readonly workload: JsonObject;
}

export interface MadeComponent {
  readonly component: PlannedComponent;
  readonly workload: JsonObject;
  readonly parts: readonly MadePart[];
  readonly pendingTraits: readonly string[];
  readonly found: readonly FoundWorkload[];
}

export interface MadePart {
  readonly object: JsonObject;
  readonly resource: string;
  /** Null for the component's own outputs. */
  readonly trait: PlannedTrait | null;
}

/** The component as it goes to one place. */
export function finishComponent(made: MadeComponent, contract: Contract): RenderedComponent {
  const { component, pendingTraits, found } = made;
  const workload = finishWorkload(made.workload, component.type, contract);
  return {
    name: component.name,
    type: component.type,
    workload,
    skipWorkload: component.traits.some((t) => t.definition.attributes.manageWorkload),
    objects: made.parts.map((part) => finishPart(part, workload, contract)),
    pendingTraits,
    found,
  };
}

function finishPart(part: MadePart, workload: JsonObject, contract: Contract): RenderedObject {
  const { trait, resource } = part;
  const type = trait === null ? auxiliaryType : trait.type;
  const attributes = trait?.definition.attributes;
  const finished = finishTrait(part.object, type, resource, contract);
  const path = attributes?.workloadRefPath ?? '';
  return {
    object: path === '' ? finished.object : withWorkloadRef(finished.object, path, workload),
    role: trait === null ? 'auxiliary' : 'trait',
    type,
    resource,
    generatedName: finished.generatedName,
    controlPlaneOnly: attributes?.controlPlaneOnly ?? false,
  };
}

/** What `componentContext` takes from the place. */
const placeNames = ['namespace', 'cluster', 'replicaKey', 'revision', 'clusterVersion'] as const;

/**
 * The parts of its place that a component's templates read; null where they may read any, make calls, or the
 * component is none of CUE.
 */
export function placeUse(component: PlannedComponent, cache: TemplateCache): readonly string[] | null {
  if (component.terraform) return null;
  const read = new Set<string>();
  for (const { definition } of [component, ...component.traits]) {
    const template = templateOf(definition);
    const compiled = template === null ? null : cache.get(template);
    if (compiled === null) continue;
    if (!compiled.ok || compiled.use.calls || compiled.use.context === 'all') return null;
    for (const name of placeNames) if (compiled.use.context.has(name)) read.add(name);
  }
  return [...read].sort();
}
