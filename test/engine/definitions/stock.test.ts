import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { compile, parse } from '../../../engine/cue/index.ts';
import { parseCueFile } from '../../../engine/definitions/cue-file.ts';
import type { Definition } from '../../../engine/definitions/definition.ts';
import { libraries } from '../../../engine/definitions/libraries.ts';
import { packageFiles } from '../../../engine/definitions/packages.generated.ts';
import { velaPackages } from '../../../engine/definitions/packages.ts';
import { parameterShape } from '../../../engine/definitions/parameter-shape.ts';
import type { StockFile } from '../../../engine/definitions/registry.ts';
import { stockFiles } from '../../../engine/definitions/stock.generated.ts';
import {
  bundlePath,
  bundleText,
  packageBundlePath,
  packageBundleText,
  packageFilesOnDisk,
  stockFilesOnDisk,
} from '../../../infra/tasks/bundle-definitions.ts';

/** KubeVela's, by kind; behind the bar those that its chart does not ship. */
const expected: Readonly<Record<StockFile['kind'], readonly [current: string, deprecated: string]>> = {
  component: ['cron-task daemon helmchart k8s-objects ref-objects statefulset task webservice worker', 'raw'],
  trait: [
    `affinity annotations command container-image container-ports cpuscaler env expose gateway hostalias hpa
     init-container json-merge-patch json-patch k8s-update-strategy labels lifecycle nocalhost podsecuritycontext
     pure-ingress resource scaler securitycontext service-account service-binding sidecar startup-probe storage
     topologyspreadconstraints`,
    'configmap ingress ingress-1-20 node-affinity pvc volumes',
  ],
  policy: [
    'apply-once garbage-collect override read-only replication resource-update shared-resource take-over topology',
    'envbinding',
  ],
  workflowstep: [
    `apply-component apply-deployment apply-object apply-terraform-config apply-terraform-provider build-push-image
     check-metrics clean-jobs collect-service-endpoints create-config delete-config depends-on-app deploy
     deploy-cloud-resource export-data export-service export2config export2secret generate-jdbc-connection list-config
     notification print-message-in-status read-config read-object request restart-workflow share-cloud-resource
     step-group suspend vela-cli webhook`,
    'apply-application apply-application-in-parallel apply-remaining deploy2env deploy2runtime',
  ],
};
const kinds = ['component', 'trait', 'policy', 'workflowstep'] as const;

/** Steps that take no parameter at all. */
const withoutParameter = ['apply-application', 'apply-application-in-parallel', 'step-group'];

function definition(file: StockFile): Definition {
  const read = parseCueFile(file.source, `${file.kind}/${file.name}.cue`);
  assert.ok(read.ok, JSON.stringify(read));
  return read.value;
}

/** The CUE texts of a definition by what they are. */
function programs({ schematic, status }: Definition): [string, string][] {
  assert.equal(schematic.type, 'cue');
  const texts: [string, string][] = [['template', schematic.template.text], ...Object.entries(status)];
  return texts.filter(([, text]) => text !== '');
}

const packages = { step: velaPackages('step'), render: velaPackages('render') };

/** What is wrong with a program, "" if nothing. */
function compileProblems(kind: StockFile['kind'], text: string): string {
  const parsed = parse({ name: 'in.cue', text });
  if (!parsed.ok) return parsed.issues.map((i) => i.message).join('; ');
  const compiled = compile([parsed.value], {
    libraries,
    declare: ['context', 'parameter'],
    imports: packages[kind === 'workflowstep' ? 'step' : 'render'],
  });
  return compiled.ok ? '' : compiled.issues.map((i) => i.message).join('; ');
}

describe('the bundle of stock definitions', () => {
  it('is what the generator writes from the .cue files', () => {
    assert.equal(
      readFileSync(bundlePath, 'utf8'),
      bundleText(stockFilesOnDisk()),
      'stale: run node infra/tasks/bundle-definitions.ts',
    );
  });

  it('gives back each file byte for byte', () => {
    assert.deepEqual(stockFiles, stockFilesOnDisk());
  });

  it('holds the packages as their files have them', () => {
    assert.equal(
      readFileSync(packageBundlePath, 'utf8'),
      packageBundleText(packageFilesOnDisk()),
      'stale: run node infra/tasks/bundle-definitions.ts',
    );
    assert.deepEqual(packageFiles, packageFilesOnDisk());
  });

  it('has no two definitions of one kind and name', () => {
    const keys = stockFiles.map((f) => `${f.kind}/${f.name}`);
    assert.deepEqual(keys, [...new Set(keys)]);
  });

  for (const kind of kinds)
    for (const [i, state] of ['current', 'deprecated'].entries())
      it(`has KubeVela's ${state} ${kind}s and no others`, () => {
        const have = stockFiles.filter((f) => f.kind === kind && f.deprecated === (i === 1));
        assert.deepEqual(have.map((f) => f.name).sort(), expected[kind][i as 0 | 1].split(/\s+/).sort());
      });
});

describe('a stock definition', () => {
  for (const file of stockFiles)
    it(`${file.kind} ${file.name} is of the kind and name of its file`, () => {
      const { kind, name } = definition(file);
      assert.deepEqual({ kind, name }, { kind: file.kind, name: file.name });
    });

  for (const file of stockFiles)
    it(`${file.kind} ${file.name} compiles, with its health policy, status and details`, () => {
      for (const [what, text] of programs(definition(file)))
        assert.equal(compileProblems(file.kind, text), '', what);
    });

  for (const file of stockFiles)
    it(`${file.kind} ${file.name} tells what it and each of its parameters is for`, () => {
      const { description, schematic } = definition(file);
      assert.notEqual(description, '');
      assert.equal(schematic.type, 'cue');
      const shape = parameterShape(schematic.template)?.shape;
      assert.equal(shape === undefined, withoutParameter.includes(file.name));
      if (shape?.kind !== 'struct') return;
      const silent = [...shape.fields].filter(([, f]) => f.usage === '').map(([name]) => name);
      assert.deepEqual(silent, []);
    });
});
