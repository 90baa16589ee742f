/** A definition as the engine uses it, whatever text it came from. */
import type { JsonObject } from '../json.ts';

export type DefinitionKind = 'component' | 'trait' | 'policy' | 'workflowstep' | 'workload';

/** The kinds of custom resource, as KubeVela names them. */
export const customResourceKind = {
  component: 'ComponentDefinition',
  trait: 'TraitDefinition',
  policy: 'PolicyDefinition',
  workflowstep: 'WorkflowStepDefinition',
  workload: 'WorkloadDefinition',
} as const satisfies Record<DefinitionKind, string>;

/** The `type` of a KubeVela `.cue` file. */
export const cueFileType: Readonly<Record<string, DefinitionKind>> = {
  component: 'component',
  trait: 'trait',
  policy: 'policy',
  'workflow-step': 'workflowstep',
  workload: 'workload',
};

/** Where definitions without a namespace live, and the second place of every look-up. */
export const systemNamespace = 'vela-system';

export interface Definition {
  readonly kind: DefinitionKind;
  readonly name: string;
  readonly namespace: string;
  /** `spec.version` in full and without the `v`, or the name that the author gave; absent where there is neither. */
  readonly version?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly description: string;
  readonly schematic: Schematic;
  readonly status: StatusTemplates;
  readonly attributes: DefinitionAttributes;
  /** Spec fields that nothing here reads (`workload`, `childResourceKinds`, `extension`, …), kept as written. */
  readonly spec: JsonObject;
}

export type Schematic =
  | { readonly type: 'cue'; readonly template: TemplateText }
  | { readonly type: 'terraform'; readonly terraform: TerraformSchematic }
  | { readonly type: 'helm'; readonly helm: JsonObject }
  /** No template: a step or policy that the engine itself treats, or a definition that only points elsewhere. */
  | { readonly type: 'none' };

export interface TemplateText {
  /** CUE. Lines and columns are those of `source`, if `line` is 1. */
  readonly text: string;
  /** The name of the text in which the template stands. */
  readonly source: string;
  /** The line of `source` on which the template's first line stands; counted from 1. */
  readonly line: number;
}

export interface TerraformSchematic {
  readonly configuration: string;
  readonly type: 'hcl' | 'json' | 'remote';
  readonly path?: string;
  /** `writeConnectionSecretToRef`, `providerRef`, `gitCredentialsSecretReference`, as written. */
  readonly references: JsonObject;
}

/** CUE texts, empty where the definition has none. */
export interface StatusTemplates {
  readonly healthPolicy: string;
  readonly customStatus: string;
  readonly details: string;
}

export type Stage = 'PreDispatch' | 'DefaultDispatch' | 'PostDispatch';

export interface DefinitionAttributes {
  /** Traits: what they may be put on, and beside what they may not stand. Data; checked by the registry's rules. */
  readonly appliesToWorkloads: readonly string[];
  readonly conflictsWith: readonly string[];
  readonly podDisruptive: boolean;
  readonly manageWorkload: boolean;
  readonly controlPlaneOnly: boolean;
  /** Field path in the trait's object that takes a reference to the workload; `''` is none. */
  readonly workloadRefPath: string;
  readonly stage: Stage;
  /** Policies. */
  readonly manageHealthCheck: boolean;
  /** `Application`: it changes the Application. Of another one than that and `''` nothing is made. */
  readonly scope: string;
  readonly global: boolean;
  readonly priority: number;
}

export const deprecatedLabel = 'custom.definition.oam.dev/deprecated';
/** A label of a definition; `.cue` files give theirs a prefix that may be left out. */
export function labelOf(labels: Readonly<Record<string, string>>, name: string): string | undefined {
  return labels[name] ?? labels[`custom.definition.oam.dev/${name}`];
}
export const descriptionAnnotation = 'definition.oam.dev/description';
/** The version under which a definition is kept. */
export const revisionNameAnnotation = 'definitionrevision.oam.dev/name';
export const aliasAnnotation = 'definition.oam.dev/alias';

/** The text of a definition's CUE template, or null if it has none. */
export function templateOf(definition: Definition): TemplateText | null {
  return definition.schematic.type === 'cue' ? definition.schematic.template : null;
}

/** Whether components of this type are delivered through Terraform's controller. */
export function isTerraform(definition: Definition): boolean {
  return (
    definition.schematic.type === 'terraform' ||
    (definition.kind === 'component' && definition.annotations['type'] === 'terraform')
  );
}
