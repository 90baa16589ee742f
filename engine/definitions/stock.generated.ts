/** The stock definitions. Written by infra/tasks/bundle-definitions.ts from the .cue files of this folder. */
import type { StockFile } from './registry.ts';

export const stockFiles: readonly StockFile[] = [
  {
    kind: 'component',
    name: 'cron-task',
    deprecated: false,
    source: `"cron-task": {
	type: "component"
	annotations: {}
	labels: {}
	description: "A job that runs code or a script to its end, again and again on a schedule: a CronJob."
	attributes: workload: type: "autodetects.core.oam.dev"
}
template: {
	// What to attach to the pod, in order: the lists of volumeMounts or else the deprecated volumes.
	_attached: [
		for kind in ["pvc", "configMap", "secret", "emptyDir", "hostPath"] if parameter.volumeMounts[kind] != _|_ for entry in parameter.volumeMounts[kind] {
			source:  kind
			volume:  entry
			subPath: entry.subPath != _|_
		},
		if parameter.volumeMounts == _|_ && parameter.volumes != _|_ for entry in parameter.volumes {
			source:  entry.type
			volume:  entry
			subPath: false
		},
	]

	output: {
		// batch/v1 has CronJob from Kubernetes 1.21, batch/v1beta1 until 1.24.
		if context.clusterVersion.minor < 25 {
			apiVersion: "batch/v1beta1"
		}
		if context.clusterVersion.minor >= 25 {
			apiVersion: "batch/v1"
		}
		kind: "CronJob"
		spec: {
			schedule:                   parameter.schedule
			suspend:                    parameter.suspend
			concurrencyPolicy:          parameter.concurrencyPolicy
			successfulJobsHistoryLimit: parameter.successfulJobsHistoryLimit
			failedJobsHistoryLimit:     parameter.failedJobsHistoryLimit
			if parameter.startingDeadlineSeconds != _|_ {
				startingDeadlineSeconds: parameter.startingDeadlineSeconds
			}
			jobTemplate: {
				metadata: _metadata
				spec: {
					parallelism:  parameter.count
					completions:  parameter.count
					backoffLimit: parameter.backoffLimit
					if parameter.ttlSecondsAfterFinished != _|_ {
						ttlSecondsAfterFinished: parameter.ttlSecondsAfterFinished
					}
					if parameter.activeDeadlineSeconds != _|_ {
						activeDeadlineSeconds: parameter.activeDeadlineSeconds
					}
					template: {
						metadata: _metadata
						spec: {
							restartPolicy: parameter.restart
							containers: [{
								name:  context.name
								image: parameter.image
								if parameter.imagePullPolicy != _|_ {
									imagePullPolicy: parameter.imagePullPolicy
								}
								if parameter.cmd != _|_ {
									command: parameter.cmd
								}
								if parameter.env != _|_ {
									env: parameter.env
								}
								if parameter.cpu != _|_ {
									resources: {
										requests: cpu: parameter.cpu
										limits: cpu:   parameter.cpu
									}
								}
								if parameter.memory != _|_ {
									resources: {
										requests: memory: parameter.memory
										limits: memory:   parameter.memory
									}
								}
								if parameter.volumeMounts != _|_ || parameter.volumes != _|_ {
									volumeMounts: [for a in _attached {
										name:      a.volume.name
										mountPath: a.volume.mountPath
										if a.subPath {subPath: a.volume.subPath}
									}]
								}
							}]
							if parameter.imagePullSecrets != _|_ {
								imagePullSecrets: [for secret in parameter.imagePullSecrets {name: secret}]
							}
							if parameter.hostAliases != _|_ {
								hostAliases: [for alias in parameter.hostAliases {
									ip:        alias.ip
									hostnames: alias.hostnames
								}]
							}
							if parameter.volumeMounts != _|_ || parameter.volumes != _|_ {
								// A volume mounted at several paths is declared once; the deprecated list is taken as it is.
								volumes: [for i, a in _attached if parameter.volumeMounts == _|_ || len([for j, b in _attached if j < i && b.volume.name == a.volume.name {b}]) == 0 {
									name: a.volume.name
									if a.source == "pvc" {
										persistentVolumeClaim: claimName: a.volume.claimName
									}
									if a.source == "configMap" {
										configMap: {
											name:        a.volume.cmName
											defaultMode: a.volume.defaultMode
											if a.volume.items != _|_ {items: a.volume.items}
										}
									}
									if a.source == "secret" {
										secret: {
											secretName:  a.volume.secretName
											defaultMode: a.volume.defaultMode
											if a.volume.items != _|_ {items: a.volume.items}
										}
									}
									if a.source == "emptyDir" {
										emptyDir: medium: a.volume.medium
									}
									if a.source == "hostPath" {
										hostPath: path: a.volume.path
									}
								}]
							}
						}
					}
				}
			}
		}
	}

	// The job and its pods carry the same metadata.
	_metadata: {
		labels: {
			if parameter.labels != _|_ {
				parameter.labels
			}
			"app.oam.dev/name":      context.appName
			"app.oam.dev/component": context.name
		}
		if parameter.annotations != _|_ {
			annotations: parameter.annotations
		}
	}

	parameter: {
		// +usage=Labels for the pods
		labels?: [string]: string

		// +usage=Annotations for the pods
		annotations?: [string]: string

		// +usage=When to run, in Cron format
		schedule: string

		// +usage=Seconds after a missed start within which the job may still begin
		startingDeadlineSeconds?: int

		// +usage=Whether further runs are held back
		suspend: *false | bool

		// +usage=What happens when a run is due while the last one still goes on
		concurrencyPolicy: *"Allow" | "Allow" | "Forbid" | "Replace"

		// +usage=Number of finished jobs to keep
		successfulJobsHistoryLimit: *3 | int

		// +usage=Number of failed jobs to keep
		failedJobsHistoryLimit: *1 | int

		// +usage=Number of pods to run at a time, and of completions that finish the job
		// +short=c
		count: *1 | int

		// +usage=Container image to run
		// +short=i
		image: string

		// +usage=When the image is pulled
		imagePullPolicy?: "Always" | "Never" | "IfNotPresent"

		// +usage=Secrets with credentials for the registry of the image
		imagePullSecrets?: [...string]

		// +usage=Restart policy of the pods, Never or OnFailure
		restart: *"Never" | string

		// +usage=Command to run in place of the entrypoint of the image
		cmd?: [...string]

		// +usage=Environment variables of the container
		env?: [...{
			// +usage=Name of the variable
			name: string
			// +usage=Literal value
			value?: string
			// +usage=Where the value is taken from instead
			valueFrom?: {
				// +usage=Key of a Secret in the namespace of the pod
				secretKeyRef?: {
					// +usage=Name of the Secret
					name: string
					// +usage=Key inside the Secret
					key: string
				}
				// +usage=Key of a ConfigMap in the namespace of the pod
				configMapKeyRef?: {
					// +usage=Name of the ConfigMap
					name: string
					// +usage=Key inside the ConfigMap
					key: string
				}
			}
		}]

		// +usage=CPU for the container as a Kubernetes quantity, for example \`500m\` or \`1\`
		cpu?: string

		// +usage=Memory for the container as a Kubernetes quantity, for example \`512Mi\`
		memory?: string

		// +usage=Volumes to mount, by kind
		volumeMounts?: {
			// +usage=PersistentVolumeClaims to mount
			pvc?: [...{
				// +usage=Name of the volume in the pod
				name: string
				// +usage=Path in the container
				mountPath: string
				// +usage=Path inside the volume to mount instead of its root
				subPath?: string
				// +usage=Name of the PersistentVolumeClaim
				claimName: string
			}]
			// +usage=ConfigMaps to mount
			configMap?: [...{
				// +usage=Name of the volume in the pod
				name: string
				// +usage=Path in the container
				mountPath: string
				// +usage=Path inside the volume to mount instead of its root
				subPath?: string
				// +usage=Permission bits of the files, in decimal
				defaultMode: *420 | int
				// +usage=Name of the ConfigMap
				cmName: string
				// +usage=Keys to project, all of them when unset
				items?: [...{
					// +usage=Key to project
					key: string
					// +usage=Path of the file, relative to the mount
					path: string
					// +usage=Permission bits of the file, in decimal
					mode: *511 | int
				}]
			}]
			// +usage=Secrets to mount
			secret?: [...{
				// +usage=Name of the volume in the pod
				name: string
				// +usage=Path in the container
				mountPath: string
				// +usage=Path inside the volume to mount instead of its root
				subPath?: string
				// +usage=Permission bits of the files, in decimal
				defaultMode: *420 | int
				// +usage=Name of the Secret
				secretName: string
				// +usage=Keys to project, all of them when unset
				items?: [...{
					// +usage=Key to project
					key: string
					// +usage=Path of the file, relative to the mount
					path: string
					// +usage=Permission bits of the file, in decimal
					mode: *511 | int
				}]
			}]
			// +usage=Empty directories that live as long as the pod
			emptyDir?: [...{
				// +usage=Name of the volume in the pod
				name: string
				// +usage=Path in the container
				mountPath: string
				// +usage=Path inside the volume to mount instead of its root
				subPath?: string
				// +usage=Medium that backs the directory, the node's default when empty
				medium: *"" | "Memory"
			}]
			// +usage=Paths of the node to mount
			hostPath?: [...{
				// +usage=Name of the volume in the pod
				name: string
				// +usage=Path in the container
				mountPath: string
				// +usage=Path inside the volume to mount instead of its root
				subPath?: string
				// +usage=Path on the node
				path: string
			}]
		}

		// +usage=Deprecated, use volumeMounts
		volumes?: [...{
			// +usage=Name of the volume in the pod
			name: string
			// +usage=Path in the container
			mountPath: string
			// +usage=Kind of volume
			type: *"emptyDir" | "pvc" | "configMap" | "secret"
			if type == "pvc" {
				claimName: string
			}
			if type == "configMap" {
				defaultMode: *420 | int
				cmName:      string
				// +usage=Keys to project, all of them when unset
				items?: [...{
					// +usage=Key to project
					key: string
					// +usage=Path of the file, relative to the mount
					path: string
					// +usage=Permission bits of the file, in decimal
					mode: *511 | int
				}]
			}
			if type == "secret" {
				defaultMode: *420 | int
				secretName:  string
				// +usage=Keys to project, all of them when unset
				items?: [...{
					// +usage=Key to project
					key: string
					// +usage=Path of the file, relative to the mount
					path: string
					// +usage=Permission bits of the file, in decimal
					mode: *511 | int
				}]
			}
			if type == "emptyDir" {
				medium: *"" | "Memory"
			}
		}]

		// +usage=Lines added to the hosts file of the pod
		hostAliases?: [...{
			// +usage=Address of the hosts
			ip: string
			// +usage=Names that resolve to the address
			hostnames: [...string]
		}]

		// +usage=Seconds after which a finished job is removed
		ttlSecondsAfterFinished?: int

		// +usage=Seconds after which a job that still runs is stopped
		activeDeadlineSeconds?: int

		// +usage=Number of retries before the job counts as failed
		backoffLimit: *6 | int

		// +usage=Check that restarts the container when it fails
		livenessProbe?: #HealthProbe

		// +usage=Check that decides whether the container receives traffic
		readinessProbe?: #HealthProbe
	}

	#HealthProbe: {
		// +usage=Probe by running a command in the container, exclusive with httpGet and tcpSocket
		exec?: {
			// +usage=Command and its arguments, an exit status of 0 means healthy
			command: [...string]
		}

		// +usage=Probe by an HTTP GET request, exclusive with exec and tcpSocket
		httpGet?: {
			// +usage=Path to request
			path: string
			// +usage=Port of the container
			port: int
			// +usage=Headers sent with the request
			httpHeaders?: [...{
				// +usage=Name of the header
				name: string
				// +usage=Value of the header
				value: string
			}]
		}

		// +usage=Probe by opening a TCP connection, exclusive with exec and httpGet
		tcpSocket?: {
			// +usage=Port of the container
			port: int
		}

		// +usage=Seconds between the start of the container and the first probe
		initialDelaySeconds: *0 | int

		// +usage=Seconds between two probes
		periodSeconds: *10 | int

		// +usage=Seconds after which a probe without an answer counts as failed
		timeoutSeconds: *1 | int

		// +usage=Successes in a row needed to count as healthy again
		successThreshold: *1 | int

		// +usage=Failures in a row needed to count as failed
		failureThreshold: *3 | int
	}
}
`,
  },
  {
    kind: 'component',
    name: 'daemon',
    deprecated: false,
    source: `import "strconv"

daemon: {
	type: "component"
	annotations: {}
	labels: {}
	description: "A containerized service that runs once on every node: a DaemonSet, and a Service for the ports it exposes."
	attributes: {
		workload: {
			definition: {
				apiVersion: "apps/v1"
				kind:       "DaemonSet"
			}
			type: "daemonsets.apps"
		}
		status: {
			customStatus: #"""
				seen: {
					for count in ["numberReady", "desiredNumberScheduled"] {
						(count): *0 | int
						if context.output.status[count] != _|_ {
							(count): context.output.status[count]
						}
					}
				}
				message: "Ready:\\(seen.numberReady)/\\(seen.desiredNumberScheduled)"
				"""#
			healthPolicy: #"""
				seen: {
					for count in ["desiredNumberScheduled", "currentNumberScheduled", "updatedNumberScheduled", "numberReady", "observedGeneration"] {
						(count): *0 | int
						if context.output.status[count] != _|_ {
							(count): context.output.status[count]
						}
					}
				}
				isHealth: seen.desiredNumberScheduled == seen.numberReady && seen.desiredNumberScheduled == seen.updatedNumberScheduled && seen.desiredNumberScheduled == seen.currentNumberScheduled && seen.observedGeneration >= context.output.metadata.generation
				"""#
		}
	}
}
template: {
	// What to attach to the pod, in order: the lists of volumeMounts or else the deprecated volumes.
	_attached: [
		for kind in ["pvc", "configMap", "secret", "emptyDir", "hostPath"] if parameter.volumeMounts[kind] != _|_ for entry in parameter.volumeMounts[kind] {
			source:  kind
			volume:  entry
			subPath: entry.subPath != _|_
		},
		if parameter.volumeMounts == _|_ && parameter.volumes != _|_ for entry in parameter.volumes {
			source:  entry.type
			volume:  entry
			subPath: false
		},
	]

	// The declared ports with the name they go by.
	_ports: [if parameter.ports != _|_ for p in parameter.ports {
		port:   p
		target: p.port
		if p.name != _|_ {name: p.name}
		if p.name == _|_ {name: "port-" + strconv.FormatInt(p.port, 10)}
	}]

	output: {
		apiVersion: "apps/v1"
		kind:       "DaemonSet"
		spec: {
			selector: matchLabels: "app.oam.dev/component": context.name
			template: {
				metadata: {
					labels: {
						if parameter.labels != _|_ {
							parameter.labels
						}
						if parameter.addRevisionLabel {
							"app.oam.dev/revision": context.revision
						}
						"app.oam.dev/name":      context.appName
						"app.oam.dev/component": context.name
					}
					if parameter.annotations != _|_ {
						annotations: parameter.annotations
					}
				}
				spec: {
					containers: [{
						name:  context.name
						image: parameter.image
						if parameter.ports != _|_ {
							ports: [for p in _ports {
								name:          p.name
								containerPort: p.target
								protocol:      p.port.protocol
							}]
						}
						if parameter.port != _|_ && parameter.ports == _|_ {
							ports: [{containerPort: parameter.port}]
						}
						if parameter.imagePullPolicy != _|_ {
							imagePullPolicy: parameter.imagePullPolicy
						}
						if parameter.cmd != _|_ {
							command: parameter.cmd
						}
						if parameter.env != _|_ {
							env: parameter.env
						}
						if context.config != _|_ {
							env: context.config
						}
						if parameter.cpu != _|_ {
							resources: {
								requests: cpu: parameter.cpu
								limits: cpu:   parameter.cpu
							}
						}
						if parameter.memory != _|_ {
							resources: {
								requests: memory: parameter.memory
								limits: memory:   parameter.memory
							}
						}
						if parameter.volumeMounts != _|_ || parameter.volumes != _|_ {
							volumeMounts: [for a in _attached {
								name:      a.volume.name
								mountPath: a.volume.mountPath
								if a.subPath {subPath: a.volume.subPath}
							}]
						}
						if parameter.livenessProbe != _|_ {
							livenessProbe: parameter.livenessProbe
						}
						if parameter.readinessProbe != _|_ {
							readinessProbe: parameter.readinessProbe
						}
					}]
					if parameter.hostAliases != _|_ {
						// +patchKey=ip
						hostAliases: parameter.hostAliases
					}
					if parameter.imagePullSecrets != _|_ {
						imagePullSecrets: [for secret in parameter.imagePullSecrets {name: secret}]
					}
					if parameter.volumeMounts != _|_ || parameter.volumes != _|_ {
						// A volume mounted at several paths is declared once; the deprecated list is taken as it is.
						volumes: [for i, a in _attached if parameter.volumeMounts == _|_ || len([for j, b in _attached if j < i && b.volume.name == a.volume.name {b}]) == 0 {
							name: a.volume.name
							if a.source == "pvc" {
								persistentVolumeClaim: claimName: a.volume.claimName
							}
							if a.source == "configMap" {
								configMap: {
									name:        a.volume.cmName
									defaultMode: a.volume.defaultMode
									if a.volume.items != _|_ {items: a.volume.items}
								}
							}
							if a.source == "secret" {
								secret: {
									secretName:  a.volume.secretName
									defaultMode: a.volume.defaultMode
									if a.volume.items != _|_ {items: a.volume.items}
								}
							}
							if a.source == "emptyDir" {
								emptyDir: medium: a.volume.medium
							}
							if a.source == "hostPath" {
								hostPath: path: a.volume.path
							}
						}]
					}
				}
			}
		}
	}

	_exposed: [for p in _ports if p.port.expose {
		name:       p.name
		port:       p.port.port
		targetPort: p.target
	}]

	outputs: {
		if len(_exposed) > 0 {
			webserviceExpose: {
				apiVersion: "v1"
				kind:       "Service"
				metadata: name: context.name
				spec: {
					type: parameter.exposeType
					selector: "app.oam.dev/component": context.name
					ports: _exposed
				}
			}
		}
	}

	parameter: {
		// +usage=Labels for the pods
		labels?: [string]: string

		// +usage=Annotations for the pods
		annotations?: [string]: string

		// +usage=Container image to run
		// +short=i
		image: string

		// +usage=When the image is pulled
		imagePullPolicy?: "Always" | "Never" | "IfNotPresent"

		// +usage=Secrets with credentials for the registry of the image
		imagePullSecrets?: [...string]

		// +ignore
		// +usage=Deprecated, use ports
		// +short=p
		port?: int

		// +usage=Ports of the container
		ports?: [...{
			// +usage=Port number
			port: int
			// +usage=Name of the port, made of its number when unset
			name?: string
			// +usage=Transport protocol
			protocol: *"TCP" | "UDP" | "SCTP"
			// +usage=Whether the Service of the component offers the port
			expose: *false | bool
		}]

		// +ignore
		// +usage=Type of the Service for the exposed ports
		exposeType: *"ClusterIP" | "NodePort" | "LoadBalancer" | "ExternalName"

		// +ignore
		// +usage=Whether the pods are labelled with the revision of the component
		addRevisionLabel: *false | bool

		// +usage=Command to run in place of the entrypoint of the image
		cmd?: [...string]

		// +usage=Environment variables of the container
		env?: [...{
			// +usage=Name of the variable
			name: string
			// +usage=Literal value
			value?: string
			// +usage=Where the value is taken from instead
			valueFrom?: {
				// +usage=Key of a Secret in the namespace of the pod
				secretKeyRef?: {
					// +usage=Name of the Secret
					name: string
					// +usage=Key inside the Secret
					key: string
				}
				// +usage=Key of a ConfigMap in the namespace of the pod
				configMapKeyRef?: {
					// +usage=Name of the ConfigMap
					name: string
					// +usage=Key inside the ConfigMap
					key: string
				}
			}
		}]

		// +usage=CPU for the container as a Kubernetes quantity, for example \`500m\` or \`1\`
		cpu?: string

		// +usage=Memory for the container as a Kubernetes quantity, for example \`512Mi\`
		memory?: string

		// +usage=Volumes to mount, by kind
		volumeMounts?: {
			// +usage=PersistentVolumeClaims to mount
			pvc?: [...{
				// +usage=Name of the volume in the pod
				name: string
				// +usage=Path in the container
				mountPath: string
				// +usage=Name of the PersistentVolumeClaim
				claimName: string
			}]
			// +usage=ConfigMaps to mount
			configMap?: [...{
				// +usage=Name of the volume in the pod
				name: string
				// +usage=Path in the container
				mountPath: string
				// +usage=Permission bits of the files, in decimal
				defaultMode: *420 | int
				// +usage=Name of the ConfigMap
				cmName: string
				// +usage=Keys to project, all of them when unset
				items?: [...{
					// +usage=Key to project
					key: string
					// +usage=Path of the file, relative to the mount
					path: string
					// +usage=Permission bits of the file, in decimal
					mode: *511 | int
				}]
			}]
			// +usage=Secrets to mount
			secret?: [...{
				// +usage=Name of the volume in the pod
				name: string
				// +usage=Path in the container
				mountPath: string
				// +usage=Permission bits of the files, in decimal
				defaultMode: *420 | int
				// +usage=Name of the Secret
				secretName: string
				// +usage=Keys to project, all of them when unset
				items?: [...{
					// +usage=Key to project
					key: string
					// +usage=Path of the file, relative to the mount
					path: string
					// +usage=Permission bits of the file, in decimal
					mode: *511 | int
				}]
			}]
			// +usage=Empty directories that live as long as the pod
			emptyDir?: [...{
				// +usage=Name of the volume in the pod
				name: string
				// +usage=Path in the container
				mountPath: string
				// +usage=Medium that backs the directory, the node's default when empty
				medium: *"" | "Memory"
			}]
			// +usage=Paths of the node to mount
			hostPath?: [...{
				// +usage=Name of the volume in the pod
				name: string
				// +usage=Path in the container
				mountPath: string
				// +usage=How mounts spread between the host and the container
				mountPropagation?: "None" | "HostToContainer" | "Bidirectional"
				// +usage=Path on the node
				path: string
				// +usage=Whether the mount is read-only
				readOnly?: bool
			}]
		}

		// +usage=Deprecated, use volumeMounts
		volumes?: [...{
			// +usage=Name of the volume in the pod
			name: string
			// +usage=Path in the container
			mountPath: string
			// +usage=Kind of volume
			type: *"emptyDir" | "pvc" | "configMap" | "secret"
			if type == "pvc" {
				claimName: string
			}
			if type == "configMap" {
				defaultMode: *420 | int
				cmName:      string
				// +usage=Keys to project, all of them when unset
				items?: [...{
					// +usage=Key to project
					key: string
					// +usage=Path of the file, relative to the mount
					path: string
					// +usage=Permission bits of the file, in decimal
					mode: *511 | int
				}]
			}
			if type == "secret" {
				defaultMode: *420 | int
				secretName:  string
				// +usage=Keys to project, all of them when unset
				items?: [...{
					// +usage=Key to project
					key: string
					// +usage=Path of the file, relative to the mount
					path: string
					// +usage=Permission bits of the file, in decimal
					mode: *511 | int
				}]
			}
			if type == "emptyDir" {
				medium: *"" | "Memory"
			}
		}]

		// +usage=Check that restarts the container when it fails
		livenessProbe?: #HealthProbe

		// +usage=Check that decides whether the container receives traffic
		readinessProbe?: #HealthProbe

		// +usage=Lines added to the hosts file of the pod
		hostAliases?: [...{
			// +usage=Address of the hosts
			ip: string
			// +usage=Names that resolve to the address
			hostnames: [...string]
		}]
	}

	#HealthProbe: {
		// +usage=Probe by running a command in the container, exclusive with httpGet and tcpSocket
		exec?: {
			// +usage=Command and its arguments, an exit status of 0 means healthy
			command: [...string]
		}

		// +usage=Probe by an HTTP GET request, exclusive with exec and tcpSocket
		httpGet?: {
			// +usage=Path to request
			path: string
			// +usage=Port of the container
			port: int
			// +usage=Host to ask, the pod itself when unset
			host?: string
			// +usage=Scheme of the request
			scheme?: *"HTTP" | string
			// +usage=Headers sent with the request
			httpHeaders?: [...{
				// +usage=Name of the header
				name: string
				// +usage=Value of the header
				value: string
			}]
		}

		// +usage=Probe by opening a TCP connection, exclusive with exec and httpGet
		tcpSocket?: {
			// +usage=Port of the container
			port: int
		}

		// +usage=Seconds between the start of the container and the first probe
		initialDelaySeconds: *0 | int

		// +usage=Seconds between two probes
		periodSeconds: *10 | int

		// +usage=Seconds after which a probe without an answer counts as failed
		timeoutSeconds: *1 | int

		// +usage=Successes in a row needed to count as healthy again
		successThreshold: *1 | int

		// +usage=Failures in a row needed to count as failed
		failureThreshold: *3 | int
	}
}
`,
  },
  {
    kind: 'component',
    name: 'helmchart',
    deprecated: false,
    source: `import "vela/helm"

helmchart: {
	type: "component"
	annotations: {}
	labels: "custom.definition.oam.dev/category": "helm"
	description: "A Helm chart, installed as a release of its own."
	attributes: {
		workload: type: "autodetects.core.oam.dev"
		status: {
			customStatus: #"""
				message: [if context.status.healthy {"Deployed"}, "Deploying"][0]
				"""#
			healthPolicy: #"""
				let criteria = *parameter.healthStatus | []
				met: [for c in criteria {
					let matching = [for o in context.outputs if o.kind == c.resource.kind && (c.resource.name == _|_ || o.metadata.name == c.resource.name) {o}]
					// The default wins over a status that is given, as in KubeVela.
					let wanted = *"True" | c.condition.status
					if len(matching) == 0 {
						false
					}
					if len(matching) > 0 {
						let conditions = *matching[0].status.conditions | []
						len([for d in conditions if d.type == c.condition.type && d.status == wanted {d}]) > 0
					}
				}]
				isHealth: len([for m in met if !m {m}]) == 0
				"""#
		}
	}
}
template: {
	_release: {
		name: [if parameter.release.name != _|_ {parameter.release.name}, context.name][0]
		namespace: [if parameter.release.namespace != _|_ {parameter.release.namespace}, context.namespace][0]
	}

	// A cache without a key of its own is the component's.
	_options: {
		if parameter.options != _|_ {
			parameter.options
		}
		if parameter.options == _|_ || parameter.options.cache != _|_ {
			if parameter.options.cache.key == _|_ {
				cache: key: "\\(context.appName)-\\(context.name)"
			}
		}
	}

	_owner: {
		appName:      context.appName
		appNamespace: context.namespace
		name:         context.name
		namespace:    context.namespace
	}

	_rendered: helm.#Render & {
		$params: {
			chart:   parameter.chart
			release: _release
			for field in ["values", "valuesFrom"] if parameter[field] != _|_ {
				(field): parameter[field]
			}
			options: _options
			context: _owner
		}
	}

	// What is in a chart has no order, so the component stands on a ConfigMap that tells of the release.
	output: {
		apiVersion: "v1"
		kind:       "ConfigMap"
		metadata: {
			name:      "\\(_release.name)-helm-release"
			namespace: _release.namespace
			labels: {
				"app.oam.dev/name":      context.appName
				"app.oam.dev/namespace": context.namespace
				"app.oam.dev/component": context.name
				// An address is no label value; the annotation has it in any case.
				if parameter.chart.source =~ "^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$" {
					"helm.oam.dev/chart": parameter.chart.source
				}
			}
			annotations: "helm.oam.dev/chart": parameter.chart.source
		}
		data: {
			chartSource:      parameter.chart.source
			releaseName:      _release.name
			releaseNamespace: _release.namespace
			if parameter.chart.repoURL != _|_ {
				repoURL: parameter.chart.repoURL
			}
			if parameter.chart.version != _|_ {
				chartVersion: parameter.chart.version
			}
			resourceCount: "\\(len(_rendered.$returns.resources))"
		}
	}

	outputs: {
		if _rendered.$returns.resources != _|_ for i, resource in _rendered.$returns.resources {
			"helm-resource-\\(i)": resource
		}
	}

	parameter: {
		// +usage=Where the chart comes from
		chart: {
			// +usage=An oci:// address, the address of an archive, or the name of a chart in repoURL
			source: string
			// +usage=Address of the chart repository
			repoURL?: string
			// +usage=Version of the chart, not for the address of an archive
			version?: string | *"latest"
			// +usage=Credentials for a private source
			auth?: {
				// +usage=Secret with a user name and a password, a token, a certificate or a Docker configuration
				secretRef?: {
					// +usage=Name of the Secret
					name: string
					// +usage=Namespace of the Secret: that of the release, which is the default, or of the application
					namespace?: string
				}
			}
		}

		// +usage=The release to install
		release?: {
			// +usage=Name of the release, that of the component when unset
			name?: string | *context.name
			// +usage=Namespace of the release, that of the application when unset
			namespace?: string | *context.namespace
		}

		// +usage=Values for the chart, over all of valuesFrom
		values?: {...}

		// +usage=Further values for the chart, later ones over earlier ones; maps are merged, lists replaced
		valuesFrom?: [...{
			// +usage=Kind of the object that holds the values
			kind: "Secret" | "ConfigMap"
			// +usage=Name of the object
			name: string
			// +usage=Namespace of the object, which must be that of the release
			namespace?: string
			// +usage=Key that holds the values as YAML, values.yaml when unset
			key?: string
			// +usage=Whether the object or the key may be missing
			optional?: bool | *false
		}]

		// +usage=Conditions of objects of the chart that must hold for the component to be healthy
		healthStatus?: [...{
			// +usage=Object to look at
			resource: {
				// +usage=Kind of the object
				kind: string
				// +usage=Name of the object, the first of its kind when unset
				name?: string
			}
			// +usage=Condition in the status of the object
			condition: {
				// +usage=Type of the condition
				type: string
				// +usage=Wanted status of the condition
				status?: "True" | "False"
			}
		}]

		// +usage=How the chart is rendered and installed
		options?: {
			// +usage=Whether the CRDs of the chart are installed
			includeCRDs?: bool | *true
			// +usage=Whether its tests are left out
			skipTests?: bool | *true
			// +usage=Whether its hooks are left out
			skipHooks?: bool | *false
			// +usage=Whether the namespace is made if it is not there
			createNamespace?: bool | *true
			// +usage=Longest time to render and to wait
			timeout?: string | *"5m"
			// +usage=Number of revisions to keep
			maxHistory?: int | *10
			// +usage=Whether a failed upgrade is rolled back
			atomic?: bool | *false
			// +usage=Whether to wait until the objects are ready
			wait?: bool | *false
			// +usage=Whether objects are replaced where they cannot be updated
			force?: bool | *false
			// +usage=Whether pods are made anew on upgrade
			recreatePods?: bool | *false
			// +usage=Whether the new objects of a failed upgrade are removed
			cleanupOnFail?: bool | *false
			// +usage=How long a fetched chart is kept
			cache?: {
				// +usage=Prefix of the cache keys, made of the names of application and component when unset
				key?: string
				// +usage=Time for any version
				ttl?: string
				// +usage=Time for a fixed version
				immutableTTL?: string | *"24h"
				// +usage=Time for a moving version such as latest
				mutableTTL?: string | *"5m"
			}
		}
	}
}
`,
  },
  {
    kind: 'component',
    name: 'k8s-objects',
    deprecated: false,
    source: `"k8s-objects": {
	type: "component"
	annotations: {}
	labels: {}
	description: "Kubernetes objects, given as they are."
	attributes: workload: type: "autodetects.core.oam.dev"
}
template: {
	// Open, so that traits may add fields to an empty list of objects as well.
	output: {
		if len(parameter.objects) > 0 {
			parameter.objects[0]
		}
		...
	}

	outputs: {
		for i, object in parameter.objects if i > 0 {
			"objects-\\(i)": object
		}
	}

	parameter: {
		// +usage=The objects, the first is the workload of the component
		objects: [...{}]
	}
}
`,
  },
  {
    kind: 'component',
    name: 'ref-objects',
    deprecated: false,
    source: `"ref-objects": {
	type: "component"
	annotations: {}
	labels: "ui-hidden": "true"
	description: "Objects of a cluster or of a URL, read and delivered to other clusters. They are read before the template sees them."
	attributes: {
		workload: type: "autodetects.core.oam.dev"
		status: {
			customStatus: #"""
				deployment: context.output.apiVersion == "apps/v1" && context.output.kind == "Deployment"
				if deployment {
					ready: *0 | int
					if context.output.status.readyReplicas != _|_ {
						ready: context.output.status.readyReplicas
					}
					message: "Ready:\\(ready)/\\(context.output.spec.replicas)"
				}
				if !deployment {
					message: ""
				}
				"""#
			healthPolicy: #"""
				deployment: context.output.apiVersion == "apps/v1" && context.output.kind == "Deployment"
				if deployment {
					seen: {
						for count in ["replicas", "readyReplicas", "updatedReplicas", "observedGeneration"] {
							(count): *0 | int
							if context.output.status[count] != _|_ {
								(count): context.output.status[count]
							}
						}
					}
					isHealth: context.output.spec.replicas == seen.replicas && context.output.spec.replicas == seen.readyReplicas && context.output.spec.replicas == seen.updatedReplicas && seen.observedGeneration >= context.output.metadata.generation
				}
				if !deployment {
					isHealth: true
				}
				"""#
		}
	}
}
template: {
	output: {
		if len(parameter.objects) > 0 {
			parameter.objects[0]
		}
		...
	}

	outputs: {
		for i, object in parameter.objects if i > 0 {
			"objects-\\(i)": object
		}
	}

	parameter: {
		// +usage=Which objects to take from a cluster
		objects?: [...#K8sObject]
		// +usage=Addresses of files with objects to take
		urls?: [...string]
	}

	#K8sObject: {
		// +usage=Resource type of the objects, in plural as in the API
		resource?: string
		// +usage=API group of the objects
		group?: string
		// +usage=Name of the object, not together with labelSelector
		name?: string
		// +usage=Namespace of the objects, that of the application when unset
		namespace?: string
		// +usage=Cluster that has the objects, local when unset
		cluster?: string
		// +usage=Labels of the objects, not together with name
		labelSelector?: [string]: string
		...
	}
}
`,
  },
  {
    kind: 'component',
    name: 'statefulset',
    deprecated: false,
    source: `import (
	"strconv"
	"strings"
)

statefulset: {
	type: "component"
	annotations: {}
	labels: {}
	description: "A long-running containerized service whose pods keep a stable identity and storage, such as a database: a StatefulSet, and a Service for the ports it exposes."
	attributes: {
		workload: {
			definition: {
				apiVersion: "apps/v1"
				kind:       "StatefulSet"
			}
			type: "statefulsets.apps"
		}
		status: {
			customStatus: #"""
				ready: *0 | int
				if context.output.status.readyReplicas != _|_ {
					ready: context.output.status.readyReplicas
				}
				message: "Ready:\\(ready)/\\(context.output.spec.replicas)"
				"""#
			healthPolicy: #"""
				seen: {
					for count in ["replicas", "readyReplicas", "updatedReplicas", "observedGeneration"] {
						(count): *0 | int
						if context.output.status[count] != _|_ {
							(count): context.output.status[count]
						}
					}
				}
				rolledOut: context.output.spec.replicas == seen.replicas && context.output.spec.replicas == seen.readyReplicas && context.output.spec.replicas == seen.updatedReplicas && seen.observedGeneration >= context.output.metadata.generation
				isHealth:  *rolledOut | bool
				if context.output.metadata.annotations["app.oam.dev/disable-health-check"] != _|_ {
					isHealth: true
				}
				"""#
		}
	}
}
template: {
	// What to attach to the pod, in order: the lists of volumeMounts or else the deprecated volumes.
	_attached: [
		for kind in ["pvc", "configMap", "secret", "emptyDir", "hostPath"] if parameter.volumeMounts[kind] != _|_ for entry in parameter.volumeMounts[kind] {
			source:  kind
			volume:  entry
			subPath: entry.subPath != _|_
		},
		if parameter.volumeMounts == _|_ && parameter.volumes != _|_ for entry in parameter.volumes {
			source:  entry.type
			volume:  entry
			subPath: false
		},
	]

	// The declared ports with the number that the container listens on and the name they go by.
	_ports: [if parameter.ports != _|_ for p in parameter.ports {
		port: p
		target: [if p.containerPort != _|_ {p.containerPort}, p.port][0]
		if p.name != _|_ {name: p.name}
		if p.name == _|_ {
			let generated = "port-" + strconv.FormatInt(target, 10)
			if p.protocol == "TCP" {name: *generated | string}
			if p.protocol != "TCP" {name: generated + "-" + strings.ToLower(p.protocol)}
		}
	}]

	output: {
		apiVersion: "apps/v1"
		kind:       "StatefulSet"
		spec: {
			selector: matchLabels: "app.oam.dev/component": context.name
			template: {
				metadata: {
					labels: {
						if parameter.labels != _|_ {
							parameter.labels
						}
						if parameter.addRevisionLabel {
							"app.oam.dev/revision": context.revision
						}
						"app.oam.dev/name":      context.appName
						"app.oam.dev/component": context.name
					}
					if parameter.annotations != _|_ {
						annotations: parameter.annotations
					}
				}
				spec: {
					containers: [{
						name:  context.name
						image: parameter.image
						if parameter.ports != _|_ {
							ports: [for p in _ports {
								name:          p.name
								containerPort: p.target
								protocol:      p.port.protocol
							}]
						}
						if parameter.port != _|_ && parameter.ports == _|_ {
							ports: [{containerPort: parameter.port}]
						}
						if parameter.imagePullPolicy != _|_ {
							imagePullPolicy: parameter.imagePullPolicy
						}
						if parameter.cmd != _|_ {
							command: parameter.cmd
						}
						if parameter.args != _|_ {
							args: parameter.args
						}
						if parameter.env != _|_ {
							env: parameter.env
						}
						if context.config != _|_ {
							env: context.config
						}
						if parameter.cpu != _|_ {
							resources: {
								requests: cpu: parameter.cpu
								limits: cpu:   parameter.cpu
							}
						}
						if parameter.memory != _|_ {
							resources: {
								requests: memory: parameter.memory
								limits: memory:   parameter.memory
							}
						}
						if parameter.volumeMounts != _|_ || parameter.volumes != _|_ {
							volumeMounts: [for a in _attached {
								name:      a.volume.name
								mountPath: a.volume.mountPath
								if a.subPath {subPath: a.volume.subPath}
							}]
						}
						if parameter.livenessProbe != _|_ {
							livenessProbe: parameter.livenessProbe
						}
						if parameter.readinessProbe != _|_ {
							readinessProbe: parameter.readinessProbe
						}
					}]
					if parameter.hostAliases != _|_ {
						// +patchKey=ip
						hostAliases: parameter.hostAliases
					}
					if parameter.imagePullSecrets != _|_ {
						imagePullSecrets: [for secret in parameter.imagePullSecrets {name: secret}]
					}
					if parameter.volumeMounts != _|_ || parameter.volumes != _|_ {
						// A volume mounted at several paths is declared once; the deprecated list is taken as it is.
						volumes: [for i, a in _attached if parameter.volumeMounts == _|_ || len([for j, b in _attached if j < i && b.volume.name == a.volume.name {b}]) == 0 {
							name: a.volume.name
							if a.source == "pvc" {
								persistentVolumeClaim: claimName: a.volume.claimName
							}
							if a.source == "configMap" {
								configMap: {
									name:        a.volume.cmName
									defaultMode: a.volume.defaultMode
									if a.volume.items != _|_ {items: a.volume.items}
								}
							}
							if a.source == "secret" {
								secret: {
									secretName:  a.volume.secretName
									defaultMode: a.volume.defaultMode
									if a.volume.items != _|_ {items: a.volume.items}
								}
							}
							if a.source == "emptyDir" {
								emptyDir: medium: a.volume.medium
							}
							if a.source == "hostPath" {
								hostPath: path: a.volume.path
							}
						}]
					}
				}
			}
		}
	}

	_exposed: [for p in _ports if p.port.expose {
		name:       p.name
		port:       p.port.port
		targetPort: p.target
		protocol:   p.port.protocol
		if p.port.nodePort != _|_ && parameter.exposeType == "NodePort" {
			nodePort: p.port.nodePort
		}
	}]

	outputs: {
		if len(_exposed) > 0 {
			statefulsetsExpose: {
				apiVersion: "v1"
				kind:       "Service"
				metadata: name: context.name
				spec: {
					type: parameter.exposeType
					selector: "app.oam.dev/component": context.name
					ports: _exposed
				}
			}
		}
	}

	parameter: {
		// +usage=Labels for the pods
		labels?: [string]: string

		// +usage=Annotations for the pods
		annotations?: [string]: string

		// +usage=Container image to run
		// +short=i
		image: string

		// +usage=When the image is pulled
		imagePullPolicy?: "Always" | "Never" | "IfNotPresent"

		// +usage=Secrets with credentials for the registry of the image
		imagePullSecrets?: [...string]

		// +ignore
		// +usage=Deprecated, use ports
		// +short=p
		port?: int

		// +usage=Ports of the container
		ports?: [...{
			// +usage=Port number
			port: int
			// +usage=Port the container listens on, port when unset
			containerPort?: int
			// +usage=Name of the port, made of its number when unset
			name?: string
			// +usage=Transport protocol
			protocol: *"TCP" | "UDP" | "SCTP"
			// +usage=Whether the Service of the component offers the port
			expose: *false | bool
			// +usage=Port opened on every node, used only with exposeType NodePort
			nodePort?: int
		}]

		// +ignore
		// +usage=Type of the Service for the exposed ports
		exposeType: *"ClusterIP" | "NodePort" | "LoadBalancer"

		// +ignore
		// +usage=Whether the pods are labelled with the revision of the component
		addRevisionLabel: *false | bool

		// +usage=Command to run in place of the entrypoint of the image
		cmd?: [...string]

		// +usage=Arguments for the command
		args?: [...string]

		// +usage=Environment variables of the container
		env?: [...{
			// +usage=Name of the variable
			name: string
			// +usage=Literal value
			value?: string
			// +usage=Where the value is taken from instead
			valueFrom?: {
				// +usage=Key of a Secret in the namespace of the pod
				secretKeyRef?: {
					// +usage=Name of the Secret
					name: string
					// +usage=Key inside the Secret
					key: string
				}
				// +usage=Key of a ConfigMap in the namespace of the pod
				configMapKeyRef?: {
					// +usage=Name of the ConfigMap
					name: string
					// +usage=Key inside the ConfigMap
					key: string
				}
			}
		}]

		// +usage=CPU for the container as a Kubernetes quantity, for example \`500m\` or \`1\`
		cpu?: string

		// +usage=Memory for the container as a Kubernetes quantity, for example \`512Mi\`
		memory?: string

		// +usage=Volumes to mount, by kind
		volumeMounts?: {
			// +usage=PersistentVolumeClaims to mount
			pvc?: [...{
				// +usage=Name of the volume in the pod
				name: string
				// +usage=Path in the container
				mountPath: string
				// +usage=Path inside the volume to mount instead of its root
				subPath?: string
				// +usage=Name of the PersistentVolumeClaim
				claimName: string
			}]
			// +usage=ConfigMaps to mount
			configMap?: [...{
				// +usage=Name of the volume in the pod
				name: string
				// +usage=Path in the container
				mountPath: string
				// +usage=Path inside the volume to mount instead of its root
				subPath?: string
				// +usage=Permission bits of the files, in decimal
				defaultMode: *420 | int
				// +usage=Name of the ConfigMap
				cmName: string
				// +usage=Keys to project, all of them when unset
				items?: [...{
					// +usage=Key to project
					key: string
					// +usage=Path of the file, relative to the mount
					path: string
					// +usage=Permission bits of the file, in decimal
					mode: *511 | int
				}]
			}]
			// +usage=Secrets to mount
			secret?: [...{
				// +usage=Name of the volume in the pod
				name: string
				// +usage=Path in the container
				mountPath: string
				// +usage=Path inside the volume to mount instead of its root
				subPath?: string
				// +usage=Permission bits of the files, in decimal
				defaultMode: *420 | int
				// +usage=Name of the Secret
				secretName: string
				// +usage=Keys to project, all of them when unset
				items?: [...{
					// +usage=Key to project
					key: string
					// +usage=Path of the file, relative to the mount
					path: string
					// +usage=Permission bits of the file, in decimal
					mode: *511 | int
				}]
			}]
			// +usage=Empty directories that live as long as the pod
			emptyDir?: [...{
				// +usage=Name of the volume in the pod
				name: string
				// +usage=Path in the container
				mountPath: string
				// +usage=Path inside the volume to mount instead of its root
				subPath?: string
				// +usage=Medium that backs the directory, the node's default when empty
				medium: *"" | "Memory"
			}]
			// +usage=Paths of the node to mount
			hostPath?: [...{
				// +usage=Name of the volume in the pod
				name: string
				// +usage=Path in the container
				mountPath: string
				// +usage=Path inside the volume to mount instead of its root
				subPath?: string
				// +usage=Path on the node
				path: string
			}]
		}

		// +usage=Deprecated, use volumeMounts
		volumes?: [...{
			// +usage=Name of the volume in the pod
			name: string
			// +usage=Path in the container
			mountPath: string
			// +usage=Kind of volume
			type: *"emptyDir" | "pvc" | "configMap" | "secret"
			if type == "pvc" {
				claimName: string
			}
			if type == "configMap" {
				defaultMode: *420 | int
				cmName:      string
				// +usage=Keys to project, all of them when unset
				items?: [...{
					// +usage=Key to project
					key: string
					// +usage=Path of the file, relative to the mount
					path: string
					// +usage=Permission bits of the file, in decimal
					mode: *511 | int
				}]
			}
			if type == "secret" {
				defaultMode: *420 | int
				secretName:  string
				// +usage=Keys to project, all of them when unset
				items?: [...{
					// +usage=Key to project
					key: string
					// +usage=Path of the file, relative to the mount
					path: string
					// +usage=Permission bits of the file, in decimal
					mode: *511 | int
				}]
			}
			if type == "emptyDir" {
				medium: *"" | "Memory"
			}
		}]

		// +usage=Check that restarts the container when it fails
		livenessProbe?: #HealthProbe

		// +usage=Check that decides whether the container receives traffic
		readinessProbe?: #HealthProbe

		// +usage=Lines added to the hosts file of the pod
		hostAliases?: [...{
			// +usage=Address of the hosts
			ip: string
			// +usage=Names that resolve to the address
			hostnames: [...string]
		}]
	}

	#HealthProbe: {
		// +usage=Probe by running a command in the container, exclusive with httpGet and tcpSocket
		exec?: {
			// +usage=Command and its arguments, an exit status of 0 means healthy
			command: [...string]
		}

		// +usage=Probe by an HTTP GET request, exclusive with exec and tcpSocket
		httpGet?: {
			// +usage=Path to request
			path: string
			// +usage=Port of the container
			port: int
			// +usage=Host to ask, the pod itself when unset
			host?: string
			// +usage=Scheme of the request
			scheme?: *"HTTP" | string
			// +usage=Headers sent with the request
			httpHeaders?: [...{
				// +usage=Name of the header
				name: string
				// +usage=Value of the header
				value: string
			}]
		}

		// +usage=Probe by opening a TCP connection, exclusive with exec and httpGet
		tcpSocket?: {
			// +usage=Port of the container
			port: int
		}

		// +usage=Seconds between the start of the container and the first probe
		initialDelaySeconds: *0 | int

		// +usage=Seconds between two probes
		periodSeconds: *10 | int

		// +usage=Seconds after which a probe without an answer counts as failed
		timeoutSeconds: *1 | int

		// +usage=Successes in a row needed to count as healthy again
		successThreshold: *1 | int

		// +usage=Failures in a row needed to count as failed
		failureThreshold: *3 | int
	}
}
`,
  },
  {
    kind: 'component',
    name: 'task',
    deprecated: false,
    source: `task: {
	type: "component"
	annotations: {}
	labels: {}
	description: "A job that runs code or a script to its end: a Job."
	attributes: {
		workload: {
			definition: {
				apiVersion: "batch/v1"
				kind:       "Job"
			}
			type: "jobs.batch"
		}
		status: {
			customStatus: #"""
				seen: {
					for count in ["active", "failed", "succeeded"] {
						(count): *0 | int
						if context.output.status[count] != _|_ {
							(count): context.output.status[count]
						}
					}
				}
				message: "Active/Failed/Succeeded:\\(seen.active)/\\(seen.failed)/\\(seen.succeeded)"
				"""#
			healthPolicy: #"""
				succeeded: *0 | int
				if context.output.status.succeeded != _|_ {
					succeeded: context.output.status.succeeded
				}
				isHealth: succeeded == context.output.spec.parallelism
				"""#
		}
	}
}
template: {
	output: {
		apiVersion: "batch/v1"
		kind:       "Job"
		metadata: name: "\\(context.appName)-\\(context.name)"
		spec: {
			parallelism: parameter.count
			completions: parameter.count
			template: {
				metadata: {
					labels: {
						if parameter.labels != _|_ {
							parameter.labels
						}
						"app.oam.dev/name":      context.appName
						"app.oam.dev/component": context.name
					}
					if parameter.annotations != _|_ {
						annotations: parameter.annotations
					}
				}
				spec: {
					restartPolicy: parameter.restart
					containers: [{
						name:  context.name
						image: parameter.image
						if parameter.imagePullPolicy != _|_ {
							imagePullPolicy: parameter.imagePullPolicy
						}
						if parameter.cmd != _|_ {
							command: parameter.cmd
						}
						if parameter.env != _|_ {
							env: parameter.env
						}
						if parameter.cpu != _|_ {
							resources: {
								requests: cpu: parameter.cpu
								limits: cpu:   parameter.cpu
							}
						}
						if parameter.memory != _|_ {
							resources: {
								requests: memory: parameter.memory
								limits: memory:   parameter.memory
							}
						}
						if parameter.volumes != _|_ {
							volumeMounts: [for v in parameter.volumes {
								name:      v.name
								mountPath: v.mountPath
							}]
						}
					}]
					if parameter.imagePullSecrets != _|_ {
						imagePullSecrets: [for secret in parameter.imagePullSecrets {name: secret}]
					}
					if parameter.volumes != _|_ {
						volumes: [for v in parameter.volumes {
							name: v.name
							if v.type == "pvc" {
								persistentVolumeClaim: claimName: v.claimName
							}
							if v.type == "configMap" {
								configMap: {
									name:        v.cmName
									defaultMode: v.defaultMode
									if v.items != _|_ {items: v.items}
								}
							}
							if v.type == "secret" {
								secret: {
									secretName:  v.secretName
									defaultMode: v.defaultMode
									if v.items != _|_ {items: v.items}
								}
							}
							if v.type == "emptyDir" {
								emptyDir: medium: v.medium
							}
						}]
					}
				}
			}
		}
	}

	parameter: {
		// +usage=Labels for the pods
		labels?: [string]: string

		// +usage=Annotations for the pods
		annotations?: [string]: string

		// +usage=Number of pods to run at a time, and of completions that finish the job
		// +short=c
		count: *1 | int

		// +usage=Container image to run
		// +short=i
		image: string

		// +usage=When the image is pulled
		imagePullPolicy?: "Always" | "Never" | "IfNotPresent"

		// +usage=Secrets with credentials for the registry of the image
		imagePullSecrets?: [...string]

		// +usage=Restart policy of the pods, Never or OnFailure
		restart: *"Never" | string

		// +usage=Command to run in place of the entrypoint of the image
		cmd?: [...string]

		// +usage=Environment variables of the container
		env?: [...{
			// +usage=Name of the variable
			name: string
			// +usage=Literal value
			value?: string
			// +usage=Where the value is taken from instead
			valueFrom?: {
				// +usage=Key of a Secret in the namespace of the pod
				secretKeyRef?: {
					// +usage=Name of the Secret
					name: string
					// +usage=Key inside the Secret
					key: string
				}
				// +usage=Key of a ConfigMap in the namespace of the pod
				configMapKeyRef?: {
					// +usage=Name of the ConfigMap
					name: string
					// +usage=Key inside the ConfigMap
					key: string
				}
			}
		}]

		// +usage=CPU for the container as a Kubernetes quantity, for example \`500m\` or \`1\`
		cpu?: string

		// +usage=Memory for the container as a Kubernetes quantity, for example \`512Mi\`
		memory?: string

		// +usage=Volumes to mount
		volumes?: [...{
			// +usage=Name of the volume in the pod
			name: string
			// +usage=Path in the container
			mountPath: string
			// +usage=Kind of volume
			type: *"emptyDir" | "pvc" | "configMap" | "secret"
			if type == "pvc" {
				claimName: string
			}
			if type == "configMap" {
				defaultMode: *420 | int
				cmName:      string
				// +usage=Keys to project, all of them when unset
				items?: [...{
					// +usage=Key to project
					key: string
					// +usage=Path of the file, relative to the mount
					path: string
					// +usage=Permission bits of the file, in decimal
					mode: *511 | int
				}]
			}
			if type == "secret" {
				defaultMode: *420 | int
				secretName:  string
				// +usage=Keys to project, all of them when unset
				items?: [...{
					// +usage=Key to project
					key: string
					// +usage=Path of the file, relative to the mount
					path: string
					// +usage=Permission bits of the file, in decimal
					mode: *511 | int
				}]
			}
			if type == "emptyDir" {
				medium: *"" | "Memory"
			}
		}]

		// +usage=Check that restarts the container when it fails
		livenessProbe?: #HealthProbe

		// +usage=Check that decides whether the container receives traffic
		readinessProbe?: #HealthProbe
	}

	#HealthProbe: {
		// +usage=Probe by running a command in the container, exclusive with httpGet and tcpSocket
		exec?: {
			// +usage=Command and its arguments, an exit status of 0 means healthy
			command: [...string]
		}

		// +usage=Probe by an HTTP GET request, exclusive with exec and tcpSocket
		httpGet?: {
			// +usage=Path to request
			path: string
			// +usage=Port of the container
			port: int
			// +usage=Headers sent with the request
			httpHeaders?: [...{
				// +usage=Name of the header
				name: string
				// +usage=Value of the header
				value: string
			}]
		}

		// +usage=Probe by opening a TCP connection, exclusive with exec and httpGet
		tcpSocket?: {
			// +usage=Port of the container
			port: int
		}

		// +usage=Seconds between the start of the container and the first probe
		initialDelaySeconds: *0 | int

		// +usage=Seconds between two probes
		periodSeconds: *10 | int

		// +usage=Seconds after which a probe without an answer counts as failed
		timeoutSeconds: *1 | int

		// +usage=Successes in a row needed to count as healthy again
		successThreshold: *1 | int

		// +usage=Failures in a row needed to count as failed
		failureThreshold: *3 | int
	}
}
`,
  },
  {
    kind: 'component',
    name: 'webservice',
    deprecated: false,
    source: `import (
	"strconv"
	"strings"
)

webservice: {
	type: "component"
	annotations: {}
	labels: {}
	description: "A long-running containerized service with an address of its own: a Deployment, and a Service for the ports it exposes."
	attributes: {
		workload: {
			definition: {
				apiVersion: "apps/v1"
				kind:       "Deployment"
			}
			type: "deployments.apps"
		}
		status: {
			customStatus: #"""
				ready: *0 | int
				if context.output.status.readyReplicas != _|_ {
					ready: context.output.status.readyReplicas
				}
				message: "Ready:\\(ready)/\\(context.output.spec.replicas)"
				"""#
			healthPolicy: #"""
				seen: {
					for count in ["replicas", "readyReplicas", "updatedReplicas", "observedGeneration"] {
						(count): *0 | int
						if context.output.status[count] != _|_ {
							(count): context.output.status[count]
						}
					}
				}
				rolledOut: context.output.spec.replicas == seen.replicas && context.output.spec.replicas == seen.readyReplicas && context.output.spec.replicas == seen.updatedReplicas && seen.observedGeneration >= context.output.metadata.generation
				isHealth:  *rolledOut | bool
				if context.output.metadata.annotations["app.oam.dev/disable-health-check"] != _|_ {
					isHealth: true
				}
				"""#
		}
	}
}
template: {
	// What to attach to the pod, in order: the lists of volumeMounts or else the deprecated volumes.
	_attached: [
		for kind in ["pvc", "configMap", "secret", "emptyDir", "hostPath"] if parameter.volumeMounts[kind] != _|_ for entry in parameter.volumeMounts[kind] {
			source:  kind
			volume:  entry
			subPath: entry.subPath != _|_
		},
		if parameter.volumeMounts == _|_ && parameter.volumes != _|_ for entry in parameter.volumes {
			source:  entry.type
			volume:  entry
			subPath: false
		},
	]

	// The declared ports with the number that the container listens on and the name they go by.
	_ports: [if parameter.ports != _|_ for p in parameter.ports {
		port: p
		target: [if p.containerPort != _|_ {p.containerPort}, p.port][0]
		if p.name != _|_ {name: p.name}
		if p.name == _|_ {
			let generated = "port-" + strconv.FormatInt(target, 10)
			if p.protocol == "TCP" {name: *generated | string}
			if p.protocol != "TCP" {name: generated + "-" + strings.ToLower(p.protocol)}
		}
	}]

	output: {
		apiVersion: "apps/v1"
		kind:       "Deployment"
		spec: {
			selector: matchLabels: "app.oam.dev/component": context.name
			template: {
				metadata: {
					labels: {
						if parameter.labels != _|_ {
							parameter.labels
						}
						if parameter.addRevisionLabel {
							"app.oam.dev/revision": context.revision
						}
						"app.oam.dev/name":      context.appName
						"app.oam.dev/component": context.name
					}
					if parameter.annotations != _|_ {
						annotations: parameter.annotations
					}
				}
				spec: {
					containers: [{
						name:  context.name
						image: parameter.image
						if parameter.ports != _|_ {
							ports: [for p in _ports {
								name:          p.name
								containerPort: p.target
								protocol:      p.port.protocol
							}]
						}
						if parameter.port != _|_ && parameter.ports == _|_ {
							ports: [{containerPort: parameter.port}]
						}
						if parameter.imagePullPolicy != _|_ {
							imagePullPolicy: parameter.imagePullPolicy
						}
						if parameter.cmd != _|_ {
							command: parameter.cmd
						}
						if parameter.args != _|_ {
							args: parameter.args
						}
						if parameter.env != _|_ {
							env: parameter.env
						}
						if context.config != _|_ {
							env: context.config
						}
						for r in ["cpu", "memory"] if parameter[r] != _|_ {
							resources: requests: (r): parameter[r]
							if parameter.limit[r] != _|_ {
								resources: limits: (r): parameter.limit[r]
							}
							if parameter.limit[r] == _|_ {
								resources: limits: (r): parameter[r]
							}
						}
						if parameter.volumeMounts != _|_ || parameter.volumes != _|_ {
							volumeMounts: [for a in _attached {
								name:      a.volume.name
								mountPath: a.volume.mountPath
								if a.subPath {subPath: a.volume.subPath}
							}]
						}
						if parameter.livenessProbe != _|_ {
							livenessProbe: parameter.livenessProbe
						}
						if parameter.readinessProbe != _|_ {
							readinessProbe: parameter.readinessProbe
						}
					}]
					if parameter.hostAliases != _|_ {
						// +patchKey=ip
						hostAliases: parameter.hostAliases
					}
					if parameter.imagePullSecrets != _|_ {
						imagePullSecrets: [for secret in parameter.imagePullSecrets {name: secret}]
					}
					if parameter.volumeMounts != _|_ || parameter.volumes != _|_ {
						// A volume mounted at several paths is declared once; the deprecated list is taken as it is.
						volumes: [for i, a in _attached if parameter.volumeMounts == _|_ || len([for j, b in _attached if j < i && b.volume.name == a.volume.name {b}]) == 0 {
							name: a.volume.name
							if a.source == "pvc" {
								persistentVolumeClaim: claimName: a.volume.claimName
							}
							if a.source == "configMap" {
								configMap: {
									name:        a.volume.cmName
									defaultMode: a.volume.defaultMode
									if a.volume.items != _|_ {items: a.volume.items}
								}
							}
							if a.source == "secret" {
								secret: {
									secretName:  a.volume.secretName
									defaultMode: a.volume.defaultMode
									if a.volume.items != _|_ {items: a.volume.items}
								}
							}
							if a.source == "emptyDir" {
								emptyDir: medium: a.volume.medium
							}
							if a.source == "hostPath" {
								hostPath: path: a.volume.path
							}
						}]
					}
				}
			}
		}
	}

	_exposed: [for p in _ports if p.port.expose {
		name:       p.name
		port:       p.port.port
		targetPort: p.target
		protocol:   p.port.protocol
		if p.port.nodePort != _|_ && parameter.exposeType == "NodePort" {
			nodePort: p.port.nodePort
		}
	}]

	outputs: {
		if len(_exposed) > 0 {
			webserviceExpose: {
				apiVersion: "v1"
				kind:       "Service"
				metadata: name: context.name
				spec: {
					type: parameter.exposeType
					selector: "app.oam.dev/component": context.name
					ports: _exposed
				}
			}
		}
	}

	parameter: {
		// +usage=Labels for the pods
		labels?: [string]: string

		// +usage=Annotations for the pods
		annotations?: [string]: string

		// +usage=Container image to run
		// +short=i
		image: string

		// +usage=When the image is pulled
		imagePullPolicy?: "Always" | "Never" | "IfNotPresent"

		// +usage=Secrets with credentials for the registry of the image
		imagePullSecrets?: [...string]

		// +ignore
		// +usage=Deprecated, use ports
		// +short=p
		port?: int

		// +usage=Ports of the container
		ports?: [...{
			// +usage=Port number
			port: int
			// +usage=Port the container listens on, port when unset
			containerPort?: int
			// +usage=Name of the port, made of its number when unset
			name?: string
			// +usage=Transport protocol
			protocol: *"TCP" | "UDP" | "SCTP"
			// +usage=Whether the Service of the component offers the port
			expose: *false | bool
			// +usage=Port opened on every node, used only with exposeType NodePort
			nodePort?: int
		}]

		// +ignore
		// +usage=Type of the Service for the exposed ports
		exposeType: *"ClusterIP" | "NodePort" | "LoadBalancer"

		// +ignore
		// +usage=Whether the pods are labelled with the revision of the component
		addRevisionLabel: *false | bool

		// +usage=Command to run in place of the entrypoint of the image
		cmd?: [...string]

		// +usage=Arguments for the command
		args?: [...string]

		// +usage=Environment variables of the container
		env?: [...{
			// +usage=Name of the variable
			name: string
			// +usage=Literal value
			value?: string
			// +usage=Where the value is taken from instead
			valueFrom?: {
				// +usage=Key of a Secret in the namespace of the pod
				secretKeyRef?: {
					// +usage=Name of the Secret
					name: string
					// +usage=Key inside the Secret
					key: string
				}
				// +usage=Key of a ConfigMap in the namespace of the pod
				configMapKeyRef?: {
					// +usage=Name of the ConfigMap
					name: string
					// +usage=Key inside the ConfigMap
					key: string
				}
			}
		}]

		// +usage=CPU for the container as a Kubernetes quantity, for example \`500m\` or \`1\`
		cpu?: string

		// +usage=Memory for the container as a Kubernetes quantity, for example \`512Mi\`
		memory?: string

		// +usage=Limits, where they differ from cpu and memory
		limit?: {
			// +usage=Limit of CPU
			cpu?: string
			// +usage=Limit of memory
			memory?: string
		}

		// +usage=Volumes to mount, by kind
		volumeMounts?: {
			// +usage=PersistentVolumeClaims to mount
			pvc?: [...{
				// +usage=Name of the volume in the pod
				name: string
				// +usage=Path in the container
				mountPath: string
				// +usage=Path inside the volume to mount instead of its root
				subPath?: string
				// +usage=Name of the PersistentVolumeClaim
				claimName: string
			}]
			// +usage=ConfigMaps to mount
			configMap?: [...{
				// +usage=Name of the volume in the pod
				name: string
				// +usage=Path in the container
				mountPath: string
				// +usage=Path inside the volume to mount instead of its root
				subPath?: string
				// +usage=Permission bits of the files, in decimal
				defaultMode: *420 | int
				// +usage=Name of the ConfigMap
				cmName: string
				// +usage=Keys to project, all of them when unset
				items?: [...{
					// +usage=Key to project
					key: string
					// +usage=Path of the file, relative to the mount
					path: string
					// +usage=Permission bits of the file, in decimal
					mode: *511 | int
				}]
			}]
			// +usage=Secrets to mount
			secret?: [...{
				// +usage=Name of the volume in the pod
				name: string
				// +usage=Path in the container
				mountPath: string
				// +usage=Path inside the volume to mount instead of its root
				subPath?: string
				// +usage=Permission bits of the files, in decimal
				defaultMode: *420 | int
				// +usage=Name of the Secret
				secretName: string
				// +usage=Keys to project, all of them when unset
				items?: [...{
					// +usage=Key to project
					key: string
					// +usage=Path of the file, relative to the mount
					path: string
					// +usage=Permission bits of the file, in decimal
					mode: *511 | int
				}]
			}]
			// +usage=Empty directories that live as long as the pod
			emptyDir?: [...{
				// +usage=Name of the volume in the pod
				name: string
				// +usage=Path in the container
				mountPath: string
				// +usage=Path inside the volume to mount instead of its root
				subPath?: string
				// +usage=Medium that backs the directory, the node's default when empty
				medium: *"" | "Memory"
			}]
			// +usage=Paths of the node to mount
			hostPath?: [...{
				// +usage=Name of the volume in the pod
				name: string
				// +usage=Path in the container
				mountPath: string
				// +usage=Path inside the volume to mount instead of its root
				subPath?: string
				// +usage=Path on the node
				path: string
			}]
		}

		// +usage=Deprecated, use volumeMounts
		volumes?: [...{
			// +usage=Name of the volume in the pod
			name: string
			// +usage=Path in the container
			mountPath: string
			// +usage=Kind of volume
			type: *"emptyDir" | "pvc" | "configMap" | "secret"
			if type == "pvc" {
				claimName: string
			}
			if type == "configMap" {
				defaultMode: *420 | int
				cmName:      string
				// +usage=Keys to project, all of them when unset
				items?: [...{
					// +usage=Key to project
					key: string
					// +usage=Path of the file, relative to the mount
					path: string
					// +usage=Permission bits of the file, in decimal
					mode: *511 | int
				}]
			}
			if type == "secret" {
				defaultMode: *420 | int
				secretName:  string
				// +usage=Keys to project, all of them when unset
				items?: [...{
					// +usage=Key to project
					key: string
					// +usage=Path of the file, relative to the mount
					path: string
					// +usage=Permission bits of the file, in decimal
					mode: *511 | int
				}]
			}
			if type == "emptyDir" {
				medium: *"" | "Memory"
			}
		}]

		// +usage=Check that restarts the container when it fails
		livenessProbe?: #HealthProbe

		// +usage=Check that decides whether the container receives traffic
		readinessProbe?: #HealthProbe

		// +usage=Lines added to the hosts file of the pod
		hostAliases?: [...{
			// +usage=Address of the hosts
			ip: string
			// +usage=Names that resolve to the address
			hostnames: [...string]
		}]
	}

	#HealthProbe: {
		// +usage=Probe by running a command in the container, exclusive with httpGet and tcpSocket
		exec?: {
			// +usage=Command and its arguments, an exit status of 0 means healthy
			command: [...string]
		}

		// +usage=Probe by an HTTP GET request, exclusive with exec and tcpSocket
		httpGet?: {
			// +usage=Path to request
			path: string
			// +usage=Port of the container
			port: int
			// +usage=Host to ask, the pod itself when unset
			host?: string
			// +usage=Scheme of the request
			scheme?: *"HTTP" | string
			// +usage=Headers sent with the request
			httpHeaders?: [...{
				// +usage=Name of the header
				name: string
				// +usage=Value of the header
				value: string
			}]
		}

		// +usage=Probe by opening a TCP connection, exclusive with exec and httpGet
		tcpSocket?: {
			// +usage=Port of the container
			port: int
		}

		// +usage=Seconds between the start of the container and the first probe
		initialDelaySeconds: *0 | int

		// +usage=Seconds between two probes
		periodSeconds: *10 | int

		// +usage=Seconds after which a probe without an answer counts as failed
		timeoutSeconds: *1 | int

		// +usage=Successes in a row needed to count as healthy again
		successThreshold: *1 | int

		// +usage=Failures in a row needed to count as failed
		failureThreshold: *3 | int
	}
}
`,
  },
  {
    kind: 'component',
    name: 'worker',
    deprecated: false,
    source: `worker: {
	type: "component"
	annotations: {}
	labels: "ui-hidden": "true"
	description: "A long-running containerized service without a network address, for work in the background: a Deployment."
	attributes: {
		workload: {
			definition: {
				apiVersion: "apps/v1"
				kind:       "Deployment"
			}
			type: "deployments.apps"
		}
		status: {
			customStatus: #"""
				ready: *0 | int
				if context.output.status.readyReplicas != _|_ {
					ready: context.output.status.readyReplicas
				}
				message: "Ready:\\(ready)/\\(context.output.spec.replicas)"
				"""#
			healthPolicy: #"""
				seen: {
					for count in ["replicas", "readyReplicas", "updatedReplicas", "observedGeneration"] {
						(count): *0 | int
						if context.output.status[count] != _|_ {
							(count): context.output.status[count]
						}
					}
				}
				isHealth: context.output.spec.replicas == seen.replicas && context.output.spec.replicas == seen.readyReplicas && context.output.spec.replicas == seen.updatedReplicas && seen.observedGeneration >= context.output.metadata.generation
				"""#
		}
	}
}
template: {
	// What to attach to the pod, in order: the lists of volumeMounts or else the deprecated volumes.
	_attached: [
		for kind in ["pvc", "configMap", "secret", "emptyDir", "hostPath"] if parameter.volumeMounts[kind] != _|_ for entry in parameter.volumeMounts[kind] {
			source:  kind
			volume:  entry
			subPath: entry.subPath != _|_
		},
		if parameter.volumeMounts == _|_ && parameter.volumes != _|_ for entry in parameter.volumes {
			source:  entry.type
			volume:  entry
			subPath: false
		},
	]

	output: {
		apiVersion: "apps/v1"
		kind:       "Deployment"
		spec: {
			selector: matchLabels: "app.oam.dev/component": context.name
			template: {
				metadata: labels: {
					"app.oam.dev/name":      context.appName
					"app.oam.dev/component": context.name
				}
				spec: {
					containers: [{
						name:  context.name
						image: parameter.image
						if parameter.imagePullPolicy != _|_ {
							imagePullPolicy: parameter.imagePullPolicy
						}
						if parameter.cmd != _|_ {
							command: parameter.cmd
						}
						if parameter.env != _|_ {
							env: parameter.env
						}
						if parameter.cpu != _|_ {
							resources: {
								requests: cpu: parameter.cpu
								limits: cpu:   parameter.cpu
							}
						}
						if parameter.memory != _|_ {
							resources: {
								requests: memory: parameter.memory
								limits: memory:   parameter.memory
							}
						}
						if parameter.volumeMounts != _|_ || parameter.volumes != _|_ {
							volumeMounts: [for a in _attached {
								name:      a.volume.name
								mountPath: a.volume.mountPath
								if a.subPath {subPath: a.volume.subPath}
							}]
						}
						if parameter.livenessProbe != _|_ {
							livenessProbe: parameter.livenessProbe
						}
						if parameter.readinessProbe != _|_ {
							readinessProbe: parameter.readinessProbe
						}
					}]
					if parameter.imagePullSecrets != _|_ {
						imagePullSecrets: [for secret in parameter.imagePullSecrets {name: secret}]
					}
					if parameter.volumeMounts != _|_ || parameter.volumes != _|_ {
						// A volume mounted at several paths is declared once; the deprecated list is taken as it is.
						volumes: [for i, a in _attached if parameter.volumeMounts == _|_ || len([for j, b in _attached if j < i && b.volume.name == a.volume.name {b}]) == 0 {
							name: a.volume.name
							if a.source == "pvc" {
								persistentVolumeClaim: claimName: a.volume.claimName
							}
							if a.source == "configMap" {
								configMap: {
									name:        a.volume.cmName
									defaultMode: a.volume.defaultMode
									if a.volume.items != _|_ {items: a.volume.items}
								}
							}
							if a.source == "secret" {
								secret: {
									secretName:  a.volume.secretName
									defaultMode: a.volume.defaultMode
									if a.volume.items != _|_ {items: a.volume.items}
								}
							}
							if a.source == "emptyDir" {
								emptyDir: medium: a.volume.medium
							}
							if a.source == "hostPath" {
								hostPath: path: a.volume.path
							}
						}]
					}
				}
			}
		}
	}

	parameter: {
		// +usage=Container image to run
		// +short=i
		image: string

		// +usage=When the image is pulled
		imagePullPolicy?: string

		// +usage=Secrets with credentials for the registry of the image
		imagePullSecrets?: [...string]

		// +usage=Command to run in place of the entrypoint of the image
		cmd?: [...string]

		// +usage=Environment variables of the container
		env?: [...{
			// +usage=Name of the variable
			name: string
			// +usage=Literal value
			value?: string
			// +usage=Where the value is taken from instead
			valueFrom?: {
				// +usage=Key of a Secret in the namespace of the pod
				secretKeyRef?: {
					// +usage=Name of the Secret
					name: string
					// +usage=Key inside the Secret
					key: string
				}
				// +usage=Key of a ConfigMap in the namespace of the pod
				configMapKeyRef?: {
					// +usage=Name of the ConfigMap
					name: string
					// +usage=Key inside the ConfigMap
					key: string
				}
			}
		}]

		// +usage=CPU for the container as a Kubernetes quantity, for example \`500m\` or \`1\`
		cpu?: string

		// +usage=Memory for the container as a Kubernetes quantity, for example \`512Mi\`
		memory?: string

		// +usage=Volumes to mount, by kind
		volumeMounts?: {
			// +usage=PersistentVolumeClaims to mount
			pvc?: [...{
				// +usage=Name of the volume in the pod
				name: string
				// +usage=Path in the container
				mountPath: string
				// +usage=Name of the PersistentVolumeClaim
				claimName: string
			}]
			// +usage=ConfigMaps to mount
			configMap?: [...{
				// +usage=Name of the volume in the pod
				name: string
				// +usage=Path in the container
				mountPath: string
				// +usage=Permission bits of the files, in decimal
				defaultMode: *420 | int
				// +usage=Name of the ConfigMap
				cmName: string
				// +usage=Keys to project, all of them when unset
				items?: [...{
					// +usage=Key to project
					key: string
					// +usage=Path of the file, relative to the mount
					path: string
					// +usage=Permission bits of the file, in decimal
					mode: *511 | int
				}]
			}]
			// +usage=Secrets to mount
			secret?: [...{
				// +usage=Name of the volume in the pod
				name: string
				// +usage=Path in the container
				mountPath: string
				// +usage=Permission bits of the files, in decimal
				defaultMode: *420 | int
				// +usage=Name of the Secret
				secretName: string
				// +usage=Keys to project, all of them when unset
				items?: [...{
					// +usage=Key to project
					key: string
					// +usage=Path of the file, relative to the mount
					path: string
					// +usage=Permission bits of the file, in decimal
					mode: *511 | int
				}]
			}]
			// +usage=Empty directories that live as long as the pod
			emptyDir?: [...{
				// +usage=Name of the volume in the pod
				name: string
				// +usage=Path in the container
				mountPath: string
				// +usage=Medium that backs the directory, the node's default when empty
				medium: *"" | "Memory"
			}]
			// +usage=Paths of the node to mount
			hostPath?: [...{
				// +usage=Name of the volume in the pod
				name: string
				// +usage=Path in the container
				mountPath: string
				// +usage=Path on the node
				path: string
			}]
		}

		// +usage=Deprecated, use volumeMounts
		volumes?: [...{
			// +usage=Name of the volume in the pod
			name: string
			// +usage=Path in the container
			mountPath: string
			// +usage=Kind of volume
			type: *"emptyDir" | "pvc" | "configMap" | "secret"
			if type == "pvc" {
				claimName: string
			}
			if type == "configMap" {
				defaultMode: *420 | int
				cmName:      string
				// +usage=Keys to project, all of them when unset
				items?: [...{
					// +usage=Key to project
					key: string
					// +usage=Path of the file, relative to the mount
					path: string
					// +usage=Permission bits of the file, in decimal
					mode: *511 | int
				}]
			}
			if type == "secret" {
				defaultMode: *420 | int
				secretName:  string
				// +usage=Keys to project, all of them when unset
				items?: [...{
					// +usage=Key to project
					key: string
					// +usage=Path of the file, relative to the mount
					path: string
					// +usage=Permission bits of the file, in decimal
					mode: *511 | int
				}]
			}
			if type == "emptyDir" {
				medium: *"" | "Memory"
			}
		}]

		// +usage=Check that restarts the container when it fails
		livenessProbe?: #HealthProbe

		// +usage=Check that decides whether the container receives traffic
		readinessProbe?: #HealthProbe
	}

	#HealthProbe: {
		// +usage=Probe by running a command in the container, exclusive with httpGet and tcpSocket
		exec?: {
			// +usage=Command and its arguments, an exit status of 0 means healthy
			command: [...string]
		}

		// +usage=Probe by an HTTP GET request, exclusive with exec and tcpSocket
		httpGet?: {
			// +usage=Path to request
			path: string
			// +usage=Port of the container
			port: int
			// +usage=Headers sent with the request
			httpHeaders?: [...{
				// +usage=Name of the header
				name: string
				// +usage=Value of the header
				value: string
			}]
		}

		// +usage=Probe by opening a TCP connection, exclusive with exec and httpGet
		tcpSocket?: {
			// +usage=Port of the container
			port: int
		}

		// +usage=Seconds between the start of the container and the first probe
		initialDelaySeconds: *0 | int

		// +usage=Seconds between two probes
		periodSeconds: *10 | int

		// +usage=Seconds after which a probe without an answer counts as failed
		timeoutSeconds: *1 | int

		// +usage=Successes in a row needed to count as healthy again
		successThreshold: *1 | int

		// +usage=Failures in a row needed to count as failed
		failureThreshold: *3 | int
	}
}
`,
  },
  {
    kind: 'trait',
    name: 'affinity',
    deprecated: false,
    source: `affinity: {
	type: "trait"
	annotations: {}
	labels: "ui-hidden": "true"
	description: "Say which nodes the pods may and should run on, near or far from which other pods, and which taints they tolerate."
	attributes: {
		appliesToWorkloads: ["deployments.apps", "statefulsets.apps", "daemonsets.apps", "jobs.batch"]
		podDisruptive: true
	}
}
template: {
	patch: spec: template: spec: {
		for kind in ["podAffinity", "podAntiAffinity"] if parameter[kind] != _|_ {
			affinity: (kind): {
				if parameter[kind].required != _|_ {
					requiredDuringSchedulingIgnoredDuringExecution: [for term in parameter[kind].required {
						topologyKey: term.topologyKey
						for field in ["labelSelector", "namespace", "namespaces", "namespaceSelector"] if term[field] != _|_ {
							(field): term[field]
						}
					}]
				}
				if parameter[kind].preferred != _|_ {
					preferredDuringSchedulingIgnoredDuringExecution: [for wish in parameter[kind].preferred {
						weight:          wish.weight
						podAffinityTerm: wish.podAffinityTerm
					}]
				}
			}
		}
		if parameter.nodeAffinity != _|_ {
			affinity: nodeAffinity: {
				if parameter.nodeAffinity.required != _|_ {
					requiredDuringSchedulingIgnoredDuringExecution: nodeSelectorTerms: [for term in parameter.nodeAffinity.required.nodeSelectorTerms {
						for field in ["matchExpressions", "matchFields"] if term[field] != _|_ {
							(field): term[field]
						}
					}]
				}
				if parameter.nodeAffinity.preferred != _|_ {
					preferredDuringSchedulingIgnoredDuringExecution: [for wish in parameter.nodeAffinity.preferred {
						weight:     wish.weight
						preference: wish.preference
					}]
				}
			}
		}
		if parameter.tolerations != _|_ {
			tolerations: [for t in parameter.tolerations {
				operator: t.operator
				for field in ["key", "value", "effect", "tolerationSeconds"] if t[field] != _|_ {
					(field): t[field]
				}
			}]
		}
	}

	parameter: {
		// +usage=Pods to run near
		podAffinity?: {
			// +usage=Terms that must hold
			required?: [...#podAffinityTerm]
			// +usage=Terms that should hold
			preferred?: [...{
				// +usage=Weight of the wish, from 1 to 100
				weight: int & >=1 & <=100
				// +usage=Term that should hold
				podAffinityTerm: #podAffinityTerm
			}]
		}
		// +usage=Pods to run apart from
		podAntiAffinity?: {
			// +usage=Terms that must hold
			required?: [...#podAffinityTerm]
			// +usage=Terms that should hold
			preferred?: [...{
				// +usage=Weight of the wish, from 1 to 100
				weight: int & >=1 & <=100
				// +usage=Term that should hold
				podAffinityTerm: #podAffinityTerm
			}]
		}
		// +usage=Nodes to run on
		nodeAffinity?: {
			// +usage=What must hold
			required?: {
				// +usage=Terms of which one must hold
				nodeSelectorTerms: [...#nodeSelectorTerm]
			}
			// +usage=Terms that should hold
			preferred?: [...{
				// +usage=Weight of the wish, from 1 to 100
				weight: int & >=1 & <=100
				// +usage=Term that should hold
				preference: #nodeSelectorTerm
			}]
		}
		// +usage=Taints of nodes that the pods tolerate
		tolerations?: [...{
			// +usage=Name of the taint, any when unset
			key?: string
			// +usage=How the taint compares with value
			operator: *"Equal" | "Exists"
			// +usage=Value of the taint
			value?: string
			// +usage=Effect of the taint, any when unset
			effect?: "NoSchedule" | "PreferNoSchedule" | "NoExecute"
			// +usage=Seconds for which a NoExecute taint is tolerated
			tolerationSeconds?: int
		}]
	}

	#labelSelector: {
		// +usage=Labels that must all be there
		matchLabels?: [string]: string
		// +usage=Conditions on labels that must all hold
		matchExpressions?: [...{
			// +usage=Name of the label
			key: string
			// +usage=How the label compares with the values
			operator: *"In" | "NotIn" | "Exists" | "DoesNotExist"
			// +usage=Values to compare with
			values?: [...string]
		}]
	}

	#podAffinityTerm: {
		// +usage=Which pods are meant
		labelSelector?: #labelSelector
		// +usage=Namespace of the pods
		namespace?: string
		// +usage=Namespaces of the pods
		namespaces?: [...string]
		// +usage=Label of nodes that makes a place, such as kubernetes.io/hostname
		topologyKey: string
		// +usage=Labels of the namespaces of the pods
		namespaceSelector?: #labelSelector
	}

	#nodeSelectorTerm: {
		// +usage=Conditions on labels of the node
		matchExpressions?: [...#nodeSelector]
		// +usage=Conditions on fields of the node
		matchFields?: [...#nodeSelector]
	}

	#nodeSelector: {
		// +usage=Name of the label or field
		key: string
		// +usage=How it compares with the values
		operator: *"In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt"
		// +usage=Values to compare with
		values?: [...string]
	}
}
`,
  },
  {
    kind: 'trait',
    name: 'annotations',
    deprecated: false,
    source: `annotations: {
	type: "trait"
	annotations: {}
	description: "Add annotations to the workload, and to its jobs and pods where it has templates for them."
	attributes: {
		podDisruptive: true
		appliesToWorkloads: ["*"]
	}
}
template: {
	// +patchStrategy=jsonMergePatch
	patch: {
		let content = {for key, value in parameter {(key): value}}

		metadata: annotations: content
		if context.output.spec.template != _|_ {
			spec: template: metadata: annotations: content
		}
		if context.output.spec.jobTemplate != _|_ {
			spec: jobTemplate: metadata: annotations: content
		}
		if context.output.spec.jobTemplate.spec.template != _|_ {
			spec: jobTemplate: spec: template: metadata: annotations: content
		}
	}

	parameter: [string]: string | null
}
`,
  },
  {
    kind: 'trait',
    name: 'command',
    deprecated: false,
    source: `import "list"

command: {
	type: "trait"
	annotations: {}
	description: "Set the command and the arguments of containers."
	attributes: appliesToWorkloads: ["deployments.apps", "statefulsets.apps", "daemonsets.apps", "jobs.batch"]
}
template: {
	// The containers to change, each with its settings and with what the workload has under its name.
	_targets: [
		if parameter.containers == _|_ {
			settings: parameter
			name: [if parameter.containerName != "" {parameter.containerName}, context.name][0]
			_same: [for c in _present if c.name == name {c}]
			if len(_same) > 0 {base: _same[0]}
			if len(_same) == 0 {err: "container \\(name) not found"}
		},
		if parameter.containers != _|_ for listed in parameter.containers {
			settings: listed
			name:     listed.containerName
			if name == "" {err: "container name must be set for containers"}
			if name != "" {
				_same: [for c in _present if c.name == name {c}]
				if len(_same) > 0 {base: _same[0]}
				if len(_same) == 0 {err: "container \\(name) not found"}
			}
		},
	]
	_present: context.output.spec.template.spec.containers

	// +patchStrategy=open
	patch: spec: template: spec: {
		// +patchKey=name
		containers: [for target in _targets {
			name: target.name
			if target.err != _|_ {
				err: target.err
			}
			if target.base != _|_ {
				let settings = target.settings
				if settings.args != null && (settings.addArgs != null || settings.delArgs != null) {
					err: "cannot set addArgs/delArgs and args at the same time"
				}
				if settings.command != null {
					// +patchStrategy=replace
					command: settings.command
				}
				let given = [...string] & [
					if settings.args != null {settings.args},
					if target.base.args != _|_ {target.base.args},
					[],
				][0]
				let deleted = {if settings.delArgs != null for a in settings.delArgs {(a): true}}
				let kept = {for a in given {(a): true}}

				// +patchStrategy=replace
				args: list.Concat([
					[for a in given if deleted[a] == _|_ {a}],
					[if settings.addArgs != null for a in settings.addArgs if deleted[a] == _|_ && kept[a] == _|_ {a}],
				])
			}
		}]
	}

	errs: [for c in patch.spec.template.spec.containers if c.err != _|_ {c.err}]

	parameter: *#PatchParams | close({
		// +usage=Settings of several containers
		containers: [...#PatchParams]
	})

	#PatchParams: {
		// +usage=Container to change, the one named like the component when empty
		containerName: *"" | string
		// +usage=Command to run, unchanged when null
		command: *null | [...string]
		// +usage=Arguments in place of those the container has
		args: *null | [...string]
		// +usage=Arguments to append, not together with args
		addArgs: *null | [...string]
		// +usage=Arguments to take away, not together with args
		delArgs: *null | [...string]
	}
}
`,
  },
  {
    kind: 'trait',
    name: 'container-image',
    deprecated: false,
    source: `"container-image": {
	type: "trait"
	annotations: {}
	description: "Set the image of containers."
	attributes: {
		podDisruptive: true
		appliesToWorkloads: ["deployments.apps", "statefulsets.apps", "daemonsets.apps", "jobs.batch"]
	}
}
template: {
	// The containers to change, each with its settings and with what the workload has under its name.
	_targets: [
		if parameter.containers == _|_ {
			settings: parameter
			name: [if parameter.containerName != "" {parameter.containerName}, context.name][0]
			_same: [for c in _present if c.name == name {c}]
			if len(_same) > 0 {base: _same[0]}
			if len(_same) == 0 {err: "container \\(name) not found"}
		},
		if parameter.containers != _|_ for listed in parameter.containers {
			settings: listed
			name:     listed.containerName
			if name == "" {err: "containerName must be set for containers"}
			if name != "" {
				_same: [for c in _present if c.name == name {c}]
				if len(_same) > 0 {base: _same[0]}
				if len(_same) == 0 {err: "container \\(name) not found"}
			}
		},
	]
	_present: context.output.spec.template.spec.containers

	patch: spec: template: spec: {
		// +patchKey=name
		containers: [for target in _targets {
			name: target.name
			if target.err != _|_ {
				err: target.err
			}
			if target.base != _|_ {
				// +patchStrategy=retainKeys
				image: target.settings.image
				if target.settings.imagePullPolicy != "" {
					// +patchStrategy=retainKeys
					imagePullPolicy: target.settings.imagePullPolicy
				}
			}
		}]
	}

	errs: [for c in patch.spec.template.spec.containers if c.err != _|_ {c.err}]

	parameter: #PatchParams | close({
		// +usage=Images of several containers
		containers: [...#PatchParams]
	})

	#PatchParams: {
		// +usage=Container to change, the one named like the component when empty
		containerName: *"" | string
		// +usage=Image to run
		image: string
		// +usage=When the image is pulled, unchanged when empty
		imagePullPolicy: *"" | "IfNotPresent" | "Always" | "Never"
	}
}
`,
  },
  {
    kind: 'trait',
    name: 'container-ports',
    deprecated: false,
    source: `import (
	"list"
	"strconv"
	"strings"
)

"container-ports": {
	type: "trait"
	annotations: {}
	labels: {}
	description: "Declare ports of containers and bind them to ports of the node."
	attributes: {
		podDisruptive: true
		appliesToWorkloads: ["deployments.apps", "statefulsets.apps", "daemonsets.apps", "jobs.batch"]
	}
}
template: {
	// The containers to change, each with its settings and with what the workload has under its name.
	_targets: [
		if parameter.containers == _|_ {
			settings: parameter
			name: [if parameter.containerName != "" {parameter.containerName}, context.name][0]
			_same: [for c in _present if c.name == name {c}]
			if len(_same) > 0 {base: _same[0]}
			if len(_same) == 0 {err: "container \\(name) not found"}
		},
		if parameter.containers != _|_ for listed in parameter.containers {
			settings: listed
			name:     listed.containerName
			if name == "" {err: "container name must be set for containers"}
			if name != "" {
				_same: [for c in _present if c.name == name {c}]
				if len(_same) > 0 {base: _same[0]}
				if len(_same) == 0 {err: "container \\(name) not found"}
			}
		},
	]
	_present: context.output.spec.template.spec.containers

	patch: spec: template: spec: {
		// +patchKey=name
		containers: [for target in _targets {
			name: target.name
			if target.err != _|_ {
				err: target.err
			}
			if target.base != _|_ {
				_existing: {if target.base.ports != _|_ for p in target.base.ports {(strings.ToLower(p.protocol) + strconv.FormatInt(p.containerPort, 10)): p}}
				_wanted: {if target.base.ports != _|_ for p in target.settings.ports {(strings.ToLower(p.protocol) + strconv.FormatInt(p.containerPort, 10)): p}}
				// +patchStrategy=replace
				ports: list.Concat([
					[if target.base.ports != _|_ for p in target.base.ports {
						let same = _wanted[strings.ToLower(p.protocol)+strconv.FormatInt(p.containerPort, 10)]
						name:          p.name
						containerPort: p.containerPort
						protocol:      p.protocol
						if same.hostPort != _|_ {hostPort: same.hostPort}
						if same.hostIP != _|_ {hostIP: same.hostIP}
					}],
					[for p in target.settings.ports if _existing[strings.ToLower(p.protocol)+strconv.FormatInt(p.containerPort, 10)] == _|_ {
						if target.base.ports == _|_ || p.containerPort != _|_ {containerPort: p.containerPort}
						protocol: p.protocol
						if p.hostPort != _|_ {hostPort: p.hostPort}
						if p.hostIP != _|_ {hostIP: p.hostIP}
					}],
				])
			}
		}]
	}

	errs: [for c in patch.spec.template.spec.containers if c.err != _|_ {c.err}]

	parameter: *#PatchParams | close({
		// +usage=Ports of several containers
		containers: [...#PatchParams]
	})

	#PatchParams: {
		// +usage=Container to change, the one named like the component when empty
		containerName: *"" | string
		// +usage=Ports to declare
		ports: *[] | [...{
			// +usage=Port the container listens on
			containerPort: int
			// +usage=Transport protocol
			protocol: *"TCP" | "UDP" | "SCTP"
			// +usage=Port of the node
			hostPort?: int
			// +usage=Address of the node to bind
			hostIP?: string
		}]
	}
}
`,
  },
  {
    kind: 'trait',
    name: 'cpuscaler',
    deprecated: false,
    source: `cpuscaler: {
	type: "trait"
	annotations: {}
	description: "Scale the workload by its use of CPU: a HorizontalPodAutoscaler."
	attributes: appliesToWorkloads: ["deployments.apps", "statefulsets.apps"]
}
template: {
	outputs: cpuscaler: {
		apiVersion: "autoscaling/v1"
		kind:       "HorizontalPodAutoscaler"
		metadata: name: context.name
		spec: {
			minReplicas:                    parameter.min
			maxReplicas:                    parameter.max
			targetCPUUtilizationPercentage: parameter.cpuUtil
			scaleTargetRef: {
				apiVersion: parameter.targetAPIVersion
				kind:       parameter.targetKind
				name:       context.name
			}
		}
	}

	parameter: {
		// +usage=Least number of pods
		min: *1 | int
		// +usage=Greatest number of pods
		max: *10 | int
		// +usage=Use of CPU to aim at, in percent of the request
		cpuUtil: *50 | int
		// +usage=API version of the workload
		targetAPIVersion: *"apps/v1" | string
		// +usage=Kind of the workload
		targetKind: *"Deployment" | string
	}
}
`,
  },
  {
    kind: 'trait',
    name: 'env',
    deprecated: false,
    source: `import "list"

env: {
	type: "trait"
	annotations: {}
	description: "Set environment variables of containers."
	attributes: appliesToWorkloads: ["deployments.apps", "statefulsets.apps", "daemonsets.apps", "jobs.batch"]
}
template: {
	// The containers to change, each with its settings and with what the workload has under its name.
	_targets: [
		if parameter.containers == _|_ {
			settings: parameter
			name: [if parameter.containerName != "" {parameter.containerName}, context.name][0]
			_same: [for c in _present if c.name == name {c}]
			if len(_same) > 0 {base: _same[0]}
			if len(_same) == 0 {err: "container \\(name) not found"}
		},
		if parameter.containers != _|_ for listed in parameter.containers {
			settings: listed
			name:     listed.containerName
			if name == "" {err: "containerName must be set for containers"}
			if name != "" {
				_same: [for c in _present if c.name == name {c}]
				if len(_same) > 0 {base: _same[0]}
				if len(_same) == 0 {err: "container \\(name) not found"}
			}
		},
	]
	_present: context.output.spec.template.spec.containers

	patch: spec: template: spec: {
		// +patchKey=name
		containers: [for target in _targets {
			name: target.name
			if target.err != _|_ {
				err: target.err
			}
			if target.base != _|_ {
				let settings = target.settings
				let unset = {for name in settings.unset {(name): true}}
				_existing: {if target.base.env != _|_ for e in target.base.env {(e.name): e}}
				// +patchStrategy=replace
				env: list.Concat([
					[if target.base.env != _|_ && !settings.replace for e in target.base.env if unset[e.name] == _|_ {
						name: e.name
						if settings.env[name] != _|_ {
							value: settings.env[name]
						}
						if settings.env[name] == _|_ {
							if e.value != _|_ {value: e.value}
							if e.valueFrom != _|_ {valueFrom: e.valueFrom}
						}
					}],
					[for key, set in settings.env if unset[key] == _|_ && (settings.replace || _existing[key] == _|_) {
						name:  key
						value: set
					}],
				])
			}
		}]
	}

	errs: [for c in patch.spec.template.spec.containers if c.err != _|_ {c.err}]

	parameter: *#PatchParams | close({
		// +usage=Settings of several containers
		containers: [...#PatchParams]
	})

	#PatchParams: {
		// +usage=Container to change, the one named like the component when empty
		containerName: *"" | string
		// +usage=Whether the variables replace all that the container has
		replace: *false | bool
		// +usage=Variables to set, over those of the same name
		env: [string]: string
		// +usage=Names of variables to take away
		unset: *[] | [...string]
	}
}
`,
  },
  {
    kind: 'trait',
    name: 'expose',
    deprecated: false,
    source: `import (
	"strconv"
	"strings"
)

expose: {
	type: "trait"
	annotations: {}
	description: "Give the component an address in the network: a Service."
	attributes: {
		podDisruptive: false
		stage:         "PostDispatch"
		appliesToWorkloads: ["deployments.apps", "statefulsets.apps"]
		status: {
			customStatus: #"""
				let service = context.outputs.service
				address: *service.status.loadBalancer.ingress[0].ip | ""
				if service.spec.type == "ClusterIP" {
					message: "ClusterIP: \\(service.spec.clusterIP)"
				}
				if service.spec.type == "LoadBalancer" && address != "" {
					message: "ExternalIP: " + address
				}
				if service.spec.type == "LoadBalancer" && address == "" {
					message: "ExternalIP: Pending"
				}
				if service.spec.type != "ClusterIP" && service.spec.type != "LoadBalancer" {
					message: ""
				}
				"""#
			healthPolicy: #"""
				let service = context.outputs.service
				isHealth: service.spec.type != "LoadBalancer" || service.status.loadBalancer.ingress[0].ip != _|_
				"""#
		}
	}
}
template: {
	outputs: service: {
		apiVersion: "v1"
		kind:       "Service"
		metadata: {
			name:        context.name
			annotations: parameter.annotations
		}
		spec: {
			type: parameter.type
			if parameter.matchLabels != _|_ {
				selector: parameter.matchLabels
			}
			if parameter.matchLabels == _|_ {
				selector: "app.oam.dev/component": context.name
			}
			if parameter.ports != _|_ {
				ports: [for p in parameter.ports {
					if p.name != _|_ {
						name: p.name
					}
					if p.name == _|_ {
						let generated = "port-" + strconv.FormatInt(p.port, 10)
						if p.protocol == "TCP" {name: *generated | string}
						if p.protocol != "TCP" {name: generated + "-" + strings.ToLower(p.protocol)}
					}
					port:       p.port
					targetPort: p.port
					protocol:   p.protocol
					if p.nodePort != _|_ && parameter.type == "NodePort" {
						nodePort: p.nodePort
					}
				}]
			}
			if parameter.port != _|_ && parameter.ports == _|_ {
				ports: [for number in parameter.port {
					name:       "port-" + strconv.FormatInt(number, 10)
					port:       number
					targetPort: number
				}]
			}
		}
	}

	parameter: {
		// +usage=Deprecated, use ports
		port?: [...int]

		// +usage=Ports to offer
		ports?: [...{
			// +usage=Port number, of the Service and of the pods
			port: int
			// +usage=Name of the port, made of its number when unset
			name?: string
			// +usage=Transport protocol
			protocol: *"TCP" | "UDP" | "SCTP"
			// +usage=Port opened on every node, used only with type NodePort
			nodePort?: int
		}]

		// +usage=Annotations for the Service
		annotations: [string]: string

		// +usage=Labels of the pods to send traffic to, those of the component when unset
		matchLabels?: [string]: string

		// +usage=Type of the Service
		type: *"ClusterIP" | "NodePort" | "LoadBalancer" | "ExternalName"
	}
}
`,
  },
  {
    kind: 'trait',
    name: 'gateway',
    deprecated: false,
    source: `import "strconv"

gateway: {
	type: "trait"
	annotations: {}
	labels: {}
	description: "Let web traffic from outside in by a domain: an Ingress, with a Service behind it. The Ingress API follows the version of the cluster."
	attributes: {
		podDisruptive: false
		appliesToWorkloads: ["deployments.apps", "statefulsets.apps"]
		status: {
			customStatus: #"""
				name: [if parameter.name != _|_ {"\\(context.name)-\\(parameter.name)"}, context.name][0]
				ingresses: [for o in context.outputs if o.kind == "Ingress" && o.metadata.name == name {o}]
				// The address is read in lower case, where Kubernetes never puts it: the message stays KubeVela's.
				address: *ingresses[0].status.loadbalancer.ingress[0].ip | ""
				host:    *ingresses[0].spec.rules[0].host | ""
				suffix: [if address != "" {", IP: " + address}, ""][0]
				if host != "" {
					message: "Visiting URL: " + host + suffix + "\\n"
				}
				if host == "" {
					message: "Host not specified, visit the cluster or load balancer in front of the cluster" + suffix + "\\n"
				}
				"""#
			healthPolicy: #"""
				name: [if parameter.name != _|_ {"\\(context.name)-\\(parameter.name)"}, context.name][0]
				isHealth: len([for o in context.outputs if o.kind == "Ingress" && o.metadata.name == name {o}]) > 0
				"""#
		}
	}
}
template: {
	// Several gateways on one component are told apart by their name.
	let suffix = [if parameter.name != _|_ {"-" + parameter.name}, ""][0]
	let fullName = context.name + suffix
	let serviceName = [if parameter.existingServiceName != _|_ {parameter.existingServiceName}, fullName][0]

	if parameter.existingServiceName == _|_ {
		outputs: ("service" + suffix): {
			apiVersion: "v1"
			kind:       "Service"
			metadata: name: serviceName
			spec: {
				selector: "app.oam.dev/component": context.name
				ports: [for path, port in parameter.http {
					name:       "port-" + strconv.FormatInt(port, 10)
					"port":     port
					targetPort: port
				}]
			}
		}
	}

	// networking.k8s.io/v1 has Ingress from Kubernetes 1.19.
	let legacy = context.clusterVersion.minor < 19

	outputs: ("ingress" + suffix): {
		apiVersion: [if legacy {"networking.k8s.io/v1beta1"}, "networking.k8s.io/v1"][0]
		kind: "Ingress"
		metadata: {
			name: fullName
			annotations: {
				if !parameter.classInSpec {
					"kubernetes.io/ingress.class": parameter.class
				}
				if parameter.gatewayHost != _|_ {
					"ingress.controller/host": parameter.gatewayHost
				}
				if parameter.annotations != _|_ for key, value in parameter.annotations {
					(key): value
				}
			}
			labels: {
				if parameter.labels != _|_ for key, value in parameter.labels {
					(key): value
				}
			}
		}
		spec: {
			if parameter.classInSpec {
				ingressClassName: parameter.class
			}
			if parameter.secretName != _|_ {
				tls: [{
					hosts: [parameter.domain]
					secretName: parameter.secretName
				}]
			}
			rules: [{
				if parameter.domain != _|_ {
					host: parameter.domain
				}
				http: paths: [for path, port in parameter.http {
					"path":   path
					pathType: parameter.pathType
					if legacy {
						backend: {
							"serviceName": serviceName
							servicePort:   port
						}
					}
					if !legacy {
						backend: service: {
							name: serviceName
							"port": number: port
						}
					}
				}]
			}]
		}
	}

	parameter: {
		// +usage=Domain that the traffic is for, any when unset
		domain?: string

		// +usage=Ports of the component by path
		http: [string]: int

		// +usage=Class of the ingress controller to use
		class: *"nginx" | string

		// +usage=Whether the class is written to spec.ingressClassName instead of an annotation
		classInSpec: *false | bool

		// +usage=Secret with the TLS certificate of the domain
		secretName?: string

		// +usage=Address of the ingress controller, shown as the endpoint when there is no domain
		gatewayHost?: string

		// +usage=Name that tells several gateways of one component apart
		name?: string

		// +usage=How paths are matched
		pathType: *"ImplementationSpecific" | "Prefix" | "Exact"

		// +usage=Annotations for the Ingress
		annotations?: [string]: string

		// +usage=Labels for the Ingress
		labels?: [string]: string

		// +usage=Service to send the traffic to, instead of one made for it
		existingServiceName?: string
	}
}
`,
  },
  {
    kind: 'trait',
    name: 'hostalias',
    deprecated: false,
    source: `hostalias: {
	type: "trait"
	annotations: {}
	description: "Add lines to the hosts file of the pods."
	attributes: {
		podDisruptive: false
		appliesToWorkloads: ["deployments.apps", "statefulsets.apps", "daemonsets.apps", "jobs.batch"]
	}
}
template: {
	patch: {
		// +patchKey=ip
		spec: template: spec: hostAliases: parameter.hostAliases
	}

	parameter: {
		// +usage=Lines added to the hosts file of the pod
		hostAliases: [...{
			// +usage=Address of the hosts
			ip: string
			// +usage=Names that resolve to the address
			hostnames: [...string]
		}]
	}
}
`,
  },
  {
    kind: 'trait',
    name: 'hpa',
    deprecated: false,
    source: `hpa: {
	type: "trait"
	annotations: {}
	labels: {}
	description: "Scale the workload by its use of CPU and memory or by metrics of its pods: a HorizontalPodAutoscaler."
	attributes: {
		podDisruptive: false
		appliesToWorkloads: ["deployments.apps", "statefulsets.apps"]
	}
}
template: {
	outputs: hpa: {
		// autoscaling/v2 is there from Kubernetes 1.23.
		if context.clusterVersion.minor < 23 {
			apiVersion: "autoscaling/v2beta2"
		}
		if context.clusterVersion.minor >= 23 {
			apiVersion: "autoscaling/v2"
		}
		kind: "HorizontalPodAutoscaler"
		metadata: name: context.name
		spec: {
			minReplicas: parameter.min
			maxReplicas: parameter.max
			scaleTargetRef: {
				apiVersion: parameter.targetAPIVersion
				kind:       parameter.targetKind
				name:       context.name
			}
			let resources = [
				{name: "cpu", goal: parameter.cpu},
				if parameter.mem != _|_ {name: "memory", goal: parameter.mem},
			]
			metrics: [
				for r in resources {
					type: "Resource"
					resource: {
						name: r.name
						target: {
							type: r.goal.type
							if r.goal.type == "Utilization" {
								averageUtilization: r.goal.value
							}
							if r.goal.type == "AverageValue" {
								averageValue: r.goal.value
							}
						}
					}
				},
				if parameter.podCustomMetrics != _|_ for m in parameter.podCustomMetrics {
					type: "Pods"
					pods: {
						metric: name: m.name
						target: {
							type:         "AverageValue"
							averageValue: m.value
						}
					}
				},
			]
		}
	}

	parameter: {
		// +usage=Least number of pods
		min: *1 | int
		// +usage=Greatest number of pods
		max: *10 | int
		// +usage=API version of the workload
		targetAPIVersion: *"apps/v1" | string
		// +usage=Kind of the workload
		targetKind: *"Deployment" | string
		// +usage=Goal for the use of CPU
		cpu: {
			// +usage=Whether value is a percentage of the request or an average amount
			type: *"Utilization" | "AverageValue"
			// +usage=Percentage or amount to aim at
			value: *50 | int
		}
		// +usage=Goal for the use of memory
		mem?: {
			// +usage=Whether value is a percentage of the request or an average amount
			type: *"Utilization" | "AverageValue"
			// +usage=Percentage or amount to aim at
			value: *50 | int
		}
		// +usage=Goals for metrics of the pods
		podCustomMetrics?: [...{
			// +usage=Name of the metric
			name: string
			// +usage=Average over the pods to aim at
			value: string
		}]
	}
}
`,
  },
  {
    kind: 'trait',
    name: 'init-container',
    deprecated: false,
    source: `"init-container": {
	type: "trait"
	annotations: {}
	description: "Run a container to its end before the others start, with a volume that it shares with the container of the component."
	attributes: {
		podDisruptive: true
		appliesToWorkloads: ["deployments.apps", "statefulsets.apps", "daemonsets.apps", "jobs.batch"]
	}
}
template: {
	patch: spec: template: spec: {
		// +patchKey=name
		containers: [{
			name: context.name
			// +patchKey=name
			volumeMounts: [{
				name:      parameter.mountName
				mountPath: parameter.appMountPath
			}]
		}]
		// +patchKey=name
		initContainers: [{
			name:            parameter.name
			image:           parameter.image
			imagePullPolicy: parameter.imagePullPolicy
			if parameter.cmd != _|_ {
				command: parameter.cmd
			}
			if parameter.args != _|_ {
				args: parameter.args
			}
			if parameter.env != _|_ {
				env: parameter.env
			}

			// +patchKey=name
			volumeMounts: [
				{
					name:      parameter.mountName
					mountPath: parameter.initMountPath
				},
				for m in parameter.extraVolumeMounts {m},
			]
		}]
		// +patchKey=name
		volumes: [{
			name: parameter.mountName
			emptyDir: {}
		}]
	}

	parameter: {
		// +usage=Name of the container
		name: string

		// +usage=Image of the container
		image: string

		// +usage=When the image is pulled
		imagePullPolicy: *"IfNotPresent" | "Always" | "Never"

		// +usage=Command to run in place of the entrypoint of the image
		cmd?: [...string]

		// +usage=Arguments for the command
		args?: [...string]

		// +usage=Environment variables of the container
		env?: [...{
			// +usage=Name of the variable
			name: string
			// +usage=Literal value
			value?: string
			// +usage=Where the value is taken from instead
			valueFrom?: {
				// +usage=Key of a Secret in the namespace of the pod
				secretKeyRef?: {
					// +usage=Name of the Secret
					name: string
					// +usage=Key inside the Secret
					key: string
				}
				// +usage=Key of a ConfigMap in the namespace of the pod
				configMapKeyRef?: {
					// +usage=Name of the ConfigMap
					name: string
					// +usage=Key inside the ConfigMap
					key: string
				}
			}
		}]

		// +usage=Name of the shared volume
		mountName: *"workdir" | string

		// +usage=Path of the shared volume in the container of the component
		appMountPath: string

		// +usage=Path of the shared volume in this container
		initMountPath: string

		// +usage=Further volumes of the pod to mount in this container
		extraVolumeMounts: [...{
			// +usage=Name of the volume in the pod
			name: string
			// +usage=Path in the container
			mountPath: string
		}]
	}
}
`,
  },
  {
    kind: 'trait',
    name: 'json-merge-patch',
    deprecated: false,
    source: `"json-merge-patch": {
	type: "trait"
	annotations: {}
	labels: "ui-hidden": "true"
	description: "Change the workload by a JSON Merge Patch (RFC 7396)."
	attributes: {
		podDisruptive: true
		appliesToWorkloads: ["*"]
	}
}
template: {
	// +patchStrategy=jsonMergePatch
	patch: parameter

	parameter: {...}
}
`,
  },
  {
    kind: 'trait',
    name: 'json-patch',
    deprecated: false,
    source: `"json-patch": {
	type: "trait"
	annotations: {}
	labels: "ui-hidden": "true"
	description: "Change the workload by the operations of a JSON Patch (RFC 6902)."
	attributes: {
		podDisruptive: true
		appliesToWorkloads: ["*"]
	}
}
template: {
	// +patchStrategy=jsonPatch
	patch: parameter

	parameter: {
		// +usage=Operations, applied in order
		operations: [...{...}]
	}
}
`,
  },
  {
    kind: 'trait',
    name: 'k8s-update-strategy',
    deprecated: false,
    source: `"k8s-update-strategy": {
	type:  "trait"
	alias: ""
	annotations: {}
	labels: {}
	description: "Set how a Deployment, a StatefulSet or a DaemonSet replaces its pods."
	attributes: {
		appliesToWorkloads: ["deployments.apps", "statefulsets.apps", "daemonsets.apps"]
		conflictsWith: []
		podDisruptive:   false
		workloadRefPath: ""
	}
}
template: {
	let wanted = parameter.strategy

	patch: spec: {
		if parameter.targetKind == "Deployment" && wanted.type != "OnDelete" {
			// +patchStrategy=retainKeys
			strategy: {
				type: wanted.type
				if wanted.type == "RollingUpdate" {
					rollingUpdate: {
						maxSurge:       wanted.rollingStrategy.maxSurge
						maxUnavailable: wanted.rollingStrategy.maxUnavailable
					}
				}
			}
		}
		if parameter.targetKind != "Deployment" && wanted.type != "Recreate" {
			// +patchStrategy=retainKeys
			updateStrategy: {
				type: wanted.type
				if wanted.type == "RollingUpdate" && parameter.targetKind == "StatefulSet" {
					rollingUpdate: partition: wanted.rollingStrategy.partition
				}
				if wanted.type == "RollingUpdate" && parameter.targetKind == "DaemonSet" {
					rollingUpdate: {
						maxSurge:       wanted.rollingStrategy.maxSurge
						maxUnavailable: wanted.rollingStrategy.maxUnavailable
					}
				}
			}
		}
	}

	parameter: {
		// +usage=API version of the workload
		targetAPIVersion: *"apps/v1" | string
		// +usage=Kind of the workload
		targetKind: *"Deployment" | "StatefulSet" | "DaemonSet"
		// +usage=How pods are replaced
		strategy: {
			// +usage=Kind of strategy; a Deployment knows no OnDelete, the others no Recreate
			type: *"RollingUpdate" | "Recreate" | "OnDelete"
			// +usage=Settings of RollingUpdate
			rollingStrategy?: {
				// +usage=Pods above the wanted number, as a number or a percentage
				maxSurge: *"25%" | string
				// +usage=Pods that may be missing, as a number or a percentage
				maxUnavailable: *"25%" | string
				// +usage=First ordinal of a StatefulSet that is updated
				partition: *0 | int
			}
		}
	}
}
`,
  },
  {
    kind: 'trait',
    name: 'labels',
    deprecated: false,
    source: `labels: {
	type: "trait"
	annotations: {}
	description: "Add labels to the workload, and to its pods where it has a pod template."
	attributes: {
		podDisruptive: true
		appliesToWorkloads: ["*"]
	}
}
template: {
	// +patchStrategy=jsonMergePatch
	patch: {
		let content = {for key, value in parameter {(key): value}}

		metadata: labels: content
		if context.output.spec.template != _|_ {
			spec: template: metadata: labels: content
		}
	}

	parameter: [string]: string | null
}
`,
  },
  {
    kind: 'trait',
    name: 'lifecycle',
    deprecated: false,
    source: `lifecycle: {
	type: "trait"
	annotations: {}
	description: "Run something when containers have started and before they stop."
	attributes: {
		podDisruptive: true
		appliesToWorkloads: ["deployments.apps", "statefulsets.apps", "daemonsets.apps", "jobs.batch"]
	}
}
template: {
	patch: spec: template: spec: containers: [...{
		lifecycle: {
			for hook in ["postStart", "preStop"] if parameter[hook] != _|_ {
				(hook): parameter[hook]
			}
		}
	}]

	parameter: {
		// +usage=What to do when a container has started
		postStart?: #LifeCycleHandler
		// +usage=What to do before a container is stopped
		preStop?: #LifeCycleHandler
	}

	#LifeCycleHandler: {
		// +usage=Command to run in the container
		exec?: command: [...string]
		// +usage=HTTP GET request to send
		httpGet?: {
			// +usage=Path to request
			path?: string
			// +usage=Port of the container
			port: #Port
			// +usage=Host to ask, the pod itself when unset
			host?: string
			// +usage=Scheme of the request
			scheme: *"HTTP" | "HTTPS"
			// +usage=Headers sent with the request
			httpHeaders?: [...{
				// +usage=Name of the header
				name: string
				// +usage=Value of the header
				value: string
			}]
		}
		// +usage=TCP connection to open
		tcpSocket?: {
			// +usage=Port of the container
			port: #Port
			// +usage=Host to connect to, the pod itself when unset
			host?: string
		}
	}

	#Port: int & >=1 & <=65535
}
`,
  },
  {
    kind: 'trait',
    name: 'nocalhost',
    deprecated: false,
    source: `import "encoding/json"

nocalhost: {
	type: "trait"
	annotations: {}
	labels: "ui-hidden": "true"
	description: "Prepare the workload for development with Nocalhost."
	attributes: {
		podDisruptive: true
		appliesToWorkloads: ["deployments.apps", "statefulsets.apps", "daemonsets.apps", "jobs.batch"]
	}
}
template: {
	outputs: nocalhostService: {
		apiVersion: "v1"
		kind:       "Service"
		metadata: name: context.name
		spec: {
			type: "ClusterIP"
			selector: "app.oam.dev/component": context.name
			ports: [{
				port:       parameter.port
				targetPort: parameter.port
			}]
		}
	}

	patch: metadata: annotations: {
		"dev.nocalhost/application-name":      context.appName
		"dev.nocalhost/application-namespace": context.namespace
		"dev.nocalhost":                       json.Marshal(_config)
	}

	// The fields stand in the order of the text in the annotation.
	_config: {
		name:        context.name
		serviceType: parameter.serviceType
		containers: [{
			name: context.name
			dev: {
				if parameter.gitUrl != _|_ {
					gitUrl: parameter.gitUrl
				}
				if _images[parameter.image] != _|_ {
					image: "nocalhost-docker.pkg.coding.net/nocalhost/dev-images/\\(_images[parameter.image]):latest"
				}
				if _images[parameter.image] == _|_ {
					image: parameter.image
				}
				if parameter.storageClass != _|_ {
					storageClass: parameter.storageClass
				}
				if parameter.persistentVolumeDirs != _|_ {
					persistentVolumeDirs: [for dir in parameter.persistentVolumeDirs {
						path:     dir.path
						capacity: dir.capacity
					}]
				}
				if parameter.command != _|_ {
					command: parameter.command
				}
				if parameter.debug != _|_ {
					debug: parameter.debug
				}
				shell:   parameter.shell
				workDir: parameter.workDir
				resources: {
					limits:   parameter.resources.limits
					requests: parameter.resources.requests
				}
				hotReload: parameter.hotReload
				if parameter.sync != _|_ {
					sync: parameter.sync
				}
				if parameter.env != _|_ {
					env: [for e in parameter.env {
						name:  e.name
						value: e.value
					}]
				}
				if parameter.portForward != _|_ {
					portForward: parameter.portForward
				}
				if parameter.portForward == _|_ {
					portForward: ["\\(parameter.port):\\(parameter.port)"]
				}
			}
		}]
	}

	// Development images that Nocalhost offers, by language.
	_images: {
		go:     "golang"
		java:   "java"
		python: "python"
		node:   "node"
		ruby:   "ruby"
	}

	parameter: {
		// +usage=Port of the component
		port: int
		// +usage=Kind of workload
		serviceType: *"deployment" | string
		// +usage=Repository of the source
		gitUrl?: string
		// +usage=Development image, or the language to take one for
		image: "go" | "java" | "python" | "node" | "ruby" | string
		// +usage=Shell to open
		shell: *"bash" | string
		// +usage=Directory of the source in the container
		workDir: *"/home/nocalhost-dev" | string
		// +usage=Storage class of persistent directories
		storageClass?: string
		// +usage=Commands of the component
		command: {
			// +usage=How to run it
			run: *["sh", "run.sh"] | [...string]
			// +usage=How to debug it
			debug: *["sh", "debug.sh"] | [...string]
		}
		// +usage=Settings for debugging
		debug?: {
			// +usage=Port of the debugger
			remoteDebugPort?: int
		}
		// +usage=Whether the component restarts when the source changes
		hotReload: *true | bool
		// +usage=How files are synchronized
		sync: {
			// +usage=Direction
			type: *"send" | string
			// +usage=Files to synchronize
			filePattern: *["./"] | [...string]
			// +usage=Files to leave out
			ignoreFilePattern: *[".git", ".vscode", ".idea", ".gradle", "build"] | [...string]
		}
		// +usage=Environment variables of the development container
		env?: [...{
			// +usage=Name of the variable
			name: string
			// +usage=Value of the variable
			value: string
		}]
		// +usage=Ports to forward, as local:remote; port on both sides when unset
		portForward?: [...string]
		// +usage=Directories that outlive the development container
		persistentVolumeDirs?: [...{
			// +usage=Path of the directory
			path: string
			// +usage=Capacity of its volume
			capacity: string
		}]
		// +usage=Resources of the development container
		resources: {
			// +usage=Limits
			limits: {
				// +usage=Limit of memory
				memory: *"2Gi" | string
				// +usage=Limit of CPU
				cpu: *"2" | string
			}
			// +usage=Requests
			requests: {
				// +usage=Request of memory
				memory: *"512Mi" | string
				// +usage=Request of CPU
				cpu: *"0.5" | string
			}
		}
	}
}
`,
  },
  {
    kind: 'trait',
    name: 'podsecuritycontext',
    deprecated: false,
    source: `podsecuritycontext: {
	type: "trait"
	annotations: {}
	description: "Set the security context of the pods."
	attributes: {
		podDisruptive: true
		appliesToWorkloads: ["deployments.apps", "statefulsets.apps", "daemonsets.apps", "jobs.batch"]
	}
}
template: {
	patch: spec: template: spec: securityContext: {
		runAsNonRoot: parameter.runAsNonRoot
		for field in ["appArmorProfile", "fsGroup", "runAsGroup", "runAsUser", "seccompProfile"] if parameter[field] != _|_ {
			(field): parameter[field]
		}
	}

	parameter: {
		// +usage=AppArmor profile of the pod
		appArmorProfile?: {
			// +usage=Kind of profile
			type: "RuntimeDefault" | "Unconfined" | "Localhost"
			// +usage=Profile of the node, with type Localhost
			localhostProfile?: string
		}
		// +usage=Group id that owns the volumes
		fsGroup?: int
		// +usage=Group id to run as
		runAsGroup?: int
		// +usage=User id to run as
		runAsUser?: int
		// +usage=Whether the containers refuse to run as root
		runAsNonRoot: *true | bool
		// +usage=Seccomp profile of the pod
		seccompProfile?: {
			// +usage=Kind of profile
			type: "RuntimeDefault" | "Unconfined" | "Localhost"
			// +usage=Profile of the node, with type Localhost
			localhostProfile?: string
		}
	}
}
`,
  },
  {
    kind: 'trait',
    name: 'pure-ingress',
    deprecated: false,
    source: `"pure-ingress": {
	type:        "trait"
	description: "Let web traffic from outside in by a domain, through a Service that is there already: an Ingress."
	labels: {
		"ui-hidden": "true"
		deprecated:  "true"
	}
	attributes: {
		appliesToWorkloads: ["*"]
		conflictsWith: []
		podDisruptive:   false
		workloadRefPath: ""
		status: customStatus: #"""
			let ingress = context.outputs.ingress
			let addresses = *ingress.status.loadBalancer.ingress | []
			let host = *ingress.spec.rules[0].host | ""
			if len(addresses) == 0 {
				message: "The load balancer has no address yet"
			}
			if len(addresses) > 0 {
				if addresses[0].ip != _|_ {
					message: "Visiting URL: " + host + ", IP: " + addresses[0].ip
				}
				if addresses[0].ip == _|_ {
					message: "Visiting URL: " + host
				}
			}
			"""#
	}
}
template: {
	outputs: ingress: {
		apiVersion: "networking.k8s.io/v1beta1"
		kind:       "Ingress"
		metadata: name: context.name
		spec: rules: [{
			host: parameter.domain
			http: paths: [for route, port in parameter.http {
				path: route
				backend: {
					serviceName: context.name
					servicePort: port
				}
			}]
		}]
	}

	parameter: {
		// +usage=Domain that the traffic is for
		domain: string

		// +usage=Ports of the component by path
		http: [string]: int
	}
}
`,
  },
  {
    kind: 'trait',
    name: 'resource',
    deprecated: false,
    source: `resource: {
	type: "trait"
	annotations: {}
	description: "Set requests and limits of CPU and memory for the first container of the pods."
	attributes: {
		podDisruptive: true
		appliesToWorkloads: ["deployments.apps", "statefulsets.apps", "daemonsets.apps", "jobs.batch", "cronjobs.batch"]
	}
}
template: {
	// cpu and memory count only together, and only without requests and limits.
	let both = parameter.cpu != _|_ && parameter.memory != _|_ && parameter.requests == _|_ && parameter.limits == _|_
	let wanted = {
		for kind in ["requests", "limits"] {
			if both {
				// +patchStrategy=retainKeys
				(kind): {
					cpu:    parameter.cpu
					memory: parameter.memory
				}
			}
			if parameter[kind] != _|_ {
				// +patchStrategy=retainKeys
				(kind): {
					cpu:    parameter[kind].cpu
					memory: parameter[kind].memory
				}
			}
		}
	}

	patch: {
		if context.output.spec.template != _|_ {
			// +patchKey=name
			spec: template: spec: containers: [{resources: wanted}]
		}
		if context.output.spec.jobTemplate != _|_ {
			// +patchKey=name
			spec: jobTemplate: spec: template: spec: containers: [{resources: wanted}]
		}
	}

	parameter: {
		// +usage=CPU, both to request and as limit
		cpu?: *1 | number | string
		// +usage=Memory, both to request and as limit
		memory?: *"2048Mi" | =~"^([1-9][0-9]{0,63})(E|P|T|G|M|K|Ei|Pi|Ti|Gi|Mi|Ki)$"
		// +usage=What to request, in place of cpu and memory
		requests?: {
			// +usage=CPU to request
			cpu: *1 | number | string
			// +usage=Memory to request
			memory: *"2048Mi" | =~"^([1-9][0-9]{0,63})(E|P|T|G|M|K|Ei|Pi|Ti|Gi|Mi|Ki)$"
		}
		// +usage=Limits, in place of cpu and memory
		limits?: {
			// +usage=Limit of CPU
			cpu: *1 | number | string
			// +usage=Limit of memory
			memory: *"2048Mi" | =~"^([1-9][0-9]{0,63})(E|P|T|G|M|K|Ei|Pi|Ti|Gi|Mi|Ki)$"
		}
	}
}
`,
  },
  {
    kind: 'trait',
    name: 'scaler',
    deprecated: false,
    source: `scaler: {
	type: "trait"
	annotations: {}
	labels: {}
	description: "Set the number of pods of the workload."
	attributes: {
		podDisruptive: false
		appliesToWorkloads: ["deployments.apps", "statefulsets.apps"]
	}
}
template: {
	// +patchStrategy=retainKeys
	patch: spec: replicas: parameter.replicas

	parameter: {
		// +usage=Number of pods
		replicas: *1 | int
	}
}
`,
  },
  {
    kind: 'trait',
    name: 'securitycontext',
    deprecated: false,
    source: `securitycontext: {
	type: "trait"
	annotations: {}
	description: "Set the security context of containers."
	attributes: {
		podDisruptive: true
		appliesToWorkloads: ["deployments.apps", "statefulsets.apps", "daemonsets.apps", "jobs.batch"]
	}
}
template: {
	// The containers to change, each with its settings and with what the workload has under its name.
	_targets: [
		if parameter.containers == _|_ {
			settings: parameter
			name: [if parameter.containerName != "" {parameter.containerName}, context.name][0]
			_same: [for c in _present if c.name == name {c}]
			if len(_same) > 0 {base: _same[0]}
			if len(_same) == 0 {err: "container \\(name) not found"}
		},
		if parameter.containers != _|_ for listed in parameter.containers {
			settings: listed
			name:     listed.containerName
			if name == "" {err: "containerName must be set for containers"}
			if name != "" {
				_same: [for c in _present if c.name == name {c}]
				if len(_same) > 0 {base: _same[0]}
				if len(_same) == 0 {err: "container \\(name) not found"}
			}
		},
	]
	_present: context.output.spec.template.spec.containers

	patch: spec: template: spec: {
		// +patchKey=name
		containers: [for target in _targets {
			name: target.name
			if target.err != _|_ {
				err: target.err
			}
			if target.base != _|_ {
				let settings = target.settings
				securityContext: {
					capabilities: {
						if settings.addCapabilities != _|_ {add: settings.addCapabilities}
						if settings.dropCapabilities != _|_ {drop: settings.dropCapabilities}
					}
					for id in ["runAsUser", "runAsGroup"] if settings[id] != _|_ {
						(id): settings[id]
					}
					allowPrivilegeEscalation: settings.allowPrivilegeEscalation
					readOnlyRootFilesystem:   settings.readOnlyRootFilesystem
					privileged:               settings.privileged
					runAsNonRoot:             settings.runAsNonRoot
				}
			}
		}]
	}

	errs: [for c in patch.spec.template.spec.containers if c.err != _|_ {c.err}]

	parameter: #PatchParams | close({
		// +usage=Security contexts of several containers
		containers: [...#PatchParams]
	})

	#PatchParams: {
		// +usage=Container to change, the one named like the component when empty
		containerName: *"" | string
		// +usage=Linux capabilities to add
		addCapabilities?: [...string]
		// +usage=Whether a process may gain more rights than its parent
		allowPrivilegeEscalation: *false | bool
		// +usage=Linux capabilities to drop
		dropCapabilities?: [...string]
		// +usage=Whether the container has the rights of the node's root
		privileged: *false | bool
		// +usage=Whether the root file system is read-only
		readOnlyRootFilesystem: *false | bool
		// +usage=Whether the container refuses to run as root
		runAsNonRoot: *true | bool
		// +usage=User id to run as
		runAsUser?: int
		// +usage=Group id to run as
		runAsGroup?: int
	}
}
`,
  },
  {
    kind: 'trait',
    name: 'service-account',
    deprecated: false,
    source: `"service-account": {
	type: "trait"
	annotations: {}
	labels: {}
	description: "Run the pods under a service account, which can be made with rights for it."
	attributes: {
		podDisruptive: false
		appliesToWorkloads: ["deployments.apps", "statefulsets.apps", "daemonsets.apps", "jobs.batch"]
	}
}
template: {
	// +patchStrategy=retainKeys
	patch: spec: template: spec: serviceAccountName: parameter.name

	_rules: {
		for reach in ["cluster", "namespace"] {
			(reach): [if parameter.privileges != _|_ for p in parameter.privileges if p.scope == reach {
				verbs: p.verbs
				for field in ["apiGroups", "resources", "resourceNames", "nonResourceURLs"] if p[field] != _|_ {
					(field): p[field]
				}
			}]
		}
	}
	let rbac = "rbac.authorization.k8s.io"
	let clusterWide = "\\(context.namespace):\\(parameter.name)"

	outputs: {
		if parameter.create {
			"service-account": {
				apiVersion: "v1"
				kind:       "ServiceAccount"
				metadata: name: parameter.name
			}
		}
		if len(_rules.cluster) > 0 {
			"cluster-role": {
				apiVersion: "\\(rbac)/v1"
				kind:       "ClusterRole"
				metadata: name: clusterWide
				rules: _rules.cluster
			}
			"cluster-role-binding": {
				apiVersion: "\\(rbac)/v1"
				kind:       "ClusterRoleBinding"
				metadata: name: clusterWide
				roleRef: {
					apiGroup: rbac
					kind:     "ClusterRole"
					name:     clusterWide
				}
				subjects: [{
					kind:      "ServiceAccount"
					name:      parameter.name
					namespace: context.namespace
				}]
			}
		}
		if len(_rules.namespace) > 0 {
			role: {
				apiVersion: "\\(rbac)/v1"
				kind:       "Role"
				metadata: name: parameter.name
				rules: _rules.namespace
			}
			"role-binding": {
				apiVersion: "\\(rbac)/v1"
				kind:       "RoleBinding"
				metadata: name: parameter.name
				roleRef: {
					apiGroup: rbac
					kind:     "Role"
					name:     parameter.name
				}
				subjects: [{
					kind: "ServiceAccount"
					name: parameter.name
				}]
			}
		}
	}

	parameter: {
		// +usage=Name of the service account
		name: string
		// +usage=Whether the service account is made
		create: *false | bool
		// +usage=Rights to give it, by a Role or a ClusterRole and a binding
		privileges?: [...#Privileges]
	}

	#Privileges: {
		// +usage=Verbs to allow
		verbs: [...string]
		// +usage=API groups of the resources
		apiGroups?: [...string]
		// +usage=Resources to allow
		resources?: [...string]
		// +usage=Names of the objects to allow, all when unset
		resourceNames?: [...string]
		// +usage=Paths to allow that are not resources
		nonResourceURLs?: [...string]
		// +usage=Whether the rights hold in the namespace or in the whole cluster
		scope: *"namespace" | "cluster"
	}
}
`,
  },
  {
    kind: 'trait',
    name: 'service-binding',
    deprecated: false,
    source: `"service-binding": {
	type: "trait"
	annotations: {}
	labels: "ui-hidden": "true"
	description: "Take environment variables from Secrets of cloud resources. Deprecated, use storage."
	attributes: appliesToWorkloads: ["deployments.apps", "statefulsets.apps", "daemonsets.apps", "jobs.batch"]
}
template: {
	patch: spec: template: spec: {
		// +patchKey=name
		containers: [{
			name: context.name
			// +patchKey=name
			env: [for variable, from in parameter.envMappings {
				name: variable
				valueFrom: secretKeyRef: {
					name: from.secret
					key: [if from.key != _|_ {from.key}, variable][0]
				}
			}]
		}]
	}

	parameter: {
		// +usage=Where each environment variable comes from
		envMappings: [string]: #KeySecret
	}

	#KeySecret: {
		// +usage=Key inside the Secret, the name of the variable when unset
		key?: string
		// +usage=Name of the Secret
		secret: string
	}
}
`,
  },
  {
    kind: 'trait',
    name: 'sidecar',
    deprecated: false,
    source: `sidecar: {
	type: "trait"
	annotations: {}
	description: "Run one more container in the pods of the workload."
	attributes: {
		podDisruptive: true
		appliesToWorkloads: ["deployments.apps", "statefulsets.apps", "daemonsets.apps", "jobs.batch"]
	}
}
template: {
	patch: {
		// +patchKey=name
		spec: template: spec: containers: [{
			name:  parameter.name
			image: parameter.image
			if parameter.cmd != _|_ {
				command: parameter.cmd
			}
			if parameter.args != _|_ {
				args: parameter.args
			}
			if parameter.env != _|_ {
				env: parameter.env
			}
			if parameter.volumes != _|_ {
				volumeMounts: [for v in parameter.volumes {
					name:      v.name
					mountPath: v.path
				}]
			}
			if parameter.livenessProbe != _|_ {
				livenessProbe: parameter.livenessProbe
			}
			if parameter.readinessProbe != _|_ {
				readinessProbe: parameter.readinessProbe
			}
		}]
	}

	parameter: {
		// +usage=Name of the container
		name: string

		// +usage=Image of the container
		image: string

		// +usage=Command to run in place of the entrypoint of the image
		cmd?: [...string]

		// +usage=Arguments for the command
		args?: [...string]

		// +usage=Environment variables of the container
		env?: [...{
			// +usage=Name of the variable
			name: string
			// +usage=Literal value
			value?: string
			// +usage=Where the value is taken from instead
			valueFrom?: {
				// +usage=Key of a Secret in the namespace of the pod
				secretKeyRef?: {
					// +usage=Name of the Secret
					name: string
					// +usage=Key inside the Secret
					key: string
				}
				// +usage=Key of a ConfigMap in the namespace of the pod
				configMapKeyRef?: {
					// +usage=Name of the ConfigMap
					name: string
					// +usage=Key inside the ConfigMap
					key: string
				}
				// +usage=Field of the pod
				fieldRef?: {
					// +usage=Path of the field, such as metadata.name
					fieldPath: string
				}
			}
		}]

		// +usage=Volumes of the pod to mount
		volumes?: [...{
			// +usage=Name of the volume in the pod
			name: string
			// +usage=Path in the container
			path: string
		}]

		// +usage=Check that restarts the container when it fails
		livenessProbe?: #HealthProbe

		// +usage=Check that decides whether the container receives traffic
		readinessProbe?: #HealthProbe
	}

	#HealthProbe: {
		// +usage=Probe by running a command in the container, exclusive with httpGet and tcpSocket
		exec?: {
			// +usage=Command and its arguments, an exit status of 0 means healthy
			command: [...string]
		}

		// +usage=Probe by an HTTP GET request, exclusive with exec and tcpSocket
		httpGet?: {
			// +usage=Path to request
			path: string
			// +usage=Port of the container
			port: int
			// +usage=Headers sent with the request
			httpHeaders?: [...{
				// +usage=Name of the header
				name: string
				// +usage=Value of the header
				value: string
			}]
		}

		// +usage=Probe by opening a TCP connection, exclusive with exec and httpGet
		tcpSocket?: {
			// +usage=Port of the container
			port: int
		}

		// +usage=Seconds between the start of the container and the first probe
		initialDelaySeconds: *0 | int

		// +usage=Seconds between two probes
		periodSeconds: *10 | int

		// +usage=Seconds after which a probe without an answer counts as failed
		timeoutSeconds: *1 | int

		// +usage=Successes in a row needed to count as healthy again
		successThreshold: *1 | int

		// +usage=Failures in a row needed to count as failed
		failureThreshold: *3 | int
	}
}
`,
  },
  {
    kind: 'trait',
    name: 'startup-probe',
    deprecated: false,
    source: `"startup-probe": {
	type: "trait"
	annotations: {}
	description: "Add a startup probe to a container."
	attributes: {
		podDisruptive: true
		appliesToWorkloads: ["deployments.apps", "statefulsets.apps", "daemonsets.apps", "jobs.batch"]
	}
}
template: {
	// Listed probes go by a name that #StartupProbeParams does not have, as in KubeVela: a list of them is always an error.
	_targets: [
		if parameter.probes == _|_ {
			settings: parameter
			name: [if parameter.containerName != "" {parameter.containerName}, context.name][0]
			_same: [for c in _present if c.name == name {c}]
			if len(_same) > 0 {base: _same[0]}
			if len(_same) == 0 {err: "container \\(name) not found"}
		},
		if parameter.probes != _|_ for listed in parameter.probes {
			settings: listed
			name:     listed.name
			if name == "" {err: "containerName must be set when specifying startup probe for multiple containers"}
			if name != "" {
				_same: [for c in _present if c.name == name {c}]
				if len(_same) > 0 {base: _same[0]}
				if len(_same) == 0 {err: "container \\(name) not found"}
			}
		},
	]
	_present: context.output.spec.template.spec.containers

	patch: spec: template: spec: {
		// +patchKey=name
		containers: [for target in _targets {
			name: target.name
			if target.err != _|_ {
				err: target.err
			}
			if target.base != _|_ {
				startupProbe: {
					for field in ["exec", "httpGet", "grpc", "tcpSocket", "initialDelaySeconds", "periodSeconds", "timeoutSeconds", "successThreshold", "failureThreshold", "terminationGracePeriodSeconds"] if target.settings[field] != _|_ {
						(field): target.settings[field]
					}
				}
			}
		}]
	}

	errs: [for c in patch.spec.template.spec.containers if c.err != _|_ {c.err}]

	parameter: *#StartupProbeParams | close({
		// +usage=Probes of several containers
		probes: [...#StartupProbeParams]
	})

	#StartupProbeParams: {
		// +usage=Container to probe, the one named like the component when empty
		containerName: *"" | string
		// +usage=Seconds between the start of the container and the first probe
		initialDelaySeconds: *0 | int
		// +usage=Seconds between two probes
		periodSeconds: *10 | int
		// +usage=Seconds after which a probe without an answer counts as failed
		timeoutSeconds: *1 | int
		// +usage=Successes in a row needed to count as started
		successThreshold: *1 | int
		// +usage=Failures in a row after which the container is restarted
		failureThreshold: *3 | int
		// +usage=Seconds the pod has to end after a failed probe
		terminationGracePeriodSeconds?: int
		// +usage=Probe by running a command in the container, exclusive with the other ways
		exec?: {
			// +usage=Command and its arguments, an exit status of 0 means started
			command: [...string]
		}
		// +usage=Probe by an HTTP GET request, exclusive with the other ways
		httpGet?: {
			// +usage=Path to request
			path?: string
			// +usage=Port of the container
			port: int
			// +usage=Host to ask, the pod itself when unset
			host?: string
			// +usage=Scheme of the request
			scheme?: *"HTTP" | "HTTPS"
			// +usage=Headers sent with the request
			httpHeaders?: [...{
				// +usage=Name of the header
				name: string
				// +usage=Value of the header
				value: string
			}]
		}
		// +usage=Probe by the gRPC health protocol, exclusive with the other ways
		grpc?: {
			// +usage=Port of the container
			port: int
			// +usage=Service named in the request
			service?: string
		}
		// +usage=Probe by opening a TCP connection, exclusive with the other ways
		tcpSocket?: {
			// +usage=Port of the container
			port: int
			// +usage=Host to connect to, the pod itself when unset
			host?: string
		}
	}
}
`,
  },
  {
    kind: 'trait',
    name: 'storage',
    deprecated: false,
    source: `import "strings"

storage: {
	type: "trait"
	annotations: {}
	labels: {}
	description: "Give the pods storage: claims, ConfigMaps, Secrets, empty directories and paths of the node, made where they are not there yet."
	attributes: {
		appliesToWorkloads: ["deployments.apps", "statefulsets.apps", "daemonsets.apps", "jobs.batch"]
		podDisruptive: true
	}
}
template: {
	patch: spec: template: spec: {
		// What several entries declare under one name is taken once.
		// +patchKey=name
		volumes: [for i, v in _volumes if len([for j, w in _volumes if j < i && w.name == v.name {w}]) == 0 {v}]

		// The first container gets it all.
		containers: [{
			// +patchKey=name
			env: _env
			// +patchKey=name
			volumeDevices: _devices
			// +patchKey=name
			volumeMounts: _mounts
		}, ...]
	}

	_volumes: [
		if parameter.pvc != _|_ for v in parameter.pvc {
			name: "pvc-" + v.name
			persistentVolumeClaim: claimName: v.name
		},
		if parameter.configMap != _|_ for v in parameter.configMap if v.mountPath != _|_ {
			name: "configmap-" + v.name
			configMap: {
				name:        v.name
				defaultMode: v.defaultMode
				if v.items != _|_ {items: v.items}
			}
		},
		if parameter.secret != _|_ for v in parameter.secret if v.mountPath != _|_ {
			name: "secret-" + v.name
			secret: {
				secretName:  v.name
				defaultMode: v.defaultMode
				if v.items != _|_ {items: v.items}
			}
		},
		if parameter.emptyDir != _|_ for v in parameter.emptyDir {
			name: "emptydir-" + v.name
			emptyDir: medium: v.medium
		},
		if parameter.hostPath != _|_ for v in parameter.hostPath {
			name: "hostpath-" + v.name
			hostPath: {
				path: v.path
				type: v.type
			}
		},
	]

	_mounts: [
		// A claim in block mode is no mount; its empty entry is dropped by the patch key.
		if parameter.pvc != _|_ for v in parameter.pvc {
			if v.volumeMode == "Filesystem" {
				name:      "pvc-" + v.name
				mountPath: v.mountPath
				if v.subPath != _|_ {subPath: v.subPath}
			}
		},
		for kind in ["configMap", "secret", "emptyDir", "hostPath"] if parameter[kind] != _|_ for v in parameter[kind] if v.mountPath != _|_ || kind == "emptyDir" || kind == "hostPath" {
			name:      strings.ToLower(kind) + "-" + v.name
			mountPath: v.mountPath
			if v.subPath != _|_ && kind != "hostPath" {subPath: v.subPath}
		},
	]

	// A default, which yields to a later storage trait without devices.
	_devices: *[if parameter.pvc != _|_ for v in parameter.pvc if v.volumeMode == "Block" {
		name:       "pvc-" + v.name
		devicePath: v.mountPath
		if v.subPath != _|_ {subPath: v.subPath}
	}] | []

	_env: [for kind in ["configMap", "secret"] if parameter[kind] != _|_ for e in [
		for v in parameter[kind] if v.mountToEnv != _|_ {object: v.name, variable: v.mountToEnv},
		for v in parameter[kind] if v.mountToEnvs != _|_ for m in v.mountToEnvs {object: v.name, variable: m},
	] {
		name: e.variable.envName
		valueFrom: "\\(kind)KeyRef": {
			name: e.object
			key:  e.variable["\\(kind)Key"]
		}
	}]

	outputs: {
		if parameter.pvc != _|_ for v in parameter.pvc if !v.mountOnly {
			"pvc-\\(v.name)": {
				apiVersion: "v1"
				kind:       "PersistentVolumeClaim"
				metadata: name: v.name
				spec: {
					accessModes: v.accessModes
					volumeMode:  v.volumeMode
					for field in ["volumeName", "storageClassName", "dataSourceRef", "dataSource"] if v[field] != _|_ {
						(field): v[field]
					}

					// The selector goes to dataSource, as in KubeVela.
					if v.selector != _|_ {
						dataSource: v.selector
					}
					resources: {
						requests: storage: [if v.resources.requests.storage != _|_ {v.resources.requests.storage}, "8Gi"][0]
						if v.resources.limits.storage != _|_ {
							limits: storage: v.resources.limits.storage
						}
					}
				}
			}
		}
		if parameter.configMap != _|_ for v in parameter.configMap if !v.mountOnly {
			"configmap-\\(v.name)": {
				apiVersion: "v1"
				kind:       "ConfigMap"
				metadata: name: v.name
				if v.data != _|_ {data: v.data}
			}
		}
		if parameter.secret != _|_ for v in parameter.secret if !v.mountOnly {
			"secret-\\(v.name)": {
				apiVersion: "v1"
				kind:       "Secret"
				metadata: name: v.name
				if v.data != _|_ {data: v.data}
				if v.stringData != _|_ {stringData: v.stringData}
			}
		}
	}

	parameter: {
		// +usage=PersistentVolumeClaims
		pvc?: [...{
			// +usage=Name of the claim
			name: string
			// +usage=Whether the claim is there already
			mountOnly: *false | bool
			// +usage=Path in the container, of the directory or, in Block mode, of the device
			mountPath: string
			// +usage=Path inside the volume to mount instead of its root
			subPath?: string
			// +usage=Filesystem or Block
			volumeMode: *"Filesystem" | string
			// +usage=Volume to bind
			volumeName?: string
			// +usage=How nodes may use the volume
			accessModes: *["ReadWriteOnce"] | [...string]
			// +usage=Storage class, the default one when unset
			storageClassName?: string
			// +usage=Size of the volume, 8Gi when unset
			resources?: {
				requests: storage: =~"^([1-9][0-9]{0,63})(E|P|T|G|M|K|Ei|Pi|Ti|Gi|Mi|Ki)$"
				limits?: storage:  =~"^([1-9][0-9]{0,63})(E|P|T|G|M|K|Ei|Pi|Ti|Gi|Mi|Ki)$"
			}
			// +usage=Object whose content fills the volume
			dataSourceRef?: {
				// +usage=Name of the object
				name: string
				// +usage=Kind of the object
				kind: string
				// +usage=API group of the object
				apiGroup: string
			}
			// +usage=Claim or snapshot whose content fills the volume
			dataSource?: {
				// +usage=Name of the object
				name: string
				// +usage=Kind of the object
				kind: string
				// +usage=API group of the object
				apiGroup: string
			}
			// +usage=Which volumes may be bound
			selector?: {
				// +usage=Labels that must all be there
				matchLabels?: [string]: string
				// +usage=Condition on a label
				matchExpressions?: {
					// +usage=Name of the label
					key: string
					// +usage=Values to compare with
					values: [...string]
					// +usage=How the label compares with the values
					operator: string
				}
			}
		}]

		// +usage=ConfigMaps
		configMap?: [...{
			// +usage=Name of the ConfigMap
			name: string
			// +usage=Whether the ConfigMap is there already
			mountOnly: *false | bool
			// +usage=Environment variable to set from a key
			mountToEnv?: {
				// +usage=Name of the variable
				envName: string
				// +usage=Key to take
				configMapKey: string
			}
			// +usage=Environment variables to set from keys
			mountToEnvs?: [...{
				// +usage=Name of the variable
				envName: string
				// +usage=Key to take
				configMapKey: string
			}]
			// +usage=Path in the container, not mounted when unset
			mountPath?: string
			// +usage=Path inside the volume to mount instead of its root
			subPath?: string
			// +usage=Permission bits of the files, in decimal
			defaultMode: *420 | int
			// +usage=Whether the mount is read-only
			readOnly: *false | bool
			// +usage=Content of the ConfigMap
			data?: {...}
			// +usage=Keys to project, all of them when unset
			items?: [...{
				// +usage=Key to project
				key: string
				// +usage=Path of the file, relative to the mount
				path: string
				// +usage=Permission bits of the file, in decimal
				mode: *511 | int
			}]
		}]

		// +usage=Secrets
		secret?: [...{
			// +usage=Name of the Secret
			name: string
			// +usage=Whether the Secret is there already
			mountOnly: *false | bool
			// +usage=Environment variable to set from a key
			mountToEnv?: {
				// +usage=Name of the variable
				envName: string
				// +usage=Key to take
				secretKey: string
			}
			// +usage=Environment variables to set from keys
			mountToEnvs?: [...{
				// +usage=Name of the variable
				envName: string
				// +usage=Key to take
				secretKey: string
			}]
			// +usage=Path in the container
			mountPath: string
			// +usage=Path inside the volume to mount instead of its root
			subPath?: string
			// +usage=Permission bits of the files, in decimal
			defaultMode: *420 | int
			// +usage=Whether the mount is read-only
			readOnly: *false | bool
			// +usage=Content of the Secret, as plain text
			stringData?: {...}
			// +usage=Content of the Secret, in base64
			data?: {...}
			// +usage=Keys to project, all of them when unset
			items?: [...{
				// +usage=Key to project
				key: string
				// +usage=Path of the file, relative to the mount
				path: string
				// +usage=Permission bits of the file, in decimal
				mode: *511 | int
			}]
		}]

		// +usage=Empty directories that live as long as the pod
		emptyDir?: [...{
			// +usage=Name of the directory
			name: string
			// +usage=Path in the container
			mountPath: string
			// +usage=Path inside the volume to mount instead of its root
			subPath?: string
			// +usage=Medium that backs the directory, the node's default when empty
			medium: *"" | "Memory"
		}]

		// +usage=Paths of the node
		hostPath?: [...{
			// +usage=Name of the volume
			name: string
			// +usage=Path on the node
			path: string
			// +usage=Path in the container
			mountPath: string
			// +usage=What must be at the path
			type: *"Directory" | "DirectoryOrCreate" | "FileOrCreate" | "File" | "Socket" | "CharDevice" | "BlockDevice"
		}]
	}
}
`,
  },
  {
    kind: 'trait',
    name: 'topologyspreadconstraints',
    deprecated: false,
    source: `topologyspreadconstraints: {
	type: "trait"
	annotations: {}
	description: "Spread the pods evenly over zones, nodes or other places."
	attributes: {
		podDisruptive: true
		appliesToWorkloads: ["deployments.apps", "statefulsets.apps", "daemonsets.apps", "jobs.batch"]
	}
}
template: {
	patch: spec: template: spec: topologySpreadConstraints: [for c in parameter.constraints {
		maxSkew:           c.maxSkew
		topologyKey:       c.topologyKey
		whenUnsatisfiable: c.whenUnsatisfiable
		labelSelector:     c.labelSelector
		for field in ["minDomains", "matchLabelKeys", "nodeAffinityPolicy", "nodeTaintsPolicy"] if c[field] != _|_ {
			(field): c[field]
		}
	}]

	parameter: {
		// +usage=Rules for the spread
		constraints: [...{
			// +usage=Greatest difference in the number of pods between two places
			maxSkew: int
			// +usage=Label of nodes that makes a place
			topologyKey: string
			// +usage=What happens with a pod that would break the rule
			whenUnsatisfiable: *"DoNotSchedule" | "ScheduleAnyway"
			// +usage=Which pods are counted
			labelSelector: #labSelector
			// +usage=Least number of places
			minDomains?: int
			// +usage=Labels by whose value pods are counted apart
			matchLabelKeys?: [...string]
			// +usage=Whether nodes that the pod cannot run on are left out
			nodeAffinityPolicy?: *"Honor" | "Ignore"
			// +usage=Whether nodes with taints that the pod does not tolerate are left out
			nodeTaintsPolicy?: *"Honor" | "Ignore"
		}]
	}

	#labSelector: {
		// +usage=Labels that must all be there
		matchLabels?: [string]: string
		// +usage=Conditions on labels that must all hold
		matchExpressions?: [...{
			// +usage=Name of the label
			key: string
			// +usage=How the label compares with the values
			operator: *"In" | "NotIn" | "Exists" | "DoesNotExist"
			// +usage=Values to compare with
			values?: [...string]
		}]
	}
}
`,
  },
  {
    kind: 'component',
    name: 'raw',
    deprecated: true,
    source: `raw: {
	type: "component"
	annotations: {}
	labels: deprecated: "true"
	description: "One Kubernetes object, given as it is. Deprecated, use k8s-objects."
	attributes: workload: type: "autodetects.core.oam.dev"
}
template: {
	output: parameter
	parameter: {}
}
`,
  },
  {
    kind: 'trait',
    name: 'configmap',
    deprecated: true,
    source: `configmap: {
	type: "trait"
	annotations: {}
	labels: deprecated: "true"
	description: "Mount ConfigMaps in the first container of the pods, made where they have data. Deprecated, use storage."
	attributes: {
		podDisruptive: true
		appliesToWorkloads: ["*"]
	}
}
template: {
	patch: spec: template: spec: {
		containers: [{
			// +patchKey=name
			volumeMounts: [for v in parameter.volumes {
				name:      "volume-\\(v.name)"
				mountPath: v.mountPath
				readOnly:  v.readOnly
			}]
		}, ...]
		// +patchKey=name
		volumes: [for v in parameter.volumes {
			name: "volume-\\(v.name)"
			configMap: name: v.name
		}]
	}

	outputs: {
		for v in parameter.volumes if v.data != _|_ {
			(v.name): {
				apiVersion: "v1"
				kind:       "ConfigMap"
				metadata: name: v.name
				data: v.data
			}
		}
	}

	parameter: {
		// +usage=ConfigMaps to mount
		volumes: [...{
			// +usage=Name of the ConfigMap
			name: string
			// +usage=Path in the container
			mountPath: string
			// +usage=Whether the mount is read-only
			readOnly: *false | bool
			// +usage=Content of the ConfigMap, which is then made
			data?: [string]: string
		}]
	}
}
`,
  },
  {
    kind: 'trait',
    name: 'ingress',
    deprecated: true,
    source: `ingress: {
	type: "trait"
	annotations: {}
	labels: deprecated: "true"
	description: "Let web traffic from outside in by a domain: an Ingress and a Service. Deprecated, use gateway."
	attributes: {
		podDisruptive: false
		status: {
			customStatus: #"""
				let ingress = context.outputs.ingress
				let addresses = *ingress.status.loadBalancer.ingress | []
				let host = *ingress.spec.rules[0].host | ""
				if len(addresses) == 0 {
					message: "The load balancer has no address yet"
				}
				if len(addresses) > 0 {
					if addresses[0].ip != _|_ {
						message: "Visiting URL: " + host + ", IP: " + addresses[0].ip
					}
					if addresses[0].ip == _|_ {
						message: "Visiting URL: " + host
					}
				}
				"""#
			healthPolicy: #"""
				isHealth: len(context.outputs.service.spec.clusterIP) > 0
				"""#
		}
	}
}
template: {
	outputs: service: {
		apiVersion: "v1"
		kind:       "Service"
		metadata: name: context.name
		spec: {
			selector: "app.oam.dev/component": context.name
			ports: [for route, number in parameter.http {
				port:       number
				targetPort: number
			}]
		}
	}

	outputs: ingress: {
		apiVersion: "networking.k8s.io/v1beta1"
		kind:       "Ingress"
		metadata: name: context.name
		spec: rules: [{
			host: parameter.domain
			http: paths: [for route, number in parameter.http {
				path: route
				backend: {
					serviceName: context.name
					servicePort: number
				}
			}]
		}]
	}

	parameter: {
		// +usage=Domain that the traffic is for
		domain: string

		// +usage=Ports of the component by path
		http: [string]: int
	}
}
`,
  },
  {
    kind: 'trait',
    name: 'ingress-1-20',
    deprecated: true,
    source: `"ingress-1-20": {
	type: "trait"
	annotations: {}
	labels: deprecated: "true"
	description: "Let web traffic from outside in by a domain: an Ingress of networking.k8s.io/v1 and a Service. Deprecated, use gateway."
	attributes: {
		podDisruptive: false
		status: {
			customStatus: #"""
				let ingress = context.outputs.ingress
				let addresses = *ingress.status.loadBalancer.ingress | []
				let host = *ingress.spec.rules[0].host | ""
				if len(addresses) == 0 {
					message: "The load balancer has no address yet"
				}
				if len(addresses) > 0 {
					if addresses[0].ip != _|_ {
						message: "Visiting URL: " + host + ", IP: " + addresses[0].ip
					}
					if addresses[0].ip == _|_ {
						message: "Visiting URL: " + host
					}
				}
				"""#
			healthPolicy: #"""
				isHealth: len(context.outputs.service.spec.clusterIP) > 0
				"""#
		}
	}
}
template: {
	outputs: service: {
		apiVersion: "v1"
		kind:       "Service"
		metadata: name: context.name
		spec: {
			selector: "app.oam.dev/component": context.name
			ports: [for route, number in parameter.http {
				port:       number
				targetPort: number
			}]
		}
	}

	outputs: ingress: {
		apiVersion: "networking.k8s.io/v1"
		kind:       "Ingress"
		metadata: {
			name: context.name
			annotations: "kubernetes.io/ingress.class": parameter.class
		}
		spec: rules: [{
			host: parameter.domain
			http: paths: [for route, number in parameter.http {
				path:     route
				pathType: "ImplementationSpecific"
				backend: service: {
					name: context.name
					port: "number": number
				}
			}]
		}]
	}

	parameter: {
		// +usage=Domain that the traffic is for
		domain: string

		// +usage=Ports of the component by path
		http: [string]: int

		// +usage=Class of the ingress controller to use
		class: *"nginx" | string
	}
}
`,
  },
  {
    kind: 'trait',
    name: 'node-affinity',
    deprecated: true,
    source: `"node-affinity": {
	type: "trait"
	annotations: {}
	labels: {
		"ui-hidden": "true"
		deprecated:  "true"
	}
	description: "Choose nodes by their labels and tolerate their taints. Deprecated, use affinity."
	attributes: {
		appliesToWorkloads: ["*"]
		podDisruptive: true
	}
}
template: {
	patch: spec: template: spec: {
		if parameter.affinity != _|_ {
			affinity: nodeAffinity: requiredDuringSchedulingIgnoredDuringExecution: nodeSelectorTerms: [{
				matchExpressions: [for label, allowed in parameter.affinity {
					key:      label
					operator: "In"
					values:   allowed
				}]
			}]
		}
		if parameter.tolerations != _|_ {
			tolerations: [for taint, wanted in parameter.tolerations {
				key:      taint
				operator: "Equal"
				value:    wanted
				effect:   "NoSchedule"
			}]
		}
	}

	parameter: {
		// +usage=Allowed values by label of the node
		affinity?: [string]: [...string]
		// +usage=Tolerated value by taint of the node
		tolerations?: [string]: string
	}
}
`,
  },
  {
    kind: 'trait',
    name: 'pvc',
    deprecated: true,
    source: `pvc: {
	type: "trait"
	annotations: {}
	labels: deprecated: "true"
	description: "Make a PersistentVolumeClaim and mount it in the first container of the pods. Deprecated, use storage."
	attributes: {
		appliesToWorkloads: ["deployments.apps"]
		podDisruptive: true
	}
}
template: {
	patch: spec: template: spec: {
		containers: [{
			if parameter.volumeMode == "Block" {
				// +patchKey=name
				volumeDevices: [for v in parameter.volumesToMount {
					name:       v.name
					devicePath: v.devicePath
				}]
			}
			if parameter.volumeMode == "Filesystem" {
				// +patchKey=name
				volumeMounts: [for v in parameter.volumesToMount {
					name:      v.name
					mountPath: v.mountPath
				}]
			}
		}]

		// +patchKey=name
		volumes: [for v in parameter.volumesToMount {
			name: v.name
			persistentVolumeClaim: claimName: parameter.claimName
		}]
	}

	outputs: claim: {
		apiVersion: "v1"
		kind:       "PersistentVolumeClaim"
		metadata: name: parameter.claimName
		spec: {
			accessModes: parameter.accessModes
			volumeMode:  parameter.volumeMode
			for field in ["volumeName", "storageClassName", "dataSourceRef", "dataSource"] if parameter[field] != _|_ {
				(field): parameter[field]
			}

			// The selector goes to dataSource, as in KubeVela.
			if parameter.selector != _|_ {
				dataSource: parameter.selector
			}
			resources: {
				requests: storage: parameter.resources.requests.storage
				if parameter.resources.limits != _|_ {
					limits: storage: parameter.resources.limits.storage
				}
			}
		}
	}

	parameter: {
		// +usage=Name of the claim
		claimName: string
		// +usage=Filesystem or Block
		volumeMode: *"Filesystem" | string
		// +usage=Volume to bind
		volumeName?: string
		// +usage=How nodes may use the volume
		accessModes: [...string]
		// +usage=Storage class, the default one when unset
		storageClassName?: string
		// +usage=Size of the volume
		resources: {
			requests: storage: =~"^([1-9][0-9]{0,63})(E|P|T|G|M|K|Ei|Pi|Ti|Gi|Mi|Ki)$"
			limits?: storage:  =~"^([1-9][0-9]{0,63})(E|P|T|G|M|K|Ei|Pi|Ti|Gi|Mi|Ki)$"
		}
		// +usage=Object whose content fills the volume
		dataSourceRef?: {
			// +usage=Name of the object
			name: string
			// +usage=Kind of the object
			kind: string
			// +usage=API group of the object
			apiGroup: string
		}
		// +usage=Claim or snapshot whose content fills the volume
		dataSource?: {
			// +usage=Name of the object
			name: string
			// +usage=Kind of the object
			kind: string
			// +usage=API group of the object
			apiGroup: string
		}
		// +usage=Which volumes may be bound
		selector?: {
			// +usage=Labels that must all be there
			matchLabels?: [string]: string
			// +usage=Condition on a label
			matchExpressions?: {
				// +usage=Name of the label
				key: string
				// +usage=Values to compare with
				values: [...string]
				// +usage=How the label compares with the values
				operator: string
			}
		}
		// +usage=Where the claim is mounted
		volumesToMount: [...{
			// +usage=Name of the volume in the pod
			name: string
			if volumeMode == "Block" {
				devicePath: string
			}
			if volumeMode == "Filesystem" {
				mountPath: string
			}
		}]
	}
}
`,
  },
  {
    kind: 'trait',
    name: 'volumes',
    deprecated: true,
    source: `volumes: {
	type: "trait"
	annotations: {}
	labels: deprecated: "true"
	description: "Add volumes to the pods. Deprecated, use storage."
	attributes: {
		appliesToWorkloads: ["deployments.apps"]
		podDisruptive: true
	}
}
template: {
	patch: {
		// +patchKey=name
		spec: template: spec: volumes: [if parameter.volumes != _|_ for v in parameter.volumes {
			name: v.name
			if v.type == "pvc" {
				persistentVolumeClaim: claimName: v.claimName
			}
			if v.type == "configMap" {
				configMap: {
					name:        v.cmName
					defaultMode: v.defaultMode
					if v.items != _|_ {items: v.items}
				}
			}
			if v.type == "secret" {
				secret: {
					secretName:  v.secretName
					defaultMode: v.defaultMode
					if v.items != _|_ {items: v.items}
				}
			}
			if v.type == "emptyDir" {
				emptyDir: medium: v.medium
			}
		}]
	}

	parameter: {
		// +usage=Volumes to add
		volumes?: [...{
			// +usage=Name of the volume in the pod
			name: string
			// +usage=Kind of volume
			type: *"emptyDir" | "pvc" | "configMap" | "secret"
			if type == "pvc" {
				claimName: string
			}
			if type == "configMap" {
				defaultMode: *420 | int
				cmName:      string
				// +usage=Keys to project, all of them when unset
				items?: [...{
					// +usage=Key to project
					key: string
					// +usage=Path of the file, relative to the mount
					path: string
					// +usage=Permission bits of the file, in decimal
					mode: *511 | int
				}]
			}
			if type == "secret" {
				defaultMode: *420 | int
				secretName:  string
				// +usage=Keys to project, all of them when unset
				items?: [...{
					// +usage=Key to project
					key: string
					// +usage=Path of the file, relative to the mount
					path: string
					// +usage=Permission bits of the file, in decimal
					mode: *511 | int
				}]
			}
			if type == "emptyDir" {
				medium: *"" | "Memory"
			}
		}]
	}
}
`,
  },
];
