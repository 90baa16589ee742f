// Query parameters of writes, checked as the API server checks them.

import type { PatchKind } from '../registry/patch.ts';
import {
  badRequest,
  forbiddenField,
  invalid,
  invalidValue,
  required,
  StatusError,
  unsupported,
} from '../registry/status-error.ts';
import type { FieldValidation, WriteOptions } from '../registry/target.ts';

const VALIDATIONS: readonly FieldValidation[] = ['Ignore', 'Warn', 'Strict'];
const MAX_MANAGER = 128;

export function writeOptions(
  query: URLSearchParams,
  userAgent: string,
  kind: string,
): Omit<WriteOptions, 'warn'> {
  const fail = (problem: Parameters<typeof invalid>[2][number]) =>
    invalid({ group: 'meta.k8s.io', name: kind }, '', [problem]);
  const dryRun = query.getAll('dryRun').filter((one) => one !== '');
  if (dryRun.some((one) => one !== 'All')) throw fail(unsupported('dryRun', dryRun, ['All']));
  const manager = query.get('fieldManager') ?? '';
  if (manager.length > MAX_MANAGER) {
    throw fail({
      reason: 'FieldValueTooLong',
      field: 'fieldManager',
      message: `Too long: may not be more than ${MAX_MANAGER} bytes`,
    });
  }
  if (/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/u.test(manager))
    throw fail(invalidValue('fieldManager', manager, 'should only contain printable characters'));
  const given = query.get('fieldValidation') || 'Warn';
  const validation = VALIDATIONS.find((one) => one === given);
  if (!validation) throw fail(unsupported('fieldValidation', given, ['', ...VALIDATIONS]));
  const fallback =
    userAgent
      .split('/')[0]
      ?.replace(/[^\x20-\x7e]/g, '')
      .slice(0, MAX_MANAGER) || 'unknown';
  return { dryRun: dryRun.length > 0, manager: manager || fallback, validation };
}

/** Whether an apply is forced. Throws when the parameters do not go with the kind of patch. */
export function forceOf(query: URLSearchParams, kind: PatchKind): boolean {
  const options = { group: 'meta.k8s.io', name: 'PatchOptions' };
  const force = query.get('force');
  if (kind === 'apply' && !query.get('fieldManager')) {
    throw invalid(options, '', [required('fieldManager', 'is required for apply patch')]);
  }
  if (force === null) return false;
  if (!/^(true|false|1|0|t|f|T|F|TRUE|FALSE|True|False|)$/.test(force)) {
    throw badRequest(`strconv.ParseBool: parsing ${JSON.stringify(force)}: invalid syntax`);
  }
  const value = /^(true|1|t|T|TRUE|True)$/.test(force);
  if (kind !== 'apply')
    throw invalid(options, '', [forbiddenField('force', 'may not be specified for non-apply patch')]);
  return value;
}

const PATCHES: Readonly<Record<string, PatchKind>> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
};

export function patchKindOf(contentType: string, isCustom: boolean): PatchKind {
  const kind = PATCHES[contentType];
  if (kind === undefined)
    throw new StatusError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {});
  if (!isCustom || kind !== 'strategic') return kind;
  const accepted = Object.keys(PATCHES)
    .filter((one) => one !== contentType)
    .join(', ');
  throw unsupportedMedia(accepted);
}

export function unsupportedMedia(accepted: string): StatusError {
  const text = `the body of the request was in an unknown format - accepted media types include: ${accepted}`;
  return new StatusError(415, 'UnsupportedMediaType', text);
}
