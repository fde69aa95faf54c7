import { after, afterEach, describe, type TestContext, test } from 'node:test';
import { type Browser, chromium } from 'playwright-core';
import { CodeServer, type CodeServerOptions } from './code-server.ts';
import { installChromium } from './install-chromium.ts';
import { type InstalledCodeServer, installCodeServer } from './install-code-server.ts';
import { recordMeasurement } from './measurements.ts';
import { runSuite, type SuiteOptions } from './run-suite.ts';
import { Workbench, type WorkbenchOptions } from './workbench.ts';

/** A real VS Code for one group of tests: servers, and a browser whose windows show them. All of it ends with the group. */
export class Host {
  readonly #codeServer: InstalledCodeServer;
  readonly #chromium: string;
  readonly #servers: CodeServer[] = [];
  readonly #workbenches: Workbench[] = [];
  #browser: Promise<Browser> | undefined;

  constructor(codeServer: InstalledCodeServer, chromiumPath: string) {
    this.#codeServer = codeServer;
    this.#chromium = chromiumPath;
  }

  async startServer(options?: CodeServerOptions): Promise<CodeServer> {
    const server = await CodeServer.start(this.#codeServer, options);
    this.#servers.push(server);
    return server;
  }

  async openWorkbench(server: CodeServer, options?: WorkbenchOptions): Promise<Workbench> {
    const workbench = await Workbench.open(server, await this.#openBrowser(), options);
    this.#workbenches.push(workbench);
    return workbench;
  }

  /**
   * Runs `in-host/<name>.suite.ts` inside an extension host. Each of its tests becomes a subtest of `context`, and what it measured is
   * kept.
   */
  async runSuite(
    context: TestContext,
    server: CodeServer,
    name: string,
    options?: SuiteOptions,
  ): Promise<void> {
    const { tests, measurements } = await runSuite(server, await this.#openBrowser(), name, options);
    if (tests.length === 0) throw new Error(`The suite ${name} holds no test.`);
    for (const measurement of measurements) recordMeasurement(context, measurement);
    for (const { title, state, error } of tests) {
      await context.test(title, { skip: state === 'skipped' }, () => {
        if (state === 'failed') throw new Error(error);
      });
    }
  }

  /** Keeps pictures of all windows and resolves to what is needed to understand a failure. */
  async story(name: string): Promise<string> {
    const parts: string[] = [];
    const windows = this.#workbenches.flatMap((workbench) => workbench.windows());
    for (const [index, workbench] of windows.entries()) {
      parts.push(`--- window: ${await workbench.screenshot(`failed-${name}-${index + 1}`)}`);
      parts.push((await workbench.outline()).slice(0, 4_000), ...workbench.errors().slice(-10));
    }
    for (const server of this.#servers) parts.push(`--- server\n${server.log().slice(-2_000)}`);
    return parts.join('\n');
  }

  async close(): Promise<void> {
    await (await this.#browser)?.close();
    for (const server of this.#servers) await server.stop();
  }

  #openBrowser(): Promise<Browser> {
    this.#browser ??= chromium.launch({
      executablePath: this.#chromium,
      args: [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        ...['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
        ...['--disable-component-update', '--disable-sync'],
      ],
    });
    return this.#browser;
  }
}

/** A group of tests on a real VS Code, which is installed first where need be. Where it cannot be had the group is one skipped test. */
export function describeOnHost(title: string, register: (host: Host) => void): void {
  const codeServer = installCodeServer();
  if ('missing' in codeServer) return void test(title, { skip: codeServer.missing });
  const browser = installChromium();
  if ('missing' in browser) return void test(title, { skip: browser.missing });
  const host = new Host(codeServer, browser.path);
  describe(title, () => {
    afterEach(async (context) => {
      if (!('passed' in context) || context.passed) return;
      console.error(await host.story(context.name.replaceAll(/[^\p{L}\p{N}]+/gu, '-')));
    });
    after(() => host.close());
    register(host);
  });
}
