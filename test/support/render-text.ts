/** One Application rendered to text from texts alone: what Node and workerd must agree on. */
import { parseCustomResources } from '../../engine/definitions/custom-resource.ts';
import { libraries } from '../../engine/definitions/libraries.ts';
import { velaPackages } from '../../engine/definitions/packages.ts';
import { DefinitionRegistry, StockDefinitions } from '../../engine/definitions/registry.ts';
import { stockFiles } from '../../engine/definitions/stock.generated.ts';
import { parseSubmission } from '../../engine/oam/parse.ts';
import { renderApplication } from '../../engine/render/application.ts';
import { planApplication } from '../../engine/render/plan.ts';
import type { RenderEnvironment } from '../../engine/render/template.ts';
import { TemplateCache } from '../../engine/render/template-cache.ts';

export interface RenderInput {
  readonly path: string;
  readonly application: string;
  readonly extra: string | null;
  readonly definitions: string | null;
  readonly clusterVersion: { readonly major: string; readonly minor: string };
  readonly clusters: readonly { readonly name: string; readonly labels: Readonly<Record<string, string>> }[];
}

const stock = new StockDefinitions(stockFiles);

export const newCache = (): TemplateCache =>
  new TemplateCache({ libraries, imports: velaPackages('render') });

/** Plan, objects, warnings or issues as JSON: every byte that a rendering gives. */
export function renderText(input: RenderInput, environment: RenderEnvironment): string {
  const read = (text: string, source: string) =>
    parseSubmission(text, { source, systemKeys: 'keep', admission: 'skip' });
  const parsed = read(input.application, 'application.yaml');
  if (!parsed.ok) return JSON.stringify(parsed);
  const extra = input.extra === null ? null : read(input.extra, 'extra.yaml');
  if (extra !== null && !extra.ok) return JSON.stringify(extra);
  const definitions = input.definitions === null ? null : parseCustomResources(input.definitions);
  if (definitions !== null && !definitions.ok) return JSON.stringify(definitions);
  const [application] = parsed.value.applications;
  if (application === undefined) return 'no Application';
  const plan = planApplication({
    application,
    registry: new DefinitionRegistry({ stock, definitions: definitions?.value ?? [] }),
    policyObjects: extra?.value.policies ?? [],
    workflows: extra?.value.workflows ?? [],
    environment,
    clusterVersion: () => input.clusterVersion,
  });
  if (!plan.ok) return JSON.stringify(plan);
  const rendered = renderApplication({
    plan: plan.value,
    revision: `${application.metadata.name}-v1`,
    environment,
    clusters: input.clusters,
    clusterVersion: () => input.clusterVersion,
  });
  return JSON.stringify([plan.value.workflow, plan.value.policies, rendered]);
}
