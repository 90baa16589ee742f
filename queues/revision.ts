/** What was checked when it was submitted, read back from the revision as it was stored. */
import type { LoadedRun } from '../db/model/run.ts';
import { isArray, isObject, type JsonObject, type JsonValue } from '../engine/json.ts';
import type { Application, PolicyObject, WorkflowObject } from '../engine/oam/application.ts';
import { parseApplication, parsePolicy, parseWorkflow } from '../engine/oam/parse.ts';
import type { Manifest } from '../engine/oam/read.ts';
import type { Span } from '../engine/result.ts';
import { fail, ok, type Result } from '../engine/result.ts';

const nowhere: Span = { source: 'revision', line: 1, column: 1 };

function manifest(value: JsonObject): Manifest {
  return { value, index: 0, locate: () => nowhere };
}

/** The Application of the run, with the labels and annotations of its revision. */
export function applicationOf({ application, revision }: LoadedRun): Result<Application> {
  const { namespace, name } = application;
  const { labels, annotations, spec } = revision;
  const metadata = { name, namespace, labels, annotations };
  const value = { apiVersion: 'core.oam.dev/v1beta1', kind: 'Application', metadata, spec };
  return parseApplication(manifest(value), { systemKeys: 'keep', admission: 'skip' });
}

interface Externals {
  readonly policies: readonly PolicyObject[];
  readonly workflows: readonly WorkflowObject[];
}

/** The external objects that travel with a revision: `{policies: [{name, type, …}], workflow: {name, steps, …}}`. */
export function externalsOf(extra: JsonValue, namespace: string): Result<Externals> {
  if (!isObject(extra)) return ok({ policies: [], workflows: [] });
  const policies: PolicyObject[] = [];
  for (const item of isArray(extra['policies']) ? extra['policies'].filter(isObject) : []) {
    const { name = '', ...rest } = item;
    const parsed = parsePolicy(
      manifest({ apiVersion, kind: 'Policy', metadata: { name, namespace }, ...rest }),
    );
    if (!parsed.ok) return parsed;
    policies.push(parsed.value);
  }
  const { workflow } = extra;
  if (!isObject(workflow)) return ok({ policies, workflows: [] });
  const { name = '', ...rest } = workflow;
  const parsed = parseWorkflow(
    manifest({ apiVersion, kind: 'Workflow', metadata: { name, namespace }, ...rest }),
  );
  return parsed.ok ? ok({ policies, workflows: [parsed.value] }) : fail(...parsed.issues);
}

const apiVersion = 'core.oam.dev/v1alpha1';
