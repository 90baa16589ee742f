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
						if parameter.cpu != _|_ {
							resources: {
								limits: cpu: [if parameter.limit.cpu != _|_ {parameter.limit.cpu}, parameter.cpu][0]
								requests: cpu: parameter.cpu
							}
						}
						if parameter.memory != _|_ {
							resources: {
								limits: memory: [if parameter.limit.memory != _|_ {parameter.limit.memory}, parameter.memory][0]
								requests: memory: parameter.memory
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
    kind: 'policy',
    name: 'apply-once',
    deprecated: false,
    source: `"apply-once": {
	type: "policy"
	annotations: {}
	labels: {}
	description: "Leave objects, or some of their fields, as others set them after they were applied."
	attributes: {}
}
template: {
	parameter: {
		// +usage=Leave all objects of the Application alone once they are applied
		enable: *false | bool
		// +usage=Fields that keep their live values; the first rule that selects an object holds for it
		rules?: [...#Rule]
	}

	#Rule: {
		// +usage=Objects that the rule is for
		selector?: #Selector
		// +usage=Which fields keep their live values, and when
		strategy: #Strategy
	}

	#Strategy: {
		// +usage=When the live values win: onUpdate, onStateKeep or always
		affect?: string
		// +usage=Paths of the fields, such as \`spec.replicas\`; \`*\` stands for the whole object
		path: [...string]
	}

	#Selector: {
		// +usage=Names of components
		componentNames?: [...string]
		// +usage=Types of components
		componentTypes?: [...string]
		// +usage=What made the object: WORKLOAD or TRAIT
		oamTypes?: [...string]
		// +usage=Types of traits
		traitTypes?: [...string]
		// +usage=Kinds of objects, such as Deployment
		resourceTypes?: [...string]
		// +usage=Names of objects
		resourceNames?: [...string]
	}
}
`,
  },
  {
    kind: 'policy',
    name: 'garbage-collect',
    deprecated: false,
    source: `"garbage-collect": {
	type: "policy"
	annotations: {}
	labels: {}
	description: "Say which objects are deleted when they leave the Application, when, and how."
	attributes: {}
}
template: {
	parameter: {
		// +usage=Number of revisions to keep, in place of the platform's
		applicationRevisionLimit?: int
		// +usage=Whether objects of earlier versions stay until someone deletes them
		keepLegacyResource: *false | bool
		// +usage=Whether to delete also after a failed workflow, not only after one that succeeded
		continueOnFailure: *false | bool
		// +usage=Exceptions for some objects; the first rule that selects an object holds for it
		rules?: [...#Rule]
	}

	#Rule: {
		// +usage=Objects that the rule is for
		selector: #Selector
		// +usage=When the objects are deleted
		strategy: *"onAppUpdate" | "onAppDelete" | "never"
		// +usage=Whether what belongs to the objects is deleted with them
		propagation?: "orphan" | "cascading"
	}

	#Selector: {
		// +usage=Names of components
		componentNames?: [...string]
		// +usage=Types of components
		componentTypes?: [...string]
		// +usage=What made the object: WORKLOAD or TRAIT
		oamTypes?: [...string]
		// +usage=Types of traits
		traitTypes?: [...string]
		// +usage=Kinds of objects, such as Deployment
		resourceTypes?: [...string]
		// +usage=Names of objects
		resourceNames?: [...string]
	}
}
`,
  },
  {
    kind: 'policy',
    name: 'override',
    deprecated: false,
    source: `override: {
	type: "policy"
	annotations: {}
	labels: {}
	description: "Change components for the deploy steps that name this policy: what to deploy there."
	attributes: {}
}
template: {
	parameter: {
		// +usage=Changes to components
		components: [...#Change]
		// +usage=Names of the components to deploy, all of them when unset
		selector?: [...string]
	}

	#Change: {
		// +usage=Component to change, \`*\` allowed inside; all of them when unset
		name?: string
		// +usage=Type of the components to change, or of the component that is added
		type?: string
		// +usage=Properties that are laid over those of the component
		properties?: {...}
		// +usage=Traits to change, add or take away
		traits?: [...{
			// +usage=Type of the trait
			type: string
			// +usage=Properties that are laid over those of the trait
			properties?: {...}
			// +usage=Whether the trait is taken away
			disable: *false | bool
		}]
	}
}
`,
  },
  {
    kind: 'policy',
    name: 'read-only',
    deprecated: false,
    source: `"read-only": {
	type: "policy"
	annotations: {}
	labels: {}
	description: "Use objects that exist already, without ever writing or deleting them."
	attributes: {}
}
template: {
	parameter: {
		// +usage=Objects that must exist and are never written; the first rule that selects an object holds for it
		rules?: [...#Rule]
	}

	#Rule: {
		// +usage=Objects that the rule is for
		selector: #Selector
	}

	#Selector: {
		// +usage=Names of components
		componentNames?: [...string]
		// +usage=Types of components
		componentTypes?: [...string]
		// +usage=What made the object: WORKLOAD or TRAIT
		oamTypes?: [...string]
		// +usage=Types of traits
		traitTypes?: [...string]
		// +usage=Kinds of objects, such as Deployment
		resourceTypes?: [...string]
		// +usage=Names of objects
		resourceNames?: [...string]
	}
}
`,
  },
  {
    kind: 'policy',
    name: 'replication',
    deprecated: false,
    source: `replication: {
	type: "policy"
	annotations: {}
	labels: {}
	description: "Deploy copies of components, one for each key, in the deploy steps that name this policy."
	attributes: {}
}
template: parameter: {
	// +usage=Keys of the copies; templates see theirs as \`context.replicaKey\`
	keys: [...string]
	// +usage=Names of the components to copy, all of them when unset
	selector?: [...string]
}
`,
  },
  {
    kind: 'policy',
    name: 'resource-update',
    deprecated: false,
    source: `"resource-update": {
	type: "policy"
	annotations: {}
	labels: {}
	description: "Say how objects are updated: patched, replaced, or deleted and made again."
	attributes: {}
}
template: {
	parameter: {
		// +usage=Ways to update some objects; the first rule that selects an object holds for it
		rules?: [...#Rule]
	}

	#Rule: {
		// +usage=Objects that the rule is for
		selector: #Selector
		// +usage=How these objects are updated
		strategy: #Strategy
	}

	#Strategy: {
		// +usage=Whether the change is merged into the live object or takes its place
		op: *"patch" | "replace"
		// +usage=Paths of fields; a change to one of them deletes the object and makes it again
		recreateFields?: [...string]
	}

	#Selector: {
		// +usage=Names of components
		componentNames?: [...string]
		// +usage=Types of components
		componentTypes?: [...string]
		// +usage=What made the object: WORKLOAD or TRAIT
		oamTypes?: [...string]
		// +usage=Types of traits
		traitTypes?: [...string]
		// +usage=Kinds of objects, such as Deployment
		resourceTypes?: [...string]
		// +usage=Names of objects
		resourceNames?: [...string]
	}
}
`,
  },
  {
    kind: 'policy',
    name: 'shared-resource',
    deprecated: false,
    source: `"shared-resource": {
	type: "policy"
	annotations: {}
	labels: {}
	description: "Share objects with other Applications: the first one writes them, the last one deletes them."
	attributes: {}
}
template: {
	parameter: {
		// +usage=Objects that other Applications may have too; the first rule that selects an object holds for it
		rules?: [...#Rule]
	}

	#Rule: {
		// +usage=Objects that the rule is for
		selector: #Selector
	}

	#Selector: {
		// +usage=Names of components
		componentNames?: [...string]
		// +usage=Types of components
		componentTypes?: [...string]
		// +usage=What made the object: WORKLOAD or TRAIT
		oamTypes?: [...string]
		// +usage=Types of traits
		traitTypes?: [...string]
		// +usage=Kinds of objects, such as Deployment
		resourceTypes?: [...string]
		// +usage=Names of objects
		resourceNames?: [...string]
	}
}
`,
  },
  {
    kind: 'policy',
    name: 'take-over',
    deprecated: false,
    source: `"take-over": {
	type: "policy"
	annotations: {}
	labels: {}
	description: "Adopt objects that exist already and belong to no Application."
	attributes: {}
}
template: {
	parameter: {
		// +usage=Objects to adopt where nobody owns them; the first rule that selects an object holds for it
		rules?: [...#Rule]
	}

	#Rule: {
		// +usage=Objects that the rule is for
		selector: #Selector
	}

	#Selector: {
		// +usage=Names of components
		componentNames?: [...string]
		// +usage=Types of components
		componentTypes?: [...string]
		// +usage=What made the object: WORKLOAD or TRAIT
		oamTypes?: [...string]
		// +usage=Types of traits
		traitTypes?: [...string]
		// +usage=Kinds of objects, such as Deployment
		resourceTypes?: [...string]
		// +usage=Names of objects
		resourceNames?: [...string]
	}
}
`,
  },
  {
    kind: 'policy',
    name: 'topology',
    deprecated: false,
    source: `topology: {
	type: "policy"
	annotations: {}
	labels: {}
	description: "Choose the clusters and the namespace to deploy to: where."
	attributes: {}
}
template: parameter: {
	// +usage=Names of clusters
	clusters?: [...string]
	// +usage=Labels that the clusters have
	clusterLabelSelector?: [string]: string
	// +usage=Whether labels that no cluster has are no error
	allowEmpty?: bool
	// +usage=Deprecated in favour of clusterLabelSelector
	clusterSelector?: [string]: string
	// +usage=Namespace in those clusters, that of the Application when unset
	namespace?: string
}
`,
  },
  {
    kind: 'workflowstep',
    name: 'apply-component',
    deprecated: false,
    source: `"apply-component": {
	type: "workflow-step"
	annotations: category: "Application Delivery"
	description: "Apply one component with its traits."
	labels: scope: "Application"
}
template: parameter: {
	// +usage=Name of the component
	component: string
	// +usage=Cluster to apply it in, the one of the control plane when empty
	cluster: *"" | string
	// +usage=Namespace to apply it in, that of the Application when empty
	namespace: *"" | string
}
`,
  },
  {
    kind: 'workflowstep',
    name: 'apply-deployment',
    deprecated: false,
    source: `import (
	"vela/kube"
	"vela/builtin"
)

"apply-deployment": {
	type:  "workflow-step"
	alias: ""
	annotations: category: "Resource Management"
	description: "Apply a Deployment of one container and wait until its pods are ready."
	labels: {}
	attributes: {}
}
template: {
	output: kube.#Apply & {
		$params: {
			cluster: parameter.cluster
			value: {
				apiVersion: "apps/v1"
				kind:       "Deployment"
				metadata: {
					name:      context.stepName
					namespace: context.namespace
				}
				spec: {
					replicas: parameter.replicas
					selector: matchLabels: _labels
					template: {
						metadata: labels: _labels
						spec: containers: [{
							name:  context.stepName
							image: parameter.image
							if parameter.cmd != _|_ {
								command: parameter.cmd
							}
						}]
					}
				}
			}
		}
	}
	_labels: "workflow.oam.dev/step-name": "\\(context.name)-\\(context.stepName)"

	wait: builtin.#ConditionalWait & {
		$params: continue: output.$returns.value.status.readyReplicas == parameter.replicas
	}

	parameter: {
		// +usage=Image of the container
		image: string
		// +usage=Number of pods
		replicas: *1 | int
		// +usage=Cluster to apply it in, the one of the control plane when empty
		cluster: *"" | string
		// +usage=Command of the container, that of the image when unset
		cmd?: [...string]
	}
}
`,
  },
  {
    kind: 'workflowstep',
    name: 'apply-object',
    deprecated: false,
    source: `import "vela/kube"

"apply-object": {
	type: "workflow-step"
	annotations: category: "Resource Management"
	description: "Apply one Kubernetes object, given as it is."
	labels: {}
}
template: {
	apply: kube.#Apply & {
		$params: parameter
	}

	parameter: {
		// +usage=The object
		value: {...}
		// +usage=Cluster to apply it in, the one of the control plane when empty
		cluster: *"" | string
	}
}
`,
  },
  {
    kind: 'workflowstep',
    name: 'apply-terraform-config',
    deprecated: false,
    source: `import (
	"vela/kube"
	"vela/builtin"
)

"apply-terraform-config": {
	type:  "workflow-step"
	alias: ""
	annotations: category: "Terraform"
	description: "Apply a Terraform configuration and wait until it is available."
	labels: {}
	attributes: {}
}
template: {
	apply: kube.#Apply & {
		$params: value: {
			apiVersion: "terraform.core.oam.dev/v1beta2"
			kind:       "Configuration"
			metadata: {
				name:      "\\(context.name)-\\(context.stepName)"
				namespace: context.namespace
			}
			spec: {
				deleteResource: parameter.deleteResource
				forceDelete:    parameter.forceDelete
				variable:       parameter.variable
				for field in ["hcl", "remote", "path"] if parameter.source[field] != _|_ {
					(field): parameter.source[field]
				}
				for field in ["providerRef", "writeConnectionSecretToRef", "region", "jobEnv"] if parameter[field] != _|_ {
					(field): parameter[field]
				}
			}
		}
	}

	check: builtin.#ConditionalWait & {
		if apply.$returns.value.status.apply != _|_ {
			$params: continue: apply.$returns.value.status.apply.state == "Available"
		}
	}

	parameter: {
		// +usage=Where the configuration is: HCL written here, or a repository
		source: close({
			// +usage=The configuration in HCL
			hcl: string
		}) | close({
			// +usage=URL of a Git repository that holds it
			remote: *"https://github.com/kubevela-contrib/terraform-modules.git" | string
			// +usage=Folder inside the repository
			path?: string
		})
		// +usage=Whether the cloud resource goes when the configuration is deleted
		deleteResource: *true | bool
		// +usage=Values of the configuration's variables
		variable: {...}
		// +usage=Secret that gets what is needed to connect to the cloud resource
		writeConnectionSecretToRef?: {
			// +usage=Name of the Secret
			name: string
			// +usage=Namespace of the Secret, that of the Application when unset
			namespace: *context.namespace | string
		}
		// +usage=Provider that holds the credentials of the cloud
		providerRef?: {
			// +usage=Name of the provider
			name: string
			// +usage=Namespace of the provider, that of the Application when unset
			namespace: *context.namespace | string
		}
		// +usage=Region of the cloud, in place of the provider's
		region?: string
		// +usage=Environment variables of the job that runs Terraform
		jobEnv?: {...}
		// +usage=Whether deleting goes on whatever state the configuration is in
		forceDelete: *false | bool
	}
}
`,
  },
  {
    kind: 'workflowstep',
    name: 'apply-terraform-provider',
    deprecated: false,
    source: `import (
	"vela/config"
	"vela/kube"
	"vela/builtin"
)

"apply-terraform-provider": {
	type:  "workflow-step"
	alias: ""
	annotations: category: "Terraform"
	description: "Apply a Terraform provider with the credentials of a cloud and wait until it is ready."
	labels: {}
	attributes: {}
}
template: {
	cfg: config.#CreateConfig & {
		$params: {
			name:      "\\(context.name)-\\(context.stepName)"
			namespace: context.namespace
			template:  "terraform-\\(parameter.type)"
			config: {
				name: parameter.name
				for variable, field in _variables[parameter.type] {
					(variable): parameter[field]
				}
			}
		}
	}

	read: kube.#Read & {
		$params: value: {
			apiVersion: "terraform.core.oam.dev/v1beta1"
			kind:       "Provider"
			metadata: {
				name:      parameter.name
				namespace: context.namespace
			}
		}
	}

	check: builtin.#ConditionalWait & {
		if read.$returns.value.status != _|_ {
			$params: continue: read.$returns.value.status.state == "ready"
		}
	}

	// By type of provider: the variables of its template, and the parameters that they are taken from.
	_variables: {
		alibaba: {
			ALICLOUD_ACCESS_KEY: "accessKey"
			ALICLOUD_SECRET_KEY: "secretKey"
			ALICLOUD_REGION:     "region"
		}
		aws: {
			AWS_ACCESS_KEY_ID:     "accessKey"
			AWS_SECRET_ACCESS_KEY: "secretKey"
			AWS_DEFAULT_REGION:    "region"
			AWS_SESSION_TOKEN:     "token"
		}
		azure: {
			ARM_CLIENT_ID:       "clientID"
			ARM_CLIENT_SECRET:   "clientSecret"
			ARM_SUBSCRIPTION_ID: "subscriptionID"
			ARM_TENANT_ID:       "tenantID"
		}
		baidu: {
			BAIDUCLOUD_ACCESS_KEY: "accessKey"
			BAIDUCLOUD_SECRET_KEY: "secretKey"
			BAIDUCLOUD_REGION:     "region"
		}
		ec: EC_API_KEY: "apiKey"
		gcp: {
			GOOGLE_CREDENTIALS: "credentials"
			GOOGLE_REGION:      "region"
			GOOGLE_PROJECT:     "project"
		}
		tencent: {
			TENCENTCLOUD_SECRET_ID:  "secretID"
			TENCENTCLOUD_SECRET_KEY: "secretKey"
			TENCENTCLOUD_REGION:     "region"
		}
		ucloud: {
			UCLOUD_PRIVATE_KEY: "privateKey"
			UCLOUD_PUBLIC_KEY:  "publicKey"
			UCLOUD_PROJECT_ID:  "projectID"
			UCLOUD_REGION:      "region"
		}
	}

	parameter: #AlibabaProvider | #AWSProvider | #AzureProvider | #BaiduProvider | #ECProvider | #GCPProvider | #TencentProvider | #UCloudProvider

	providerBasic: {
		// +usage=Access key
		accessKey!: string
		// +usage=Secret that belongs to the key
		secretKey!: string
		// +usage=Region of the cloud
		region!: string
	}

	#AlibabaProvider: {
		providerBasic

		// +usage=Which cloud
		type: "alibaba"
		// +usage=Name of the provider
		name: *"alibaba-provider" | string
	}

	#AWSProvider: {
		providerBasic

		// +usage=Session token
		token: *"" | string
		// +usage=Which cloud
		type: "aws"
		// +usage=Name of the provider
		name: *"aws-provider" | string
	}

	#AzureProvider: {
		// +usage=Subscription
		subscriptionID: string
		// +usage=Tenant
		tenantID: string
		// +usage=Client
		clientID: string
		// +usage=Secret that belongs to the client
		clientSecret: string
		// +usage=Which cloud
		type: "azure"
		// +usage=Name of the provider
		name: *"azure-provider" | string
	}

	#BaiduProvider: {
		providerBasic

		// +usage=Which cloud
		type: "baidu"
		// +usage=Name of the provider
		name: *"baidu-provider" | string
	}

	#ECProvider: {
		// +usage=Which cloud: Elastic Cloud
		type: "ec"
		// +usage=API key
		apiKey: *"" | string
		// +usage=Name of the provider
		name: *"ec-provider" | string
	}

	#GCPProvider: {
		// +usage=Credentials as JSON
		credentials: string
		// +usage=Region of the cloud
		region: string
		// +usage=Project
		project: string
		// +usage=Which cloud
		type: "gcp"
		// +usage=Name of the provider
		name: *"gcp-provider" | string
	}

	#TencentProvider: {
		// +usage=Access key
		secretID: string
		// +usage=Secret that belongs to the key
		secretKey: string
		// +usage=Region of the cloud
		region: string
		// +usage=Which cloud
		type: "tencent"
		// +usage=Name of the provider
		name: *"tencent-provider" | string
	}

	#UCloudProvider: {
		// +usage=Public key
		publicKey: string
		// +usage=Private key
		privateKey: string
		// +usage=Project
		projectID: string
		// +usage=Region of the cloud
		region: string
		// +usage=Which cloud
		type: "ucloud"
		// +usage=Name of the provider
		name: *"ucloud-provider" | string
	}
}
`,
  },
  {
    kind: 'workflowstep',
    name: 'build-push-image',
    deprecated: false,
    source: `import (
	"vela/builtin"
	"vela/kube"
	"vela/util"
	"strings"
)

"build-push-image": {
	type:  "workflow-step"
	alias: ""
	annotations: category: "CI Integration"
	description: "Build an image with kaniko in a pod and push it to its registry."
	labels: {}
	attributes: {}
}
template: {
	url: {
		if parameter.context.git != _|_ {
			address: strings.TrimPrefix(parameter.context.git, "git://")
			value:   "git://\\(address)#refs/heads/\\(parameter.context.branch)"
		}
		if parameter.context.git == _|_ {
			value: parameter.context
		}
	}

	kaniko: kube.#Apply & {
		$params: value: {
			_pod
			spec: {
				containers: [{
					name:  "kaniko"
					image: parameter.kanikoExecutor
					args: [
						"--dockerfile=\\(parameter.dockerfile)",
						"--context=\\(url.value)",
						"--destination=\\(parameter.image)",
						"--verbosity=\\(parameter.verbosity)",
						if parameter.platform != _|_ {"--customPlatform=\\(parameter.platform)"},
						if parameter.buildArgs != _|_ for argument in parameter.buildArgs {"--build-arg=\\(argument)"},
					]
					if parameter.credentials.image != _|_ {
						volumeMounts: [{
							name:      parameter.credentials.image.name
							mountPath: "/kaniko/.docker/"
						}]
					}
					if parameter.credentials.git != _|_ {
						env: [{
							name: "GIT_TOKEN"
							valueFrom: secretKeyRef: {
								name: parameter.credentials.git.name
								key:  parameter.credentials.git.key
							}
						}]
					}
				}]
				if parameter.credentials.image != _|_ {
					volumes: [{
						name: parameter.credentials.image.name
						secret: {
							secretName:  parameter.credentials.image.name
							defaultMode: 420
							items: [{
								key:  parameter.credentials.image.key
								path: "config.json"
							}]
						}
					}]
				}
				restartPolicy: "Never"
			}
		}
	}

	log: util.#Log & {
		$params: source: resources: [_pod.metadata]
	}

	read: kube.#Read & {
		$params: value: _pod
	}

	wait: builtin.#ConditionalWait & {
		if read.$returns.value.status != _|_ {
			$params: continue: read.$returns.value.status.phase == "Succeeded"
		}
	}

	_pod: {
		apiVersion: "v1"
		kind:       "Pod"
		metadata: {
			name:      "\\(context.name)-\\(context.stepSessionID)-kaniko"
			namespace: context.namespace
		}
	}

	#git: {
		// +usage=Address of a Git repository
		git: string
		// +usage=Branch to build
		branch: *"master" | string
	}

	parameter: {
		// +usage=Image of kaniko
		kanikoExecutor: *"oamdev/kaniko-executor:v1.9.1" | string
		// +usage=What to build: a branch of a Git repository, or a build context as kaniko takes it
		context: #git | string
		// +usage=Path of the Dockerfile inside the context
		dockerfile: *"./Dockerfile" | string
		// +usage=Image to build and push
		image: string
		// +usage=Platform to build for
		platform?: string
		// +usage=Build arguments, each \`NAME=value\`
		buildArgs?: [...string]
		// +usage=Secrets to read the source and to push the image with
		credentials?: {
			// +usage=Token for the Git repository
			git?: {
				// +usage=Name of the Secret
				name: string
				// +usage=Key inside the Secret
				key: string
			}
			// +usage=Login to the registry
			image?: {
				// +usage=Name of the Secret
				name: string
				// +usage=Key inside the Secret
				key: *".dockerconfigjson" | string
			}
		}
		// +usage=How much kaniko logs
		verbosity: *"info" | "panic" | "fatal" | "error" | "warn" | "debug" | "trace"
	}
}
`,
  },
  {
    kind: 'workflowstep',
    name: 'check-metrics',
    deprecated: false,
    source: `import (
	"vela/metrics"
	"vela/builtin"
)

"check-metrics": {
	type: "workflow-step"
	annotations: category: "Application Delivery"
	description: "Wait until a PromQL query has met a condition for a while; fail when it has not met it for a while."
	labels: catalog: "Delivery"
}
template: {
	check: metrics.#PromCheck & {
		$params: {
			query:     parameter.query
			condition: parameter.condition
			for field in ["metricEndpoint", "duration", "failDuration"] if parameter[field] != _|_ {
				(field): parameter[field]
			}
		}
	}

	fail: {
		if check.$returns.failed != _|_ if check.$returns.failed {
			breakWorkflow: builtin.#Fail & {
				$params: message: check.$returns.message
			}
		}
	}

	wait: builtin.#ConditionalWait & {
		$params: {
			continue: check.$returns.result
			if check.$returns.message != _|_ {
				message: check.$returns.message
			}
		}
	}

	parameter: {
		// +usage=Query in PromQL
		query: string
		// +usage=URL of the Prometheus server
		metricEndpoint?: "http://prometheus-server.o11y-system.svc:9090" | string
		// +usage=What the result has to be, such as \`>=0.95\`
		condition: string
		// +usage=How long the condition has to hold
		duration?: *"5m" | string
		// +usage=How long the condition may be missed
		failDuration?: *"2m" | string
	}
}
`,
  },
  {
    kind: 'workflowstep',
    name: 'clean-jobs',
    deprecated: false,
    source: `import "vela/kube"

"clean-jobs": {
	type: "workflow-step"
	annotations: category: "Resource Management"
	description: "Delete Jobs and their pods."
	labels: {}
}
template: {
	cleanJobs: kube.#Delete & {
		$params: {
			_params
			value: {
				apiVersion: "batch/v1"
				kind:       "Job"
			}
		}
	}

	cleanPods: kube.#Delete & {
		$params: {
			_params
			value: {
				apiVersion: "v1"
				kind:       "pod"
			}
		}
	}

	_params: {
		value: {
			metadata: {
				name: context.name
				// A plain string: it meets another default, that of kube.#Delete.
				namespace: "\\(parameter.namespace)"
			}
			...
		}
		filter: {
			namespace: parameter.namespace
			matchingLabels: [
				if parameter.labelselector != _|_ {parameter.labelselector},
				{"workflow.oam.dev/name": context.name},
			][0]
		}
	}

	parameter: {
		// +usage=Labels of the Jobs and pods, those of this workflow when unset
		labelselector?: {...}
		// +usage=Namespace of the Jobs and pods, that of the Application when unset
		namespace: *context.namespace | string
	}
}
`,
  },
  {
    kind: 'workflowstep',
    name: 'collect-service-endpoints',
    deprecated: false,
    source: `import (
	"vela/builtin"
	"vela/query"
)

"collect-service-endpoints": {
	type: "workflow-step"
	annotations: category: "Application Delivery"
	description: "Collect the addresses at which an Application is reached."
	labels: {}
}
template: {
	collect: query.#CollectServiceEndpoints & {
		$params: app: {
			name:      parameter.name
			namespace: parameter.namespace
			filter: {
				if parameter.components != _|_ {
					components: parameter.components
				}
			}
		}
	}

	// Each list holds what is left of the one before.
	outputs: {
		eps_port_name_filtered: [
			if parameter.portName == _|_ for e in collect.$returns.list {e},
			if parameter.portName != _|_ for e in collect.$returns.list if e.endpoint.portName != _|_ if e.endpoint.portName == parameter.portName {e},
		]
		eps_port_filtered: [
			if parameter.port == _|_ for e in eps_port_name_filtered {e},
			if parameter.port != _|_ for e in eps_port_name_filtered if e.endpoint.port == parameter.port {e},
		]
		eps: eps_port_filtered
		endpoints: [
			if parameter.outer == _|_ for e in eps {e},
			if parameter.outer != _|_ for e in eps
			let inner = *e.endpoint.inner | false
			if !parameter.outer || !inner {
				e
				outer: !inner
			},
		]
	}

	wait: builtin.#ConditionalWait & {
		$params: continue: len(outputs.endpoints) > 0
	}

	value: {
		if len(outputs.endpoints) > 0 {
			endpoint: outputs.endpoints[0].endpoint
			url:      "\\(parameter.protocal)://\\(endpoint.host):\\(endpoint.port)"
		}
	}

	parameter: {
		// +usage=Name of the Application, this one when unset
		name: *context.name | string
		// +usage=Namespace of the Application, that of this one when unset
		namespace: *context.namespace | string
		// +usage=Components whose addresses count, all of them when unset
		components?: [...string]
		// +usage=Port that counts, any when unset
		port?: int
		// +usage=Name of the port that counts, any when unset
		portName?: string
		// +usage=Whether only addresses that are reached from outside the cluster count
		outer?: bool
		// +usage=Protocol in the URL
		protocal: *"http" | "https"
	}
}
`,
  },
  {
    kind: 'workflowstep',
    name: 'create-config',
    deprecated: false,
    source: `import "vela/config"

"create-config": {
	type: "workflow-step"
	annotations: category: "Config Management"
	description: "Create a config, or write it anew."
	labels: {}
}
template: {
	deploy: config.#CreateConfig & {
		$params: parameter
	}

	parameter: {
		// +usage=Name of the config
		name: string
		// +usage=Namespace of the config, that of the Application when unset
		namespace: *context.namespace | string
		// +usage=Template that the config follows
		template?: string
		// +usage=Values of the config
		config: {...}
	}
}
`,
  },
  {
    kind: 'workflowstep',
    name: 'delete-config',
    deprecated: false,
    source: `import "vela/config"

"delete-config": {
	type: "workflow-step"
	annotations: category: "Config Management"
	description: "Delete a config."
	labels: {}
}
template: {
	deploy: config.#DeleteConfig & {
		$params: parameter
	}

	parameter: {
		// +usage=Name of the config
		name: string
		// +usage=Namespace of the config, that of the Application when unset
		namespace: *context.namespace | string
	}
}
`,
  },
  {
    kind: 'workflowstep',
    name: 'depends-on-app',
    deprecated: false,
    source: `import (
	"vela/kube"
	"vela/builtin"
	"encoding/yaml"
)

"depends-on-app": {
	type: "workflow-step"
	annotations: category: "Application Delivery"
	description: "Wait until another Application runs; one that does not exist is applied from the ConfigMap of its name."
	labels: {}
}
template: {
	dependsOn: kube.#Read & {
		$params: value: {
			apiVersion: "core.oam.dev/v1beta1"
			kind:       "Application"
			metadata:   _meta
		}
	}

	load: {
		if dependsOn.$returns.err != _|_ {
			configMap: kube.#Read & {
				$params: value: {
					apiVersion: "v1"
					kind:       "ConfigMap"
					metadata:   _meta
				}
			}
			template: configMap.$returns.value.data.application
			apply: kube.#Apply & {
				$params: value: yaml.Unmarshal(template)
			}
			wait: builtin.#ConditionalWait & {
				$params: continue: apply.$returns.value.status.status == "running"
			}
		}
		if dependsOn.$returns.err == _|_ {
			wait: builtin.#ConditionalWait & {
				$params: continue: dependsOn.$returns.value.status.status == "running"
			}
		}
	}

	_meta: {
		name:      parameter.name
		namespace: parameter.namespace
	}

	parameter: {
		// +usage=Name of the Application
		name: string
		// +usage=Namespace of the Application
		namespace: string
	}
}
`,
  },
  {
    kind: 'workflowstep',
    name: 'deploy',
    deprecated: false,
    source: `import (
	"vela/multicluster"
	"vela/builtin"
)

deploy: {
	type: "workflow-step"
	annotations: category: "Application Delivery"
	description: "Deploy the components where the policies say and as they say, and wait until they are healthy."
	labels: scope: "Application"
}
template: {
	if !parameter.auto {
		suspend: builtin.#Suspend & {
			$params: message: "Waiting approval to the deploy step \\"\\(context.stepName)\\""
		}
	}
	deploy: multicluster.#Deploy & {
		$params: {
			policies:                 parameter.policies
			parallelism:              parameter.parallelism
			ignoreTerraformComponent: parameter.ignoreTerraformComponent
		}
	}

	parameter: {
		// +usage=Whether to go on without asking; otherwise the workflow waits here for an approval
		auto: *true | bool
		// +usage=Policies for this step, such as topology and override; without any it deploys to the control plane's cluster
		policies: *[] | [...string]
		// +usage=How many components are deployed at a time
		parallelism: *5 | int
		// +usage=Whether Terraform components are left out
		ignoreTerraformComponent: *true | bool
	}
}
`,
  },
  {
    kind: 'workflowstep',
    name: 'deploy-cloud-resource',
    deprecated: false,
    source: `import "vela/op"

"deploy-cloud-resource": {
	type: "workflow-step"
	annotations: category: "Application Delivery"
	description: "Deploy the Terraform components of an environment and send their Secrets to its cluster."
	labels: scope: "Application"
}
template: {
	app: op.#DeployCloudResource & {
		name:      context.name
		namespace: context.namespace
		policy:    parameter.policy
		env:       parameter.env
	}

	parameter: {
		// +usage=Name of the env-binding policy, the first one when empty
		policy: *"" | string
		// +usage=Name of the environment in that policy
		env: string
	}
}
`,
  },
  {
    kind: 'workflowstep',
    name: 'export-data',
    deprecated: false,
    source: `import (
	"vela/op"
	"vela/kube"
)

"export-data": {
	type: "workflow-step"
	annotations: category: "Application Delivery"
	description: "Write a ConfigMap or a Secret in the clusters that a topology policy names."
	labels: scope: "Application"
}
template: {
	object: {
		apiVersion: "v1"
		kind:       parameter.kind
		metadata: {
			name: [if parameter.name != _|_ {parameter.name}, context.name][0]
			namespace: [if parameter.namespace != _|_ {parameter.namespace}, context.namespace][0]
		}
		if kind == "ConfigMap" {
			data: parameter.data
		}
		if kind == "Secret" {
			stringData: parameter.data
		}
	}

	getPlacements: op.#GetPlacementsFromTopologyPolicies & {
		policies: *[if parameter.topology != _|_ {parameter.topology}] | [...string]
	}

	apply: {
		for placement in getPlacements.placements {
			(placement.cluster): kube.#Apply & {
				$params: {
					cluster: placement.cluster
					value:   object
				}
			}
		}
	}

	parameter: {
		// +usage=Name of the object, that of the Application when unset
		name?: string
		// +usage=Namespace of the object, that of the Application when unset
		namespace?: string
		// +usage=Kind of the object
		kind: *"ConfigMap" | "Secret"
		// +usage=Keys and values
		data: {}
		// +usage=Name of the topology policy, the control plane's cluster when unset
		topology?: string
	}
}
`,
  },
  {
    kind: 'workflowstep',
    name: 'export-service',
    deprecated: false,
    source: `import (
	"vela/op"
	"vela/kube"
)

"export-service": {
	type: "workflow-step"
	annotations: category: "Application Delivery"
	description: "Make an address known as a Service in the clusters that a topology policy names."
	labels: scope: "Application"
}
template: {
	meta: {
		name: [if parameter.name != _|_ {parameter.name}, context.name][0]
		namespace: [if parameter.namespace != _|_ {parameter.namespace}, context.namespace][0]
	}

	objects: [
		{
			apiVersion: "v1"
			kind:       "Service"
			metadata:   meta
			spec: {
				type: "ClusterIP"
				ports: [{
					protocol:   "TCP"
					port:       parameter.port
					targetPort: parameter.targetPort
				}]
			}
		},
		{
			apiVersion: "v1"
			kind:       "Endpoints"
			metadata:   meta
			subsets: [{
				addresses: [{ip: parameter.ip}]
				ports: [{port: parameter.targetPort}]
			}]
		},
	]

	getPlacements: op.#GetPlacementsFromTopologyPolicies & {
		policies: *[if parameter.topology != _|_ {parameter.topology}] | [...string]
	}

	apply: {
		for placement in getPlacements.placements for object in objects {
			"\\(placement.cluster)-\\(object.kind)": kube.#Apply & {
				$params: {
					cluster: placement.cluster
					value:   object
				}
			}
		}
	}

	parameter: {
		// +usage=Name of the Service, that of the Application when unset
		name?: string
		// +usage=Namespace of the Service, that of the Application when unset
		namespace?: string
		// +usage=IP address behind the Service
		ip: string
		// +usage=Port of the Service
		port: int
		// +usage=Port behind the Service
		targetPort: int
		// +usage=Name of the topology policy, the control plane's cluster when unset
		topology?: string
	}
}
`,
  },
  {
    kind: 'workflowstep',
    name: 'export2config',
    deprecated: false,
    source: `import "vela/kube"

export2config: {
	type: "workflow-step"
	annotations: category: "Resource Management"
	description: "Write a ConfigMap."
}
template: {
	apply: kube.#Apply & {
		$params: {
			cluster: parameter.cluster
			value: {
				apiVersion: "v1"
				kind:       "ConfigMap"
				metadata: {
					name: parameter.configName
					namespace: [if parameter.namespace != _|_ {parameter.namespace}, context.namespace][0]
				}
				data: parameter.data
			}
		}
	}

	parameter: {
		// +usage=Name of the ConfigMap
		configName: string
		// +usage=Namespace of the ConfigMap, that of the Application when unset
		namespace?: string
		// +usage=Keys and values
		data: {}
		// +usage=Cluster to write it in, the one of the control plane when empty
		cluster: *"" | string
	}
}
`,
  },
  {
    kind: 'workflowstep',
    name: 'export2secret',
    deprecated: false,
    source: `import (
	"vela/kube"
	"encoding/base64"
	"encoding/json"
)

export2secret: {
	type: "workflow-step"
	annotations: category: "Resource Management"
	description: "Write a Secret, of any type or to log in to a registry."
}
template: {
	secret: {
		_login: [if parameter.kind == "docker-registry" if parameter.dockerRegistry != _|_ {parameter.dockerRegistry}]
		data: *parameter.data | {}
		for login in _login {
			registryData: auths: (login.server): {
				username: login.username
				password: login.password
				auth:     base64.Encode(null, "\\(login.username):\\(login.password)")
			}
			data: ".dockerconfigjson": json.Marshal(registryData)
		}
		apply: kube.#Apply & {
			$params: {
				cluster: parameter.cluster
				value: {
					apiVersion: "v1"
					kind:       "Secret"
					metadata: {
						name: parameter.secretName
						namespace: [if parameter.namespace != _|_ {parameter.namespace}, context.namespace][0]
					}
					if parameter.type != _|_ {
						type: parameter.type
					}
					if parameter.type == _|_ if parameter.kind == "docker-registry" {
						type: "kubernetes.io/dockerconfigjson"
					}
					stringData: data
				}
			}
		}
	}

	parameter: {
		// +usage=Name of the Secret
		secretName: string
		// +usage=Namespace of the Secret, that of the Application when unset
		namespace?: string
		// +usage=Type of the Secret, by its kind when unset
		type?: string
		// +usage=Keys and values
		data: {}
		// +usage=Cluster to write it in, the one of the control plane when empty
		cluster: *"" | string
		// +usage=Whether the Secret holds the data alone or the login to a registry with it
		kind: *"generic" | "docker-registry"
		// +usage=Login to a registry
		dockerRegistry?: {
			// +usage=Name of the user
			username: string
			// +usage=Password of the user
			password: string
			// +usage=Address of the registry
			server: *"https://index.docker.io/v1/" | string
		}
	}
}
`,
  },
  {
    kind: 'workflowstep',
    name: 'generate-jdbc-connection',
    deprecated: false,
    source: `import (
	"vela/kube"
	"vela/util"
	"encoding/base64"
)

"generate-jdbc-connection": {
	type: "workflow-step"
	annotations: category: "Terraform"
	description: "Make a JDBC connection from the Secret of a database component."
}
template: {
	output: kube.#Read & {
		$params: value: {
			apiVersion: "v1"
			kind:       "Secret"
			metadata: {
				name: parameter.name
				if parameter.namespace != _|_ {
					namespace: parameter.namespace
				}
			}
		}
	}

	_stored: output.$returns.value.data
	dbHost: util.#ConvertString & {$params: bt: base64.Decode(null, _stored.DB_HOST)}
	dbPort: util.#ConvertString & {$params: bt: base64.Decode(null, _stored.DB_PORT)}
	dbName: util.#ConvertString & {$params: bt: base64.Decode(null, _stored.DB_NAME)}
	username: util.#ConvertString & {$params: bt: base64.Decode(null, _stored.DB_USER)}
	password: util.#ConvertString & {$params: bt: base64.Decode(null, _stored.DB_PASSWORD)}

	env: [
		{
			name:  "url"
			value: "jdbc://\\(dbHost.$returns.str):\\(dbPort.$returns.str)/\\(dbName.$returns.str)?characterEncoding=utf8&useSSL=false"
		},
		{
			name:  "username"
			value: username.$returns.str
		},
		{
			name:  "password"
			value: password.$returns.str
		},
	]

	parameter: {
		// +usage=Name of the Secret that the database component writes
		name: string
		// +usage=Namespace of that Secret
		namespace?: string
	}
}
`,
  },
  {
    kind: 'workflowstep',
    name: 'list-config',
    deprecated: false,
    source: `import "vela/config"

"list-config": {
	type: "workflow-step"
	annotations: category: "Config Management"
	description: "List the configs that follow a template."
	labels: {}
}
template: {
	output: config.#ListConfig & {
		$params: parameter
	}

	parameter: {
		// +usage=Template that the configs follow
		template: string
		// +usage=Namespace of the configs, that of the Application when unset
		namespace: *context.namespace | string
	}
}
`,
  },
  {
    kind: 'workflowstep',
    name: 'notification',
    deprecated: false,
    source: `import (
	"vela/http"
	"vela/email"
	"vela/kube"
	"vela/util"
	"encoding/base64"
	"encoding/json"
)

notification: {
	type: "workflow-step"
	annotations: category: "External Integration"
	description: "Send a message by email, DingTalk, Slack or Lark."
	labels: {}
}
template: {
	ding: {
		if parameter.dingding != _|_ {
			if parameter.dingding.url.value != _|_ {
				ding1: http.#HTTPDo & {
					$params: {
						#Post
						url: parameter.dingding.url.value
						request: body: json.Marshal(parameter.dingding.message)
					}
				}
			}
			if parameter.dingding.url.value == _|_ if parameter.dingding.url.secretRef != _|_ {
				read: kube.#Read & {
					$params: value: #Secret & {metadata: name: parameter.dingding.url.secretRef.name}
				}
				stringValue: util.#ConvertString & {
					$params: bt: base64.Decode(null, read.$returns.value.data[parameter.dingding.url.secretRef.key])
				}
				ding2: http.#HTTPDo & {
					$params: {
						#Post
						url: stringValue.$returns.str
						request: body: json.Marshal(parameter.dingding.message)
					}
				}
			}
		}
	}

	lark: {
		if parameter.lark != _|_ {
			if parameter.lark.url.value != _|_ {
				lark1: http.#HTTPDo & {
					$params: {
						#Post
						url: parameter.lark.url.value
						request: body: json.Marshal(parameter.lark.message)
					}
				}
			}
			if parameter.lark.url.value == _|_ if parameter.lark.url.secretRef != _|_ {
				read: kube.#Read & {
					$params: value: #Secret & {metadata: name: parameter.lark.url.secretRef.name}
				}
				stringValue: util.#ConvertString & {
					$params: bt: base64.Decode(null, read.$returns.value.data[parameter.lark.url.secretRef.key])
				}
				lark2: http.#HTTPDo & {
					$params: {
						#Post
						url: stringValue.$returns.str
						request: body: json.Marshal(parameter.lark.message)
					}
				}
			}
		}
	}

	slack: {
		if parameter.slack != _|_ {
			if parameter.slack.url.value != _|_ {
				slack1: http.#HTTPDo & {
					$params: {
						#Post
						url: parameter.slack.url.value
						request: body: json.Marshal(parameter.slack.message)
					}
				}
			}
			if parameter.slack.url.value == _|_ if parameter.slack.url.secretRef != _|_ {
				read: kube.#Read & {
					$params: value: #Secret & {metadata: name: parameter.slack.url.secretRef.name}
				}
				stringValue: util.#ConvertString & {
					$params: bt: base64.Decode(null, read.$returns.value.data[parameter.slack.url.secretRef.key])
				}
				slack2: http.#HTTPDo & {
					$params: {
						#Post
						url: stringValue.$returns.str
						request: body: json.Marshal(parameter.slack.message)
					}
				}
			}
		}
	}

	email0: {
		if parameter.email != _|_ {
			if parameter.email.from.password.value != _|_ {
				email1: email.#SendEmail & {
					$params: {
						from: {
							address:  parameter.email.from.address
							password: parameter.email.from.password.value
							host:     parameter.email.from.host
							port:     parameter.email.from.port
							if parameter.email.from.alias != _|_ {
								alias: parameter.email.from.alias
							}
						}
						to:      parameter.email.to
						content: parameter.email.content
					}
				}
			}
			if parameter.email.from.password.value == _|_ if parameter.email.from.password.secretRef != _|_ {
				read: kube.#Read & {
					$params: value: #Secret & {metadata: name: parameter.email.from.password.secretRef.name}
				}
				stringValue: util.#ConvertString & {
					$params: bt: base64.Decode(null, read.$returns.value.data[parameter.email.from.password.secretRef.key])
				}
				email2: email.#SendEmail & {
					$params: {
						from: {
							address:  parameter.email.from.address
							password: stringValue.$returns.str
							host:     parameter.email.from.host
							port:     parameter.email.from.port
							if parameter.email.from.alias != _|_ {
								alias: parameter.email.from.alias
							}
						}
						to:      parameter.email.to
						content: parameter.email.content
					}
				}
			}
		}
	}

	#Post: {
		method: "POST"
		request: header: "Content-Type": "application/json"
		...
	}

	#Secret: {
		apiVersion: "v1"
		kind:       "Secret"
		metadata: {
			name:      string
			namespace: context.namespace
		}
	}

	parameter: {
		// +usage=Message by Lark
		lark?: {
			// +usage=URL of the bot
			url: close({
				// +usage=The URL itself
				value: string
			}) | close({
				// +usage=Secret that holds the URL
				secretRef: {
					// +usage=Name of the Secret
					name: string
					// +usage=Key inside the Secret
					key: string
				}
			})
			// +usage=Message to send
			message: {
				// +usage=Type of the message as Lark names it, such as text, post or interactive
				msg_type: string
				// +usage=Content of the message, JSON in a string
				content: string
			}
		}
		// +usage=Message by DingTalk
		dingding?: {
			// +usage=URL of the bot
			url: close({
				// +usage=The URL itself
				value: string
			}) | close({
				// +usage=Secret that holds the URL
				secretRef: {
					// +usage=Name of the Secret
					name: string
					// +usage=Key inside the Secret
					key: string
				}
			})
			// +usage=Message to send; the field named like its type holds the content
			message: {
				// +usage=Content of a text
				text?: close({
					// +usage=The text
					content: string
				})
				// +usage=Type of the message
				msgtype: *"text" | "link" | "markdown" | "actionCard" | "feedCard"
				#link: {
					// +usage=Text under the title
					text?: string
					// +usage=Title
					title?: string
					// +usage=URL that a click opens
					messageUrl?: string
					// +usage=URL of a picture
					picUrl?: string
				}

				// +usage=Content of a link
				link?: #link
				// +usage=Content in Markdown
				markdown?: close({
					// +usage=Text in Markdown
					text: string
					// +usage=Title
					title: string
				})
				// +usage=Who is called by name
				at?: close({
					// +usage=Phone numbers
					atMobiles?: [...string]
					// +usage=Whether all are called
					isAtAll?: bool
				})
				// +usage=Content of a card with buttons
				actionCard?: close({
					// +usage=Text in Markdown
					text: string
					// +usage=Title
					title: string
					// +usage=Whether the sender's picture is hidden: 0 or 1
					hideAvatar: string
					// +usage=Whether the buttons stand below (0) or beside each other (1)
					btnOrientation: string
					// +usage=Text of the only button
					singleTitle: string
					// +usage=URL that the only button opens
					singleURL: string
					// +usage=Buttons, where there are several
					btns?: [...close({
						// +usage=Text of the button
						title: string
						// +usage=URL that the button opens
						actionURL: string
					})]
				})
				// +usage=Content of a list of links
				feedCard?: close({
					// +usage=The links
					links: [...#link]
				})
			}
		}
		// +usage=Message by Slack
		slack?: {
			// +usage=URL of the webhook
			url: close({
				// +usage=The URL itself
				value: string
			}) | close({
				// +usage=Secret that holds the URL
				secretRef: {
					// +usage=Name of the Secret
					name: string
					// +usage=Key inside the Secret
					key: string
				}
			})
			// +usage=Message to send
			message: {
				// +usage=Text of the message
				text: string
				// +usage=Layout blocks
				blocks?: [...block]
				// +usage=Second, less prominent part of the message
				attachments?: close({
					// +usage=Layout blocks
					blocks?: [...block]
					// +usage=Colour of the bar beside it
					color?: string
				})
				// +usage=Time stamp of the message that this one answers
				thread_ts?: string
				// +usage=Whether the text is in Slack's Markdown
				mrkdwn?: *true | bool
			}
		}
		// +usage=Message by email
		email?: {
			// +usage=Who sends it
			from: {
				// +usage=Address of the sender
				address: string
				// +usage=Name of the sender to show
				alias?: string
				// +usage=Password of the sender's account
				password: close({
					// +usage=The password itself
					value: string
				}) | close({
					// +usage=Secret that holds the password
					secretRef: {
						// +usage=Name of the Secret
						name: string
						// +usage=Key inside the Secret
						key: string
					}
				})
				// +usage=Host of the SMTP server
				host: string
				// +usage=Port of the SMTP server
				port: *587 | int
			}
			// +usage=Addresses of the receivers
			to: [...string]
			// +usage=What to send
			content: {
				// +usage=Subject
				subject: string
				// +usage=Body
				body: string
			}
		}
	}

	// Slack's layout blocks.
	block: {
		type:      string
		block_id?: string
		elements?: [...{
			type:          string
			action_id?:    string
			text?:         textType
			value?:        string
			url?:          string
			style?:        string
			placeholder?:  textType
			image_url?:    string
			alt_text?:     string
			initial_date?: string
			initial_time?: string
			confirm?: {
				title:   textType
				text:    textType
				confirm: textType
				deny:    textType
				style?:  string
			}
			options?: [...option]
			option_groups?: [...option]
			initial_options?: [...option]
			max_selected_items?: int
			initial_value?:      string
			multiline?:          bool
			min_length?:         int
			max_length?:         int
			dispatch_action_config?: trigger_actions_on?: [...string]
		}]
	}

	option: {
		text:         textType
		value:        string
		description?: textType
		url?:         string
	}

	textType: {
		type:      string
		text:      string
		emoji?:    bool
		verbatim?: bool
	}
}
`,
  },
  {
    kind: 'workflowstep',
    name: 'print-message-in-status',
    deprecated: false,
    source: `import "vela/builtin"

"print-message-in-status": {
	type: "workflow-step"
	annotations: category: "Process Control"
	description: "Show a message in the status of the step."
}
template: {
	msg: builtin.#Message & {
		$params: parameter
	}

	parameter: {
		// +usage=Text to show
		message: string
	}
}
`,
  },
  {
    kind: 'workflowstep',
    name: 'read-config',
    deprecated: false,
    source: `import "vela/config"

"read-config": {
	type: "workflow-step"
	annotations: category: "Config Management"
	description: "Read a config."
	labels: {}
}
template: {
	output: config.#ReadConfig & {
		$params: parameter
	}

	parameter: {
		// +usage=Name of the config
		name: string
		// +usage=Namespace of the config, that of the Application when unset
		namespace: *context.namespace | string
	}
}
`,
  },
  {
    kind: 'workflowstep',
    name: 'read-object',
    deprecated: false,
    source: `import "vela/kube"

"read-object": {
	type: "workflow-step"
	annotations: category: "Resource Management"
	description: "Read one Kubernetes object."
}
template: {
	output: kube.#Read & {
		$params: {
			cluster: parameter.cluster
			value: {
				apiVersion: parameter.apiVersion
				kind:       parameter.kind
				metadata: {
					name:      parameter.name
					namespace: parameter.namespace
				}
			}
		}
	}

	parameter: {
		// +usage=API version of the object
		apiVersion: *"core.oam.dev/v1beta1" | string
		// +usage=Kind of the object
		kind: *"Application" | string
		// +usage=Name of the object
		name: string
		// +usage=Namespace of the object
		namespace: *"default" | string
		// +usage=Cluster to read it from, the one of the control plane when empty
		cluster: *"" | string
	}
}
`,
  },
  {
    kind: 'workflowstep',
    name: 'request',
    deprecated: false,
    source: `import (
	"vela/op"
	"vela/http"
	"encoding/json"
)

request: {
	type:  "workflow-step"
	alias: ""
	annotations: category: "External Integration"
	description: "Send an HTTP request and use what comes back; a status above 400 fails the step."
	labels: {}
	attributes: {}
}
template: {
	req: http.#HTTPDo & {
		$params: {
			method: parameter.method
			url:    parameter.url
			request: {
				if parameter.body != _|_ {
					body: json.Marshal(parameter.body)
				}
				if parameter.header != _|_ {
					header: parameter.header
				}
			}
		}
	}

	wait: op.#ConditionalWait & {
		continue: req.$returns != _|_
		message?: "Waiting for response from \\(parameter.url)"
	}

	fail: op.#Steps & {
		if req.$returns.statusCode > 400 {
			requestFail: op.#Fail & {
				message: "request of \\(parameter.url) is fail: \\(req.$returns.statusCode)"
			}
		}
	}

	response: json.Unmarshal(req.$returns.body)

	parameter: {
		// +usage=URL to send the request to
		url: string
		// +usage=Method of the request
		method: *"GET" | "POST" | "PUT" | "DELETE"
		// +usage=Body of the request, sent as JSON
		body?: {...}
		// +usage=Headers of the request
		header?: [string]: string
	}
}
`,
  },
  {
    kind: 'workflowstep',
    name: 'restart-workflow',
    deprecated: false,
    source: `import (
	"vela/kube"
	"vela/builtin"
)

"restart-workflow": {
	type: "workflow-step"
	annotations: category: "Workflow Control"
	description: "Have the workflow of this Application run again: at a time, after a while, or again and again."
	labels: scope: "Application"
}
template: {
	_given: [for field in ["at", "after", "every"] if parameter[field] != _|_ {field}]
	if len(_given) != 1 {
		validateParams: builtin.#Fail & {
			$params: message: "Exactly one of 'at', 'after', or 'every' parameters must be specified (found \\(len(_given)))"
		}
	}

	if len(_given) == 1 {
		job: kube.#Apply & {
			$params: value: {
				apiVersion: "batch/v1"
				kind:       "Job"
				metadata: {
					name:      "\\(context.name)-restart-workflow-\\(context.stepSessionID)"
					namespace: "vela-system"
				}
				spec: {
					backoffLimit: 3
					template: spec: {
						containers: [{
							name:  "kubectl-annotate"
							image: "bitnami/kubectl:latest"
							command: ["/bin/sh", "-c"]
							args: ["\\(_restart)\\n\\(_annotate)"]
						}]
						restartPolicy:      "Never"
						serviceAccountName: "kubevela-vela-core"
					}
				}
			}
		}

		wait: builtin.#ConditionalWait & {
			if job.$returns.value.status.succeeded != _|_ {
				$params: continue: job.$returns.value.status.succeeded > 0
			}
		}
	}

	// Shell code that leaves in $restart what the annotation gets.
	_restart: [
		if parameter.at != _|_ {"restart='\\(parameter.at)'"},
		if parameter.every != _|_ {"restart='\\(parameter.every)'"},
		"""
			after='\\(parameter.after)'
			case "$after" in
			*s) unit=1 ;;
			*m) unit=60 ;;
			*h) unit=3600 ;;
			*d) unit=86400 ;;
			esac
			restart=$(date -u -d "@$(($(date +%s) + \${after%?} * unit))" +%Y-%m-%dT%H:%M:%SZ)
			""",
	][0]
	_annotate: "kubectl annotate application '\\(context.name)' -n '\\(context.namespace)' \\"app.oam.dev/restart-workflow=$restart\\" --overwrite"

	parameter: {
		// +usage=Time of the restart, as in "2027-03-01T08:00:00Z"
		at?: string & =~"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\\\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})$"
		// +usage=Time from now to the restart, as in "90s", "5m", "1h" or "2d"
		after?: string & =~"^[0-9]+(s|m|h|d)$"
		// +usage=Time between restarts, as in "5m", "1h" or "1d"
		every?: string & =~"^[0-9]+(s|m|h|d)$"
	}
}
`,
  },
  {
    kind: 'workflowstep',
    name: 'share-cloud-resource',
    deprecated: false,
    source: `import "vela/op"

"share-cloud-resource": {
	type: "workflow-step"
	annotations: category: "Application Delivery"
	description: "Send the Secrets of Terraform components to other clusters, so that these use the same cloud resources."
	labels: scope: "Application"
}
template: {
	app: op.#ShareCloudResource & {
		name:       context.name
		namespace:  context.namespace
		policy:     parameter.policy
		env:        parameter.env
		placements: parameter.placements
	}

	parameter: {
		// +usage=Where the Secrets go
		placements: [...{
			// +usage=Namespace, that of the Application when unset
			namespace?: string
			// +usage=Cluster, the one of the control plane when unset
			cluster?: string
		}]
		// +usage=Name of the env-binding policy, the first one when empty
		policy: *"" | string
		// +usage=Name of the environment in that policy
		env: string
	}
}
`,
  },
  {
    kind: 'workflowstep',
    name: 'step-group',
    deprecated: false,
    source: `"step-group": {
	type: "workflow-step"
	annotations: category: "Process Control"
	description: "Run steps of their own, its subSteps, all at once. A group holds no other groups."
}
template: {
	// A template is never empty.
	nop: {}
}
`,
  },
  {
    kind: 'workflowstep',
    name: 'suspend',
    deprecated: false,
    source: `import "vela/builtin"

suspend: {
	type: "workflow-step"
	annotations: category: "Process Control"
	description: "Hold the workflow until someone lets it go on, or for a while."
	labels: {}
}
template: {
	suspend: builtin.#Suspend & {
		$params: parameter
	}

	parameter: {
		// +usage=Time after which the workflow goes on by itself, such as "30s" or "2m15s"
		duration?: string
		// +usage=Text to show meanwhile
		message?: string
	}
}
`,
  },
  {
    kind: 'workflowstep',
    name: 'vela-cli',
    deprecated: false,
    source: `import (
	"vela/kube"
	"vela/builtin"
	"vela/util"
)

"vela-cli": {
	type: "workflow-step"
	annotations: category: "Scripts & Commands"
	description: "Run a command of the vela command line in a Job."
	labels: {}
}
template: {
	job: kube.#Apply & {
		$params: value: {
			apiVersion: "batch/v1"
			kind:       "Job"
			metadata: {
				name: "\\(context.name)-\\(context.stepName)-\\(context.stepSessionID)"
				namespace: [if parameter.serviceAccountName == "kubevela-vela-core" {"vela-system"}, context.namespace][0]
			}
			spec: {
				backoffLimit: 3
				template: {
					metadata: labels: _labels
					spec: {
						containers: [{
							name:    "\\(context.name)-\\(context.stepName)-\\(context.stepSessionID)-job"
							image:   parameter.image
							command: parameter.command
							volumeMounts: [for m in _mounts {m.mount}]
						}]
						restartPolicy:  "Never"
						serviceAccount: parameter.serviceAccountName
						volumes: [for i, m in _mounts if len([for j, n in _mounts if j < i && n.volume.name == m.volume.name {n}]) == 0 {m.volume}]
					}
				}
			}
		}
	}

	log: util.#Log & {
		$params: source: resources: [{labelSelector: _labels}]
	}

	fail: {
		if job.$returns.value.status.failed != _|_ if job.$returns.value.status.failed > 2 {
			breakWorkflow: builtin.#Fail & {
				$params: message: "failed to execute vela command"
			}
		}
	}

	wait: builtin.#ConditionalWait & {
		if job.$returns.value.status.succeeded != _|_ {
			$params: continue: job.$returns.value.status.succeeded > 0
		}
	}

	_labels: "workflow.oam.dev/step-name": "\\(context.name)-\\(context.stepName)"

	// What is mounted, in order. Several mounts may show one volume.
	_mounts: [
		if parameter.storage.secret != _|_ for s in parameter.storage.secret {
			mount: {
				name:      "secret-\\(s.name)"
				mountPath: s.mountPath
				if s.subPath != _|_ {
					subPath: s.subPath
				}
			}
			volume: {
				name: mount.name
				secret: {
					secretName:  s.secretName
					defaultMode: s.defaultMode
					if s.items != _|_ {
						items: s.items
					}
				}
			}
		},
		if parameter.storage.hostPath != _|_ for h in parameter.storage.hostPath {
			mount: {
				name:      "hostpath-\\(h.name)"
				mountPath: h.mountPath
			}
			volume: {
				name: mount.name
				hostPath: {
					path: h.path
					type: h.type
				}
			}
		},
	]

	parameter: {
		// +usage=Command and its arguments, such as ["vela", "ls"]
		command: [...string]
		// +usage=Image that has the command line
		image: *"oamdev/vela-cli:v1.6.4" | string
		// +usage=Service account of the pod
		serviceAccountName: *"kubevela-vela-core" | string
		// +usage=What the pod mounts
		storage?: {
			// +usage=Secrets to mount
			secret?: [...{
				// +usage=Name of the volume
				name: string
				// +usage=Path inside the container
				mountPath: string
				// +usage=Path inside the volume
				subPath?: string
				// +usage=Mode of the files, in decimal
				defaultMode: *420 | int
				// +usage=Name of the Secret
				secretName: string
				// +usage=Keys to project, all of them when unset
				items?: [...{
					// +usage=Key to project
					key: string
					// +usage=Path of its file
					path: string
					// +usage=Mode of its file, in decimal
					mode: *511 | int
				}]
			}]
			// +usage=Folders and files of the node to mount
			hostPath?: [...{
				// +usage=Name of the volume
				name: string
				// +usage=Path on the node
				path: string
				// +usage=Path inside the container
				mountPath: string
				// +usage=What has to be at the path, or is made there
				type: *"Directory" | "DirectoryOrCreate" | "FileOrCreate" | "File" | "Socket" | "CharDevice" | "BlockDevice"
			}]
		}
	}
}
`,
  },
  {
    kind: 'workflowstep',
    name: 'webhook',
    deprecated: false,
    source: `import (
	"vela/http"
	"vela/kube"
	"vela/util"
	"encoding/json"
	"encoding/base64"
)

webhook: {
	type: "workflow-step"
	annotations: category: "External Intergration"
	description: "Send JSON to a URL by POST: the data given, or the Application."
	labels: {}
}
template: {
	data: {
		if parameter.data != _|_ {
			value: json.Marshal(parameter.data)
		}
		if parameter.data == _|_ {
			read: kube.#Read & {
				$params: value: {
					apiVersion: "core.oam.dev/v1beta1"
					kind:       "Application"
					metadata: {
						name:      context.name
						namespace: context.namespace
					}
				}
			}
			value: json.Marshal(read.$returns.value)
		}
	}

	webhook: {
		if parameter.url.value != _|_ {
			req: http.#HTTPDo & {
				$params: {
					#Post
					url: parameter.url.value
				}
			}
		}
		if parameter.url.value == _|_ if parameter.url.secretRef != _|_ {
			read: kube.#Read & {
				$params: value: {
					apiVersion: "v1"
					kind:       "Secret"
					metadata: {
						name:      parameter.url.secretRef.name
						namespace: context.namespace
					}
				}
			}
			stringValue: util.#ConvertString & {
				$params: bt: base64.Decode(null, read.$returns.value.data[parameter.url.secretRef.key])
			}
			req: http.#HTTPDo & {
				$params: {
					#Post
					url: stringValue.$returns.str
				}
			}
		}
	}

	#Post: {
		method: "POST"
		request: {
			header: "Content-Type": "application/json"
			body: data.value
		}
		...
	}

	parameter: {
		// +usage=URL of the receiver
		url: close({
			// +usage=The URL itself
			value: string
		}) | close({
			// +usage=Secret that holds the URL
			secretRef: {
				// +usage=Name of the Secret
				name: string
				// +usage=Key inside the Secret
				key: string
			}
		})
		// +usage=Data to send, the Application when unset
		data?: {...}
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
  {
    kind: 'policy',
    name: 'envbinding',
    deprecated: true,
    source: `envbinding: {
	type: "policy"
	annotations: {}
	labels: deprecated: "true"
	description: "Change and place components by environment. Deprecated, use topology and override."
	attributes: {}
}
template: {
	parameter: {
		// +usage=Environments
		envs: [...{
			// +usage=Name of the environment
			name: string
			// +usage=Where its components go
			placement?: {
				// +usage=Which cluster
				clusterSelector?: {
					// +usage=Name of the cluster
					name: *"local" | string
					// +usage=Labels of the cluster
					labels?: [string]: string
				}
				// +usage=Which namespace
				namespaceSelector?: {
					// +usage=Name of the namespace
					name?: string
					// +usage=Labels of the namespace
					labels?: [string]: string
				}
			}
			// +usage=Which components it has, all of them when unset
			selector?: {
				// +usage=Names of the components
				components: [...string]
			}
			// +usage=Changes to its components
			patch?: {
				// +usage=Changes by component
				components: [...#Change]
			}
		}]
	}

	#Change: {
		// +usage=Component to change, all of them when unset
		name?: string
		// +usage=Type of the components to change, or of the component that is added
		type?: string
		// +usage=Properties that are laid over those of the component
		properties?: {...}
		// +usage=Traits to change, add or take away
		traits?: [...{
			// +usage=Type of the trait
			type: string
			// +usage=Properties that are laid over those of the trait
			properties?: {...}
			// +usage=Whether the trait is taken away
			disable: *false | bool
		}]
	}
}
`,
  },
  {
    kind: 'workflowstep',
    name: 'apply-application',
    deprecated: true,
    source: `import "vela/op"

"apply-application": {
	type: "workflow-step"
	annotations: category: "Application Delivery"
	description: "Apply all components of the Application. Deprecated, the workflow does so without it."
	labels: {
		scope:       "Application"
		deprecated:  "true"
		"ui-hidden": "true"
	}
}
template: output: op.#ApplyApplication & {}
`,
  },
  {
    kind: 'workflowstep',
    name: 'apply-application-in-parallel',
    deprecated: true,
    source: `import "vela/op"

"apply-application-in-parallel": {
	type: "workflow-step"
	annotations: {}
	description: "Apply all components of the Application at once. Deprecated, use deploy."
	labels: {
		scope:       "Application"
		deprecated:  "true"
		"ui-hidden": "true"
	}
}
template: output: op.#ApplyApplicationInParallel & {}
`,
  },
  {
    kind: 'workflowstep',
    name: 'apply-remaining',
    deprecated: true,
    source: `import "vela/op"

"apply-remaining": {
	type: "workflow-step"
	annotations: category: "Application Delivery"
	description: "Apply all components of the Application but some. Deprecated, use apply-component."
	labels: {
		scope:       "Application"
		deprecated:  "true"
		"ui-hidden": "true"
	}
}
template: {
	apply: op.#ApplyRemaining & {
		parameter
	}

	parameter: {
		// +usage=Names of the components that are not applied
		exceptions?: [...string]
	}
}
`,
  },
  {
    kind: 'workflowstep',
    name: 'deploy2env',
    deprecated: true,
    source: `import "vela/op"

deploy2env: {
	type: "workflow-step"
	annotations: {}
	description: "Deploy the components of an environment where it says. Deprecated, use deploy."
	labels: {
		scope:       "Application"
		deprecated:  "true"
		"ui-hidden": "true"
	}
}
template: {
	app: op.#ApplyEnvBindApp & {
		app:       context.name
		namespace: context.namespace
		policy:    parameter.policy
		env:       parameter.env
		parallel:  parameter.parallel
	}

	parameter: {
		// +usage=Name of the env-binding policy, the first one when empty
		policy: *"" | string
		// +usage=Name of the environment in that policy
		env: string
		// +usage=Whether all components are applied at once
		parallel: *false | bool
	}
}
`,
  },
  {
    kind: 'workflowstep',
    name: 'deploy2runtime',
    deprecated: true,
    source: `import "vela/op"

deploy2runtime: {
	type: "workflow-step"
	annotations: {}
	description: "Deploy all components to clusters. Deprecated, use deploy."
	labels: {
		scope:       "Application"
		deprecated:  "true"
		"ui-hidden": "true"
	}
}
template: {
	app: op.#Steps & {
		load: op.#Load
		if parameter.clusters != _|_ {
			clusters: parameter.clusters
		}
		if parameter.clusters == _|_ {
			listClusters: op.#ListClusters
			clusters:     listClusters.outputs.clusters
		}
		apply: op.#Steps & {
			for place in clusters for name, component in load.value {
				"\\(place)-\\(name)": op.#ApplyComponent & {
					cluster: place
					value:   component
				}
			}
		}
		clusters: [...string]
	}

	parameter: {
		// +usage=Names of the clusters, all of them when unset
		clusters?: [...string]
	}
}
`,
  },
];
