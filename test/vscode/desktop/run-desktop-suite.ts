import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleSuite } from '../bundle-suite.ts';
import type { SuiteResults } from '../in-host/suite-results.ts';
import { quietSettings } from '../quiet-settings.ts';

const root = join(import.meta.dirname, '..', '..', '..');

/** Milliseconds for a whole suite, the start of the editor included. */
const timeoutMs = 180_000;

/**
 * Runs `in-host/<name>.suite.ts` in the extension host of a desktop editor, with a profile of its own and the built extension loaded
 * from its folder. Rejects when the suite does not come to its end.
 */
export async function runDesktopSuite(
  executable: string,
  name: string,
  environment: Readonly<Record<string, string>>,
): Promise<SuiteResults> {
  const { entry, readResults } = await bundleSuite(name);
  // Short: the editor makes a socket in it, whose path may not be long.
  const folder = mkdtempSync(join(tmpdir(), 'lp-'));
  try {
    const [workspace, data] = [join(folder, 'workspace'), join(folder, 'data')];
    for (const path of [workspace, join(data, 'User')]) mkdirSync(path, { recursive: true });
    writeFileSync(join(data, 'User', 'settings.json'), JSON.stringify(quietSettings));
    const child = spawn(
      executable,
      [
        workspace,
        `--extensionDevelopmentPath=${root}`,
        `--extensionTestsPath=${entry}`,
        ...[`--user-data-dir=${data}`, `--extensions-dir=${join(folder, 'extensions')}`],
        ...['--disable-workspace-trust', '--disable-updates', '--disable-telemetry', '--skip-welcome'],
        ...['--skip-release-notes', '--no-cached-data', '--disable-gpu', '--no-sandbox'],
      ],
      {
        env: { ...editorFree(process.env), ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: timeoutMs,
      },
    );
    const printed: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => printed.push(text));
    }
    const [code] = await once(child, 'close');
    // The exit code alone says nothing: an extension host that died in the middle may leave 0.
    const results = code === 0 ? readResults() : undefined;
    if (results && results.tests.length > 0) return results;
    throw new Error(`The suite ${name} did not end well (exit ${code}).\n${printed.join('').slice(-6_000)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** Without what an editor's own terminal leaves there: it would make the executable a plain Node, or send it to that editor. */
function editorFree(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !/^(?:VSCODE_|ELECTRON_RUN_AS_NODE$)/.test(name)),
  );
}
