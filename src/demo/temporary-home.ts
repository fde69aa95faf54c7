import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A home directory of its own, readable by this user only (mode 0700, which mkdtemp gives). */
export function makeTemporaryHome(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'lingma-')));
}

/** Removes a temporary home with all that is in it. */
export function removeTemporaryHome(home: string): void {
  rmSync(home, { recursive: true, force: true, maxRetries: 3 });
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
