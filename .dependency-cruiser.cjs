/** The import rules: the folders are the architecture. */
module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: "the evaluator's files are one mutual recursion over the kinds of expression, cut by subject",
      severity: 'error',
      from: { pathNot: '^engine/cue/eval/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'no-orphan-test-import', severity: 'error', from: { pathNot: '^test/' }, to: { path: '^test/' } },
    {
      name: 'engine-is-pure',
      comment: 'the engine runs in a Worker, Node, a browser, the agent and the CLI',
      severity: 'error',
      from: { path: '^engine/' },
      to: { pathNot: ['^engine/', '^node_modules/(zod|yaml|re2js|@noble/hashes)/'] },
    },
    {
      name: 'cue-stands-alone',
      comment: 'engine/cue could be published by itself',
      severity: 'error',
      from: { path: '^engine/cue/' },
      to: { pathNot: ['^engine/cue/'] },
    },
    {
      name: 'cue-by-its-index',
      comment: 'others import engine/cue through its index, error-text.ts, format.ts, openapi.ts and packages.ts only; adapters of the libraries that are passed in speak its data',
      severity: 'error',
      from: { pathNot: ['^engine/cue/', '^test/', '^bench/', '^engine/definitions/(libraries|regexp-library|hash-library|yaml-.*)\\.ts$'] },
      to: { path: '^engine/cue/', pathNot: '^engine/cue/(index|error-text|format|openapi|packages)\\.ts$' },
    },
    {
      name: 'db-knows-engine-and-drizzle',
      severity: 'error',
      from: { path: '^db/', pathNot: '^db/(drivers/|migrations/generate\\.node\\.ts)' },
      to: { pathNot: ['^db/', '^engine/', '^node_modules/drizzle-orm/'] },
    },
    {
      name: 'queues-know-no-function-and-no-transport',
      severity: 'error',
      from: { path: '^queues/', pathNot: '^queues/(transports/|worker\\.ts|node\\.ts|lambda\\.ts)' },
      to: { pathNot: ['^queues/(?!transports/)', '^db/(?!drivers/)', '^engine/', '^node_modules/(zod|isomorphic-git|pako|@types/pako)/'] },
    },
    {
      name: 'a-transport-knows-one-sdk',
      severity: 'error',
      from: { path: '^queues/transports/' },
      to: { path: ['^functions/', '^db/', '^agent/', '^queues/jobs/'] },
    },
    {
      name: 'functions-record-intent',
      severity: 'error',
      from: { path: '^functions/', pathNot: '^functions/(worker|node|lambda|wake)\\.ts' },
      to: {
        pathNot: ['^functions/', '^engine/', '^db/(?!drivers/)', '^queues/(ports|messages)\\.ts', '^node_modules/(hono|zod|@hono/zod-openapi)/'],
      },
    },
    {
      name: 'hono-in-functions-only',
      severity: 'error',
      from: { pathNot: ['^functions/', '^infra/', '^test/', '^bench/'] },
      to: { path: '^node_modules/(hono|@hono)/' },
    },
    {
      name: 'the-kubernetes-client-in-the-agent-only',
      severity: 'error',
      from: { pathNot: ['^agent/', '^test/', '^infra/', '^bench/'] },
      to: { path: '^node_modules/@kubernetes/' },
    },
    {
      name: 'agent-knows-engine-and-messages',
      severity: 'error',
      from: { path: '^agent/' },
      to: { path: ['^functions/', '^db/', '^queues/(?!ports|messages)', '^infra/', '^console/', '^cli/'] },
    },
    {
      name: 'clients-reach-no-storage',
      severity: 'error',
      from: { path: '^(console|cli)/' },
      to: { path: ['^db/', '^queues/', '^agent/', '^infra/'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
