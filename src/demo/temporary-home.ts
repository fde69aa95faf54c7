import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const homes = new Set<string>();

/**
 * A home directory of its own, readable by this user only (mode 0700, which mkdtemp gives). Whoever forgets to remove it has
 * it removed when the process exits.
 */
export function makeTemporaryHome(): string {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'lingma-')));
  if (homes.size === 0) process.on('exit', removeAll);
  homes.add(home);
  return home;
}

/** Removes a temporary home with all that is in it. */
export function removeTemporaryHome(home: string): void {
  rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  homes.delete(home);
  if (homes.size === 0) process.off('exit', removeAll);
}

function removeAll(): void {
  for (const home of [...homes]) removeTemporaryHome(home);
}

/**
 * The environment of a person who lives in `home` and has nothing of Lingma elsewhere: every variable that leads to a
 * place where a runtime or a login is looked for.
 */
export function homeEnvironment(home: string): Record<string, string> {
  return {
    HOME: home,
    USERPROFILE: home,
    APPDATA: join(home, 'AppData', 'Roaming'),
    LOCALAPPDATA: join(home, 'AppData', 'Local'),
    ProgramData: join(home, 'ProgramData'),
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_STATE_HOME: join(home, '.local', 'state'),
    XDG_DATA_HOME: join(home, '.local', 'share'),
  };
}
