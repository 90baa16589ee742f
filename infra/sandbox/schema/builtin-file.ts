/** The shape of builtin.generated.json. */
export interface BuiltinFile {
  readonly kubernetes: string;
  readonly resources: readonly ResourceFacts[];
  readonly types: Readonly<Record<string, StructFacts>>;
}

export interface ResourceFacts {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly subresources: readonly string[];
  /** name in `types` */
  readonly type: string;
}

export interface StructFacts {
  fields: Record<string, FieldFacts>;
  /** the struct is owned as a whole (x-kubernetes-map-type) */
  atomic?: boolean;
}

export interface FieldFacts {
  type: TypeFacts;
  /**
   * What the Go struct's JSON keeps: `always` the field is written even at its zero value; `null` likewise, a nil
   * pointer; `set` whenever it was given (a pointer); absent: only when not empty, zero or false.
   */
  presence?: 'always' | 'null' | 'set';
  default?: unknown;
  enum?: string[];
  atomic?: boolean;
  required?: boolean;
}

/** `#name` refers to `types`; `open` takes any value and merges maps by key; `any` takes any value as a whole. */
export type TypeFacts =
  | 'string'
  | 'int32'
  | 'int64'
  | 'number'
  | 'boolean'
  | 'bytes'
  | 'quantity'
  | 'int-or-string'
  | 'time'
  | 'micro-time'
  | 'any'
  | 'open'
  | `#${string}`
  | { list: TypeFacts; as?: 'set' | 'map'; keys?: string[]; patch?: string; patchKey?: string }
  | { map: TypeFacts; atomic?: boolean };
