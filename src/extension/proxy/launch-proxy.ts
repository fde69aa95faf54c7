import type { EditorSettings } from '../../config/load-editor-settings.ts';
import type { Settings } from '../../config/settings.ts';
import { withoutLocations } from '../../config/without-locations.ts';
import type { LingmaProxy } from '../../proxy.ts';
import type { LogLine } from '../../recording/log-buffer.ts';
import { thisComputer } from '../../runtime/computer.ts';
import { version } from '../../version.ts';
import type { Localizer } from '../localizer.ts';
import { listenFailure } from './listen-failure.ts';
import type { RunMode, RunningProxy } from './proxy-host.ts';
import { StartFailure } from './start-failure.ts';

export interface LaunchOptions {
  /** Throws a `SettingsError`. */
  readonly loadSettings: () => Promise<EditorSettings>;
  /** Hears each log line, redacted. */
  readonly show: (line: LogLine) => void;
  readonly l10n: Localizer;
  /** Where records survive a reload of the window. */
  readonly recordsDirectory?: string;
}

/** Loads most of the program, and starts a proxy with the present settings. Throws a `StartFailure`. */
export async function launchProxy(mode: RunMode, options: LaunchOptions): Promise<RunningProxy> {
  const settings = await settingsOf(options);
  return mode === 'usual' ? launchUsual(settings, options) : launchDemo(settings, options);
}

async function launchUsual(
  settings: Settings,
  { show, l10n, recordsDirectory }: LaunchOptions,
): Promise<RunningProxy> {
  const { createProxy } = await import('../../proxy.ts');
  const proxy = createProxy(settings, {
    version,
    show,
    ...(recordsDirectory === undefined ? {} : { recordsDirectory }),
  });
  const close = (graceMs?: number) => proxy.stop(graceMs);
  const url = await listen(proxy, settings, l10n, close);
  return { mode: 'usual', url, proxy, close, applySettings: (changed) => proxy.applySettings(changed) };
}

async function launchDemo(settings: Settings, { show, l10n }: LaunchOptions): Promise<RunningProxy> {
  const [{ createProxy }, { startSimulator }] = await Promise.all([
    import('../../proxy.ts'),
    import('../../demo/simulator.ts'),
  ]);
  const simulator = await startSimulator();
  // The proxy finds the simulated Lingma as it would find the real one: by what lies in the home folder.
  const computer = { ...thisComputer(), home: simulator.home, env: simulator.environment };
  const proxy = createProxy(withoutLocations(settings), { version, show, computer });
  const close = async (graceMs?: number) => {
    await proxy.stop(graceMs);
    await simulator.close();
  };
  const url = await listen(proxy, settings, l10n, close);
  const applySettings = (changed: Settings) => proxy.applySettings(withoutLocations(changed));
  return { mode: 'demo', url, proxy, close, applySettings };
}

async function settingsOf({ loadSettings }: LaunchOptions): Promise<Settings> {
  try {
    return (await loadSettings()).settings;
  } catch (error) {
    throw new StartFailure(error instanceof Error ? error.message : String(error), 'settings');
  }
}

async function listen(
  proxy: LingmaProxy,
  settings: Settings,
  l10n: Localizer,
  close: () => Promise<void>,
): Promise<string> {
  try {
    return await proxy.start();
  } catch (error) {
    await close();
    throw await listenFailure(error, settings, l10n);
  }
}
