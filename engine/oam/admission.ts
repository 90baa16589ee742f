/**
 * What KubeVela's admission and its CRD refuse of an Application that can be read
 * (pkg/webhook/core.oam.dev/v1beta1/application; charts/vela-core/crds).
 */
import type { Issue } from '../result.ts';
import { pointer } from '../result.ts';
import type { Application, WorkflowSubStep } from './application.ts';
import { annotation } from './metadata.ts';
import type { Locate } from './validate.ts';

type Path = readonly (string | number)[];

/** Issues `required`, `duplicate-name`, `invalid-name`, `invalid-timeout`, `annotations-conflict`. */
export function admissionIssues(application: Application, locate: Locate): readonly Issue[] {
  const check = new Admission(locate);
  check.metadata(application);
  check.components(application);
  check.policies(application);
  check.steps(application);
  return check.issues;
}

class Admission {
  readonly issues: Issue[] = [];
  readonly #locate: Locate;

  constructor(locate: Locate) {
    this.#locate = locate;
  }

  metadata({ metadata }: Application): void {
    this.#name(
      ['metadata', 'name'],
      metadata.name,
      subdomain,
      'a lower-case DNS name of at most 253 characters',
    );
    if (metadata.namespace !== undefined) {
      this.#name(
        ['metadata', 'namespace'],
        metadata.namespace,
        dnsLabel,
        'a lower-case DNS label of at most 63 characters',
      );
    }
    const { annotations } = metadata;
    if (
      annotations[annotation.publishVersion] !== undefined &&
      annotations[annotation.autoUpdate] === 'true'
    ) {
      const path = ['metadata', 'annotations', annotation.autoUpdate];
      this.#add(
        'annotations-conflict',
        path,
        `${annotation.publishVersion} and ${annotation.autoUpdate} exclude each other.`,
      );
    }
  }

  components({ spec }: Application): void {
    const names = new Map<string, number>();
    for (const [i, component] of spec.components.entries()) {
      const path = ['spec', 'components', i];
      this.#required([...path, 'name'], component.name);
      this.#required([...path, 'type'], component.type);
      if (component.name !== '') this.#unique(names, component.name, [...path, 'name'], i);
      for (const [j, trait] of (component.traits ?? []).entries())
        this.#required([...path, 'traits', j, 'type'], trait.type);
    }
  }

  policies({ spec }: Application): void {
    for (const [i, policy] of (spec.policies ?? []).entries())
      this.#required(['spec', 'policies', i, 'type'], policy.type);
  }

  steps({ spec }: Application): void {
    const names = new Map<string, number>();
    for (const [i, step] of (spec.workflow?.steps ?? []).entries()) {
      const path = ['spec', 'workflow', 'steps', i];
      this.#step(step, path, names, i);
      for (const [j, sub] of (step.subSteps ?? []).entries())
        this.#step(sub, [...path, 'subSteps', j], names, i);
    }
  }

  #step(step: WorkflowSubStep, path: Path, names: Map<string, number>, index: number): void {
    this.#required([...path, 'type'], step.type);
    if (step.name !== undefined) this.#unique(names, step.name, [...path, 'name'], index);
    if (step.timeout !== undefined && !duration.test(step.timeout)) {
      this.#add(
        'invalid-timeout',
        [...path, 'timeout'],
        `"${step.timeout}" is no duration such as 30s, 5m or 1h30m.`,
      );
    }
  }

  #required(path: Path, value: string): void {
    if (value === '')
      this.#add('required', path, `"${String(path.at(-1))}" is required.`, 'a string that is not empty');
  }

  #name(path: Path, value: string, pattern: RegExp, expected: string): void {
    if (!pattern.test(value)) this.#add('invalid-name', path, `"${value}" is no valid name.`, expected);
  }

  #unique(names: Map<string, number>, name: string, path: Path, index: number): void {
    const first = names.get(name);
    if (first === undefined) names.set(name, index);
    else this.#add('duplicate-name', path, `The name "${name}" is already used at index ${first}.`);
  }

  #add(code: string, path: Path, message: string, expected?: string): void {
    const issue = { code, path: pointer(path), message, span: this.#locate(path) };
    this.issues.push(expected === undefined ? issue : { ...issue, expected });
  }
}

const dnsLabel = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;
const subdomain = /^(?=.{1,253}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;
/** Go's time.ParseDuration, without a sign. */
const duration =
  /^(?:0|(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h)(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))*)$/;
