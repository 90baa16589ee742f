import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parseCustomResources } from '../../../engine/definitions/custom-resource.ts';
import type { StatusTemplates } from '../../../engine/definitions/definition.ts';
import { libraries } from '../../../engine/definitions/libraries.ts';
import { StockDefinitions } from '../../../engine/definitions/registry.ts';
import { stockFiles } from '../../../engine/definitions/stock.generated.ts';
import { statusEvaluator } from '../../../engine/health/evaluate.ts';
import type { JsonObject } from '../../../engine/json.ts';

const corpus = process.env['MAINSHEET_CORPUS'];
const evaluate = statusEvaluator({ libraries });
const stock = new StockDefinitions(stockFiles);

/** Cases that do not agree, each with its reason. The list is held both ways. */
const knownGaps: Readonly<Record<string, string>> = {};

interface Case {
  readonly definition: string;
  readonly kind: 'component' | 'trait';
  readonly definitionYaml?: string;
  readonly context: JsonObject;
  readonly parameter: JsonObject | null;
  readonly isHealth: boolean;
  readonly message?: string;
  readonly messageError?: string;
  readonly details?: Readonly<Record<string, string>>;
}

function templatesOf({ definition, kind, definitionYaml }: Case): StatusTemplates | undefined {
  if (definitionYaml === undefined) return stock.find(kind, definition)?.status;
  const parsed = parseCustomResources(definitionYaml, {});
  assert.ok(parsed.ok);
  return parsed.value[0]?.status;
}

describe('status templates', { skip: corpus === undefined && 'MAINSHEET_CORPUS is not set' }, () => {
  const root = join(corpus ?? '', 'health-kubevela');
  const folders = corpus === undefined ? [] : readdirSync(root);
  for (const folder of folders) {
    for (const file of readdirSync(join(root, folder))) {
      const name = `${folder}/${file.replace(/\.json$/, '')}`;
      it(`judge ${name} as KubeVela does`, () => {
        const given = JSON.parse(readFileSync(join(root, folder, file), 'utf8')) as Case;
        const templates = templatesOf(given);
        assert.ok(templates, `no definition ${given.definition}`);
        const said = evaluate({ templates, context: given.context, parameter: given.parameter ?? {} });
        const differs =
          said.healthy !== given.isHealth ||
          (given.messageError === undefined && said.message !== (given.message ?? '')) ||
          JSON.stringify(said.details) !== JSON.stringify(sorted(said.details, given.details ?? {}));
        if (name in knownGaps) assert.ok(differs, `${name} agrees now: take it off the list`);
        else {
          assert.equal(said.healthy, given.isHealth);
          if (given.messageError === undefined) assert.equal(said.message, given.message ?? '');
          assert.deepEqual(said.details, given.details ?? {});
        }
      });
    }
  }
});

/** `expected` with its keys in the order of `like`. */
function sorted(
  like: object,
  expected: Readonly<Record<string, string>>,
): Record<string, string | undefined> {
  const keys = [...Object.keys(like), ...Object.keys(expected).filter((key) => !(key in like))];
  return Object.fromEntries(keys.map((key) => [key, expected[key]]));
}
