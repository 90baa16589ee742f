/**
 * The verdict on one component in one place, from its live objects: workload and traits each by their definition's
 * health policy, or, where that has none, by the rules of their objects' kinds (kubevela.md §2.8).
 */
import type { JsonObject, JsonValue } from '../json.ts';
import type { HealthTemplates, RenderedObject, RenderedTarget, Rendering } from '../workflow/rendering.ts';
import type { Health } from './health.ts';
import { healthOf } from './index.ts';

/** What a definition's status templates say. */
export interface StatusVerdict {
  readonly healthy: boolean;
  readonly message: string;
  readonly details: Readonly<Record<string, string>>;
  /** Parts of it that could not be worked out: an expression that does not compile, fails, or gives another type. */
  readonly problems: readonly StatusProblem[];
}

export interface StatusProblem {
  readonly part: 'details' | 'health' | 'message';
  /** CUE's words. */
  readonly message: string;
}

export interface StatusQuestion {
  readonly templates: HealthTemplates;
  /** With `output`, `outputs` and all that the rendering knew. */
  readonly context: JsonObject;
  readonly parameter: JsonObject;
}

/** Evaluates status templates. Running over its budget or failing is a verdict: not healthy. */
export type StatusEvaluator = (question: StatusQuestion) => StatusVerdict;

/** The live object of a rendered one; undefined: not there, or not seen. */
export type LiveObjects = (object: RenderedObject) => JsonObject | undefined;

export interface TraitVerdict extends StatusVerdict {
  readonly type: string;
  /** It waits for the workload to be healthy, and counts neither way. */
  readonly pending: boolean;
}

const awaited = {
  healthy: false,
  pending: true,
  message: '\u23f3 Waiting for component to be healthy',
  details: {},
  problems: [],
} as const;

export interface ServiceVerdict extends StatusVerdict {
  /** Of the workload alone; `healthy` is of the traits too. */
  readonly workloadHealthy: boolean;
  readonly traits: readonly TraitVerdict[];
}

const none: HealthTemplates = { healthPolicy: '', customStatus: '', details: '' };

/**
 * An Ingress or an autoscaler may wait for ever for a controller that the cluster does not have, and the rest works
 * without. Only a definition that asks for its address waits for it.
 */
const advisory = new Set(['Ingress', 'HorizontalPodAutoscaler']);

export interface JudgeTools {
  readonly templates: Rendering['templates'];
  readonly live: LiveObjects;
  readonly evaluate: StatusEvaluator;
}

export function judgeService(target: RenderedTarget, tools: JudgeTools): ServiceVerdict {
  const workload = target.objects.find(({ role }) => role === 'workload');
  const output = (workload === undefined ? undefined : tools.live(workload)) ?? null;
  const own: Part = { ...target, context: contextOf(target.context, output, target.objects, tools.live) };
  const verdict = judge(own, tools);
  const traits = target.traits.map((trait) => {
    if (trait.late === 'awaited') return { type: trait.type, ...awaited };
    const context = contextOf(target.context, output, trait.objects, tools.live);
    return { type: trait.type, pending: false, ...judge({ ...trait, context }, tools) };
  });
  const healthy = verdict.healthy && traits.every((trait) => trait.healthy || trait.pending);
  return { ...verdict, workloadHealthy: verdict.healthy, healthy, traits };
}

interface Part {
  readonly templates: string;
  readonly parameter: JsonObject;
  readonly context: JsonObject;
  readonly objects: readonly RenderedObject[];
}

function judge(part: Part, { templates, live, evaluate }: JudgeTools): StatusVerdict {
  const texts = templates[part.templates] ?? none;
  const said = evaluate({ templates: texts, context: part.context, parameter: part.parameter });
  if (texts.healthPolicy !== '') return withProblems(said, part, live);
  const worst = part.objects.map((object) => blocking(object, live)).find((health) => health !== undefined);
  return worst === undefined ? said : { ...said, healthy: false, message: said.message || worst.message };
}

/**
 * KubeVela swallows the errors of a health expression; here the message tells them. While an object is not there yet, an
 * expression that asks for it fails without being wrong.
 */
function withProblems(said: StatusVerdict, { objects }: Part, live: LiveObjects): StatusVerdict {
  if (said.healthy || objects.some((object) => live(object) === undefined)) return said;
  const wrong = said.problems.filter(({ part }) => part === 'health').map(problemText);
  return wrong.length === 0 ? said : { ...said, message: [said.message, ...wrong].filter(Boolean).join(' ') };
}

const maxProblem = 400;

/** Without the texts that CUE quotes: they may be what a parameter keeps secret. */
function problemText({ message }: StatusProblem): string {
  const words = message.replace(/"(?:[^"\\]|\\.)*(?:"|$)/gs, '"…"').slice(0, maxProblem);
  return `The health policy cannot be worked out: ${words}.`;
}

/** What keeps an object from counting as healthy; undefined: nothing. */
function blocking(object: RenderedObject, live: LiveObjects): Health | undefined {
  const found = live(object);
  if (found === undefined) return { status: 'missing', message: 'is not there' };
  const health = healthOf(found);
  // Somebody has asked it to rest: that is as wanted.
  if (health.status === 'healthy' || health.status === 'suspended') return undefined;
  return advisory.has(String(found['kind'])) && health.status === 'progressing' ? undefined : health;
}

function contextOf(
  base: JsonObject,
  output: JsonValue,
  objects: readonly RenderedObject[],
  live: LiveObjects,
): JsonObject {
  const outputs = objects.flatMap((object) => {
    const found = object.output === '' ? undefined : live(object);
    return found === undefined ? [] : [[object.output, found] as const];
  });
  return { ...base, output, outputs: Object.fromEntries(outputs) };
}
