import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compile, parse } from '../../../engine/cue/index.ts';
import { libraries } from '../../../engine/definitions/libraries.ts';
import type { ImportingTemplates } from '../../../engine/definitions/packages.ts';
import { velaPackagePaths, velaPackages } from '../../../engine/definitions/packages.ts';

const resolvers = { step: velaPackages('step'), render: velaPackages('render') };

/** The value of `x` in a file that imports a package. */
function evaluated(templates: ImportingTemplates, path: string, x: string) {
  const parsed = parse({ name: 'in.cue', text: `import "${path}"\nx: ${x}` });
  assert.ok(parsed.ok);
  const compiled = compile([parsed.value], { libraries, imports: resolvers[templates] });
  assert.ok(compiled.ok, compiled.ok ? '' : compiled.issues.map((i) => i.message).join('; '));
  return compiled.value.evaluate({}).lookup('x');
}

/** Each definition of a package as `Name`, or `Name=verb` where it is a call. */
function definitions(templates: ImportingTemplates, path: string): string {
  const fields = evaluated(templates, path, path.slice('vela/'.length)).fields({ definitions: true }) ?? [];
  return fields
    .map(({ name, value }) => {
      const verb = value.lookup('#do').string();
      return name.slice(1) + (verb === null ? '' : `=${value.lookup('#provider').string()}.${verb}`);
    })
    .sort()
    .join(' ');
}

function json(templates: ImportingTemplates, path: string, x: string): unknown {
  const text = evaluated(templates, path, x).toJSONText();
  assert.ok(text.ok, text.ok ? '' : text.error.message);
  return JSON.parse(text.value);
}

const legacyKube =
  'Apply=op.apply ApplyInParallel=op.apply-in-parallel Delete=op.delete List=op.list Patch=op.patch Read=op.read';
const queries = (provider: string) =>
  [
    'CollectLogsInPod=collectLogsInPod',
    'CollectPods=collectResources',
    'CollectServiceEndpoints=collectServiceEndpoints',
  ]
    .concat(['CollectServices=collectResources', 'GetApplicationTree=listAppliedResources'])
    .concat([
      'ListAppliedResources=listAppliedResources',
      'ListResourcesInApp=listResourcesInApp',
      'SearchEvents=searchEvents',
    ])
    .map((entry) => entry.replace('=', `=${provider}.`))
    .join(' ');

/** KubeVela's definitions and what each calls; those that call nothing are made of others. */
const expected: Readonly<Record<ImportingTemplates, Readonly<Record<string, string>>>> = {
  step: {
    'vela/builtin':
      'Break=builtin.break ConditionalWait=builtin.wait DoVar=builtin.var Fail=builtin.fail Message=builtin.message Steps Suspend=builtin.suspend',
    'vela/config':
      'CreateConfig=config.create DeleteConfig=config.delete ListConfig=config.list ReadConfig=config.read',
    'vela/email': 'SendEmail=email.send',
    'vela/helm': 'Render=helm.render',
    'vela/http':
      'Call=http.do HTTPDelete=http.do HTTPDo=http.do HTTPGet=http.do HTTPPost=http.do HTTPPut=http.do',
    'vela/kube':
      'Apply=kube.apply ApplyInParallel=kube.apply-in-parallel Delete=kube.delete List=kube.list Patch=kube.patch Read=kube.read',
    'vela/metrics': 'PromCheck=metrics.promCheck',
    'vela/multicluster':
      'Deploy=multicluster.deploy GetPlacementsFromTmulticlusterologyPolicies=multicluster.get-placements-from-topology-policies GetPlacementsFromTopologyPolicies=multicluster.get-placements-from-topology-policies ListClusters=multicluster.list-clusters',
    'vela/oam':
      'ApplyApplicationInParallel ApplyComponent=oam.component-apply LoadComponets=oam.load LoadComponetsInOrder=oam.load-comps-in-order LoadPolicies=oam.load-policies RenderComponent=oam.component-render',
    'vela/op':
      'Apply=op.apply ApplyApplication ApplyApplicationInParallel ApplyComponent=op.component-apply ApplyComponentRemaining ApplyComponentsToEnv ApplyEnvBindApp ApplyInParallel=op.apply-in-parallel ApplyRemaining Break=op.break Component ConditionalWait=op.wait ConvertString=op.string CreateConfig=op.create-config DateToTimestamp=op.timestamp Delete=op.delete DeleteConfig=op.delete-config Deploy=op.deploy DeployCloudResource DoVar=op.var Fail=op.fail GetConnectionStatus=op.get-connection-status GetPlacementsFromTopologyPolicies=op.get-placements-from-topology-policies HTTPDelete=op.do HTTPDo=op.do HTTPGet=op.do HTTPPost=op.do HTTPPut=op.do List=op.list ListClusters=op.list-clusters ListConfig=op.list-config Load=op.load LoadComponets=op.load LoadComponetsInOrder=op.load-comps-in-order LoadEnvBindingEnv LoadInOrder=op.load-comps-in-order LoadPolicies=op.load-policies LoadTerraformComponents=op.load-terraform-components Log=op.log MakePlacementDecisions=op.make-placement-decisions Message=op.message Patch=op.patch PatchApplication=op.patch-application PatchK8sObject=op.patch-k8s-object Placement PlacementDecision PrepareEnvBinding PrepareTerraformEnvBinding PromCheck=op.promCheck Read=op.read ReadConfig=op.read-config RenderComponent=op.component-render SendEmail=op.send ShareCloudResource Steps Suspend=op.suspend TimestampToDate=op.date bindTerraformComponentToCluster loadSecretInfo',
    'vela/ql': `${legacyKube} ${queries('ql')}`,
    'vela/query': `${legacyKube} ${queries('query')}`,
    'vela/terraform':
      'GetConnectionStatus=terraform.get-connection-status LoadTerraformComponents=terraform.load-terraform-components',
    'vela/time': 'DateToTimestamp=time.timestamp TimestampToDate=time.date',
    'vela/util': 'ConvertString=util.string Log=util.log PatchK8sObject=util.patch-k8s-object',
  },
  render: {
    'vela/base64': 'Decode=base64.decode Encode=base64.encode',
    'vela/config': 'HelmRepository=config.helm-repository ImageRegistry=config.image-registry',
    'vela/cue': 'StrategyUnify=cue.strategyUnify',
    'vela/helm': 'Render=helm.render',
    'vela/http':
      'Connect=http.do Delete=http.do Do=http.do Get=http.do OPTIONS=http.do Patch=http.do Post=http.do Put=http.do TRACE=http.do',
    'vela/kube': 'Apply=kube.apply Get=kube.get List=kube.list Patch=kube.patch',
  },
};

describe("KubeVela's packages", () => {
  for (const templates of ['step', 'render'] as const) {
    it(`are all there for ${templates} templates, and no others`, () => {
      assert.deepEqual(velaPackagePaths(templates), Object.keys(expected[templates]));
      for (const path of ['vela/nothing', 'vela/', 'kube', 'vela/op/kube', 'strings'])
        assert.equal(resolvers[templates](path), null, path);
    });

    for (const [path, names] of Object.entries(expected[templates])) {
      it(`${path} of ${templates} templates has the definitions that KubeVela's has`, () => {
        assert.equal(definitions(templates, path), names.split(' ').sort().join(' '));
      });

      it(`${path} of ${templates} templates has no error in it`, () => {
        assert.equal(evaluated(templates, path, path.slice('vela/'.length)).validate(), null);
      });
    }
  }

  it('are parsed once a resolver', () => {
    const resolver = velaPackages('step');
    assert.equal(resolver('vela/op'), resolver('vela/op'));
  });

  it('have the defaults of a call', () => {
    assert.deepEqual(json('step', 'vela/kube', 'kube.#Read & {$params: value: kind: "Secret"}'), {
      $params: { cluster: '', value: { kind: 'Secret' } },
    });
    assert.deepEqual(json('step', 'vela/op', 'op.#ApplyComponent & {value: name: "a"}'), {
      cluster: '',
      env: '',
      namespace: '',
      waitHealthy: true,
      value: { name: 'a' },
    });
    assert.deepEqual(json('render', 'vela/kube', 'kube.#Apply & {$params: resource: kind: "Secret"}'), {
      $params: {
        cluster: '',
        resource: { kind: 'Secret' },
        options: { threeWayMergePatch: { enabled: true, annotationPrefix: 'resource' } },
      },
      $returns: {},
    });
  });

  it('refuse a parameter that a call does not have', () => {
    const call = evaluated('step', 'vela/kube', 'kube.#Read & {$params: {value: {}, clutser: "b"}}');
    assert.match(call.validate()?.message ?? '', /clutser/);
  });

  // In KubeVela's the method stands beside $params, where nobody reads it.
  for (const method of ['GET', 'POST', 'PUT', 'DELETE'])
    it(`send a ${method} when one is asked for by name`, () => {
      const name = method.charAt(0) + method.slice(1).toLowerCase();
      assert.deepEqual(json('step', 'vela/http', `http.#HTTP${name} & {$params: url: "u"}`), {
        method,
        $params: { method, url: 'u' },
      });
      assert.deepEqual(
        json('step', 'vela/http', `(http.#HTTPDo & {$params: {method: "${method}", url: "u"}}).$params`),
        {
          method,
          url: 'u',
        },
      );
    });
});
