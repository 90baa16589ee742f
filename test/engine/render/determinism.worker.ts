/** Renders in workerd: an input in, its text out. One cache for all requests. */
import { newCache, type RenderInput, renderText } from '../../support/render-text.ts';

let cache: ReturnType<typeof newCache> | undefined;

export default {
  async fetch(request: Request): Promise<Response> {
    cache ??= newCache();
    // What the test sent.
    const inputs = (await request.json()) as readonly RenderInput[];
    const shared = { cache };
    return Response.json(inputs.map((input) => renderText(input, shared)));
  },
};
