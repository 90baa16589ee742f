import { isObject, type JsonObject } from '../../json.ts';
import {
  conditionOf,
  degraded,
  type Health,
  type HealthRule,
  healthy,
  listAt,
  numberAt,
  objectAt,
  progressing,
  textAt,
  unknown,
} from '../health.ts';

/** Argo CD's annotation for pods that are meant to go on though they are not restarted. */
const ignoreRestartPolicy = 'argocd.argoproj.io/ignore-restart-policy';
const hookAnnotations = ['argocd.argoproj.io/hook', 'helm.sh/hook'];

export const pod: HealthRule = (object) => {
  const status = objectAt(object, 'status');
  const always = isMeantToLast(object);
  const waiting = always ? waitingInVain(status) : undefined;
  if (waiting !== undefined) return waiting;
  switch (textAt(status, 'phase')) {
    case 'Pending':
      return progressing(textAt(status, 'message') || 'the pod has not started');
    case 'Succeeded':
      return healthy(textAt(status, 'message'));
    case 'Failed':
      return degraded(textAt(status, 'message') || whyFailed(status));
    case 'Running':
      return running(object, always);
    default:
      return unknown('the pod has no phase that can be read');
  }
};

function isMeantToLast(object: JsonObject): boolean {
  const annotations = objectAt(objectAt(object, 'metadata'), 'annotations');
  if (hookAnnotations.some((key) => key in annotations)) return false;
  const policy = textAt(objectAt(object, 'spec'), 'restartPolicy') || 'Always';
  return policy === 'Always' || annotations[ignoreRestartPolicy] === 'true';
}

function containersOf(status: JsonObject): JsonObject[] {
  return listAt(status, 'containerStatuses').filter(isObject);
}

function waitingInVain(status: JsonObject): Health | undefined {
  for (const container of containersOf(status)) {
    const waiting = objectAt(objectAt(container, 'state'), 'waiting');
    const reason = textAt(waiting, 'reason');
    if (reason.startsWith('Err') || reason.endsWith('Error') || reason.endsWith('BackOff')) {
      return degraded(`${textAt(container, 'name')}: ${textAt(waiting, 'message') || reason}`);
    }
  }
  return undefined;
}

function whyFailed(status: JsonObject): string {
  for (const container of [
    ...listAt(status, 'initContainerStatuses').filter(isObject),
    ...containersOf(status),
  ]) {
    const ended = objectAt(objectAt(container, 'state'), 'terminated');
    const code = numberAt(ended, 'exitCode', 0);
    if (textAt(ended, 'reason') === 'OOMKilled') return `${textAt(container, 'name')} ran out of memory`;
    if (code !== 0) return `${textAt(container, 'name')} ended with exit code ${code}`;
  }
  return 'the pod has failed';
}

function running(object: JsonObject, always: boolean): Health {
  if (!always) return progressing('the pod runs');
  if (conditionOf(object, 'Ready')?.status === 'True') return healthy();
  const crashed = containersOf(objectAt(object, 'status')).find(
    (container) => 'terminated' in objectAt(container, 'lastState'),
  );
  return crashed === undefined
    ? progressing('the pod is not ready')
    : degraded(`${textAt(crashed, 'name')} has ended and was started again`);
}
