import { EventEmitter, once } from 'node:events';
import { join } from 'node:path';
import { format } from 'node:util';
import type { Browser } from 'playwright-core';
import { bundleSuite } from './bundle-suite.ts';
import type { CodeServer } from './code-server.ts';
import type { SuiteResults } from './in-host/suite-results.ts';

const root = join(import.meta.dirname, '..', '..');

export interface SuiteOptions {
  /** The folder to open; otherwise the server's own. */
  readonly workspace?: string;
  /** Default 120 s, for the whole suite. */
  readonly timeoutMs?: number;
}

/**
 * Runs `in-host/<name>.suite.ts` inside a real extension host with the built extension of this project loaded from its folder, as
 * "Run Extension Tests" does. The server has to be one with a test driver. Rejects when the suite does not come to its end.
 */
export async function runSuite(
  server: CodeServer,
  browser: Browser,
  name: string,
  { workspace = server.workspace, timeoutMs = 120_000 }: SuiteOptions = {},
): Promise<SuiteResults> {
  const { entry, readResults } = await bundleSuite(name);
  const log: string[] = [];
  const page = await browser.newPage();
  try {
    let ended = false;
    const exited = new EventEmitter();
    const exitCode = once(exited, 'exit', { signal: AbortSignal.timeout(timeoutMs) });
    // Should the window not even open, this is of no interest any more.
    exitCode.catch(() => undefined);
    await page.exposeFunction('codeAutomationExit', (code: number) => {
      ended = true;
      exited.emit('exit', code);
    });
    await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => {
      // What comes after the end are the complaints of a window that is being closed.
      if (!ended) log.push(format(...args));
    });
    await page.goto(
      server.windowUrl(workspace, {
        extensionDevelopmentPath: server.remoteUri(root),
        extensionTestsPath: server.remoteUri(entry),
      }),
    );
    const [code] = await exitCode;
    // The exit code alone says nothing: it is 0 too when the extension host dies in the middle.
    const results = code === 0 ? readResults() : undefined;
    if (!results) throw new Error(`The suite did not end well (exit ${code}).`);
    return results;
  } catch (error) {
    const story = `\n--- window and extension host\n${log.join('\n').slice(-6_000)}\n--- server\n${server.log().slice(-3_000)}`;
    if (error instanceof Error) error.message += story;
    throw error;
  } finally {
    await page.close();
  }
}
