/** What people read when the cluster says no. Nothing of an object's values gets into these sentences. */
import type { ObjectRef } from '../engine/delivery/bundle.ts';
import type { Refusal } from '../engine/delivery/protocol.ts';
import { KubeError } from './kube/errors.ts';

export interface Refused {
  readonly reason: Refusal;
  readonly message: string;
  /** Whether trying again without any change could help soon. */
  readonly transient: boolean;
}

const MAX_MESSAGE = 1024;

/** `User "x" cannot patch resource "deployments" in API group "apps" in the namespace "shop"`: RBAC's sentence. */
const rbac =
  /cannot (\w+) resource "([^"]+)" in API group "([^"]*)"(?: in the namespace "([^"]+)"| at the cluster scope)?/;
const missingNamespace = /^namespaces "([^"]+)" not found/;

/** Reads an error of the API server about one object. */
export function refusalOf(error: unknown, ref: ObjectRef): Refused {
  if (!(error instanceof KubeError))
    return { reason: 'other', message: 'the agent failed on this object', transient: true };
  const secret = ref.kind === 'Secret';
  switch (error.status) {
    case 0:
      return { reason: 'unreachable', message: error.message, transient: true };
    case 403:
      return forbidden(error, secret);
    case 404:
      return notFound(error, ref);
    case 400:
    case 422:
      return invalid(error, secret);
    default:
      return { reason: 'other', message: clean(error.message, secret), transient: true };
  }
}

function forbidden(error: KubeError, secret: boolean): Refused {
  if (error.causes.some(({ reason }) => reason === 'NamespaceTerminating')) {
    return { reason: 'terminating', message: 'the namespace is being deleted', transient: true };
  }
  const match = rbac.exec(error.message);
  if (match === null) return { reason: 'invalid', message: clean(error.message, secret), transient: true };
  const [, verb = '', resource = '', group = '', namespace] = match;
  const where = namespace === undefined ? 'in the whole cluster' : `in namespace ${namespace}`;
  const rule = `apiGroups ["${group}"], resources ["${resource}"], verbs ["get", "create", "patch", "delete"]`;
  const what = group === '' ? resource : `${resource}.${group}`;
  return {
    reason: 'forbidden',
    message: `no right to ${verb} ${what} ${where}; a role with this rule would give it: ${rule}`,
    transient: true,
  };
}

function notFound(error: KubeError, ref: ObjectRef): Refused {
  const namespace = missingNamespace.exec(error.message)?.[1];
  if (namespace !== undefined) {
    return { reason: 'missing-namespace', message: `namespace ${namespace} does not exist`, transient: true };
  }
  return missingKind(ref);
}

export function missingKind(ref: ObjectRef): Refused {
  const message = `the cluster serves no kind ${ref.kind} of ${ref.apiVersion}`;
  return { reason: 'missing-kind', message, transient: true };
}

/** Fields and rules of the server's answer, without the values that it quotes. */
function invalid(error: KubeError, secret: boolean): Refused {
  const immutable = error.causes.find(({ message }) => message.includes('immutable'));
  if (immutable !== undefined) {
    return {
      reason: 'immutable',
      message: `${immutable.field} can't be changed once it is set`,
      transient: false,
    };
  }
  const causes = error.causes.map(({ field, message }) => `${field}: ${withoutValue(message)}`);
  const message = causes.length > 0 ? causes.join('; ') : error.message;
  return { reason: 'invalid', message: clean(message, secret), transient: false };
}

function withoutValue(message: string): string {
  return message.replace(
    /^(Invalid|Unsupported|Duplicate) value: (?:"(?:[^"\\]|\\.)*"|[^:]*): ?/,
    '$1 value: ',
  );
}

/** An API server quotes what it refuses, and in a Secret any of it may be secret. */
function clean(message: string, secret: boolean): string {
  if (secret)
    return 'the API server refuses this Secret; its reasons may quote values and are not repeated here';
  return message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message;
}
