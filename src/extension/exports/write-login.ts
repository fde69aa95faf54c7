import type { Settings } from '../../config/settings.ts';
import { baseUrlSourceOf, loginSourceOf } from '../../discovery.ts';
import { type Exported, exportRemoteAuth } from '../../exports/export-remote-auth.ts';
import { exportServerBundle } from '../../exports/export-server-bundle.ts';
import { writePrivateFile } from '../../exports/write-private-file.ts';
import { thisComputer } from '../../runtime/computer.ts';
import { version } from '../../version.ts';

/** Writes the login alone, or all that a server needs. Whoever chose the name has agreed to replace the file. Rejects with an error for people. */
export function writeLogin(
  what: 'credentials' | 'server-bundle',
  file: string,
  settings: Settings,
): Promise<Exported> {
  const computer = thisComputer();
  const login = loginSourceOf(settings, computer);
  if (what === 'credentials') return exportRemoteAuth({ login, file, overwrite: true });
  const baseUrl = baseUrlSourceOf(settings, computer);
  return exportServerBundle({ login, baseUrl, settings, version, file, overwrite: true });
}

/** Writes a zip that came as base64, readable to the user alone. Rejects with an error for people. */
export function writeZip(base64: string, file: string): Promise<void> {
  return writePrivateFile(file, Buffer.from(base64, 'base64'), true);
}
