// Writes that survive a kill: an append-only file of lines, and a snapshot that replaces it when it has grown.
// A line counts only once it is on disk; lines that arrive meanwhile go there together.

import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm, truncate } from 'node:fs/promises';
import path from 'node:path';

const SNAPSHOT_AFTER_BYTES = 16 * 1024 * 1024;
const LINES_AT_ONCE = 500;

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** What is replaced when the journal has grown: every line that makes up the state now. */
export type StateLines = () => { readonly bytes: number; readonly lines: () => Iterable<string> };

export class Journal {
  readonly #folder: string;
  readonly #state: StateLines;
  #file: FileHandle;
  #sequence: number;
  #bytes = 0;
  #lines: string[] = [];
  #waiters: Waiter[] = [];
  #running: Promise<void> | undefined;
  #snapshot: Promise<void> | undefined;
  #failure: Error | undefined;

  private constructor(folder: string, state: StateLines, file: FileHandle, sequence: number) {
    this.#folder = folder;
    this.#state = state;
    this.#file = file;
    this.#sequence = sequence;
  }

  /** Reads every line of the folder in order, then opens it for writing. Throws when a line is damaged. */
  static async open(folder: string, state: StateLines, onLine: (line: string) => void): Promise<Journal> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const files = await readdir(folder);
    const snapshots = sequences(files, 'snapshot');
    const start = snapshots.at(-1) ?? 0;
    const journals = sequences(files, 'journal').filter((sequence) => sequence >= start);
    if (start > 0) await readLines(path.join(folder, fileName('snapshot', start)), onLine, false);
    for (const [i, sequence] of journals.entries()) {
      await readLines(path.join(folder, fileName('journal', sequence)), onLine, i === journals.length - 1);
    }
    const sequence = journals.at(-1) ?? Math.max(start, 1);
    const file = await open(path.join(folder, fileName('journal', sequence)), 'a', 0o600);
    const journal = new Journal(folder, state, file, sequence);
    journal.#bytes = (await file.stat()).size;
    await journal.#removeBefore(start, files);
    return journal;
  }

  append(line: string): void {
    if (this.#failure) throw this.#failure;
    this.#lines.push(line);
    this.#start();
  }

  /** Resolves when every line appended so far is on disk. */
  durable(): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure);
    if (!this.#running) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  async close(): Promise<void> {
    await this.durable().catch(() => undefined);
    await this.#snapshot;
    await this.#file.close();
  }

  #start(): void {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      if (this.#lines.length > 0 && !this.#failure) this.#start();
    });
  }

  async #run(): Promise<void> {
    // the lines of this turn of the event loop go together
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#lines.length > 0) {
      const lines = this.#lines;
      const waiters = this.#waiters;
      this.#lines = [];
      this.#waiters = [];
      try {
        const text = Buffer.from(`${lines.join('\n')}\n`);
        await this.#file.appendFile(text);
        await this.#file.datasync();
        this.#bytes += text.length;
        for (const waiter of waiters) waiter.resolve();
        await this.#rotate();
      } catch (error) {
        this.#fail(error instanceof Error ? error : new Error(String(error)), waiters);
        return;
      }
    }
    for (const waiter of this.#waiters.splice(0)) waiter.resolve();
  }

  #fail(error: Error, waiters: readonly Waiter[]): void {
    this.#failure = error;
    for (const waiter of [...waiters, ...this.#waiters.splice(0)]) waiter.reject(error);
  }

  async #rotate(): Promise<void> {
    if (this.#snapshot || this.#bytes < SNAPSHOT_AFTER_BYTES) return;
    const { bytes, lines } = this.#state();
    if (this.#bytes < 2 * bytes) return;
    const next = this.#sequence + 1;
    const file = await open(path.join(this.#folder, fileName('journal', next)), 'a', 0o600);
    await this.#file.close();
    this.#file = file;
    this.#sequence = next;
    this.#bytes = 0;
    // what is in memory now contains all of the older journals
    this.#snapshot = this.#write(next, lines())
      .catch(() => undefined) // the older journals stay, nothing is lost; the next rotation tries again
      .finally(() => {
        this.#snapshot = undefined;
      });
  }

  async #write(sequence: number, lines: Iterable<string>): Promise<void> {
    const name = path.join(this.#folder, fileName('snapshot', sequence));
    const file = await open(`${name}.part`, 'w', 0o600);
    try {
      let chunk: string[] = [];
      for (const line of lines) {
        chunk.push(line);
        if (chunk.length < LINES_AT_ONCE) continue;
        await file.appendFile(`${chunk.join('\n')}\n`);
        chunk = [];
      }
      if (chunk.length > 0) await file.appendFile(`${chunk.join('\n')}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${name}.part`, name);
    await syncFolder(this.#folder);
    await this.#removeBefore(sequence, await readdir(this.#folder));
  }

  async #removeBefore(sequence: number, files: readonly string[]): Promise<void> {
    for (const file of files) {
      const match = /^(?:journal|snapshot)-(\d+)\.ndjson(\.part)?$/.exec(file);
      if (match && (Number(match[1]) < sequence || match[2]))
        await rm(path.join(this.#folder, file), { force: true });
    }
  }
}

function fileName(kind: 'journal' | 'snapshot', sequence: number): string {
  return `${kind}-${String(sequence).padStart(6, '0')}.ndjson`;
}

function sequences(files: readonly string[], kind: 'journal' | 'snapshot'): number[] {
  const found = files.map((file) => new RegExp(`^${kind}-(\\d+)\\.ndjson$`).exec(file)?.[1]);
  return found
    .filter((digits) => digits !== undefined)
    .map(Number)
    .sort((a, b) => a - b);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The last line of the last file may be torn by a kill: it was never acknowledged and is cut off. */
async function readLines(file: string, onLine: (line: string) => void, mayBeTorn: boolean): Promise<void> {
  let rest: Buffer = Buffer.alloc(0);
  let complete = 0;
  let number = 0;
  for await (const chunk of createReadStream(file)) {
    rest = rest.length > 0 ? Buffer.concat([rest, chunk as Buffer]) : (chunk as Buffer); // no encoding is set: Buffers
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      number++;
      const line = rest.subarray(0, end).toString('utf8');
      rest = rest.subarray(end + 1);
      complete += end + 1;
      try {
        onLine(line);
      } catch (error) {
        throw new Error(
          `${file} is damaged at line ${number}: ${error instanceof Error ? error.message : error}`,
        );
      }
    }
  }
  if (rest.length === 0) return;
  if (!mayBeTorn) throw new Error(`${file} is damaged: its last line is cut off`);
  await truncate(file, complete);
}
