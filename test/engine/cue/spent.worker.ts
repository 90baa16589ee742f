import { DEEP, depthIsCounted, type Spent, spent } from './spent.ts';

/** Takes programs and answers what each spends; a name of `DEEP` instead, whether its depth was counted. */
export default {
  async fetch(request: Request): Promise<Response> {
    const name = new URL(request.url).searchParams.get('deep');
    if (name !== null) return Response.json(depthIsCounted(DEEP[name] ?? ''));
    // The test of this folder sends texts.
    const texts = (await request.json()) as readonly string[];
    const answers: readonly Spent[] = texts.map(spent);
    return Response.json(answers);
  },
};
