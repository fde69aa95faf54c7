import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { loadEditorSettings } from '../../../src/config/load-editor-settings.ts';
import type { Settings } from '../../../src/config/settings.ts';
import { Listeners } from '../../../src/core/listeners.ts';
import { english } from '../../../src/core/localizer.ts';
import { type Simulator, startSimulator } from '../../../src/demo/simulator.ts';
import { launchProxy } from '../../../src/extension/proxy/launch-proxy.ts';
import { type HostState, ProxyHost } from '../../../src/extension/proxy/proxy-host.ts';
import type { RunningProxy } from '../../../src/extension/proxy/running-proxy.ts';

export const detachedScript = join(import.meta.dirname, '..', '..', '..', 'src', 'cli', 'detached.ts');

/** One person's windows on a simulated Lingma, all in this process but each with a proxy host of its own. They end with the test. */
export class Person {
  readonly port: number;
  readonly stateDirectory: string;
  readonly simulator: Simulator;
  /** What all windows see as the person's settings. */
  readonly settings: Record<string, unknown>;
  keepRunning = false;
  readonly #windows: Window[] = [];

  private constructor(simulator: Simulator, stateDirectory: string, port: number) {
    this.simulator = simulator;
    this.stateDirectory = stateDirectory;
    this.port = port;
    const remoteAuthFile = join(stateDirectory, 'credentials.json');
    writeFileSync(remoteAuthFile, JSON.stringify(simulator.credentials));
    this.settings = { port, remoteAuthFile, remoteBaseUrl: simulator.remote.url };
  }

  static async begin(test: TestContext): Promise<Person> {
    const stateDirectory = mkdtempSync(join(tmpdir(), 'lingma-windows-'));
    const person = new Person(await startSimulator(), stateDirectory, await freePort());
    test.after(async () => {
      await Promise.all(person.#windows.map((window) => window.close()));
      person.#endWhatKeepsRunning();
      await person.simulator.close();
      rmSync(stateDirectory, { recursive: true, force: true });
    });
    return person;
  }

  openWindow(ownSettings: Readonly<Record<string, unknown>> = {}): Window {
    const window = new Window(this, ownSettings);
    this.#windows.push(window);
    return window;
  }

  /** Opens windows that all start at once, and resolves once each has its proxy. */
  async openWindows(count: number): Promise<Window[]> {
    const windows = Array.from({ length: count }, () => this.openWindow());
    await Promise.all(windows.map(({ host }) => host.start()));
    return windows;
  }

  #endWhatKeepsRunning(): void {
    for (const pid of this.#windows.flatMap(({ detached }) => [...detached])) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It has ended by itself.
      }
    }
  }

  /** The files in which owners have left word. */
  get ownerFiles(): string[] {
    return readdirSync(this.stateDirectory).filter((name) => name.startsWith('owner-'));
  }
}

export class Window {
  readonly host: ProxyHost;
  /** The processes of their own that it has been attached to. */
  readonly detached = new Set<number>();
  /** What it has shown of the log. */
  readonly log: string[] = [];
  readonly #logged = new Listeners<void>();
  readonly #person: Person;
  readonly #ownSettings: Readonly<Record<string, unknown>>;

  constructor(person: Person, ownSettings: Readonly<Record<string, unknown>>) {
    this.#person = person;
    this.#ownSettings = ownSettings;
    const options = {
      loadSettings: async () => this.#load(),
      show: ({ message }: { readonly message: string }) => {
        this.log.push(message);
        this.#logged.tell();
      },
      l10n: english,
      stateDirectory: person.stateDirectory,
      keepRunning: () => person.keepRunning,
      detachedScript,
      onAsked: (ending: 'stopped' | 'restarting') =>
        void (ending === 'stopped' ? this.host.stop(0) : this.host.restart()),
    };
    this.host = new ProxyHost((mode, succession) => launchProxy(mode, options, succession));
    this.host.onChange(() => {
      const { running } = this.host;
      if (running?.owner.kind === 'detached') this.detached.add(running.owner.pid);
    });
  }

  get settings(): Settings {
    return this.#load().settings;
  }

  get running(): RunningProxy {
    const { running } = this.host;
    assert.ok(running, `it is ${this.host.state.kind}${failureOf(this.host.state)}`);
    return running;
  }

  get relation(): RunningProxy['relation'] | undefined {
    return this.host.running?.relation;
  }

  /** Resolves once the window is as wanted. */
  until(isWanted: (window: Window) => unknown): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!isWanted(this)) return;
        for (const stop of subscriptions) stop();
        resolve();
      };
      const subscriptions = [this.host.onChange(look), this.#logged.add(look)];
      look();
    });
  }

  /** As with its cross. */
  async close(): Promise<void> {
    await this.host.leave(0);
  }

  #load() {
    const all = { ...this.#person.settings, ...this.#ownSettings };
    return loadEditorSettings({
      valueOf: (name) => all[name],
      apiKey: undefined,
      workspaceFolder: undefined,
      env: {},
      home: '/nowhere',
    });
  }
}

export function relations(windows: readonly Window[]): string[] {
  return windows.map(({ relation }) => relation ?? 'none').sort();
}

/** Asks as clients do: when nobody listens, again. */
export async function ask(url: string, text: string): Promise<number> {
  for (;;) {
    try {
      const answer = await fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'kmodel', messages: [{ role: 'user', content: text }] }),
      });
      await answer.text();
      return answer.status;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

/** Asks as clients do: as long as the proxy says that it is shutting down, again. */
export async function askUntilAnswered(url: string): Promise<number> {
  for (;;) {
    const status = await ask(url, 'Hello');
    if (status !== 503) return status;
  }
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  assert.ok(typeof address === 'object' && address !== null);
  return address.port;
}

function failureOf(state: HostState): string {
  return state.kind === 'failed' ? `: ${state.failure.message}` : '';
}

/** Waits for what nothing announces. Rejects after 10 s. */
export async function until(predicate: () => boolean, what: string): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!predicate()) {
    if (performance.now() > deadline) throw new Error(`waited 10 s in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
