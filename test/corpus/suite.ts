/**
 * What a corpus suite is: it finds the cases below a folder, asks Mainsheet what each gives, and says where that
 * differs from what the real program gave. run.ts does the rest. A new suite is one file in suites/.
 */

/** One place where an answer is not the one expected. */
export interface Difference {
  /** Where in the expectation: keys joined by dots. */
  readonly at: string;
  readonly expected: unknown;
  readonly actual: unknown;
}

/** What a case came to. */
export interface Outcome {
  /** Differences that count. None: the case passed. */
  readonly differences: readonly Difference[];
  /** Agreement on what is information only, by name. */
  readonly information: Readonly<Record<string, Agreement>>;
  /** What Mainsheet gave, in the shape of the expectation's file. */
  readonly got: unknown;
}

export interface Agreement {
  readonly same: number;
  readonly different: number;
}

export interface CorpusCase {
  /** The expectation's path below the folder, with `/`; it names the case. */
  readonly path: string;
  /** Runs the case. What it throws is reported as the case's failure. */
  run(): Outcome | Promise<Outcome>;
}

export interface Suite {
  /** The folder below the corpus' root that is run when none is given. */
  readonly folder: string;
  /** The cases below a folder, in the order of their paths. */
  cases(folder: string): readonly CorpusCase[];
}
