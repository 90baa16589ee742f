/** How the operating systems of package `path` write paths. */

/** What differs between systems. Every name but `windows` and `plan9` means Unix. */
export interface PathSystem {
  readonly separator: '/' | '\\';
  isSeparator(character: string | undefined): boolean;
  /** The length of the volume that leads a path (`C:`, `\\host\share`); 0 where there is none. */
  volumeLength(path: string): number;
  isAbsolute(path: string): boolean;
  splitList(path: string): readonly string[];
  sameWord(a: string, b: string): boolean;
}

/** The names that the `os` argument may take. */
export const SYSTEM_NAMES: readonly string[] = [
  ...[
    'unix',
    'windows',
    'plan9',
    'aix',
    'android',
    'darwin',
    'dragonfly',
    'freebsd',
    'hurd',
    'illumos',
    'ios',
  ],
  ...['js', 'linux', 'nacl', 'netbsd', 'openbsd', 'solaris', 'zos'],
];

function slashSystem(listSeparator: string, isAbsolute: (path: string) => boolean): PathSystem {
  return {
    separator: '/',
    isSeparator: (character) => character === '/',
    volumeLength: () => 0,
    isAbsolute,
    splitList: (path) => (path === '' ? [] : path.split(listSeparator)),
    sameWord: (a, b) => a === b,
  };
}

const UNIX = slashSystem(':', (path) => path.startsWith('/'));
const PLAN9 = slashSystem('\0', (path) => path.startsWith('/') || path.startsWith('#'));

const RESERVED = /^(?:con|prn|aux|nul|com[1-9]|lpt[1-9])$/i;
/** A UNC share: two separators, a host that begins with neither separator nor dot, one separator, a share likewise. */
const SHARE = /^[\\/]{2}[^\\/.][^\\/]*[\\/][^\\/.][^\\/]*/;

function windowsVolume(path: string): number {
  if (/^[a-zA-Z]:/.test(path)) return 2;
  return SHARE.exec(path)?.[0].length ?? 0;
}

/** Splits at semicolons outside quotes, and drops the quotes. */
function splitWindowsList(path: string): readonly string[] {
  if (path === '') return [];
  const parts: string[] = [''];
  let quoted = false;
  for (const character of path) {
    if (character === '"') quoted = !quoted;
    else if (character === ';' && !quoted) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts;
}

const WINDOWS: PathSystem = {
  separator: '\\',
  isSeparator: (character) => character === '\\' || character === '/',
  volumeLength: windowsVolume,
  isAbsolute: (path) => {
    if (RESERVED.test(path)) return true;
    const length = windowsVolume(path);
    return length > 0 && /^[\\/]/.test(path.slice(length));
  },
  splitList: splitWindowsList,
  sameWord: (a, b) => a.toLowerCase() === b.toLowerCase(),
};

export function pathSystem(name: string): PathSystem {
  if (name === 'windows') return WINDOWS;
  return name === 'plan9' ? PLAN9 : UNIX;
}
