import { type Computer, pathsOf, variable } from './computer.ts';

/** Whose files: QoderCN (and Qoder), or Lingma. */
export type Flavour = 'qoder' | 'lingma';

/** A folder in which a product may have left something. */
export interface Location {
  readonly path: string;
  readonly flavour: Flavour;
}

/** The products' folders under a shared base such as `~/.config`, in order of preference. */
const productFolders: Readonly<Record<Flavour, readonly string[]>> = {
  qoder: ['QoderCN', 'Qoder'],
  lingma: ['Lingma'],
};

/** The folders in the home folder that belong to one product alone, in order of preference. */
const ownFolders: Readonly<Record<Flavour, readonly (readonly string[])[]>> = {
  qoder: [['.qoder-cn'], ['.qodercn'], ['.qodercn', 'vscode']],
  lingma: [['.lingma', 'vscode'], ['.lingma']],
};

const cacheFolders: Readonly<Record<Flavour, readonly string[]>> = {
  qoder: ['SharedClientCache', 'sharedClientCache', 'shared_client'],
  lingma: ['SharedClientCache', 'sharedClientCache'],
};

const flavours: readonly Flavour[] = ['qoder', 'lingma'];

/** The user data folders of VS Code and its forks, and those of their servers on a remote computer. */
const editors = [
  'Code',
  'Code - Insiders',
  'VSCodium',
  'VSCodium - Insiders',
  'Cursor',
  'Windsurf',
  'Trae',
  'Trae CN',
];
const editorServers = ['.vscode-server', '.vscode-server-insiders', '.vscodium-server', '.cursor-server'];

const extensionFolder = ['User', 'globalStorage', 'alibaba-cloud.tongyi-lingma'];

/** Folders that may hold a runtime's info file or socket: every Qoder place over all bases first, then every Lingma place. */
export function runtimeLocations(computer: Computer): Location[] {
  const { join } = pathsOf(computer);
  const locations: Location[] = [];
  const addProduct = (path: string, flavour: Flavour) => {
    for (const folder of cacheFolders[flavour]) locations.push({ path: join(path, folder), flavour });
    locations.push({ path, flavour });
  };
  for (const flavour of flavours) {
    for (const base of sharedBases(computer)) {
      for (const folder of spellings(computer, productFolders[flavour]))
        addProduct(join(base, folder), flavour);
    }
    for (const folder of ownFolders[flavour]) addProduct(join(computer.home, ...folder), flavour);
  }
  for (const folder of editorFolders(computer)) addProduct(join(folder, ...extensionFolder), 'lingma');
  return distinct(computer, locations);
}

/** Folders that may hold a login cache (`cache/user`) and what belongs to it: all Qoder ones before all Lingma ones. */
export function loginLocations(computer: Computer): Location[] {
  const { join } = pathsOf(computer);
  const { home } = computer;
  const both = (base: string, names: readonly string[]): Location[] =>
    spellings(computer, names).map((name) => ({
      path: join(base, name),
      flavour: /qoder/i.test(name) ? 'qoder' : 'lingma',
    }));
  const locations: Location[] = [
    { path: join(home, '.qoder-cn', 'shared_client'), flavour: 'qoder' },
    { path: join(home, '.qodercn'), flavour: 'qoder' },
    { path: join(home, '.qodercn', 'vscode', 'sharedClientCache'), flavour: 'qoder' },
    { path: join(home, '.lingma'), flavour: 'lingma' },
    { path: join(home, '.lingma', 'vscode', 'sharedClientCache'), flavour: 'lingma' },
    ...runtimeLocations(computer),
    ...userProfile(computer),
    ...loginBases(computer).flatMap((base) => both(base, loginFolders(computer))),
  ];
  return distinct(
    computer,
    flavours.flatMap((flavour) => locations.filter((location) => location.flavour === flavour)),
  );
}

/** The folders in which to look for a login: the usual ones, or the one that the user named (it may be the cache folder itself). */
export function loginRoots(computer: Computer, named: string | undefined): string[] {
  if (named === undefined || named === '') return loginLocations(computer).map(({ path }) => path);
  const { basename, dirname, resolve } = pathsOf(computer);
  const folder = resolve(named);
  return basename(folder).toLowerCase() === 'cache' ? [dirname(folder), folder] : [folder];
}

/** Whose place a path is, judged by its names, the last one first. */
export function flavourOfPath(path: string): Flavour | undefined {
  for (const name of path.split(/[/\\]/).reverse()) {
    if (/qoder/i.test(name)) return 'qoder';
    if (/lingma/i.test(name)) return 'lingma';
  }
  return undefined;
}

function sharedBases(computer: Computer): string[] {
  const { join } = pathsOf(computer);
  switch (computer.platform) {
    case 'win32':
      return windowsBases(computer);
    case 'darwin':
      return [join(computer.home, 'Library', 'Application Support')];
    default:
      return [variable(computer, 'XDG_CONFIG_HOME') ?? join(computer.home, '.config')];
  }
}

function windowsBases(computer: Computer): string[] {
  return ['APPDATA', 'LOCALAPPDATA', 'ProgramData'].flatMap((name) => variable(computer, name) ?? []);
}

function loginBases(computer: Computer): string[] {
  if (computer.platform === 'win32') return windowsBases(computer);
  const { join } = pathsOf(computer);
  return [
    join(computer.home, '.config'),
    join(computer.home, '.local', 'share'),
    ...['XDG_CONFIG_HOME', 'XDG_STATE_HOME'].flatMap((name) => variable(computer, name) ?? []),
  ];
}

/** A home folder that is not the one Windows itself means happens where the environment is someone else's. */
function userProfile(computer: Computer): Location[] {
  const profile = computer.platform === 'win32' ? variable(computer, 'USERPROFILE') : undefined;
  if (profile === undefined) return [];
  return [{ path: pathsOf(computer).join(profile, '.qoder-cn', 'shared_client'), flavour: 'qoder' }];
}

function loginFolders({ platform }: Computer): readonly string[] {
  return platform === 'win32' ? ['QoderCN', 'Qoder', 'Lingma'] : ['QoderCN', 'Lingma'];
}

/** Where the case of file names counts, both spellings occur. */
function spellings({ platform }: Computer, names: readonly string[]): string[] {
  if (platform === 'win32' || platform === 'darwin') return [...names];
  return names.flatMap((name) => [name, name.toLowerCase()]);
}

function editorFolders(computer: Computer): string[] {
  const { join } = pathsOf(computer);
  const [base] = sharedBases(computer);
  const local = base === undefined ? [] : editors.map((editor) => join(base, editor));
  const servers = editorServers.map((server) => join(computer.home, server, 'data'));
  return computer.platform === 'win32' ? local : [...local, ...servers];
}

function distinct({ platform }: Computer, locations: readonly Location[]): Location[] {
  const ignoresCase = platform === 'win32' || platform === 'darwin';
  const byPath = new Map<string, Location>();
  for (const location of locations) {
    const key = ignoresCase ? location.path.toLowerCase() : location.path;
    if (!byPath.has(key)) byPath.set(key, location);
  }
  return [...byPath.values()];
}
