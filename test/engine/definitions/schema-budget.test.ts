import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { templateOf } from '../../../engine/definitions/definition.ts';
import { libraries } from '../../../engine/definitions/libraries.ts';
import { StockDefinitions } from '../../../engine/definitions/registry.ts';
import { parameterSchema } from '../../../engine/definitions/schema.ts';
import { stockFiles } from '../../../engine/definitions/stock.generated.ts';

describe('the schema of a parameter', () => {
  const stock = new StockDefinitions(stockFiles);
  // KubeVela has none for it either.
  const without = new Set(['apply-terraform-provider']);
  for (const kind of ['component', 'trait', 'policy', 'workflowstep'] as const) {
    it(`can be given for every stock ${kind}`, () => {
      for (const name of stock.names(kind)) {
        const definition = stock.find(kind, name);
        const template = definition === null ? null : templateOf(definition);
        assert.ok(template !== null, name);
        const schema = parameterSchema(template, { libraries });
        assert.equal(schema.ok, !without.has(name), `${name}: ${JSON.stringify(schema).slice(0, 300)}`);
      }
    });
  }
  it('that would be too large is refused, not thrown', () => {
    const levels = Array.from(
      { length: 18 },
      (_, i) => `#L${i}: {a: #L${i + 1} | null, b: #L${i + 1} | null}`,
    );
    const text = `${levels.join('\n')}\n#L18: string\nparameter: #L0\n`;
    const schema = parameterSchema({ text, source: 'large', line: 1 }, { libraries });
    assert.ok(!schema.ok);
    assert.equal(schema.issues[0]?.code, 'schema');
    assert.match(schema.issues[0]?.message ?? '', /out of/);
  });
});
