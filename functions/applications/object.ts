/** An Application as the API answers it: the OAM object with KubeVela's status. */
import type { ApplicationListItem, ApplicationView } from '../../db/model/application.ts';
import { applicationStatus } from '../../engine/workflow/status.ts';
import { timestamp } from '../openapi.ts';

function metadata(head: ApplicationListItem) {
  const {
    name,
    namespace,
    uid,
    generation,
    resourceVersion,
    createdAt,
    deletionRequestedAt,
    labels,
    annotations,
  } = head;
  return {
    name,
    namespace,
    uid,
    generation,
    resourceVersion: String(resourceVersion),
    creationTimestamp: timestamp(createdAt),
    ...(deletionRequestedAt === undefined ? {} : { deletionTimestamp: timestamp(deletionRequestedAt) }),
    labels,
    annotations,
  };
}

export const etagOfApplication = ({ uid, resourceVersion }: ApplicationListItem) =>
  `"${uid}-${resourceVersion}"`;

/** The whole object. */
export function applicationObject(view: ApplicationView) {
  const { application } = view;
  return {
    apiVersion: 'core.oam.dev/v1beta1',
    kind: 'Application',
    metadata: metadata(application),
    spec: application.spec,
    status: applicationStatus(view),
  };
}

/** A row of a list: no spec, no status beyond the newest run's address. */
export function applicationRow(item: ApplicationListItem, origin: string) {
  const { revision, run, status, statusVisibility, state } = item;
  return {
    metadata: metadata(item),
    state,
    revision,
    run: { id: run, url: `${origin}/v1/runs/${run}` },
    ...(statusVisibility === 'public' ? { statusUrl: `${origin}/status/${status}` } : {}),
  };
}
