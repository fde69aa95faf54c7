#!/usr/bin/env node
import { helpText } from '../config/help-text.ts';
import { type LoadedSettings, loadSettings } from '../config/load-settings.ts';
import { secretFlagIn, secretsIn } from '../config/secrets.ts';
import type { Settings } from '../config/settings.ts';
import { SettingsError } from '../config/settings-error.ts';
import { findPortHolder } from '../port-holder.ts';
import type { LingmaProxy } from '../proxy.ts';
import { Redactor } from '../recording/redaction.ts';
import { version } from '../version.ts';
import { Printer } from './print.ts';
import { crashText, endOnCrash } from './report-crash.ts';
import { describeSubcommands, findSubcommand } from './subcommands.ts';

/** Learns what is secret as it is read. */
const redactor = new Redactor();

/** Exit codes: 0 ended as asked, 1 could not start, 2 a wrong setting. */
async function main(): Promise<void> {
  endOnCrash(redactor, (text) => console.error(text));
  const subcommand = findSubcommand(process.argv[2]);
  if (subcommand) {
    const { run } = await subcommand.load();
    process.exitCode = await run(process.argv.slice(3));
    return;
  }
  const loaded = load();
  if (!loaded) return;
  if (loaded.help) return void process.stdout.write(helpText() + describeSubcommands());
  if (loaded.version) return void console.log(version);
  const { settings } = loaded;
  const printer = new Printer(settings);
  for (const secret of secretsIn(settings, process.env)) redactor.addSecret(secret);
  for (const warning of [...loaded.warnings, ...hideArguments()]) printer.warn(warning);
  const { remoteAuth, serverBundle } = loaded.exports;
  if (remoteAuth !== undefined || serverBundle !== undefined) {
    const { exportLogin } = await import('./commands/export-login.ts');
    process.exitCode = await exportLogin(settings, loaded.exports);
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
    });
  }

  const proxy = createProxy(settings, { version, redactor, show: printer.log });
  stopOnSignal(() => proxy.stop(), drain);
  const url = await listen(proxy, settings, printer);
  if (url === undefined) return proxy.stop();
  if (loaded.configFile !== undefined) printer.say(`settings from ${loaded.configFile}`);
  for (const line of await proxy.describe()) printer.say(redactor.text(line));

  async function drain(): Promise<void> {
    const { drainSeconds } = proxy.settings;
    if (drainSeconds > 0) printer.say(`draining for ${drainSeconds} s; a second signal ends at once`);
    await proxy.drain();
  }
}

/** Takes a key out of the list of processes, where every user of this computer can read it, and says that it was there. */
function hideArguments(): string[] {
  const flag = secretFlagIn(process.argv);
  if (flag === undefined) return [];
  process.title = 'lingma-proxy';
  return [
    `${flag} could be read in the list of processes until now${process.platform === 'win32' ? ', and still can' : ''}. ` +
      'Put the key into a file and name it with --api-key-file.',
  ];
}

function load(): LoadedSettings | undefined {
  try {
    return loadSettings({ argv: process.argv.slice(2), env: process.env, cwd: process.cwd() });
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
    printer.say(`listening on ${url}`);
    return url;
  } catch (error) {
    process.exitCode = 1;
    printer.fail(await explainListenError(error, host, port));
    return undefined;
  }
}

async function explainListenError(error: unknown, host: string, port: number): Promise<string> {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE': {
      const holder = (await findPortHolder(host, port)) ?? 'another program';
      return `Port ${port} on ${host} is taken by ${holder}. Stop it, or choose another port with --port.`;
    }
    case 'EACCES':
      return `This user may not listen on port ${port}. Choose a port above 1023 with --port.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is not an address of this computer. Choose another with --host; 127.0.0.1 always works.`;
    default:
      return `Lingma Proxy could not listen on ${host}:${port}: ${error instanceof Error ? error.message : String(error)}`;
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

main().catch((error: unknown) => {
  console.error(crashText(error, redactor));
  process.exitCode = 1;
});
