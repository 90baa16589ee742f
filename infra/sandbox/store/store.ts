// The objects of the cluster: in memory, in the journal, and as a history that watches read.

import { freezeJson } from '../json.ts';
import { keyOf, type StoredObject } from '../kube-object.ts';
import { Journal } from './journal.ts';

export type ChangeType = 'ADDED' | 'MODIFIED' | 'DELETED';

export interface Change {
  readonly type: ChangeType;
  readonly revision: number;
  /** `group/plural` */
  readonly resource: string;
  readonly object: StoredObject;
  readonly previous: StoredObject | undefined;
}

export type Listener = (change: Change) => void;

export interface Limits {
  readonly objectBytes: number;
  readonly historyChanges: number;
  readonly historyBytes: number;
}

export const DEFAULT_LIMITS: Limits = {
  objectBytes: 200 * 1024 * 1024,
  historyChanges: 20_000,
  historyBytes: 64 * 1024 * 1024,
};

/** The store holds as much as it may. */
export class StoreFull extends Error {}

interface Entry {
  readonly object: StoredObject;
  /** of its line in the journal */
  readonly bytes: number;
}

interface Remembered {
  readonly change: Change;
  readonly bytes: number;
}

export class Store {
  readonly #limits: Limits;
  readonly #resources = new Map<string, Map<string, Entry>>();
  readonly #listeners = new Set<Listener>();
  #history: Remembered[] = [];
  #historyBytes = 0;
  /** changes up to this revision are forgotten */
  #forgotten = 0;
  #bytes = 0;
  #revision = 0;
  #journal: Journal | undefined;

  private constructor(limits: Limits) {
    this.#limits = limits;
  }

  static async open(folder: string, limits: Limits = DEFAULT_LIMITS): Promise<Store> {
    const store = new Store(limits);
    const state = () => ({ bytes: store.#bytes, lines: () => store.#lines()() });
    store.#journal = await Journal.open(folder, state, (line) => store.#replay(line));
    return store;
  }

  get revision(): number {
    return this.#revision;
  }

  get(resource: string, key: string): StoredObject | undefined {
    return this.#resources.get(resource)?.get(key)?.object;
  }

  /** Every object of a resource, of one namespace if given, by key. */
  list(resource: string, namespace?: string): StoredObject[] {
    const entries = this.#resources.get(resource);
    if (!entries) return [];
    const prefix = namespace ? `${namespace}/` : '';
    const found = [...entries].filter(([key]) => key.startsWith(prefix));
    return found.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry.object);
  }

  /** The resources that have objects. */
  resources(): string[] {
    return [...this.#resources].filter(([, entries]) => entries.size > 0).map(([resource]) => resource);
  }

  /** Stores the object under the next revision and gives it back with that. */
  put(resource: string, object: StoredObject): StoredObject {
    const revision = this.#revision + 1;
    const stored = freezeJson({
      ...object,
      metadata: { ...object.metadata, resourceVersion: String(revision) },
    });
    const line = putLine(resource, revision, stored);
    const before = this.#resources.get(resource)?.get(keyOf(stored));
    const bytes = this.#bytes + line.length - (before?.bytes ?? 0);
    if (bytes > this.#limits.objectBytes && bytes > this.#bytes) {
      throw new StoreFull(
        `the sandbox holds at most ${this.#limits.objectBytes / 1024 / 1024} MiB of objects`,
      );
    }
    this.#journal?.append(line);
    this.#set(resource, revision, stored, line.length);
    return stored;
  }

  /** Removes the object; gives it with the revision of its removal. */
  delete(resource: string, key: string): StoredObject | undefined {
    const before = this.get(resource, key);
    if (!before) return undefined;
    const revision = this.#revision + 1;
    this.#journal?.append(`{"rv":${revision},"r":${JSON.stringify(resource)},"d":${JSON.stringify(key)}}`);
    return this.#remove(resource, revision, key);
  }

  /** Resolves when every change made so far is on disk. */
  durable(): Promise<void> {
    return this.#journal?.durable() ?? Promise.resolve();
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The changes after a revision, or undefined when they are forgotten. */
  since(revision: number): Change[] | undefined {
    if (revision < this.#forgotten) return undefined;
    return this.#history.filter(({ change }) => change.revision > revision).map(({ change }) => change);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
    await this.#journal?.close();
  }

  #set(resource: string, revision: number, object: StoredObject, bytes: number): void {
    let entries = this.#resources.get(resource);
    if (!entries) {
      entries = new Map();
      this.#resources.set(resource, entries);
    }
    const key = keyOf(object);
    const before = entries.get(key);
    entries.set(key, { object, bytes });
    this.#bytes += bytes - (before?.bytes ?? 0);
    const type = before ? 'MODIFIED' : 'ADDED';
    this.#changed({ type, revision, resource, object, previous: before?.object }, bytes);
  }

  #remove(resource: string, revision: number, key: string): StoredObject | undefined {
    const before = this.#resources.get(resource)?.get(key);
    if (!before) return undefined;
    this.#resources.get(resource)?.delete(key);
    this.#bytes -= before.bytes;
    const object = freezeJson({
      ...before.object,
      metadata: { ...before.object.metadata, resourceVersion: String(revision) },
    });
    this.#changed({ type: 'DELETED', revision, resource, object, previous: before.object }, before.bytes);
    return object;
  }

  #changed(change: Change, bytes: number): void {
    this.#revision = Math.max(this.#revision, change.revision);
    if (change.revision <= this.#forgotten) return;
    this.#history.push({ change, bytes });
    this.#historyBytes += bytes;
    if (
      this.#history.length > this.#limits.historyChanges ||
      this.#historyBytes > this.#limits.historyBytes
    ) {
      // half at once, so that forgetting costs little a change
      const gone = this.#history.splice(0, Math.ceil(this.#history.length / 2));
      for (const one of gone) this.#historyBytes -= one.bytes;
      this.#forgotten = gone.at(-1)?.change.revision ?? this.#forgotten;
    }
    for (const listener of [...this.#listeners]) listener(change);
  }

  #replay(line: string): void {
    const record = JSON.parse(line) as { rv: number; r?: string; o?: StoredObject; d?: string }; // our own lines
    if (record.r !== undefined && record.o !== undefined) {
      this.#set(record.r, record.rv, freezeJson(record.o), line.length);
    } else if (record.r !== undefined && record.d !== undefined) {
      this.#remove(record.r, record.rv, record.d);
    } else if (typeof record.rv === 'number') {
      // the head of a snapshot: how what it holds came about is forgotten
      this.#revision = record.rv;
      this.#forgotten = record.rv;
    } else throw new Error('not a record');
  }

  /** What stands now, captured at once and written out when it is read. */
  #lines(): () => Iterable<string> {
    const revision = this.#revision;
    const captured: { resource: string; object: StoredObject }[] = [];
    for (const [resource, entries] of this.#resources) {
      for (const { object } of entries.values()) captured.push({ resource, object });
    }
    return function* () {
      yield `{"rv":${revision}}`;
      for (const { resource, object } of captured) {
        yield putLine(resource, Number(object.metadata.resourceVersion), object);
      }
    };
  }
}

function putLine(resource: string, revision: number, object: StoredObject): string {
  return `{"rv":${revision},"r":${JSON.stringify(resource)},"o":${JSON.stringify(object)}}`;
}
