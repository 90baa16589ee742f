/**
 * The OpenAPI schema of a value: a second entry beside index.ts, for those who need it.
 *
 *     const made = toOpenApi(template.evaluate().lookup('parameter')); // { ok: true, schema: { type: 'object', … } }
 */
export type { OpenApiResult, Schema } from './export/openapi.ts';
export { toOpenApi } from './export/openapi.ts';
