/**
 * The OpenAPI schema of a value: a second entry beside index.ts, for those who need it.
 *
 *     const { ctx, vertex } = template.evaluate().lookup('parameter');
 *     const made = toOpenApi(ctx, vertex); // { ok: true, schema: { type: 'object', … } }
 */
export type { OpenApiResult, Schema } from './export/openapi.ts';
export { toOpenApi } from './export/openapi.ts';
