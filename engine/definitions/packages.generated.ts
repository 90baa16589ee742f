/** KubeVela's packages. Written by infra/tasks/bundle-definitions.ts from the .cue files of packages/. */
import type { PackageFile } from './packages.ts';

export const packageFiles: readonly PackageFile[] = [
  {
    path: 'render/base64',
    source: `#Encode: {
	#do:       "encode"
	#provider: "base64"

	$params:   string
	$returns?: string
}

#Decode: {
	#do:       "decode"
	#provider: "base64"

	$params:   string
	$returns?: string
}
`,
  },
  {
    path: 'render/config',
    source: `// Log in to an image registry.
#ImageRegistry: {
	#do:       "image-registry"
	#provider: "config"

	$params: {
		// Host of the registry.
		registry: *"index.docker.io" | string
		auth?: {
			username: string
			password: string
			email?:   string
		}
		// Whether a certificate that the registry signed itself is accepted.
		insecure?: bool
		// Whether the registry speaks HTTP.
		useHTTP?: bool
	}

	// Whether what is given works.
	$returns?: {
		result:  bool
		message: string
		...
	}
	...
}

// Read the index of a repository of Helm charts.
#HelmRepository: {
	#do:       "helm-repository"
	#provider: "config"

	$params: {
		url:       string
		username?: string
		password?: string
		// Certificate of the authority, in Base64.
		caFile?: string
	}

	// Whether what is given works.
	$returns?: {
		result:  bool
		message: string
		...
	}
	...
}
`,
  },
  {
    path: 'render/cue',
    source: `// Lay a patch over a value, with the patch tags of traits.
#StrategyUnify: {
	#do:       "strategyUnify"
	#provider: "cue"

	$params: {
		value: {...}
		patch: {...}
	}

	$returns: {...}
}
`,
  },
  {
    path: 'render/helm',
    source: `// Render a Helm chart, and install it as a release.
#Render: {
	#do:       "render"
	#provider: "helm"

	$params: {
		chart: {
			// Name in a repository, URL of an archive, or \`oci://\` reference.
			source: string
			// Repository of a chart that is given by name.
			repoURL?: string
			version?: string
			// Secret that holds what is needed to read the chart.
			auth?: secretRef?: {
				name: string
				// That of the release when unset; otherwise that or the Application's.
				namespace?: string
			}
		}
		release?: {
			name?:      string
			namespace?: string
		}
		values?: {...}
		// Laid over each other in order, the values above over all of them.
		valuesFrom?: [...{
			kind:       "Secret" | "ConfigMap"
			name:       string
			namespace?: string
			key?:       string
			optional?:  bool
		}]
		// Who owns the objects.
		context?: {
			appName:      string
			appNamespace: string
			name:         string
			namespace:    string
		}
		options?: {
			includeCRDs?:     bool
			skipTests?:       bool
			skipHooks?:       bool
			createNamespace?: bool
			// For rendering and for waiting, such as "5m".
			timeout?:       string
			maxHistory?:    int
			atomic?:        bool
			wait?:          bool
			force?:         bool
			recreatePods?:  bool
			cleanupOnFail?: bool
			// How long a chart is kept: any, one whose version is fixed, one whose version is not.
			cache?: {
				key?:          string
				ttl?:          string
				immutableTTL?: string
				mutableTTL?:   string
			}
			postRender?: {
				kustomize?: {
					patches?: [...]
					patchesJson6902?: [...]
					patchesStrategicMerge?: [...]
					images?: [...]
					replicas?: [...]
				}
				exec?: {
					command: string
					args?: [...]
					env?: [...]
				}
			}
		}
	}

	$returns?: {
		resources: [...{
			apiVersion?: string
			kind?:       string
			metadata?: {...}
			...
		}]
		notes?: string
	}
	...
}
`,
  },
  {
    path: 'render/http',
    source: `// An HTTP request.
#Do: {
	#do:       "do"
	#provider: "http"

	$params: {
		method: *"GET" | "POST" | "PUT" | "DELETE" | "PATCH" | "CONNECT" | "OPTIONS" | "TRACE"
		url:    string
		request?: {
			body?: string
			header?: [string]:  string
			trailer?: [string]: string
			...
		}
	}

	$returns: {
		body?: string
		header?: [string]: [...string]
		trailer?: [string]: [...string]
		statusCode?: int
		...
	}
	...
}

#Get: #Do & {$params: method: "GET"}

#Post: #Do & {$params: method: "POST"}

#Put: #Do & {$params: method: "PUT"}

#Patch: #Do & {$params: method: "PATCH"}

#Delete: #Do & {$params: method: "DELETE"}

#Connect: #Do & {$params: method: "CONNECT"}

#OPTIONS: #Do & {$params: method: "OPTIONS"}

#TRACE: #Do & {$params: method: "TRACE"}
`,
  },
  {
    path: 'render/kube',
    source: `// Apply an object.
#Apply: {
	#do:       "apply"
	#provider: "kube"

	$params: {
		// The control plane's cluster when empty.
		cluster: *"" | string
		resource: {...}
		options: threeWayMergePatch: {
			enabled: *true | bool
			// What the annotation with the last applied state begins with.
			annotationPrefix: *"resource" | string
		}
	}

	$returns: {
		...
	}
}

// Read an object.
#Get: {
	#do:       "get"
	#provider: "kube"

	$params: {
		// The control plane's cluster when empty.
		cluster: *"" | string
		resource: {
			apiVersion: string
			kind:       string
			metadata: {
				name:       string
				namespace?: string
			}
		}
	}

	$returns: {
		...
	}
}

// List objects of a kind.
#List: {
	#do:       "list"
	#provider: "kube"

	$params: {
		// The control plane's cluster when empty.
		cluster: *"" | string
		resource: {
			apiVersion: string
			kind:       string
		}
		filter?: {
			// All namespaces when empty.
			namespace: *"" | string
			matchingLabels?: {...}
		}
	}

	$returns: {
		...
	}
}

// Patch an object.
#Patch: {
	#do:       "patch"
	#provider: "kube"

	$params: {
		// The control plane's cluster when empty.
		cluster: *"" | string
		resource: {
			apiVersion: string
			kind:       string
			metadata: {
				name:       string
				namespace?: string
			}
		}
		patch: *{
			type: "merge"
			data: {...}
		} | {
			type: "json"
			data: [...{...}]
		} | {
			type: "strategic"
			data: {...}
		}
	}

	$returns: {
		...
	}
}
`,
  },
  {
    path: 'step/builtin',
    source: `// Read or write a variable of the workflow.
#DoVar: {
	#do:       "var"
	#provider: "builtin"

	$params: {
		method: *"Get" | "Put"
		path:   string
		value?: _
	}

	$returns?: value: _
}

// Wait until continue is true.
#ConditionalWait: {
	#do:       "wait"
	#provider: "builtin"

	$params: {
		continue: *false | bool
		// Text for the status of the step.
		message?: string
	}
}

// Hold the workflow until someone lets it go on, or for a while.
#Suspend: {
	#do:       "suspend"
	#provider: "builtin"

	$params: {
		// Such as "30s" or "2m15s".
		duration?: string
		// Text for the status of the step.
		message?: string
	}
}

// End the workflow here; the step succeeds.
#Break: {
	#do:       "break"
	#provider: "builtin"

	$params: {
		// Text for the status of the step.
		message?: string
	}
}

// Fail the step.
#Fail: {
	#do:       "fail"
	#provider: "builtin"

	$params: {
		// Text for the status of the step.
		message?: string
	}
}

// Show a text.
#Message: {
	#do:       "message"
	#provider: "builtin"

	$params: {
		// Text for the status of the step.
		message?: string
	}
}

// Anything, in the order of its fields.
#Steps: {
	...
}
`,
  },
  {
    path: 'step/config',
    source: `// Create a config, or write it anew.
#CreateConfig: {
	#do:       "create"
	#provider: "config"

	$params: {
		name:      string
		namespace: string
		template?: string
		config: {...}
	}
}

// Delete a config.
#DeleteConfig: {
	#do:       "delete"
	#provider: "config"

	$params: {
		name:      string
		namespace: string
	}
}

// Read a config.
#ReadConfig: {
	#do:       "read"
	#provider: "config"

	$params: {
		name:      string
		namespace: string
	}

	$returns: config: {...}
}

// List the configs that follow a template.
#ListConfig: {
	#do:       "list"
	#provider: "config"

	$params: {
		template:  string
		namespace: string
	}

	$returns: configs: [...{...}]
}
`,
  },
  {
    path: 'step/email',
    source: `// Send an email.
#SendEmail: {
	#do:       "send"
	#provider: "email"

	$params: {
		from: {
			address:  string
			alias?:   string
			password: string
			host:     string
			port:     int
		}
		to: [...string]
		content: {
			subject: string
			body:    string
		}
	}
	...
}
`,
  },
  {
    path: 'step/http',
    source: `// An HTTP request.
#HTTPDo: #Call & {
	$params: method: *"GET" | string
}

#HTTPGet: #Call & {
	method: "GET"
	$params: method: *"GET" | string
}

#HTTPPost: #Call & {
	method: "POST"
	$params: method: *"POST" | string
}

#HTTPPut: #Call & {
	method: "PUT"
	$params: method: *"PUT" | string
}

#HTTPDelete: #Call & {
	method: "DELETE"
	$params: method: *"DELETE" | string
}

#Call: {
	#do:       "do"
	#provider: "http"

	$params: {
		method: "GET" | "POST" | "PUT" | "DELETE"
		url:    string
		request?: {
			// How long to wait for the response, such as "30s".
			timeout?: string
			body?:    string
			header?: [string]:  string
			trailer?: [string]: string
			// At most \`limit\` requests in each \`period\`.
			ratelimiter?: {
				limit:  int
				period: string
			}
			...
		}
		// The Secret with the certificates of the client and of the authority.
		tls_config?: {
			secret:     string
			namespace?: string
		}
	}

	$returns?: {
		body: string
		header?: [string]: [...string]
		trailer?: [string]: [...string]
		statusCode: int
		...
	}
	...
}
`,
  },
  {
    path: 'step/kube',
    source: `// Apply an object.
#Apply: {
	#do:       "apply"
	#provider: "kube"

	$params: {
		// The control plane's cluster when empty.
		cluster: *"" | string
		value: {...}
		// Laid over the object, with the patch tags of traits.
		patch?: {...}
	}

	// The object as applied, or why it was not.
	$returns?: {
		value?: {...}
		err?: string
	}
	...
}

// Apply objects at once.
#ApplyInParallel: {
	#do:       "apply-in-parallel"
	#provider: "kube"

	$params: {
		// The control plane's cluster when empty.
		cluster: *"" | string
		value: [...{...}]
	}

	$returns?: value?: [...{...}]
	...
}

// Read an object and apply it with changes.
#Patch: {
	#do:       "patch"
	#provider: "kube"

	$params: {
		// The control plane's cluster when empty.
		cluster: *"" | string
		// Which object.
		value: {...}
		// Laid over the object, with the patch tags of traits.
		patch: {...}
	}

	$returns?: result?: {...}
	...
}

// Read an object.
#Read: {
	#do:       "read"
	#provider: "kube"

	$params: {
		// The control plane's cluster when empty.
		cluster: *"" | string
		// Which object.
		value: {...}
	}

	// The object, or why it could not be read.
	$returns?: {
		value?: {...}
		err?: string
	}
	...
}

// List objects of a kind.
#List: {
	#do:       "list"
	#provider: "kube"

	$params: {
		// The control plane's cluster when empty.
		cluster: *"" | string

		resource: {
			apiVersion: string
			kind:       string
		}
		filter?: {
			// All namespaces when empty.
			namespace: *"" | string
			matchingLabels?: {...}
		}
	}

	$returns?: {
		values?: {...}
		err?: string
	}
	...
}

// Delete an object, or with a filter all of its kind that match.
#Delete: {
	#do:       "delete"
	#provider: "kube"

	$params: {
		// The control plane's cluster when empty.
		cluster: *"" | string

		value: {
			apiVersion: string
			kind:       string
			metadata: {
				name?:     string
				namespace: *"default" | string
			}
		}
		filter?: {
			namespace?: string
			matchingLabels?: {...}
		}
	}

	$returns?: {
		value?: {...}
		err?: string
	}
	...
}
`,
  },
  {
    path: 'step/metrics',
    source: `// Whether a PromQL query has met a condition for a while, or missed it for a while.
#PromCheck: {
	#do:       "promCheck"
	#provider: "metrics"

	$params: {
		query:          string
		condition:      string
		metricEndpoint: *"http://prometheus-server.o11y-system.svc:9090" | string
		duration:       *"5m" | string
		failDuration:   *"2m" | string
	}

	$returns?: {
		result:   bool
		failed:   bool
		message?: string
	}
	...
}
`,
  },
  {
    path: 'step/multicluster',
    source: `// List the names of the clusters.
#ListClusters: {
	#do:       "list-clusters"
	#provider: "multicluster"

	$returns?: outputs: clusters: [...string]
}

// Where topology policies place components.
#GetPlacementsFromTopologyPolicies: {
	#do:       "get-placements-from-topology-policies"
	#provider: "multicluster"

	$params: policies: [...string]

	$returns?: placements: [...{
		cluster:   string
		namespace: string
	}]
}

// The same under the name that KubeVela gives it.
#GetPlacementsFromTmulticlusterologyPolicies: {
	#do:       "get-placements-from-topology-policies"
	#provider: "multicluster"

	$params: policies: [...string]

	$returns?: placements: [...{
		cluster:   string
		namespace: string
	}]
}

// Deploy the components as the policies say and wait until they are healthy.
#Deploy: {
	#do:       "deploy"
	#provider: "multicluster"

	$params: {
		policies: [...string]
		parallelism:              int
		ignoreTerraformComponent: bool
		inlinePolicies: *[] | [...{...}]
	}

	$returns?: {...}
}
`,
  },
  {
    path: 'step/oam',
    source: `// Apply a component with its traits.
#ApplyComponent: {
	#do:       "component-apply"
	#provider: "oam"

	$params: {
		cluster:   *"" | string
		env:       *"" | string
		namespace: *"" | string
		// Whether to wait until the component is healthy.
		waitHealthy: *true | bool
		// The component, as in an Application.
		value: {...}
		// Laid over the object, with the patch tags of traits.
		patch?: {...}
	}

	$returns: {
		output?: {...}
		outputs?: {...}
	}
	...
}

// Render a component with its traits.
#RenderComponent: {
	#do:       "component-render"
	#provider: "oam"

	$params: {
		cluster:   *"" | string
		env:       *"" | string
		namespace: *"" | string
		// The component, as in an Application.
		value: {...}
		// Laid over the object, with the patch tags of traits.
		patch?: {...}
	}

	$returns: {
		output?: {...}
		outputs?: {...}
	}
	...
}

// Components of the Application, by name.
#LoadComponets: {
	#do:       "load"
	#provider: "oam"

	$params: {
		// Another Application than this one.
		app?: string
	}

	$returns: value?: {...}
	...
}

// Policies of the Application, by name.
#LoadPolicies: {
	#do:       "load-policies"
	#provider: "oam"

	$params: {
		// Another Application than this one.
		app?: string
	}

	$returns: value?: {...}
	...
}

// Components of the Application, in order.
#LoadComponetsInOrder: {
	#do:       "load-comps-in-order"
	#provider: "oam"

	$params: {
		// Another Application than this one.
		app?: string
	}

	$returns: value?: [...{...}]
	...
}

// Apply all components at once, without waiting for their health.
#ApplyApplicationInParallel: {
	load: #LoadComponetsInOrder
	components: {
		for i, component in load.$returns.value {
			"\\(i)": #ApplyComponent & {
				$params: {
					value:       component
					waitHealthy: false
				}
			}
		}
	}
}
`,
  },
  {
    path: 'step/op/builtin',
    source: `// Read or write a variable of the workflow.
#DoVar: {
	#do:       "var"
	#provider: "op"

	method: *"Get" | "Put"
	path:   string
	value?: _
}

// Wait until continue is true.
#ConditionalWait: {
	#do:       "wait"
	#provider: "op"

	continue: *false | bool
	// Text for the status of the step.
	message?: string
}

// Hold the workflow until someone lets it go on, or for a while.
#Suspend: {
	#do:       "suspend"
	#provider: "op"

	// Such as "30s" or "2m15s".
	duration?: string
	// Text for the status of the step.
	message?: string
}

// End the workflow here; the step succeeds.
#Break: {
	#do:       "break"
	#provider: "op"

	// Text for the status of the step.
	message?: string
}

// Fail the step.
#Fail: {
	#do:       "fail"
	#provider: "op"

	// Text for the status of the step.
	message?: string
}

// Show a text.
#Message: {
	#do:       "message"
	#provider: "op"

	// Text for the status of the step.
	message?: string
}

// Anything, in the order of its fields.
#Steps: {
	...
}
`,
  },
  {
    path: 'step/op/config',
    source: `// Create a config, or write it anew.
#CreateConfig: {
	#do:       "create-config"
	#provider: "op"

	name:      string
	namespace: string
	template?: string
	config: {...}
}

// Delete a config.
#DeleteConfig: {
	#do:       "delete-config"
	#provider: "op"

	name:      string
	namespace: string
}

// Read a config.
#ReadConfig: {
	#do:       "read-config"
	#provider: "op"

	name:      string
	namespace: string

	config: {...}
}

// List the configs that follow a template.
#ListConfig: {
	#do:       "list-config"
	#provider: "op"

	template:  string
	namespace: string

	configs: [...{...}]
}
`,
  },
  {
    path: 'step/op/email',
    source: `// Send an email.
#SendEmail: {
	#do:       "send"
	#provider: "op"

	from: {
		address:  string
		alias?:   string
		password: string
		host:     string
		port:     int
	}
	to: [...string]
	content: {
		subject: string
		body:    string
	}
	...
}
`,
  },
  {
    path: 'step/op/env-binding',
    source: `// Deploying by env-binding policies. Deprecated with these.

#Placement: {
	clusterSelector?: {
		name?: string
		labels?: [string]: string
	}
	namespaceSelector?: {
		name?: string
		labels?: [string]: string
	}
}

#PlacementDecision: {
	cluster?:   string
	namespace?: string
}

#Component: {
	name?: string
	type?: string
	properties?: {...}
	traits?: [...{
		type:     string
		disable?: bool
		properties: {...}
	}]
	dependsOn?: [...string]
	externalRevision?: string
}

// Where an environment is placed.
#MakePlacementDecisions: {
	#do:       "make-placement-decisions"
	#provider: "op"

	inputs: {
		policyName: string
		envName:    string
		placement:  #Placement
	}

	outputs: decisions: [...#PlacementDecision]
}

// The Application as an environment changes it.
#PatchApplication: {
	#do:       "patch-application"
	#provider: "op"

	inputs: {
		envName: string
		patch?: components: [...#Component]
		selector?: components: [...string]
	}

	outputs: {...}
	...
}

// An environment of a policy, of the first env-binding policy when no name is given.
#LoadEnvBindingEnv: {
	inputs: {
		env:    string
		policy: string
	}

	loadPolicies: #LoadPolicies

	outputs: {
		policy: [
			if inputs.policy != "" {inputs.policy},
			for name, p in loadPolicies.value if p.type == "env-binding" {name},
		][0]
		envConfig: [for e in loadPolicies.value[policy].properties.envs if e.name == inputs.env {e}][0]
	}
}

// The components of an environment, and where they go.
#PrepareEnvBinding: {
	inputs: {
		env:    string
		policy: string
	}
	let asked = inputs

	loadEnv: #LoadEnvBindingEnv & {inputs: asked}
	let found = loadEnv.outputs

	placementDecisions: #MakePlacementDecisions & {
		inputs: {
			policyName: found.policy
			envName:    asked.env
			placement:  found.envConfig.placement
		}
	}

	patchedApp: #PatchApplication & {
		inputs: {
			envName: asked.env
			for field in ["selector", "patch"] if found.envConfig[field] != _|_ {
				(field): found.envConfig[field]
			}
		}
	}

	outputs: {
		components: patchedApp.outputs.spec.components
		decisions:  placementDecisions.outputs.decisions
	}
}

// Apply components wherever they go.
#ApplyComponentsToEnv: {
	inputs: {
		decisions: [...#PlacementDecision]
		components: [...#Component]
		env:         string
		waitHealthy: bool
	}

	outputs: {
		for place in inputs.decisions for i, component in inputs.components {
			"\\(place.cluster)-\\(place.namespace)-\\(i)": #ApplyComponent & {
				for field in ["cluster", "namespace"] if place[field] != _|_ {
					(field): place[field]
				}
				env:         inputs.env
				waitHealthy: inputs.waitHealthy
				value:       component
			}
		}
	}
}

// Deploy an environment, in parallel by applying all components before waiting for any.
#ApplyEnvBindApp: {
	env:       string
	policy:    string
	app:       string
	namespace: string
	parallel:  bool

	let environment = env
	let named = policy
	prepare: #PrepareEnvBinding & {
		inputs: {
			env:    environment
			policy: named
		}
	}

	apply: #ApplyComponentsToEnv & {
		inputs: {
			decisions:   prepare.outputs.decisions
			components:  prepare.outputs.components
			env:         environment
			waitHealthy: !parallel
		}
	}

	if parallel {
		wait: #ApplyComponentsToEnv & {
			inputs: {
				decisions:   prepare.outputs.decisions
				components:  prepare.outputs.components
				env:         environment
				waitHealthy: true
			}
		}
	}
}
`,
  },
  {
    path: 'step/op/http',
    source: `// An HTTP request.
#HTTPDo: {
	#do:       "do"
	#provider: "op"

	method: *"GET" | "POST" | "PUT" | "DELETE"
	url:    string
	request?: {
		// How long to wait for the response, such as "30s".
		timeout?: string
		body?:    string
		header?: [string]:  string
		trailer?: [string]: string
		// At most \`limit\` requests in each \`period\`.
		ratelimiter?: {
			limit:  int
			period: string
		}
		...
	}
	// The Secret with the certificates of the client and of the authority.
	tls_config?: {
		secret:     string
		namespace?: string
	}

	response: {
		body: string
		header?: [string]: [...string]
		trailer?: [string]: [...string]
		statusCode: int
		...
	}
	...
}

#HTTPGet: #HTTPDo & {method: "GET"}

#HTTPPost: #HTTPDo & {method: "POST"}

#HTTPPut: #HTTPDo & {method: "PUT"}

#HTTPDelete: #HTTPDo & {method: "DELETE"}
`,
  },
  {
    path: 'step/op/kube',
    source: `// Apply an object.
#Apply: {
	#do:       "apply"
	#provider: "op"

	// The control plane's cluster when empty.
	cluster: *"" | string
	value: {...}
	// Laid over the object, with the patch tags of traits.
	patch?: {...}
	...
}

// Apply objects at once.
#ApplyInParallel: {
	#do:       "apply-in-parallel"
	#provider: "op"

	// The control plane's cluster when empty.
	cluster: *"" | string
	value: [...{...}]
	...
}

// Read an object and apply it with changes.
#Patch: {
	#do:       "patch"
	#provider: "op"

	// The control plane's cluster when empty.
	cluster: *"" | string
	// Which object.
	value: {...}
	// Laid over the object, with the patch tags of traits.
	patch: {...}

	result?: {...}
	...
}

// Read an object.
#Read: {
	#do:       "read"
	#provider: "op"

	// The control plane's cluster when empty.
	cluster: *"" | string
	// Which object.
	value: {...}
	...
}

// List objects of a kind.
#List: {
	#do:       "list"
	#provider: "op"

	// The control plane's cluster when empty.
	cluster: *"" | string

	resource: {
		apiVersion: string
		kind:       string
	}
	filter?: {
		// All namespaces when empty.
		namespace: *"" | string
		matchingLabels?: {...}
	}

	list?: {...}
	...
}

// Delete an object, or with a filter all of its kind that match.
#Delete: {
	#do:       "delete"
	#provider: "op"

	// The control plane's cluster when empty.
	cluster: *"" | string

	value: {
		apiVersion: string
		kind:       string
		metadata: {
			name?:     string
			namespace: *"default" | string
		}
	}
	filter?: {
		namespace?: string
		matchingLabels?: {...}
	}
	...
}
`,
  },
  {
    path: 'step/op/metrics',
    source: `// Whether a PromQL query has met a condition for a while, or missed it for a while.
#PromCheck: {
	#do:       "promCheck"
	#provider: "op"

	query:          string
	condition:      string
	metricEndpoint: *"http://prometheus-server.o11y-system.svc:9090" | string
	duration:       *"5m" | string
	failDuration:   *"2m" | string
	...
}
`,
  },
  {
    path: 'step/op/multicluster',
    source: `// List the names of the clusters.
#ListClusters: {
	#do:       "list-clusters"
	#provider: "op"

	outputs: clusters: [...string]
}

// Where topology policies place components.
#GetPlacementsFromTopologyPolicies: {
	#do:       "get-placements-from-topology-policies"
	#provider: "op"

	policies: [...string]

	placements: [...{
		cluster:   string
		namespace: string
	}]
}

// Deploy the components as the policies say and wait until they are healthy.
#Deploy: {
	#do:       "deploy"
	#provider: "op"

	policies: [...string]
	parallelism:              int
	ignoreTerraformComponent: bool
	inlinePolicies: *[] | [...{...}]
}
`,
  },
  {
    path: 'step/op/oam',
    source: `// Apply a component with its traits.
#ApplyComponent: {
	#do:       "component-apply"
	#provider: "op"

	cluster:   *"" | string
	env:       *"" | string
	namespace: *"" | string
	// Whether to wait until the component is healthy.
	waitHealthy: *true | bool
	// The component, as in an Application.
	value: {...}
	// Laid over the object, with the patch tags of traits.
	patch?: {...}
	...
}

// Render a component with its traits.
#RenderComponent: {
	#do:       "component-render"
	#provider: "op"

	cluster:   *"" | string
	env:       *"" | string
	namespace: *"" | string
	// The component, as in an Application.
	value: {...}
	// Laid over the object, with the patch tags of traits.
	patch?: {...}

	output?: {...}
	outputs?: {...}
	...
}

// Components of the Application, by name.
#LoadComponets: {
	#do:       "load"
	#provider: "op"

	// Another Application than this one.
	app?: string

	value?: {...}
	...
}

// Policies of the Application, by name.
#LoadPolicies: {
	#do:       "load-policies"
	#provider: "op"

	// Another Application than this one.
	app?: string

	value?: {...}
	...
}

// Components of the Application, in order.
#LoadComponetsInOrder: {
	#do:       "load-comps-in-order"
	#provider: "op"

	// Another Application than this one.
	app?: string

	value?: _
	...
}

#Load: #LoadComponets

#LoadInOrder: #LoadComponetsInOrder

// Apply all components.
#ApplyApplication: #Steps & {
	load: #LoadComponetsInOrder
	components: #Steps & {
		for i, component in load.value {
			"\\(i)": #ApplyComponent & {value: component}
		}
	}
}

// Apply all components at once, without waiting for their health.
#ApplyApplicationInParallel: #Steps & {
	load: #LoadComponetsInOrder
	components: #Steps & {
		for i, component in load.value {
			"\\(i)": #ApplyComponent & {
				value:       component
				waitHealthy: false
			}
		}
	}
}

// Apply all components but some.
#ApplyRemaining: #Steps & {
	// Names of the components that are not applied.
	exceptions: [...string]

	load: #LoadComponets
	components: #Steps & {
		for name, component in load.value if len([for e in exceptions if e == name {e}]) == 0 {
			(name): #ApplyComponent & {value: component}
		}
	}
}

// Apply the objects of a component but some.
#ApplyComponentRemaining: #Steps & {
	// Names of the outputs that are not applied.
	exceptions: [...string]
	component: string

	load: #LoadComponets
	render: #Steps & {
		rendered: #RenderComponent & {value: load.value[component]}
		comp: #Apply & {value: rendered.output}
		for name, object in rendered.outputs if len([for e in exceptions if e == name {e}]) == 0 {
			(name): #Apply & {value: object}
		}
	}
}
`,
  },
  {
    path: 'step/op/terraform',
    source: `// The components of the Application that Terraform makes.
#LoadTerraformComponents: {
	#do:       "load-terraform-components"
	#provider: "op"

	outputs: components: [...#Component]
}

// Whether the cloud resource of a component is there.
#GetConnectionStatus: {
	#do:       "get-connection-status"
	#provider: "op"

	inputs: componentName: string
	outputs: healthy?:     bool
}

// The Terraform components of an environment, and where their Secrets go.
#PrepareTerraformEnvBinding: {
	inputs: {
		env:    string
		policy: string
	}
	let asked = inputs

	prepare: #PrepareEnvBinding & {inputs: asked}
	loadTerraformComponents: #LoadTerraformComponents

	outputs: {
		components: [
			for component in prepare.outputs.components
			if len([for t in loadTerraformComponents.outputs.components if t.name == component.name {t}]) > 0 {
				component
			},
		]
		decisions: prepare.outputs.decisions
	}
}

// The Secret that a component writes: as the Application names it, and under its name in the environment.
#loadSecretInfo: {
	component: {...}
	appNamespace: string
	env:          string

	name:      string
	namespace: string
	envName:   "\\(name)-\\(env)"
	if component.properties.writeConnectionSecretToRef != _|_ {
		let ref = component.properties.writeConnectionSecretToRef
		name: [if ref.name != _|_ {ref.name}, component.name][0]
		namespace: [if ref.namespace != _|_ {ref.namespace}, appNamespace][0]
	}
}

// Wait for the cloud resource of a component, and send its Secret to clusters.
#bindTerraformComponentToCluster: {
	comp: {...}
	secret: {...}
	env: string
	decisions: [...{...}]

	status: #GetConnectionStatus & {
		inputs: componentName: "\\(comp.name)-\\(env)"
	}

	read: #Read & {
		value: {
			apiVersion: "v1"
			kind:       "Secret"
			metadata: {
				name:      secret.envName
				namespace: secret.namespace
				...
			}
			...
		}
	}

	wait: #ConditionalWait & {
		continue: status.outputs.healthy && read.err == _|_
	}

	sync: {
		for place in decisions {
			"\\(place.cluster)-\\(place.namespace)": #Apply & {
				cluster: place.cluster
				value: {
					apiVersion: "v1"
					kind:       "Secret"
					type:       "Opaque"
					metadata: {
						name: secret.name
						namespace: [if place.namespace != _|_ if place.namespace != "" {place.namespace}, secret.namespace][0]
						...
					}
					data: read.value.data
					...
				}
			}
		}
	}
}

// Deploy the Terraform components of an environment and send their Secrets where the environment is.
#DeployCloudResource: {
	env:       string
	name:      string
	policy:    string
	namespace: string

	let environment = env
	let named = policy
	prepareDeploy: #PrepareTerraformEnvBinding & {
		inputs: {
			env:    environment
			policy: named
		}
	}

	deploy: {
		for component in prepareDeploy.outputs.components {
			(component.name): {
				let made = component
				let info = secretMeta

				secretMeta: #loadSecretInfo & {
					component:    made
					env:          environment
					appNamespace: namespace
				}

				apply: #ApplyComponent & {
					value: {
						name: "\\(made.name)-\\(environment)"
						properties: {
							writeConnectionSecretToRef: {
								name:      info.envName
								namespace: info.namespace
							}
							if made.properties != _|_ {
								for key, value in made.properties if key != "writeConnectionSecretToRef" {
									(key): value
								}
							}
							...
						}
						for key, value in made if key != "name" && key != "properties" {
							(key): value
						}
						...
					}
				}

				bind: #bindTerraformComponentToCluster & {
					comp:      made
					secret:    info
					env:       environment
					decisions: prepareDeploy.outputs.decisions
				}

				secret: bind.read.value

				let own = {
					"app.oam.dev/name":       name
					"app.oam.dev/env-name":   environment
					"app.oam.dev/sync-alias": info.name
				}
				let stored = secret
				update: #Apply & {
					value: {
						for key, value in stored if key != "metadata" {
							(key): value
						}
						metadata: {
							for key, value in stored.metadata if key != "labels" {
								(key): value
							}
							labels: {
								own
								"app.oam.dev/namespace": namespace
								"app.oam.dev/component": made.name
								if stored.metadata.labels != _|_ {
									for key, value in stored.metadata.labels if own[key] == _|_ {
										(key): value
									}
								}
								...
							}
						}
						...
					}
				}
			}
		}
		...
	}
}

// Send the Secrets of the Terraform components of an environment elsewhere too.
#ShareCloudResource: {
	env:       string
	name:      string
	policy:    string
	namespace: string
	placements: [...#PlacementDecision]

	let environment = env
	let named = policy
	let own = namespace
	prepareBind: #PrepareTerraformEnvBinding & {
		inputs: {
			env:    environment
			policy: named
		}
	}

	deploy: {
		for component in prepareBind.outputs.components {
			(component.name): {
				let made = component
				let info = secretMeta

				secretMeta: #loadSecretInfo & {
					component:    made
					env:          environment
					appNamespace: own
				}

				bind: #bindTerraformComponentToCluster & {
					comp:   made
					secret: info
					env:    environment
					decisions: [for place in placements {
						cluster: [if place.cluster != _|_ {place.cluster}, "local"][0]
						namespace: [if place.namespace != _|_ {place.namespace}, own][0]
					}]
				}
			}
		}
	}
}
`,
  },
  {
    path: 'step/op/time',
    source: `// Seconds since 1970 of a date. The layout is one of Go, RFC 3339 when empty.
#DateToTimestamp: {
	#do:       "timestamp"
	#provider: "op"

	date:   string
	layout: *"" | string

	timestamp?: int64
	...
}

// Date of the seconds since 1970. The layout is one of Go, RFC 3339 when empty.
#TimestampToDate: {
	#do:       "date"
	#provider: "op"

	timestamp: int64
	layout:    *"" | string

	date?: string
	...
}
`,
  },
  {
    path: 'step/op/util',
    source: `// Lay a patch over an object, with the patch tags of traits.
#PatchK8sObject: {
	#do:       "patch-k8s-object"
	#provider: "op"

	value: {...}
	patch: {...}

	result: {...}
	...
}

// Bytes as a string.
#ConvertString: {
	#do:       "string"
	#provider: "op"

	bt: bytes

	str?: string
	...
}

// Log data, or say where the log of the step is found; the last source counts.
#Log: {
	#do:       "log"
	#provider: "op"

	data?: {...} | string
	level: *3 | int
	source?: close({
		url: string
	}) | close({
		resources?: [...{
			name?:      string
			cluster?:   string
			namespace?: string
			labelSelector?: {...}
		}]
	})
}
`,
  },
  {
    path: 'step/ql',
    source: `// Objects of an Application.
#ListResourcesInApp: {
	#do:       "listResourcesInApp"
	#provider: "ql"

	app: {
		name:      string
		namespace: string
		filter?: {
			cluster?:          string
			clusterNamespace?: string
			components?: [...string]
			kind?:       string
			apiVersion?: string
		}
		withStatus?: bool
	}
	list?: [...{
		cluster:   string
		component: string
		revision:  string
		object: {...}
	}]
	...
}

// Objects that an Application has applied, without their content.
#ListAppliedResources: {
	#do:       "listAppliedResources"
	#provider: "ql"

	app: {
		name:      string
		namespace: string
		filter?: {
			cluster?:          string
			clusterNamespace?: string
			components?: [...string]
			kind?:       string
			apiVersion?: string
		}
	}
	list?: [...{
		name:             string
		namespace?:       string
		cluster?:         string
		component?:       string
		trait?:           string
		kind?:            string
		uid?:             string
		apiVersion?:      string
		resourceVersion?: string
		publishVersion?:  string
		deployVersion?:   string
		revision?:        string
		latest?:          bool
		resourceTree?: {...}
	}]
	...
}

// Pods of an Application.
#CollectPods: {
	#do:       "collectResources"
	#provider: "ql"

	app: {
		name:      string
		namespace: string
		filter?: {
			cluster?:          string
			clusterNamespace?: string
			components?: [...string]
			kind:       "Pod"
			apiVersion: "v1"
		}
		withTree: true
	}
	list: [...{...}]
	...
}

// Services of an Application.
#CollectServices: {
	#do:       "collectResources"
	#provider: "ql"

	app: {
		name:      string
		namespace: string
		filter?: {
			cluster?:          string
			clusterNamespace?: string
			components?: [...string]
			kind:       "Service"
			apiVersion: "v1"
		}
		withTree: true
	}
	list: [...{...}]
	...
}

// Events of an object.
#SearchEvents: {
	#do:       "searchEvents"
	#provider: "ql"

	value: {...}
	cluster: string
	...
}

// Log of a container.
#CollectLogsInPod: {
	#do:       "collectLogsInPod"
	#provider: "ql"

	cluster:   string
	namespace: string
	pod:       string
	options: {
		container:    string
		previous:     *false | bool
		timestamps:   *false | bool
		sinceSeconds: *null | int
		sinceTime:    *null | string
		tailLines:    *null | int
		limitBytes:   *null | int
	}
	outputs?: {
		logs?: string
		err?:  string
		info?: {
			fromDate: string
			toDate:   string
		}
		...
	}
	...
}

// Addresses at which an Application is reached.
#CollectServiceEndpoints: {
	#do:       "collectServiceEndpoints"
	#provider: "ql"

	app: {
		name:      string
		namespace: string
		filter?: {
			cluster?:          string
			clusterNamespace?: string
			components?: [...string]
		}
		withTree: true
	}
	list?: [...{
		endpoint: {
			protocol:     string
			appProtocol?: string
			host?:        string
			port:         int
			portName?:    string
			path?:        string
			inner?:       bool
		}
		ref: {...}
		cluster?:   string
		component?: string
		...
	}]
	...
}

// Objects that an Application has applied, with those that these have made.
#GetApplicationTree: {
	#do:       "listAppliedResources"
	#provider: "ql"

	app: {
		name:      string
		namespace: string
		filter?: {
			cluster?:          string
			clusterNamespace?: string
			components?: [...string]
			queryNewest?: bool
		}
		withTree: true
	}
	list?: [...{
		name:             string
		namespace?:       string
		cluster?:         string
		component?:       string
		trait?:           string
		kind?:            string
		uid?:             string
		apiVersion?:      string
		resourceVersion?: string
		publishVersion?:  string
		deployVersion?:   string
		revision?:        string
		latest?:          bool
		...
	}]
	...
}
`,
  },
  {
    path: 'step/query',
    source: `// Objects of an Application.
#ListResourcesInApp: {
	#do:       "listResourcesInApp"
	#provider: "query"

	$params: app: {
		name:      string
		namespace: string
		filter?: {
			cluster?:          string
			clusterNamespace?: string
			components?: [...string]
			kind?:       string
			apiVersion?: string
		}
		withStatus?: bool
	}

	$returns: list?: [...{
		cluster:   string
		component: string
		revision:  string
		object: {...}
	}]
	...
}

// Objects that an Application has applied, without their content.
#ListAppliedResources: {
	#do:       "listAppliedResources"
	#provider: "query"

	$params: app: {
		name:      string
		namespace: string
		filter?: {
			cluster?:          string
			clusterNamespace?: string
			components?: [...string]
			kind?:       string
			apiVersion?: string
		}
	}

	$returns: list?: [...{
		name:             string
		namespace?:       string
		cluster?:         string
		component?:       string
		trait?:           string
		kind?:            string
		uid?:             string
		apiVersion?:      string
		resourceVersion?: string
		publishVersion?:  string
		deployVersion?:   string
		revision?:        string
		latest?:          bool
		resourceTree?: {...}
	}]
	...
}

// Pods of an Application.
#CollectPods: {
	#do:       "collectResources"
	#provider: "query"

	$params: app: {
		name:      string
		namespace: string
		filter?: {
			cluster?:          string
			clusterNamespace?: string
			components?: [...string]
			kind:       "Pod"
			apiVersion: "v1"
		}
		withTree: true
	}

	$returns: list: [...{...}]
	...
}

// Services of an Application.
#CollectServices: {
	#do:       "collectResources"
	#provider: "query"

	$params: app: {
		name:      string
		namespace: string
		filter?: {
			cluster?:          string
			clusterNamespace?: string
			components?: [...string]
			kind:       "Service"
			apiVersion: "v1"
		}
		withTree: true
	}

	$returns: list: [...{...}]
	...
}

// Events of an object.
#SearchEvents: {
	#do:       "searchEvents"
	#provider: "query"

	$params: {
		value: {...}
		cluster: string
	}

	$returns: list: [...{...}]
	...
}

// Log of a container.
#CollectLogsInPod: {
	#do:       "collectLogsInPod"
	#provider: "query"

	$params: {
		cluster:   string
		namespace: string
		pod:       string
		options: {
			container:    string
			previous:     *false | bool
			timestamps:   *false | bool
			sinceSeconds: *null | int
			sinceTime:    *null | string
			tailLines:    *null | int
			limitBytes:   *null | int
		}
	}

	$returns: outputs?: {
		logs?: string
		err?:  string
		info?: {
			fromDate: string
			toDate:   string
		}
		...
	}
	...
}

// Addresses at which an Application is reached.
#CollectServiceEndpoints: {
	#do:       "collectServiceEndpoints"
	#provider: "query"

	$params: app: {
		name:      string
		namespace: string
		filter?: {
			cluster?:          string
			clusterNamespace?: string
			components?: [...string]
		}
		withTree: true
	}

	$returns: list?: [...{
		endpoint: {
			protocol:     string
			appProtocol?: string
			host?:        string
			port:         int
			portName?:    string
			path?:        string
			inner?:       bool
		}
		ref: {...}
		cluster?:   string
		component?: string
		...
	}]
	...
}

// Objects that an Application has applied, with those that these have made.
#GetApplicationTree: {
	#do:       "listAppliedResources"
	#provider: "query"

	app: {
		name:      string
		namespace: string
		filter?: {
			cluster?:          string
			clusterNamespace?: string
			components?: [...string]
			queryNewest?: bool
		}
		withTree: true
	}
	list?: [...{
		name:             string
		namespace?:       string
		cluster?:         string
		component?:       string
		trait?:           string
		kind?:            string
		uid?:             string
		apiVersion?:      string
		resourceVersion?: string
		publishVersion?:  string
		deployVersion?:   string
		revision?:        string
		latest?:          bool
		...
	}]
	...
}
`,
  },
  {
    path: 'step/terraform',
    source: `// The components of the Application that Terraform makes.
#LoadTerraformComponents: {
	#do:       "load-terraform-components"
	#provider: "terraform"

	$returns: outputs: components: [...{...}]
}

// Whether the cloud resource of a component is there.
#GetConnectionStatus: {
	#do:       "get-connection-status"
	#provider: "terraform"

	$params: inputs: componentName: string

	$returns: outputs: healthy?: bool
}
`,
  },
  {
    path: 'step/time',
    source: `// Seconds since 1970 of a date. The layout is one of Go, RFC 3339 when empty.
#DateToTimestamp: {
	#do:       "timestamp"
	#provider: "time"

	$params: {
		date:   string
		layout: *"" | string
	}

	$returns?: timestamp: int64
	...
}

// Date of the seconds since 1970. The layout is one of Go, RFC 3339 when empty.
#TimestampToDate: {
	#do:       "date"
	#provider: "time"

	$params: {
		timestamp: int64
		layout:    *"" | string
	}

	$returns?: date: string
	...
}
`,
  },
  {
    path: 'step/util',
    source: `// Lay a patch over an object, with the patch tags of traits.
#PatchK8sObject: {
	#do:       "patch-k8s-object"
	#provider: "util"

	$params: {
		value: {...}
		patch: {...}
	}

	$returns?: result: {...}
	...
}

// Bytes as a string.
#ConvertString: {
	#do:       "string"
	#provider: "util"

	$params: bt: bytes

	$returns?: str: string
	...
}

// Log data, or say where the log of the step is found; the last source counts.
#Log: {
	#do:       "log"
	#provider: "util"

	$params: {
		data?: {...} | string
		level: *3 | int
		source?: close({
			url: string
		}) | close({
			resources?: [...{
				name?:      string
				cluster?:   string
				namespace?: string
				labelSelector?: {...}
			}]
		})
	}
}
`,
  },
];
