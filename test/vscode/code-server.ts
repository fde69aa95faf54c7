import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { InstalledCodeServer } from './install-code-server.ts';
import { endWithThisProcess, killGroup } from './process-group.ts';
import { quietSettings } from './quiet-settings.ts';

export interface CodeServerOptions {
  /** For the server, its extension hosts and its terminals; nothing but `PATH` is taken over from the tests' own. */
  readonly environment?: Readonly<Record<string, string>>;
  /** User settings, beside those that keep the workbench quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Packaged extensions (`.vsix` files) to install first. */
  readonly extensions?: readonly string[];
  /** The editor's language, such as `zh-cn`; default English. VS Code's own words stay English: real language packs are in its marketplace. */
  readonly language?: string;
  /** Lets a page run a suite inside an extension host. It also suppresses toasts and dialogs, so leave it out to act as a person. */
  readonly testDriver?: boolean;
}

/** A running VS Code server with a home, settings and extensions of its own, in a folder that goes with it. */
export class CodeServer {
  /** Such as `http://127.0.0.1:41234`. */
  readonly url: string;
  /** The home folder of everything that runs in it, empty at first. */
  readonly home: string;
  /** A folder to open, empty at first. */
  readonly workspace: string;
  /** The user settings, as JSON. Windows read it when they are opened, and do not notice a change from outside. */
  readonly settingsFile: string;
  readonly #folder: string;
  readonly #manage: Manage;
  readonly #child: ChildProcess;
  readonly #log: readonly string[];

  private constructor(
    url: string,
    folder: string,
    manage: Manage,
    child: ChildProcess,
    log: readonly string[],
  ) {
    this.url = url;
    this.home = join(folder, 'home');
    this.workspace = join(folder, 'workspace');
    this.settingsFile = settingsFile(folder);
    this.#folder = folder;
    this.#manage = manage;
    this.#child = child;
    this.#log = log;
  }

  /** Installs the extensions and starts the server on a free port of 127.0.0.1. */
  static async start(installed: InstalledCodeServer, options: CodeServerOptions = {}): Promise<CodeServer> {
    const folder = mkdtempSync(join(tmpdir(), 'lingma-vscode-'));
    for (const name of ['home', 'tmp', 'workspace', 'extensions', 'data/User']) {
      mkdirSync(join(folder, name), { recursive: true });
    }
    writeFileSync(join(folder, 'config.yaml'), '');
    writeFileSync(settingsFile(folder), JSON.stringify({ ...quietSettings, ...options.settings }, null, 2));
    if (options.language) writeLanguagePack(join(folder, 'data'), options.language);
    const command = [
      installed.entry,
      ...['--config', join(folder, 'config.yaml'), '--user-data-dir', join(folder, 'data')],
      ...['--extensions-dir', join(folder, 'extensions')],
    ];
    const env = {
      PATH: process.env['PATH'] ?? '',
      LANG: 'C.UTF-8',
      HOME: join(folder, 'home'),
      TMPDIR: join(folder, 'tmp'),
      // No marketplace: nothing here may ask one.
      EXTENSIONS_GALLERY: '{}',
      ...options.environment,
    };
    const manage: Manage = (change, extension) => {
      const args = [...command, `--${change}-extension`, extension];
      const { status, stdout, stderr } = spawnSync(installed.node, args, { env, encoding: 'utf8' });
      if (status !== 0) throw new Error(`${change} ${extension}: ${stdout}${stderr}`);
    };
    for (const extension of options.extensions ?? []) manage('install', extension);
    const child = spawn(
      installed.node,
      [
        ...command,
        ...['--auth', 'none', '--bind-addr', '127.0.0.1:0', '--disable-telemetry', '--disable-update-check'],
        ...['--disable-workspace-trust', '--disable-getting-started-override', '--ignore-last-opened'],
        ...(options.language ? ['--locale', options.language] : []),
        ...(options.testDriver ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
      ],
      { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
    );
    endWithThisProcess(child);
    const log: string[] = [];
    return new CodeServer(await listeningUrl(child, log), folder, manage, child, log);
  }

  /** Uninstalls an extension by its whole name, as with the command line; windows that are open notice when they are reloaded. */
  uninstall(extension: string): void {
    this.#manage('uninstall', extension);
  }

  /** What the server has printed so far. */
  log(): string {
    return this.#log.join('\n');
  }

  /** The address that opens a folder of this computer in a window, with whatever VS Code is told in the address. */
  windowUrl(folder: string, payload: Readonly<Record<string, string>> = {}): string {
    const url = new URL(this.url);
    url.searchParams.set('folder', folder);
    if (Object.keys(payload).length > 0) {
      url.searchParams.set('payload', JSON.stringify(Object.entries(payload)));
    }
    return url.href;
  }

  /** A file or folder of this computer, as a window of this server names it. */
  remoteUri(path: string): string {
    return `vscode-remote://${new URL(this.url).host}${path}`;
  }

  /** Ends the server with all that it started, and removes its folder. */
  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const exited = once(this.#child, 'exit');
      killGroup(this.#child, 'SIGTERM');
      // Asked, it takes its time, as its windows might come back; extension hosts are done long before that.
      const impatience = setTimeout(() => killGroup(this.#child, 'SIGKILL'), 3_000);
      await exited;
      clearTimeout(impatience);
    }
    killGroup(this.#child, 'SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** What VS Code notes down about a language pack that has been installed, of one without a word. */
function writeLanguagePack(folder: string, language: string): void {
  const words = join(folder, 'words.json');
  writeFileSync(words, JSON.stringify({ version: '1.0.0', contents: {} }));
  const extensions = [{ extensionIdentifier: { id: `fixture.language-pack-${language}` }, version: '1.0.0' }];
  const pack = { hash: language, extensions, translations: { vscode: words }, label: language };
  writeFileSync(join(folder, 'languagepacks.json'), JSON.stringify({ [language]: pack }));
}

type Manage = (change: 'install' | 'uninstall', extension: string) => void;

function settingsFile(folder: string): string {
  return join(folder, 'data', 'User', 'settings.json');
}

function listeningUrl(child: ChildProcess, log: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (line) => {
        log.push(line);
        const url = /HTTP server listening on (http:\/\/[^/\s]+)/.exec(line)?.[1];
        if (url) resolve(url);
      });
    }
    child.once('exit', (code) => reject(new Error(`code-server ended with ${code}:\n${log.join('\n')}`)));
  });
}
