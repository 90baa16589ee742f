/**
 * Render cases that Mainsheet is known to answer otherwise than KubeVela, each with its reason. A case that starts
 * to pass must leave this list.
 */
export const knownGaps: Readonly<Record<string, string>> = {
  'catalog/ocm-gateway-manager-addon-template/expected.json':
    'no stock definition of the step apply-remaining',
  'def-doc/workflowstep-apply-application/expected.json': 'no stock definition of the step apply-application',
  'def-doc/workflowstep-apply-deployment/expected.json': 'no stock definition of the step apply-deployment',
  'def-doc/workflowstep-apply-terraform-config/expected.json':
    'no stock definition of the steps apply-terraform-config, apply-terraform-provider',
  'def-doc/workflowstep-build-push-image/expected.json':
    'no stock definition of the steps build-push-image, export2secret',
  'def-doc/workflowstep-check-metrics/expected.json': 'no stock definition of the step check-metrics',
  'def-doc/workflowstep-clean-jobs/expected.json': 'no stock definition of the step clean-jobs',
  'def-doc/workflowstep-create-config/expected.json':
    'no stock definition of the steps create-config, delete-config, read-config',
  'def-doc/workflowstep-depends-on-app/expected.json': 'no stock definition of the step depends-on-app',
  'def-doc/workflowstep-read-config/expected.json': 'no stock definition of the step read-config',
  'def-doc/workflowstep-read-object/expected.json': 'no stock definition of the step read-object',
  'def-doc/workflowstep-request/expected.json': 'no stock definition of the steps notification, request',
  'def-doc/workflowstep-restart-workflow-1/expected.json': 'no stock definition of the step restart-workflow',
  'def-doc/workflowstep-restart-workflow-2/expected.json': 'no stock definition of the step restart-workflow',
  'def-doc/workflowstep-restart-workflow-3/expected.json': 'no stock definition of the step restart-workflow',
  'def-doc/workflowstep-webhook/expected.json': 'no stock definition of the steps apply-application, webhook',
  'docs/auth-integration/expected.json': 'no stock definition of the step deploy2env',
  'docs/case-studies-initialize-env-1/expected.json': 'no stock definition of the step apply-object',
  'docs/case-studies-multi-cluster-9/expected.json': 'no stock definition of the step read-object',
  'docs/policies-envbinding/expected.json': 'no stock definition of the step deploy2env',
  'docs/tutorials-s2i/expected.json': 'no stock definition of the step build-push-image',
  'docs/workflow-dependency/expected.json': 'no stock definition of the step notification',
  'docs/workflow-if-condition-1/expected.json': 'no stock definition of the step apply-object',
  'docs/workflow-inputs-outputs/expected.json': 'no stock definition of the steps notification, read-object',
  'e2e/app-app-notification-secret/expected.json': 'no stock definition of the step notification',
  'e2e/app-app-suspending/expected.json': 'no stock definition of the step apply-application',
  'e2e/app-app12/expected.json': 'no stock definition of the step notification',
  'examples/app-with-if-readme-1/expected.json': 'no stock definition of the step notification',
  'examples/app-with-if-readme-2/expected.json': 'no stock definition of the step notification',
  'examples/apply-object-app/expected.json': 'no stock definition of the step apply-object',
  'examples/envbinding-example/expected.json': 'no stock definition of the step deploy2env',
  'examples/export2config-app/expected.json': 'no stock definition of the step export2config',
  'examples/export2secret-app/expected.json': 'no stock definition of the step export2secret',
  'examples/inti-secret-with-http-app/expected.json':
    'no stock definition of the steps export2secret, webhook',
  'examples/multicluster-deploy2runtime/expected.json': 'no stock definition of the step deploy2runtime',
  'go-definitions/workflowsteps-apply-object/expected.json': 'no stock definition of the step apply-object',
  'go-definitions/workflowsteps-check-metrics/expected.json': 'no stock definition of the step check-metrics',
  'go-definitions/workflowsteps-clean-jobs/expected.json': 'no stock definition of the step clean-jobs',
  'go-definitions/workflowsteps-collect-service-endpoints/expected.json':
    'no stock definition of the steps collect-service-endpoints, export-data',
  'go-definitions/workflowsteps-create-config/expected.json': 'no stock definition of the step create-config',
  'go-definitions/workflowsteps-depends-on-app-2/expected.json':
    'no stock definition of the step depends-on-app',
  'go-definitions/workflowsteps-export-service/expected.json':
    'no stock definition of the steps collect-service-endpoints, export-service',
  'go-definitions/workflowsteps-list-config/expected.json':
    'no stock definition of the steps list-config, print-message-in-status',
  'go-definitions/workflowsteps-notification/expected.json': 'no stock definition of the step notification',
  'go-definitions/workflowsteps-request/expected.json':
    'no stock definition of the steps print-message-in-status, request',
  'go-definitions/workflowsteps-restart-workflow/expected.json':
    'no stock definition of the step restart-workflow',
  'go-definitions/workflowsteps-vela-cli/expected.json': 'no stock definition of the step vela-cli',
  'go-definitions/workflowsteps-webhook/expected.json': 'no stock definition of the step webhook',
};
