import * as nativePath from 'node:path';

/** The computer whose clients are connected: all that decides where their files are, so that tests can stand in for any platform. */
export interface Computer {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home folder. */
  readonly home: string;
  readonly platform: NodeJS.Platform;
}

/** How the computer writes paths. */
export function pathsOf({ platform }: Computer): nativePath.PlatformPath {
  return platform === 'win32' ? nativePath.win32 : nativePath.posix;
}

/** The value of an environment variable; undefined when it is unset or empty. */
export function variable(computer: Computer, name: string): string | undefined {
  const value = computer.env[name]?.trim();
  return value === '' ? undefined : value;
}

/** The folder that a variable names (`~` is the home folder), else one in the home folder. */
export function folderOf(computer: Computer, name: string, ...inHome: readonly string[]): string {
  const { join, resolve } = pathsOf(computer);
  const named = variable(computer, name);
  if (named === undefined) return join(computer.home, ...inHome);
  if (named === '~' || /^~[\\/]/.test(named)) return join(computer.home, named.slice(1));
  return resolve(named);
}

/** Where this program keeps what it has to remember of its user, by the platform's custom. */
export function stateFolder(computer: Computer): string {
  const { join } = pathsOf(computer);
  switch (computer.platform) {
    case 'win32':
      return join(
        variable(computer, 'LOCALAPPDATA') ?? join(computer.home, 'AppData', 'Local'),
        'lingma-proxy',
      );
    case 'darwin':
      return join(computer.home, 'Library', 'Application Support', 'lingma-proxy');
    default:
      return join(
        variable(computer, 'XDG_STATE_HOME') ?? join(computer.home, '.local', 'state'),
        'lingma-proxy',
      );
  }
}

/** Whether programs on this computer are told to go through an HTTP proxy, which would then get requests to loopback too. */
export function hasSystemProxy(computer: Computer): boolean {
  return ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'].some(
    (name) => variable(computer, name) !== undefined,
  );
}

/** The value of `NO_PROXY` with the given host and localhost in it, and all that was there. */
export function noProxyWith(host: string, noProxy: string): string {
  const hosts = noProxy.split(',').map((entry) => entry.trim());
  return [...new Set([...hosts, host, 'localhost'])].filter((entry) => entry !== '').join(',');
}
