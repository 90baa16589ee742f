/** Package `path`: paths of Unix (the default), Windows and Plan 9, as text. */
import type { Builtin, BuiltinEnv, BuiltinError, Data, ResultKind, StdPackage } from './builtin.ts';
import { evalError } from './builtin.ts';
import { functionsOf, overBudget } from './define.ts';
import { matchPath } from './path-match.ts';
import type { PathSystem } from './path-os.ts';
import { pathSystem, SYSTEM_NAMES } from './path-os.ts';

const define = functionsOf('path');

const UNIX_DEFAULT = { type: 'string', default: 'unix' } as const;
const WINDOWS_DEFAULT = { type: 'string', default: 'windows' } as const;

function fromSlash(path: string, system: PathSystem): string {
  return path.replaceAll('/', system.separator);
}

function volumeOf(path: string, system: PathSystem): string {
  return path.slice(0, system.volumeLength(path));
}

/** The words between separators, without empty ones. */
function wordsOf(path: string, system: PathSystem): string[] {
  const words = system.separator === '/' ? path.split('/') : path.split(/[\\/]/);
  return words.filter((word) => word !== '');
}

/** The shortest equal path: no `.`, no `..` behind a name, no doubled separator. */
function clean(path: string, system: PathSystem): string {
  const volume = volumeOf(path, system);
  const rest = path.slice(volume.length);
  if (rest === '') return volume.length > 1 && path[1] !== ':' ? fromSlash(path, system) : `${path}.`;
  const rooted = system.isSeparator(rest[0]);
  const kept: string[] = [];
  for (const word of wordsOf(rest, system)) {
    if (word === '.') continue;
    if (word !== '..') kept.push(word);
    else if (kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (!rooted) kept.push('..');
  }
  const cleaned = (rooted ? system.separator : '') + kept.join(system.separator);
  return fromSlash(volume + (cleaned === '' ? '.' : cleaned), system);
}

/** Splits behind the last separator of the part that follows the volume. */
function splitAtLast(path: string, system: PathSystem): readonly [string, string] {
  const volume = system.volumeLength(path);
  let at = path.length;
  while (at > volume && !system.isSeparator(path[at - 1])) at--;
  return [path.slice(0, at), path.slice(at)];
}

function join(elements: readonly string[], system: PathSystem): string {
  const first = elements.findIndex((element) => element !== '');
  if (first < 0) return '';
  const used = elements.slice(first);
  return system.separator === '\\' ? joinWindows(used, system) : clean(used.join('/'), system);
}

function joinWindows(elements: readonly string[], system: PathSystem): string {
  const [head = '', ...tail] = elements;
  // A letter, but also any other single byte before the colon.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: every byte of ASCII is meant
  if (/^[\x00-\x7f]:$/.test(head)) {
    // A drive alone stays relative to the drive's directory.
    const next = tail.findIndex((element) => element !== '');
    return clean(head + (next < 0 ? '' : tail.slice(next).join('\\')), system);
  }
  const joined = clean(elements.join('\\'), system);
  if (system.volumeLength(joined) <= 2) return joined;
  const cleanHead = clean(head, system);
  if (system.volumeLength(cleanHead) > 2) return joined;
  // Joining must not make a share out of what were no shares.
  const cleanTail = clean(tail.join('\\'), system);
  return cleanHead.endsWith('\\') ? cleanHead + cleanTail : `${cleanHead}\\${cleanTail}`;
}

function base(path: string, system: PathSystem): string {
  if (path === '') return '.';
  let end = path.length;
  while (end > 0 && system.isSeparator(path[end - 1])) end--;
  const trimmed = path.slice(0, end);
  const name = splitAtLast(trimmed, system)[1];
  const rest = name === '' ? trimmed.slice(system.volumeLength(trimmed)) : name;
  return rest === '' ? system.separator : rest;
}

function dir(path: string, system: PathSystem): string {
  const volume = volumeOf(path, system);
  const parent = clean(splitAtLast(path, system)[0].slice(volume.length), system);
  return parent === '.' && volume.length > 2 ? volume : volume + parent;
}

function ext(path: string, system: PathSystem): string {
  for (let at = path.length - 1; at >= 0 && !system.isSeparator(path[at]); at--) {
    if (path[at] === '.') return path.slice(at);
  }
  return '';
}

function relative(from: string, to: string, system: PathSystem): string | BuiltinError {
  const volumes = [volumeOf(from, system), volumeOf(to, system)] as const;
  const paths = [clean(from, system), clean(to, system)] as const;
  if (system.sameWord(paths[1], paths[0])) return '.';
  const start = paths[0].slice(volumes[0].length);
  const target = paths[1].slice(volumes[1].length);
  const unrelated = evalError(`Rel: can't make ${to} relative to ${from}`);
  const rooted = start.startsWith(system.separator);
  if (rooted !== target.startsWith(system.separator) || !system.sameWord(volumes[0], volumes[1]))
    return unrelated;
  const up = start === '.' ? [] : wordsOf(start, system);
  const down = wordsOf(target, system);
  let shared = 0;
  while (shared < Math.min(up.length, down.length) && system.sameWord(down[shared] ?? '', up[shared] ?? ''))
    shared++;
  if (up[shared] === '..') return unrelated;
  const steps = up.slice(shared).map(() => '..');
  return [...steps, ...down.slice(shared)].join(system.separator);
}

type Answer = Data | BuiltinError;

/** Runs with the system that the last argument names. Errors: an unknown name, budget. */
function on(
  [name, position]: readonly [string, number],
  paths: readonly string[],
  env: BuiltinEnv,
  run: (system: PathSystem) => Answer,
): Answer {
  if (!env.charge(paths.reduce((sum, text) => sum + 2 * text.length + 1, 0))) return overBudget();
  if (SYSTEM_NAMES.includes(name)) return run(pathSystem(name));
  return evalError(`cannot use ${JSON.stringify(name)} as an operating system in argument ${position}`);
}

type Os = 'string' | typeof UNIX_DEFAULT | typeof WINDOWS_DEFAULT;

/** A function of one path. */
function onPath(
  name: string,
  os: Os,
  result: ResultKind,
  run: (path: string, system: PathSystem) => Answer,
): Builtin {
  return define(name, ['string', os], result, ([path, os], env) =>
    on([os, 2], [path], env, (system) => run(path, system)),
  );
}

/** A function of two paths. */
function onPaths(
  name: string,
  result: ResultKind,
  run: (a: string, b: string, system: PathSystem) => Answer,
): Builtin {
  return define(name, ['string', 'string', UNIX_DEFAULT], result, ([a, b, os], env) =>
    on([os, 3], [a, b], env, (system) => run(a, b, system)),
  );
}

const FUNCTIONS = [
  onPath('Split', UNIX_DEFAULT, 'list', splitAtLast),
  onPath('SplitList', 'string', 'list', (path, system) => system.splitList(path)),
  define('Join', ['strings', UNIX_DEFAULT], 'string', ([parts, os], env) =>
    on([os, 2], parts, env, (system) => join(parts, system)),
  ),
  onPaths('Match', 'bool', matchPath),
  onPath('Clean', UNIX_DEFAULT, 'string', clean),
  onPath('ToSlash', 'string', 'string', (path, { separator }) => path.replaceAll(separator, '/')),
  onPath('FromSlash', 'string', 'string', fromSlash),
  onPath('Ext', UNIX_DEFAULT, 'string', ext),
  onPaths('Resolve', 'string', (from, sub, system) =>
    system.isAbsolute(sub) ? clean(sub, system) : join([clean(from, system), sub], system),
  ),
  onPaths('Rel', 'string', relative),
  onPath('Base', UNIX_DEFAULT, 'string', base),
  onPath('Dir', UNIX_DEFAULT, 'string', dir),
  onPath('IsAbs', UNIX_DEFAULT, 'bool', (path, system) => system.isAbsolute(path)),
  onPath('VolumeName', WINDOWS_DEFAULT, 'string', volumeOf),
];

export const path: StdPackage = {
  path: 'path',
  functions: FUNCTIONS,
  constants: new Map<string, Data>([
    ['Unix', 'unix'],
    ['Windows', 'windows'],
    ['Plan9', 'plan9'],
  ]),
};
