#!/usr/bin/env node
import { type LoadedSettings, loadSettings } from '../config/load-settings.ts';
import { secretFlagIn, secretsIn } from '../config/secrets.ts';
import type { Settings } from '../config/settings.ts';
import { SettingsError } from '../config/settings-error.ts';
import { isFailure, wordsOf } from '../core/failure.ts';
import { type Localizer, type Phrase, phrase } from '../core/localizer.ts';
import type { LingmaProxy } from '../proxy.ts';
import { Redactor } from '../recording/redaction.ts';
import { version } from '../version.ts';
import { helpText } from './help-text.ts';
import { loadWords } from './language.ts';
import { Printer } from './print.ts';
import { crashText, endOnCrash } from './report-crash.ts';
import { describeSubcommands, findSubcommand } from './subcommands.ts';

/** Learns what is secret as it is read. */
const redactor = new Redactor();

/** Exit codes: 0 ended as asked, 1 could not start, 2 a wrong setting. */
async function main(): Promise<void> {
  endOnCrash(redactor, (text) => console.error(text));
  const words = await loadWords(process.env);
  const { l10n } = words;
  const subcommand = findSubcommand(process.argv[2]);
  if (subcommand) {
    const { run } = await subcommand.load();
    process.exitCode = await run(process.argv.slice(3), words);
    return;
  }
  const loaded = load(l10n);
  if (!loaded) return;
  if (loaded.help) return void process.stdout.write(helpText(words) + describeSubcommands(l10n));
  if (loaded.version) return void console.log(version);
  const { settings } = loaded;
  const printer = new Printer(settings, l10n, redactor);
  for (const secret of secretsIn(settings, process.env)) redactor.addSecret(secret);
  for (const warning of [...loaded.warnings, ...hideArguments(l10n)]) printer.warn(warning);
  const { remoteAuth, serverBundle } = loaded.exports;
  if (remoteAuth !== undefined || serverBundle !== undefined) {
    const { exportLogin } = await import('./commands/export-login.ts');
    process.exitCode = await exportLogin(settings, loaded.exports, l10n);
    return;
  }
  // Most of the program, so `--help` and `--version` do without it.
  const { createProxy } = await import('../proxy.ts');
  if (loaded.demo) {
    const { runDemo } = await import('./demo.ts');
    return runDemo(settings, {
      createProxy,
      onStop: (stop) => stopOnSignal(stop),
      listen: (proxy) => listen(proxy, settings, printer),
      l10n,
    });
  }

  const proxy = createProxy(settings, { version, redactor, show: printer.log });
  stopOnSignal(() => proxy.stop(), drain);
  const url = await listen(proxy, settings, printer);
  if (url === undefined) return proxy.stop();
  if (loaded.configFile !== undefined) printer.say(phrase('settings from {0}', loaded.configFile));
  for (const line of await proxy.describe()) printer.say(line);

  async function drain(): Promise<void> {
    const { drainSeconds } = proxy.settings;
    if (drainSeconds > 0)
      printer.say(phrase('draining for {0} s; a second signal ends at once', drainSeconds));
    await proxy.drain();
  }
}

/** Takes a key out of the list of processes, where every user of this computer can read it, and says that it was there. */
function hideArguments(l10n: Localizer): string[] {
  const flag = secretFlagIn(process.argv);
  if (flag === undefined) return [];
  process.title = 'lingma-proxy';
  return [
    process.platform === 'win32'
      ? l10n.t(
          '{0} can be read in the list of processes. Put the key into a file and name it with --api-key-file.',
          flag,
        )
      : l10n.t(
          '{0} could be read in the list of processes until now. Put the key into a file and name it with --api-key-file.',
          flag,
        ),
  ];
}

function load(l10n: Localizer): LoadedSettings | undefined {
  try {
    return loadSettings({ argv: process.argv.slice(2), env: process.env, cwd: process.cwd(), l10n });
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    console.error(error.message);
    process.exitCode = 2;
    return undefined;
  }
}

/** Starts the proxy and says where; or says why not, and leaves exit code 1. */
async function listen(
  proxy: LingmaProxy,
  { host, port }: Settings,
  printer: Printer,
): Promise<string | undefined> {
  try {
    const url = await proxy.start();
    printer.say(phrase('listening on {0}', url));
    return url;
  } catch (error) {
    process.exitCode = 1;
    printer.fail(await explainListenError(error, host, port));
    return undefined;
  }
}

async function explainListenError(error: unknown, host: string, port: number): Promise<Phrase> {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE': {
      const { findPortHolder } = await import('../port-holder.ts');
      const holder = await findPortHolder(host, port);
      return holder === undefined
        ? phrase(
            'Port {0} on {1} is taken by another program. Stop it, or choose another port with --port.',
            port,
            host,
          )
        : phrase(
            'Port {0} on {1} is taken by {2}. Stop it, or choose another port with --port.',
            port,
            host,
            holder,
          );
    }
    case 'EACCES':
      return phrase('This user may not listen on port {0}. Choose a port above 1023 with --port.', port);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return phrase(
        '{0} is not an address of this computer. Choose another with --host; 127.0.0.1 always works.',
        host,
      );
    default:
      return phrase(
        'Lingma Proxy could not listen on {0}: {1}',
        `${host}:${port}`,
        error instanceof Error ? error.message : String(error),
      );
  }
}

/** The first SIGINT or SIGTERM stops in order, the latter after `drain`; a second one stops at once. */
function stopOnSignal(stop: () => Promise<void>, drain: () => Promise<void> = async () => {}): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(130);
      stopping = true;
      // A person at the keyboard has no balancer to wait for.
      const drained = signal === 'SIGTERM' ? drain() : Promise.resolve();
      drained.then(stop).then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(crashText(error, redactor));
          process.exit(1);
        },
      );
    });
  }
}

main().catch(async (error: unknown) => {
  // What says what to do, such as of a proxy in the environment that is none, is no defect.
  const isDefect = !isFailure(error) || error.kind === 'internal';
  const { l10n } = await loadWords(process.env);
  console.error(isDefect ? crashText(error, redactor) : redactor.text(wordsOf(error, l10n)));
  process.exitCode = 1;
});
