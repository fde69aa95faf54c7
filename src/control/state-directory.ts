import * as nativePath from 'node:path';

export interface StatePlace {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: NodeJS.Platform;
}

/** The folder for what this user's proxies tell each other, whichever editor or profile they run in. */
export function stateDirectory({ env, home, platform }: StatePlace): string {
  const { join, isAbsolute } = platform === 'win32' ? nativePath.win32 : nativePath.posix;
  const absolute = (path: string | undefined) => (path !== undefined && isAbsolute(path) ? path : undefined);
  switch (platform) {
    case 'win32':
      return join(absolute(env['LOCALAPPDATA']) ?? join(home, 'AppData', 'Local'), 'lingma-proxy');
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'lingma-proxy');
    default:
      return join(absolute(env['XDG_STATE_HOME']) ?? join(home, '.local', 'state'), 'lingma-proxy');
  }
}
