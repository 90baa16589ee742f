// HTTPS in front of the verbs: who asks, what for, and the answer once it is on disk.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Json, JsonObject } from '../json.ts';
import type { Cluster } from '../registry/cluster.ts';
import { create } from '../registry/create.ts';
import { type PatchKind, patch } from '../registry/patch.ts';
import { list, listOptions, Pages, read } from '../registry/read.ts';
import { deleteOptions, remove, removeObject } from '../registry/remove.ts';
import { readScale, writeScale } from '../registry/scale.ts';
import { methodNotAllowed, noSuchResource, StatusError } from '../registry/status-error.ts';
import type { Target, WriteOptions, Written } from '../registry/target.ts';
import { replace } from '../registry/update.ts';
import { type BodyFormat, parseBody, readBody } from './body.ts';
import { apiGroup, apiGroupList, apiResourceList, apiVersions, versionInfo } from './discovery.ts';
import { openApi } from './openapi.ts';
import { type Output, outputOf, send, sendError, sendText, shaped } from './output.ts';
import { forceOf, patchKindOf, unsupportedMedia, writeOptions } from './request-options.ts';
import { review } from './reviews.ts';
import { type Route, routeOf } from './route.ts';
import { type Access, type User, userOf } from './user.ts';
import { Watches } from './watch.ts';

const REQUEST_MS = 60_000;
const MAX_CONNECTIONS = 2000;
const MAX_WARNINGS = 20;

export interface Tls {
  readonly key: string;
  readonly cert: string;
}

interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly user: User;
  readonly output: Output;
}

export class ApiServer {
  readonly #cluster: Cluster;
  readonly #access: Access;
  readonly #server: Server;
  readonly #watches = new Watches();
  readonly #pages = new Pages();

  constructor(cluster: Cluster, access: Access, tls: Tls) {
    this.#cluster = cluster;
    this.#access = access;
    this.#server = createServer({ key: tls.key, cert: tls.cert }, (request, response) => {
      this.#handle(request, response).catch((error: unknown) => sendError(response, asStatus(error)));
    });
    this.#server.requestTimeout = REQUEST_MS;
    this.#server.maxConnections = MAX_CONNECTIONS;
    this.#server.on('tlsClientError', () => undefined);
  }

  /** Gives the port it listens on. */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => {
        this.#server.off('error', reject);
        resolve((this.#server.address() as AddressInfo).port); // TCP
      });
    });
  }

  close(): Promise<void> {
    this.#watches.stop();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'https://sandbox');
    const route = routeOf(this.#cluster, url.pathname);
    if (route.kind === 'text') return sendText(response, 200, route.text);
    if (route.kind === 'version') return send(response, 200, versionInfo());
    const user = userOf(request.headers, this.#access);
    const call: Call = { request, response, url, user, output: outputOf(request.headers.accept) };
    if (route.kind === 'resource') return this.#resource(call, route.target);
    if (route.kind === 'review') {
      const body = await this.#body(call);
      if (request.method !== 'POST') throw methodNotAllowed();
      return send(response, 201, review(route.group, route.plural, body, user), call.output);
    }
    return this.#discover(call, route);
  }

  #discover({ request, response, output }: Call, route: Route): void {
    const isKnown = route.kind !== 'unknown' && route.kind !== 'no-resource';
    if (request.method !== 'GET' && isKnown) throw methodNotAllowed();
    const found = this.#discovered(route, request.headers.host ?? '');
    if (found) send(response, 200, found, output);
    else sendText(response, 404, '404 page not found\n');
  }

  #discovered(route: Route, host: string): JsonObject | undefined {
    switch (route.kind) {
      case 'versions':
        return apiVersions(host);
      case 'groups':
        return apiGroupList(this.#cluster);
      case 'group':
        return apiGroup(this.#cluster, route.group);
      case 'resources':
        return apiResourceList(this.#cluster, route.group, route.version);
      case 'openapi':
        return openApi(this.#cluster, route.path);
      case 'no-resource':
        throw noSuchResource();
      default:
        return undefined;
    }
  }

  async #resource(call: Call, target: Target): Promise<void> {
    const { request, response, url } = call;
    if (request.method === 'GET') {
      const watches = /^(true|1)$/.test(url.searchParams.get('watch') ?? '');
      if (target.name === '' || watches) return this.#collection(call, target, watches);
      const object =
        target.subresource === 'scale' ? readScale(this.#cluster, target) : read(this.#cluster, target);
      return this.#answer(call, 200, object);
    }
    const isPatch = request.method === 'PATCH';
    if (
      (target.name === '') !== (request.method === 'POST') &&
      !(target.name === '' && request.method === 'DELETE')
    ) {
      throw methodNotAllowed();
    }
    const kind = isPatch ? patchKindOf(contentTypeOf(request), target.type.custom !== undefined) : undefined;
    const body = await this.#body(call, kind);
    switch (request.method) {
      case 'POST':
        return this.#written(call, create(this.#cluster, target, body, this.#options(call, 'CreateOptions')));
      case 'PUT':
        return this.#written(call, this.#put(call, target, body));
      case 'PATCH':
        return this.#written(call, this.#patch(call, target, body, kind ?? 'merge'));
      case 'DELETE':
        if (target.name === '') return this.#removeCollection(call, target, body);
        return this.#answer(call, 200, remove(this.#cluster, target, deleteOptions(body, url.searchParams)));
      default:
        response.setHeader('allow', 'GET, POST, PUT, PATCH, DELETE');
        throw methodNotAllowed();
    }
  }

  #put(call: Call, target: Target, body: Json): Written {
    const options = this.#options(call, 'UpdateOptions');
    if (target.subresource === 'scale') return writeScale(this.#cluster, target, body, options);
    return replace(this.#cluster, target, body, options);
  }

  #patch(call: Call, target: Target, body: Json, kind: PatchKind): Written {
    const force = forceOf(call.url.searchParams, kind);
    return patch(this.#cluster, target, { kind, body, force }, this.#options(call, 'PatchOptions'));
  }

  #options({ url, request, response }: Call, kind: string): WriteOptions {
    let warned = 0;
    const warn = (warning: string) => {
      if (++warned > MAX_WARNINGS) return;
      const text = warning.replace(/[^\x20-\x7e]/g, '?').replace(/["\\]/g, '\\$&');
      response.appendHeader('warning', `299 - "${text}"`);
    };
    return { ...writeOptions(url.searchParams, request.headers['user-agent'] ?? '', kind), warn };
  }

  async #collection(call: Call, given: Target, watches: boolean): Promise<void> {
    // `?watch` on one object watches the collection for its name
    const options = listOptions(given.type, call.url.searchParams);
    if (!watches) return this.#answer(call, 200, list(this.#cluster, given, options, this.#pages));
    const { url, output, response } = call;
    this.#watches.start(
      { cluster: this.#cluster, target: given, options, query: url.searchParams, output },
      response,
    );
  }

  async #removeCollection(call: Call, target: Target, body: Json): Promise<void> {
    const options = deleteOptions(body, call.url.searchParams);
    const selected = listOptions(target.type, call.url.searchParams);
    const listed = list(this.#cluster, target, { ...selected, limit: 0 }, this.#pages);
    for (const object of this.#cluster.store.list(target.type.storage, target.namespace)) {
      if (selected.matches(object)) removeObject(this.#cluster, target.type, object, options);
    }
    return this.#answer(call, 200, listed);
  }

  #written(call: Call, { object, created }: Written): Promise<void> {
    return this.#answer(call, created ? 201 : 200, object);
  }

  async #answer(call: Call, code: number, value: JsonObject): Promise<void> {
    await this.#cluster.store.durable();
    send(call.response, code, shaped(value, call.output), call.output);
  }

  async #body({ request }: Call, kind?: PatchKind): Promise<Json> {
    const type = contentTypeOf(request);
    const text = await readBody(request);
    if (kind !== undefined)
      return parseBody(text, kind === 'apply' ? 'yaml' : 'json', 'error decoding patch');
    const format: BodyFormat | undefined =
      type === 'application/yaml' ? 'yaml' : type === '' || isJson(type) ? 'json' : undefined;
    if (format === undefined && text !== '') throw unsupportedMedia('application/json, application/yaml');
    return parseBody(
      text,
      format ?? 'json',
      "the object provided is unrecognized: couldn't get version/kind",
    );
  }
}

function isJson(type: string): boolean {
  // curl's own type for a body: the API server takes it for JSON on deletes only, the sandbox always
  return type === 'application/json' || type === 'application/x-www-form-urlencoded' || type === '*/*';
}

function contentTypeOf(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
}

function asStatus(error: unknown): StatusError {
  if (error instanceof StatusError) return error;
  const message = error instanceof Error ? error.message : 'unknown';
  process.stderr.write(`sandbox: ${error instanceof Error ? (error.stack ?? message) : message}\n`);
  return new StatusError(500, 'InternalError', `Internal error occurred: ${message}`);
}
