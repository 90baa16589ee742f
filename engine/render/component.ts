/**
 * One component at one place: its template, then its traits in listed order, each seeing what those before it made
 * (pkg/appfile/appfile.go GenerateComponentManifest, pkg/cue/definition/template.go).
 */
import type { Data, Value } from '../cue/index.ts';
import { CueError } from '../cue/index.ts';
import { unknownParameters } from '../definitions/check-parameters.ts';
import type { TemplateText } from '../definitions/definition.ts';
import { templateOf } from '../definitions/definition.ts';
import type { JsonDraft, JsonObject, JsonValue } from '../json.ts';
import { isObject } from '../json.ts';
import type { Issue, Result } from '../result.ts';
import { fail, ok } from '../result.ts';
import { contextData } from './context.ts';
import type { ContextUse } from './context-use.ts';
import { CueUnifier } from './cue-unifier.ts';
import { dataFor, dataOf } from './data.ts';
import type { HttpNeed, HttpRequest } from './http-request.ts';
import { readHttpRequest, requestHash } from './http-request.ts';
import type { FoundWorkload, MadeComponent, MadePart, RenderedComponent } from './made.ts';
import { finishComponent } from './made.ts';
import { Manifest, ManifestError } from './manifest.ts';
import type { Contract } from './output.ts';
import type { PlannedComponent, PlannedTrait } from './plan.ts';
import type { CallNeed } from './provider-calls.ts';
import type { EvaluatedTemplate, RenderEnvironment } from './template.ts';
import { evaluateTemplate } from './template.ts';
import type { Subject } from './template-issues.ts';
import { errorIssues, explain } from './template-issues.ts';
import { terraformConfiguration } from './terraform.ts';

/**
 * What becomes of traits of stage PostDispatch, which KubeVela renders once the workload is healthy. `include`: they are
 * rendered as any other. `try`: as any other if that is possible without a live status, else they are pending. `defer`:
 * they are pending. `only`: they alone are rendered, over what the component's own template gives.
 */
export type PostDispatchMode = 'include' | 'try' | 'defer' | 'only';

export interface ComponentRequest {
  readonly component: PlannedComponent;
  /** From `componentContext`. */
  readonly context: JsonObject;
  readonly contract: Contract;
  readonly environment: RenderEnvironment;
  readonly postDispatch?: PostDispatchMode;
  /** The live workload's status, which traits see in `context.output.status`. */
  readonly liveStatus?: JsonValue;
  /** Answers to HTTP requests of `processing`, by the key under which they were asked for. */
  readonly responses?: ReadonlyMap<string, JsonObject>;
  /** Keeps the workload as each trait found it. */
  readonly traced?: boolean;
}

export type ComponentRendering =
  | { readonly state: 'rendered'; readonly component: RenderedComponent }
  /** Render again with the responses. */
  | { readonly state: 'needs'; readonly requests: readonly HttpNeed[] };

interface Part {
  readonly manifest: Manifest;
  readonly resource: string;
  /** Null for the component's own outputs. */
  readonly trait: PlannedTrait | null;
  readonly evaluated: EvaluatedTemplate;
  readonly subject: Subject;
}

export type ComponentMaking =
  | { readonly state: 'made'; readonly made: MadeComponent }
  | { readonly state: 'needs'; readonly requests: readonly HttpNeed[] };

/** Renders a component. Warnings name parameters that nothing declares. */
export function renderComponent(request: ComponentRequest): Result<ComponentRendering> {
  return finished(makeComponent(request), request.contract);
}

/** What was made, as it goes to one place. */
export function finished(making: Result<ComponentMaking>, contract: Contract): Result<ComponentRendering> {
  if (!making.ok) return making;
  const { value, warnings } = making;
  return value.state === 'needs'
    ? ok(value, warnings)
    : ok({ state: 'rendered', component: finishComponent(value.made, contract) }, warnings);
}

/** All of a rendering but the names and labels of its objects. */
export function makeComponent(request: ComponentRequest): Result<ComponentMaking> {
  return new ComponentMaker(request).make();
}

/** The type of components whose objects KubeVela reads before the template sees them (pkg/appfile/parser.go). */
const referring = 'ref-objects';

function referringIssue({ title, path }: Subject): Issue {
  const message = `${title} reads its objects in a cluster or at an address, which a rendering here cannot do.`;
  return { code: 'provider.cluster', path, message };
}

/** Not among them are wrong parameters, templates that do not compile, and spent budgets. */
const laterCodes: ReadonlySet<string> = new Set(['evaluate', 'template', 'patch', 'user-error']);

class ComponentMaker {
  readonly #request: ComponentRequest;
  readonly #warnings: Issue[] = [];
  readonly #parts: Part[] = [];
  readonly #found: FoundWorkload[] = [];
  readonly #unifier: CueUnifier;

  constructor(request: ComponentRequest) {
    this.#request = request;
    this.#unifier = new CueUnifier(request.environment.cache);
  }

  make(): Result<ComponentMaking> {
    const { component, postDispatch = 'include' } = this.#request;
    const made = this.#base();
    if (!made.ok) return made;
    const base = made.value;
    if (base.type === 'needs') return ok({ state: 'needs', requests: [base.need] }, this.#warnings);
    const pending: string[] = [];
    for (const [i, trait] of component.traits.entries()) {
      const late = trait.definition.attributes.stage === 'PostDispatch';
      if (late ? postDispatch === 'defer' : postDispatch === 'only') {
        if (late) pending.push(trait.type);
        continue;
      }
      const before = this.#parts.length;
      const need = this.#trait(trait, base, i);
      if (late && postDispatch === 'try' && this.#mustWait(need, before)) {
        this.#parts.length = before;
        pending.push(trait.type);
        continue;
      }
      if (!need.ok) return need;
      // Later traits see what this one makes of the response, so they come after it.
      if (need.value !== null) return ok({ state: 'needs', requests: [need.value] }, this.#warnings);
    }
    return this.#finish(base, pending);
  }

  /** Whether a trait could not be rendered for a reason that the live status may take away. */
  #mustWait(rendered: Result<HttpNeed | null>, from: number): boolean {
    if (rendered.ok) {
      const added = this.#parts.slice(from);
      return rendered.value !== null || added.some((p) => p.manifest.finished() instanceof ManifestError);
    }
    return rendered.issues.every(({ code }) => laterCodes.has(code));
  }

  /** The component's own template: its output, and its outputs as the first parts. */
  #base(): Result<Base | NeedsFirst> {
    const { component, context, environment } = this.#request;
    const subject: Subject = {
      title: `component "${component.name}" of type ${component.type}`,
      type: component.type,
      path: component.path,
      properties: component.properties,
    };
    if (component.type === referring) return fail(referringIssue(subject));
    const terraform = component.terraform
      ? terraformConfiguration(component, this.#request.contract.namespace)
      : null;
    if (terraform !== null)
      return terraform.ok ? ok({ type: 'terraform', object: terraform.value, subject }) : terraform;
    const template: TemplateText = templateOf(component.definition) ?? {
      text: '',
      source: component.definition.name,
      line: 1,
    };
    const answer = this.#answerFor('component');
    const data = {
      parameter: component.properties ?? {},
      context: (use: ContextUse) => contextData(context, new Map(), use),
      answer,
    };
    const outcome = evaluateTemplate(template, data, subject, environment);
    if (!outcome.ok) return outcome;
    if (outcome.value.state === 'needs')
      return ok({ type: 'needs', need: this.#callNeed('component', outcome.value.need, subject) });
    const { evaluated } = outcome.value;
    this.#warnUnknown(evaluated, subject);
    const { value, concrete } = evaluated;
    const added = this.#addOutputs(value, null, evaluated, subject);
    if (!added.ok) return added;
    return ok({
      type: 'cue',
      manifest: new Manifest(value.lookup(['output']), concrete),
      evaluated,
      subject,
      checked: concrete,
    });
  }

  /** Renders a trait into the parts and patches what is there. Answers the request that it needs first, if any. */
  #trait(trait: PlannedTrait, base: Base, index: number): Result<HttpNeed | null> {
    const { component } = this.#request;
    const subject: Subject = {
      title: `trait ${trait.type} of component "${component.name}"`,
      type: trait.type,
      path: trait.path,
      properties: trait.properties,
    };
    const issues = this.#unprintableIssues(base, subject);
    if (issues.length > 0) return fail(...issues);
    this.#trace(base, index);
    const template = templateOf(trait.definition) ?? { text: '', source: trait.definition.name, line: 1 };
    const who = `${index}/${trait.type}`;
    const data = {
      parameter: trait.properties,
      context: (use: ContextUse) => this.#traitContext(base, use),
      answer: this.#answerFor(who),
    };
    const outcome = evaluateTemplate(template, data, subject, this.#request.environment);
    if (!outcome.ok) return outcome;
    if (outcome.value.state === 'needs') return ok(this.#callNeed(who, outcome.value.need, subject));
    const { evaluated } = outcome.value;
    this.#warnUnknown(evaluated, subject);
    const processed = this.#process(evaluated, subject, who);
    if (!processed.ok || processed.value.need !== null)
      return processed.ok ? ok(processed.value.need) : processed;
    const value = processed.value.value;
    const added = this.#addOutputs(value, trait, evaluated, subject);
    if (!added.ok) return added;
    return this.#patch(value, base, evaluated, subject);
  }

  /** `who`: the component's own template, or a trait's place and type. */
  #answerFor(who: string): (need: CallNeed) => JsonObject | undefined {
    const { responses } = this.#request;
    return ({ call, request }) => responses?.get(this.#needKey(`${who}/${call}`, request));
  }

  #callNeed(who: string, { call, request }: CallNeed, { title, path }: Subject): HttpNeed {
    const key = this.#needKey(`${who}/${call}`, request);
    return { key, request, answer: 'response', component: this.#request.component.name, title, path };
  }

  /**
   * What keeps a trait from its context: KubeVela prints the objects, and the component's whole template, before each
   * trait; what is not concrete is an error there.
   */
  #unprintableIssues(base: Base, subject: Subject): readonly Issue[] {
    if (base.type === 'cue') {
      const output = base.manifest.unprintable();
      const error = output ?? (base.checked ? null : unprintableField(base.evaluated.value));
      if (error !== null) return this.#unprintable(error, base, subject);
      base.checked = true;
    }
    for (const part of this.#parts) {
      const error = part.manifest.unprintable();
      if (error !== null) return errorIssues('evaluate', error, part.subject, part.evaluated.use);
    }
    return [];
  }

  /** The context of a trait, as far as its template reads it: the component's, and the objects as they are now. */
  #traitContext(base: Base, use: ContextUse): Data | CueError {
    // Most traits read nothing.
    if (use !== 'all' && use.size === 0) return { type: 'struct', fields: new Map() };
    const { component, context, liveStatus } = this.#request;
    const plain: JsonDraft = { ...context, componentType: component.type };
    if (component.properties !== undefined) plain['parameter'] = component.properties;
    const objects = new Map<string, (use: ContextUse) => Data | CueError>();
    if (base.type === 'cue')
      objects.set('output', (part) => withStatus(base.manifest.data(part), liveStatus, part));
    if (this.#parts.length > 0) objects.set('outputs', (part) => this.#outputs(part));
    return contextData(plain, objects, use);
  }

  /** Of objects of one name the last counts. */
  #outputs(use: ContextUse): Data | CueError {
    const fields = new Map<string, Data>();
    for (const { manifest, resource } of this.#parts) {
      const part = use === 'all' ? use : use.get(resource);
      if (part === undefined) continue;
      const data = manifest.data(part);
      if (data instanceof CueError) return data;
      fields.set(resource, data);
    }
    return { type: 'struct', fields };
  }

  #trace(base: Base, trait: number): void {
    const { traced, liveStatus } = this.#request;
    if (!traced || base.type !== 'cue') return;
    const workload = base.manifest.json();
    if (workload instanceof CueError || !isObject(workload)) return;
    const status = liveStatus === undefined ? {} : { status: liveStatus };
    this.#found.push({ trait, workload: { ...workload, ...status } });
  }

  /** What keeps the component from being printed; the cause is often a parameter that was not given. */
  #unprintable(error: CueError, base: CueBase, subject: Subject): readonly Issue[] {
    const { evaluated } = base;
    const causes = explain(error, evaluated.value, base.subject, evaluated.use).filter((i) =>
      i.code.startsWith('parameter.'),
    );
    return [...errorIssues('evaluate', error, subject, evaluated.use), ...causes];
  }

  #addOutputs(
    value: Value,
    trait: PlannedTrait | null,
    evaluated: EvaluatedTemplate,
    subject: Subject,
  ): Result<null> {
    const outputs = value.lookup(['outputs']);
    if (!outputs.exists()) return ok(null);
    const fields = outputs.fields();
    if (fields === null) {
      const error = outputs.error();
      const issues = error === null ? [] : errorIssues('evaluate', error, subject, evaluated.use);
      return issues.length > 0
        ? fail(...issues)
        : fail({
            code: 'evaluate',
            path: subject.path,
            message: `${subject.title}: outputs must be a struct.`,
          });
    }
    for (const entry of fields) {
      this.#parts.push({
        manifest: new Manifest(entry.value, evaluated.concrete && value === evaluated.value),
        resource: entry.name,
        trait,
        evaluated,
        subject,
      });
    }
    return ok(null);
  }

  #process(
    evaluated: EvaluatedTemplate,
    subject: Subject,
    who: string,
  ): Result<{ readonly value: Value; readonly need: HttpNeed | null }> {
    const { value } = evaluated;
    if (!value.lookup(['processing']).exists()) return ok({ value, need: null });
    const http = value.lookup(['processing', 'http']);
    if (!http.exists()) {
      return fail({
        code: 'evaluate',
        path: subject.path,
        message: `${subject.title}: "processing" has no "http".`,
      });
    }
    const request = readHttpRequest(http, subject, evaluated);
    if (!request.ok) return request;
    const key = this.#needKey(who, request.value);
    const response = this.#request.responses?.get(key);
    if (response === undefined) {
      const { title, path } = subject;
      const component = this.#request.component.name;
      return ok({ value, need: { key, request: request.value, answer: 'object', component, title, path } });
    }
    return ok({ value: value.fill(['processing', 'output'], dataOf(response)), need: null });
  }

  #needKey(who: string, request: HttpRequest): string {
    const { context } = this.#request;
    const place = ['name', 'cluster', 'namespace', 'replicaKey'].map((name) => String(context[name] ?? ''));
    return `${place.join('/')}/${who}#${requestHash(request)}`;
  }

  #patch(value: Value, base: Base, evaluated: EvaluatedTemplate, subject: Subject): Result<null> {
    const patch = value.lookup(['patch']);
    if (patch.exists()) {
      if (base.type !== 'cue') {
        return fail({
          code: 'patch',
          path: subject.path,
          message: `${subject.title}: a Terraform component cannot be patched.`,
        });
      }
      const error = base.manifest.patch(patch, 'all', this.#unifier);
      if (error !== null) return fail(...patchIssues(error, subject, evaluated));
    }
    const patchOutputs = value.lookup(['patchOutputs']);
    if (!patchOutputs.exists()) return ok(null);
    for (const part of this.#parts) {
      const target = patchOutputs.lookup([part.resource]);
      const error = target.exists() ? part.manifest.patch(target, 'default', this.#unifier) : null;
      if (error !== null) return fail(...patchIssues(error, subject, evaluated));
    }
    return ok(null);
  }

  #finish(base: Base, pendingTraits: readonly string[]): Result<ComponentMaking> {
    const { component } = this.#request;
    const workload = base.type === 'terraform' ? base.object : base.manifest.finished();
    if (workload instanceof ManifestError) return fail(...workloadIssues(workload, base));
    const parts: MadePart[] = [];
    for (const part of this.#parts) {
      const object = part.manifest.finished();
      if (object instanceof ManifestError) return fail(...objectIssues(object, part));
      parts.push({ object, resource: part.resource, trait: part.trait });
    }
    const made = { component, workload, parts, pendingTraits, found: this.#found };
    return ok({ state: 'made', made }, this.#warnings);
  }

  #warnUnknown(evaluated: EvaluatedTemplate, subject: Subject): void {
    const shape = evaluated.use.parameter();
    if (shape === null) return;
    this.#warnings.push(
      ...unknownParameters(subject.properties, shape, { type: subject.type, path: subject.path }),
    );
  }
}

interface CueBase {
  readonly type: 'cue';
  readonly manifest: Manifest;
  readonly evaluated: EvaluatedTemplate;
  readonly subject: Subject;
  /** All of the template was found to be printable. */
  checked: boolean;
}

/** The object's data with the live status in place of its own. */
function withStatus(
  output: Data | CueError,
  status: JsonValue | undefined,
  use: ContextUse,
): Data | CueError {
  const part = use === 'all' ? use : use.get('status');
  if (output instanceof CueError || status === undefined || part === undefined || !isStruct(output))
    return output;
  return { type: 'struct', fields: new Map([...output.fields, ['status', dataFor(status, part)]]) };
}

function isStruct(data: Data): data is Extract<Data, { readonly type: 'struct' }> {
  return typeof data === 'object' && data !== null && 'type' in data && data.type === 'struct';
}

/** The error of the first field of a template, besides its output, that has no JSON. */
function unprintableField(value: Value): CueError | null {
  for (const field of value.fields() ?? []) {
    if (field.name === 'context' || field.name === 'output') continue;
    // What is concrete throughout prints; the text is written only to learn what is wrong.
    if (field.value.validate({ concrete: true, final: true }) === null) continue;
    const json = field.value.toJSONText();
    if (!json.ok) return json.error;
  }
  return null;
}

interface NeedsFirst {
  readonly type: 'needs';
  readonly need: HttpNeed;
}

type Base = CueBase | { readonly type: 'terraform'; readonly object: JsonObject; readonly subject: Subject };

function patchIssues(error: ManifestError, subject: Subject, evaluated: EvaluatedTemplate): readonly Issue[] {
  if (error.cause !== null) return errorIssues('patch', error.cause, subject, evaluated.use);
  return [{ code: 'patch', path: subject.path, message: `${subject.title} does not fit: ${error.message}.` }];
}

function workloadIssues(error: ManifestError, base: Base): readonly Issue[] {
  const { subject } = base;
  if (error.cause !== null && base.type === 'cue')
    return explain(error.cause, base.evaluated.value, subject, base.evaluated.use);
  return [{ code: 'template', path: subject.path, message: `${subject.title}: ${error.message}.` }];
}

function objectIssues(error: ManifestError, part: Part): readonly Issue[] {
  const { subject, evaluated, resource } = part;
  if (error.cause !== null) return errorIssues('evaluate', error.cause, subject, evaluated.use);
  return [
    {
      code: 'evaluate',
      path: subject.path,
      message: `${subject.title}: outputs.${resource}: ${error.message}.`,
    },
  ];
}
