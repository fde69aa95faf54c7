#!/usr/bin/env node
import { helpText } from '../config/help-text.ts';
import { type LoadedSettings, loadSettings } from '../config/load-settings.ts';
import type { Settings } from '../config/settings.ts';
import { SettingsError } from '../config/settings-error.ts';
import { findPortHolder } from '../port-holder.ts';
import type { LingmaProxy } from '../proxy.ts';
import type { LogLine } from '../recording/log-buffer.ts';
import { version } from '../version.ts';
import { describeSubcommands, findSubcommand } from './subcommands.ts';

/** Exit codes: 0 ended as asked, 1 could not start, 2 a wrong setting. */
async function main(): Promise<void> {
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
  for (const warning of loaded.warnings) console.error(`warning: ${warning}`);
  const { settings } = loaded;
  // Most of the program, so `--help` and `--version` do without it.
  const { createProxy } = await import('../proxy.ts');
  if (loaded.demo) {
    const { runDemo } = await import('./demo.ts');
    return runDemo(settings, {
      createProxy,
      onStop: stopOnSignal,
      listen: (proxy) => listen(proxy, settings),
    });
  }

  const proxy = createProxy(settings, { version, show });
  stopOnSignal(() => proxy.stop());
  const url = await listen(proxy, settings);
  if (url === undefined) return proxy.stop();
  if (loaded.configFile !== undefined) console.log(`settings from ${loaded.configFile}`);
  for (const line of await proxy.describe()) console.log(line);
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
async function listen(proxy: LingmaProxy, { host, port }: Settings): Promise<string | undefined> {
  try {
    const url = await proxy.start();
    console.log(`listening on ${url}`);
    return url;
  } catch (error) {
    process.exitCode = 1;
    console.error(await explainListenError(error, host, port));
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

/** The first SIGINT or SIGTERM stops in order; a second one stops at once. */
function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(130);
      stopping = true;
      stop().then(
        () => process.exit(0),
        (error: unknown) => {
          console.error(error);
          process.exit(1);
        },
      );
    });
  }
}

function show({ time, level, message }: LogLine): void {
  const line = `${time.slice(11, 23)} ${level === 'info' ? '' : `${level}: `}${message}`;
  if (level === 'warn' || level === 'error') console.error(line);
  else console.log(line);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
