/** The command line: `mainsheet <command> …`. A command is one file; it answers the exit status. */

import { cue } from './cue.ts';
import { definitions } from './definitions.ts';
import { diff } from './diff.ts';
import { importDefinitions } from './import.ts';
import { render } from './render.ts';

/** What a command may touch of the outside world besides files. */
export interface CommandIo {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

interface Command {
  readonly summary: string;
  readonly run: (args: readonly string[], io: CommandIo) => Promise<number>;
}

const commands: Readonly<Record<string, Command>> = {
  cue: { summary: 'evaluate, check or format CUE', run: cue },
  definitions: { summary: 'list, search and show definitions', run: definitions },
  import: { summary: 'tell which definitions of a folder load and compile', run: importDefinitions },
  diff: { summary: 'tell what an Application would change', run: diff },
  render: { summary: 'print the Kubernetes objects that an Application gives', run: render },
};

const usage = `usage: mainsheet <command> [options]\n\n${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(12)} ${summary}`)
  .join('\n')}\n\nmainsheet <command> --help tells the options of a command.\n`;

async function main(argv: readonly string[]): Promise<number> {
  const io: CommandIo = {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  };
  const [name, ...args] = argv;
  const command = name === undefined ? undefined : commands[name];
  if (command !== undefined) return command.run(args, io);
  const asked = name === undefined || name === '--help' || name === '-h';
  (asked ? io.out : io.err)(asked ? usage : `There is no command "${name}".\n\n${usage}`);
  return name === undefined || !asked ? 2 : 0;
}

process.exitCode = await main(process.argv.slice(2));
