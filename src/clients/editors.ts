import { readdir } from 'node:fs/promises';
import { type Computer, pathsOf, variable } from './computer.ts';

/** VS Code and its forks: the name of the folder with their user data, and where in the home folder their extensions are. */
const editors: Readonly<Record<string, string>> = {
  Code: '.vscode',
  'Code - Insiders': '.vscode-insiders',
  VSCodium: '.vscode-oss',
  Cursor: '.cursor',
  Windsurf: '.windsurf',
  Trae: '.trae',
  'Trae CN': '.trae-cn',
};

/** The version of an extension in each editor that has it, by the name of the editor's user data folder. */
async function installedExtension(computer: Computer, id: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const [editor, folder] of Object.entries(editors)) {
    const names = await readdir(pathsOf(computer).join(computer.home, folder, 'extensions')).catch(() => []);
    const versions = names.flatMap((name) =>
      name.toLowerCase().startsWith(`${id}-`)
        ? (/^\d+\.\d+\.\d+/.exec(name.slice(id.length + 1))?.[0] ?? [])
        : [],
    );
    const newest = versions.toSorted((one, other) => other.localeCompare(one, 'en', { numeric: true }))[0];
    if (newest !== undefined) found.set(editor, newest);
  }
  return found;
}

/** The editors that have an extension. */
export async function editorsWith(computer: Computer, extension: string): Promise<readonly string[]> {
  return [...(await installedExtension(computer, extension)).keys()];
}

/** The version of an extension in the first editor that has it. */
export async function extensionVersion(computer: Computer, extension: string): Promise<string | undefined> {
  return (await installedExtension(computer, extension)).values().next().value;
}

/** The user settings of an editor. */
export function editorSettings(computer: Computer, editor: string): string {
  const { join } = pathsOf(computer);
  const { home, platform } = computer;
  switch (platform) {
    case 'win32':
      return join(
        variable(computer, 'APPDATA') ?? join(home, 'AppData', 'Roaming'),
        editor,
        'User',
        'settings.json',
      );
    case 'darwin':
      return join(home, 'Library', 'Application Support', editor, 'User', 'settings.json');
    default:
      return join(
        variable(computer, 'XDG_CONFIG_HOME') ?? join(home, '.config'),
        editor,
        'User',
        'settings.json',
      );
  }
}
