// What the API answers when it refuses: a Status with code, reason and causes, worded as the real server words it.

import type { Json, JsonObject } from '../json.ts';

export interface Cause extends JsonObject {
  reason: string;
  message: string;
  field: string;
}

export interface Details {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly Cause[];
  readonly retryAfterSeconds?: number;
}

/** Carries a Status body up to the HTTP layer. */
export class StatusError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly details: Details | undefined;

  constructor(code: number, reason: string, message: string, details?: Details) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  body(): JsonObject {
    const status: JsonObject = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
    };
    if (this.reason) status['reason'] = this.reason;
    if (this.details) status['details'] = detailsBody(this.details);
    status['code'] = this.code;
    return status;
  }
}

function detailsBody(details: Details): JsonObject {
  const body: JsonObject = {};
  for (const [key, value] of Object.entries(details)) {
    if (key === 'causes') body[key] = (details.causes ?? []).map(bareCause);
    else if (value !== '' && value !== undefined) body[key] = value as Json; // strings and numbers
  }
  return body;
}

function bareCause({ field, ...cause }: Cause): JsonObject {
  return field === '' ? cause : { ...cause, field };
}

/** A resource or kind by group, as messages name it: `deployments.apps`. */
export interface GroupNamed {
  readonly group: string;
  readonly name: string;
}

export function qualified({ group, name }: GroupNamed): string {
  return group === '' ? name : `${name}.${group}`;
}

export function notFound(resource: GroupNamed, name: string): StatusError {
  const details = { name, group: resource.group, kind: resource.name };
  return new StatusError(
    404,
    'NotFound',
    `${qualified(resource)} ${JSON.stringify(name)} not found`,
    details,
  );
}

export function alreadyExists(resource: GroupNamed, name: string): StatusError {
  const details = { name, group: resource.group, kind: resource.name };
  return new StatusError(
    409,
    'AlreadyExists',
    `${qualified(resource)} ${JSON.stringify(name)} already exists`,
    details,
  );
}

export function conflict(resource: GroupNamed, name: string, message: string): StatusError {
  const details = { name, group: resource.group, kind: resource.name };
  const text = `Operation cannot be fulfilled on ${qualified(resource)} ${JSON.stringify(name)}: ${message}`;
  return new StatusError(409, 'Conflict', text, details);
}

export function modified(resource: GroupNamed, name: string): StatusError {
  return conflict(
    resource,
    name,
    'the object has been modified; please apply your changes to the latest version and try again',
  );
}

export function forbidden(resource: GroupNamed, name: string, message: string): StatusError {
  const details = { name, group: resource.group, kind: resource.name };
  const text = `${qualified(resource)} ${JSON.stringify(name)} is forbidden: ${message}`;
  return new StatusError(403, 'Forbidden', text, details);
}

export function badRequest(message: string): StatusError {
  return new StatusError(400, 'BadRequest', message);
}

export function expired(message: string): StatusError {
  return new StatusError(410, 'Expired', message);
}

export function noSuchResource(): StatusError {
  return new StatusError(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function methodNotAllowed(): StatusError {
  return new StatusError(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  );
}

/** One field that is not as it must be. */
export interface FieldProblem {
  readonly reason:
    | 'FieldValueRequired'
    | 'FieldValueInvalid'
    | 'FieldValueNotSupported'
    | 'FieldValueForbidden'
    | 'FieldValueDuplicate'
    | 'FieldValueTooLong'
    | 'FieldValueNotFound'
    | 'FieldValueTypeInvalid';
  readonly field: string;
  readonly message: string;
}

export function required(field: string, detail = ''): FieldProblem {
  return {
    reason: 'FieldValueRequired',
    field,
    message: detail ? `Required value: ${detail}` : 'Required value',
  };
}

export function invalidValue(field: string, value: Json, detail: string): FieldProblem {
  return { reason: 'FieldValueInvalid', field, message: `Invalid value: ${printValue(value)}: ${detail}` };
}

export function unsupported(field: string, value: Json, supported: readonly string[]): FieldProblem {
  const list = supported.map((one) => JSON.stringify(one)).join(', ');
  return {
    reason: 'FieldValueNotSupported',
    field,
    message: `Unsupported value: ${printValue(value)}: supported values: ${list}`,
  };
}

export function forbiddenField(field: string, detail: string): FieldProblem {
  return { reason: 'FieldValueForbidden', field, message: `Forbidden: ${detail}` };
}

export function duplicate(field: string, value: Json): FieldProblem {
  return { reason: 'FieldValueDuplicate', field, message: `Duplicate value: ${printValue(value)}` };
}

function printValue(value: Json): string {
  return JSON.stringify(value);
}

/** 422 for an object of a kind. */
export function invalid(kind: GroupNamed, name: string, problems: readonly FieldProblem[]): StatusError {
  // told once each; the causes are listed as often as they were found
  const lines = [...new Set(problems.map(({ field, message }) => `${field}: ${message}`))];
  const text = lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`;
  const causes = problems.map(({ reason, field, message }) => ({ reason, message, field }));
  const details = { name, group: kind.group, kind: kind.name, causes };
  return new StatusError(
    422,
    'Invalid',
    `${qualified(kind)} ${JSON.stringify(name)} is invalid: ${text}`,
    details,
  );
}
