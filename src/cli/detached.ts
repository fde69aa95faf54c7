import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { resolveSettings } from '../config/resolve-settings.ts';
import { settingsFromJson } from '../config/settings-json.ts';
import type { Ending } from '../control/feed-events.ts';
import { startOwnedProxy } from '../owned-proxy.ts';
import { Redactor } from '../recording/redaction.ts';
import { version } from '../version.ts';
import { BoundedLogFile } from './bounded-log-file.ts';
import { endOnCrash } from './report-crash.ts';

const orders = z.object({ settings: z.unknown(), filedUnder: z.number(), stateDirectory: z.string() });

/** How often it looks whether it is still installed. Milliseconds. */
const lookMs = 60_000;

/**
 * A proxy that outlives the windows of the editor, started by one of them: reads its orders from standard input, says in one line of
 * JSON how its start went, and from then on is no longer tied to whoever started it.
 */
async function main(): Promise<void> {
  process.title = 'lingma-proxy';
  const {
    settings: wanted,
    filedUnder,
    stateDirectory,
  } = orders.parse(JSON.parse(await text(process.stdin)));
  mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
  const log = new BoundedLogFile(join(stateDirectory, `keep-running-${filedUnder}.log`));
  const redactor = new Redactor();
  endOnCrash(redactor, (text) => log.write(`${new Date().toISOString()} error ${text}`));
  const home = homedir();
  const { settings: defaults } = resolveSettings([], { cwd: home, home, platform: process.platform });
  const settings = settingsFromJson(wanted, defaults);
  // Falling back to a default would be wrong here: it might let in who has no key.
  if (!isDeepStrictEqual(JSON.parse(JSON.stringify(settings)), wanted)) {
    throw new Error('The settings that were handed over are not those of this version.');
  }
  const owned = await startOwnedProxy(
    { ...settings, cwd: settings.cwd || home },
    {
      version,
      redactor,
      kind: 'detached',
      show: ({ time, level, message }) => log.write(`${time} ${level} ${message}`),
      stateDirectory,
      filedUnder,
      onAsked: (ending) => end(ending),
    },
  );
  let isEnding = false;
  const end = (ending: Ending) => {
    if (isEnding) return;
    isEnding = true;
    void owned.close(ending).finally(() => process.exit());
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => end('closing'));
  await loadAllThatIsLeft();
  endWhenUninstalled(() => end('closing'));
  report({ url: owned.url });
}

/**
 * An update of the extension takes its files away: nothing may have to be loaded after that. Its scripts are not kept open; on Windows
 * the image library is, and the editor removes it when this process has ended.
 */
async function loadAllThatIsLeft(): Promise<void> {
  await Promise.all([
    import('../inspection/create-inspector.ts'),
    import('undici'),
    import('ws'),
    import('vscode-jsonrpc/node'),
    import('zod'),
    import('sharp').catch(() => undefined),
  ]);
}

/** Whoever uninstalls or updates the extension does not want its former self to go on. */
function endWhenUninstalled(end: () => void): void {
  const [, script] = process.argv;
  setInterval(() => {
    if (script !== undefined && !existsSync(script)) end();
  }, lookMs).unref();
}

/** Says how the start went. Nobody reads what is said after that. */
function report(outcome: object, andThen: () => void = () => {}): void {
  process.stdout.write(`${JSON.stringify(outcome)}\n`, andThen);
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? { code: String(error.code) } : {};
  report({ failure: { message, ...code } }, () => process.exit(1));
});
