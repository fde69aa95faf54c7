import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { AllCalls, CallName, ToPanel, ToWebview } from '../../src/shared/panel-messages.ts';
import { installChromium } from '../vscode/install-chromium.ts';
import { type BuiltPage, serveBuiltPage } from './built-page.ts';
import { readTheme, type ThemeName } from './themes.ts';

const root = join(import.meta.dirname, '..', '..');
const screenshots = join(root, '.cache', 'screenshots');
const sizes = { wide: { width: 1_400, height: 800 }, narrow: { width: 480, height: 800 } } as const;

/** What the host answers; a call without an answer is left pending, and an answer that throws becomes a problem. */
export type Answers = {
  [Name in CallName]?: (
    input: AllCalls[Name]['input'],
  ) => AllCalls[Name]['output'] | Promise<AllCalls[Name]['output']>;
};

export interface PageOptions {
  readonly answers?: Answers;
  readonly theme?: ThemeName;
  readonly size?: keyof typeof sizes;
  /** Default `en`. */
  readonly language?: string;
  /** Sent when the page says that it listens. Default: a proxy that runs. */
  readonly greeting?: readonly ToWebview[];
  readonly reducedMotion?: boolean;
}

const running: ToWebview = {
  type: 'proxy',
  running: true,
  url: 'http://127.0.0.1:8095',
  backend: 'remote',
  attached: false,
};

/** The inspector's page in a plain Chromium, with a host that the test plays. */
export class InspectorPage {
  readonly page: Page;
  readonly answers: Answers;
  /** What the page has asked for so far. */
  readonly calls: { readonly name: CallName; readonly input: unknown }[] = [];
  /** Errors of the page and violations of its content security policy. */
  readonly complaints: string[] = [];
  readonly #context: BrowserContext;

  private constructor(context: BrowserContext, page: Page, answers: Answers) {
    this.#context = context;
    this.page = page;
    this.answers = answers;
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
  }

  static async open(browser: Browser, built: BuiltPage, options: PageOptions = {}): Promise<InspectorPage> {
    const { answers = {}, theme = 'dark', size = 'wide', language = 'en', greeting = [running] } = options;
    const context = await browser.newContext({
      viewport: sizes[size],
      reducedMotion: options.reducedMotion === true ? 'reduce' : 'no-preference',
    });
    context.setDefaultTimeout(10_000);
    const inspector = new InspectorPage(context, await context.newPage(), answers);
    let greeted = () => {};
    const ready = new Promise<void>((resolve) => {
      greeted = resolve;
    });
    await inspector.page.exposeFunction('toHost', async (message: ToPanel) => {
      if (message.type === 'call') return inspector.#answer(message);
      for (const each of greeting) await inspector.send(each);
      greeted();
    });
    await inspector.page.addInitScript(webviewApi);
    await inspector.page.goto(built.url(language));
    await inspector.useTheme(theme);
    await ready;
    return inspector;
  }

  /** Tells the page something, as the host does. */
  async send(message: ToWebview): Promise<void> {
    await this.page.evaluate(`window.postMessage(${JSON.stringify(message)}, '*')`);
  }

  async useTheme(theme: ThemeName): Promise<void> {
    const { className, variables } = readTheme(theme);
    await this.page.evaluate(`{
      document.body.className = ${JSON.stringify(className)};
      document.documentElement.style.cssText = '';
      for (const [name, value] of Object.entries(${JSON.stringify(variables)})) {
        document.documentElement.style.setProperty(name, value);
      }
    }`);
  }

  async resize(size: keyof typeof sizes): Promise<void> {
    await this.page.setViewportSize(sizes[size]);
  }

  /** Opens the document anew with the state that it saved, as VS Code does after it was hidden. */
  async reload(): Promise<void> {
    await this.page.reload();
  }

  /** Keeps a picture as `.cache/screenshots/inspector-<name>.png`. */
  async screenshot(name: string): Promise<string> {
    const path = join(screenshots, `inspector-${name}.png`);
    await this.page.screenshot({ path, animations: 'disabled', caret: 'hide' });
    return path;
  }

  /** What axe-core finds wrong that is serious or critical, each as a line. */
  async accessibilityProblems(): Promise<string[]> {
    await this.page.evaluate(axe.source);
    return this.page.evaluate<
      string[]
    >(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
      violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ': ' + html.slice(0, 200) + ' ' + failureSummary)))`);
  }

  async close(): Promise<void> {
    await this.#context.close();
  }

  async #answer({ number, name, input }: Extract<ToPanel, { type: 'call' }>): Promise<void> {
    this.calls.push({ name, input });
    const answer: ((input: never) => unknown) | undefined = this.answers[name];
    if (!answer) return;
    try {
      // The page's calls are typed at its side.
      const output = await answer(input as never);
      await this.send({ type: 'answer', number, output });
    } catch (error) {
      await this.send({ type: 'problem', number, message: error instanceof Error ? error.message : '' });
    }
  }
}

/** As VS Code's: the state outlives the document. */
const webviewApi = `{
  const kept = sessionStorage.getItem('state');
  let state = kept === null ? undefined : JSON.parse(kept);
  globalThis.acquireVsCodeApi = () => ({
    postMessage: (message) => void globalThis.toHost(message),
    getState: () => state,
    setState: (next) => {
      state = next;
      sessionStorage.setItem('state', JSON.stringify(next));
    },
  });
}`;

/** A browser and a build of the page. */
export interface InspectorPages {
  open(options?: PageOptions): Promise<InspectorPage>;
  close(): Promise<void>;
}

/** Throws where there is no Chromium. */
export async function startPages(): Promise<InspectorPages> {
  const installed = installChromium();
  if ('missing' in installed) throw new Error(installed.missing);
  const built = await serveBuiltPage(translationsOf);
  const browser = await chromium.launch({
    executablePath: installed.path,
    args: [...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), '--disable-gpu'],
  });
  return {
    open: (options) => InspectorPage.open(browser, built, options),
    async close() {
      await browser.close();
      built.close();
    },
  };
}

/** Pages for a group of tests. Where there is no Chromium the group is one skipped test. */
export function describeInspector(
  title: string,
  register: (open: (options?: PageOptions) => Promise<InspectorPage>) => void,
): void {
  const installed = installChromium();
  if ('missing' in installed) return void test(title, { skip: installed.missing });
  let started: Promise<InspectorPages> | undefined;
  describe(title, () => {
    after(async () => (await started)?.close());
    register(async (options) => {
      started ??= startPages();
      return (await started).open(options);
    });
  });
}

function translationsOf(language: string): Readonly<Record<string, string>> {
  if (language === 'en') return {};
  return JSON.parse(readFileSync(join(root, 'l10n', `bundle.l10n.${language}.json`), 'utf8'));
}
