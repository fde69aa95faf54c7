import { setTimeout as delay } from 'node:timers/promises';
import type { EditorSettings } from '../../config/load-editor-settings.ts';
import type { Settings } from '../../config/settings.ts';
import { OwnerFile } from '../../control/owner-file.ts';
import type { Localizer } from '../../core/localizer.ts';
import { startOwnedProxy } from '../../owned-proxy.ts';
import type { LogLine } from '../../recording/log-buffer.ts';
import type { AskedEnding } from '../../server/control/control-services.ts';
import { version } from '../../version.ts';
import { launchDemo } from './launch-demo.ts';
import { listenFailure } from './listen-failure.ts';
import type { RunMode, RunningProxy, Succession } from './running-proxy.ts';
import { StartFailure } from './start-failure.ts';

/** Milliseconds between two tries. */
const againMs = 50;
/** Milliseconds in which whoever has just taken the port leaves word of it. */
const takenPatienceMs = 2_000;
/** Milliseconds that an owner which restarts may take: its answers get 8 s to end. */
const restartPatienceMs = 12_000;

export interface LaunchOptions {
  /** Throws a `SettingsError`. */
  readonly loadSettings: () => Promise<EditorSettings>;
  /** Hears each log line, redacted. */
  readonly show: (line: LogLine) => void;
  readonly l10n: Localizer;
  /** Where this user's windows find each other. */
  readonly stateDirectory: string;
  /** The person wants a proxy that outlives the windows. */
  readonly keepRunning: () => boolean;
  /** The program that does. */
  readonly detachedScript: string;
  /** An attached window asks for this, of a proxy that runs in this one. */
  readonly onAsked: (ending: AskedEnding) => void;
}

/**
 * Loads most of the program and has a proxy run with the present settings: another window's, which this one attaches to, else one of
 * its own, or one that outlives the windows. Throws a `StartFailure`.
 */
export async function launchProxy(
  mode: RunMode,
  options: LaunchOptions,
  succession?: Succession,
): Promise<RunningProxy> {
  const loaded = await loadSettings(options);
  try {
    return mode === 'usual'
      ? await shareProxy(loaded, options, succession)
      : await launchDemo(loaded.settings, options.show);
  } catch (error) {
    throw await listenFailure(error, loaded.settings, options.l10n);
  }
}

/**
 * The port is the lock: whoever gets it owns the proxy and leaves word, everybody else attaches. All windows may try at once, now or
 * when an owner is gone.
 */
async function shareProxy(
  { settings, origins }: EditorSettings,
  options: LaunchOptions,
  succession: Succession | undefined,
): Promise<RunningProxy> {
  const file = new OwnerFile(options.stateDirectory, settings.port);
  const attachToOwner = async () => {
    if (!file.exists) return undefined;
    const { attach } = await import('./attach.ts');
    return attach(file.path, { settings, ...options });
  };
  // Clients know the port of the one before, which whoever is first gets: "any free port" would be another for each window.
  let port = settings.port === 0 && succession ? Number(new URL(succession.url).port) : settings.port;
  const waitUntil = performance.now() + (succession?.comesBack ? restartPatienceMs : 0);
  let giveUpAt: number | undefined;
  for (;;) {
    const attached = await attachToOwner();
    if (attached) return attached;
    if (performance.now() >= waitUntil) {
      try {
        if (!options.keepRunning()) return await own({ ...settings, port }, settings.port, options);
        // It belongs to no window, and so to no folder.
        const cwd = origins.cwd.kind === 'default' ? '' : settings.cwd;
        const { startDetached } = await import('./start-detached.ts');
        await startDetached({ ...settings, port, cwd }, settings.port, options);
        return (await attachToOwner()) ?? endedAtOnce(options);
      } catch (error) {
        giveUpAt ??= performance.now() + takenPatienceMs;
        const isOver = !isTaken(error) || performance.now() >= giveUpAt;
        if (isOver && port === settings.port) throw error;
        if (isOver) port = settings.port;
      }
    }
    await delay(againMs);
  }
}

function endedAtOnce({ l10n, stateDirectory }: LaunchOptions): never {
  throw new StartFailure(
    l10n.t(
      'The process that was to keep running has ended at once. Its log in {0} says why.',
      stateDirectory,
    ),
    'log',
  );
}

async function own(
  settings: Settings,
  filedUnder: number,
  { show, stateDirectory, onAsked }: LaunchOptions,
): Promise<RunningProxy> {
  const options = { version, show, stateDirectory, filedUnder, onAsked, kind: 'window' } as const;
  const { url, proxy, close } = await startOwnedProxy(settings, options);
  return {
    mode: 'usual',
    url,
    proxy,
    relation: 'own',
    owner: { kind: 'window', version, pid: process.pid },
    applySettings: async (changed) => proxy.applySettings({ ...changed, port: samePort(changed.port) }),
    close,
  };

  /** The port that was listened on stands for the one that was set. */
  function samePort(port: number): number {
    return port === filedUnder ? settings.port : port;
  }
}

async function loadSettings(options: LaunchOptions): Promise<EditorSettings> {
  try {
    return await options.loadSettings();
  } catch (error) {
    throw new StartFailure(error instanceof Error ? error.message : String(error), 'settings');
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
