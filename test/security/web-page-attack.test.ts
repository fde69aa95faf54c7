import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Server } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { type Browser, chromium, type Page } from 'playwright-core';
import { Recorder } from '../../src/recording/recorder.ts';
import { Redactor } from '../../src/recording/redaction.ts';
import type { ControlServices } from '../../src/server/control/control-services.ts';
import {
  answer,
  exampleModels,
  exampleState,
  ownerKey,
  replay,
  type Served,
  type ServedOptions,
  serve,
} from '../server/served.ts';
import { installChromium } from '../vscode/install-chromium.ts';

// A real browser on a page of somebody else's, which tries all that a page can do on every endpoint of the proxy: nothing may reach
// the backend, and nothing may be read.

const canary = 'a-word-of-the-private-conversation';
const controlToken = 'the-token-of-the-owner-and-its-windows';
const script = readFileSync(join(import.meta.dirname, 'hostile-page.mjs'), 'utf8');

/** One endpoint of each kind, where all of them would take long and tell nothing else. */
const tellsMuch =
  /v1\/(?:chat\/completions|messages|models)$|debug\/(?:requests|logs)$|control\/(?:end|events)$|health$/;

interface Target {
  readonly method: string;
  readonly url: string;
}

interface Outcome {
  readonly findings: readonly { readonly way: string; readonly url: string; readonly text: string }[];
  readonly origin: string;
  readonly ways: readonly string[];
}

/** The proxy, full of what nobody else may see, and what became of each request to it. */
async function victim(context: TestContext, settings: NonNullable<ServedOptions['settings']> = {}) {
  const reached: string[] = [];
  const answers: { readonly path: string; readonly status: number }[] = [];
  const reach = (what: string) => reached.push(what);
  const control: ControlServices = {
    version: '1.2.3',
    kind: 'window',
    state: () => exampleState,
    models: () => exampleModels,
    settings: () => ({}),
    requests: new Recorder({ redactor: new Redactor() }),
    restored: async () => {},
    onChange: () => () => reach('control events'),
    onLog: () => () => {},
    onEnding: () => () => {},
    refreshModels: async () => {
      reach('control models');
      return [];
    },
    applySettings: () => reach('control settings'),
    end: () => reach('control end'),
    inspect: async () => reach('control inspect'),
    runTurn: () => {
      reach('control turn');
      return replay([]);
    },
  };
  const served = await serve(context, {
    run: () => {
      reach('the backend');
      return replay(answer(canary));
    },
    models: async () => {
      reach('the model list');
      return exampleModels;
    },
    control,
    settings: { controlToken, metrics: 'key', ...settings },
  });
  const recording = served.recorder.begin({ method: 'POST', path: '/v1/messages', headers: {} });
  recording.clientRequest(canary);
  recording.finish();
  served.logs.info(canary);
  served.app.server.on('request', (request, response) => {
    response.on('close', () => answers.push({ path: request.url ?? '', status: response.statusCode }));
  });
  return { served, reached, answers };
}

/** Each path that there is, with the method that does most. The tree of routes shows each as what it adds to the one above. */
function endpointsOf({ app }: Served): Target[] {
  const above: string[] = [];
  const found = new Map<string, Target>();
  const lines = app.printRoutes({ commonPrefix: false }).matchAll(/^(.*)[├└]── (\S*)(?: \(([A-Z, ]+)\))?/gm);
  for (const [, indent = '', part = '', methods] of lines) {
    above.length = indent.length / 4;
    const url = `${above.join('')}${part}`;
    above.push(part);
    if (methods === undefined) continue;
    const method = methods.includes('POST') || found.get(url)?.method === 'POST' ? 'POST' : 'GET';
    found.set(url, { method, url: url.replace('*', 'kmodel') });
  }
  return [...found.values()];
}

/** A web server of the attacker's, on an address and port of its choice. */
async function attacker(context: TestContext, host = '127.0.0.1', port = 0): Promise<number> {
  const server = createServer(({ url }, response) => {
    response.setHeader('connection', 'close');
    if (url === '/attack.js') return void response.setHeader('content-type', 'text/javascript').end(script);
    response
      .setHeader('content-type', 'text/html')
      .end('<!doctype html><body><script src="/attack.js"></script>');
  });
  return listening(context, server, host, port);
}

async function listening(context: TestContext, server: Server, host: string, port: number): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  context.after(() => server.close());
  return (server.address() as AddressInfo).port;
}

function letIn(answers: readonly { readonly path: string; readonly status: number }[]): string[] {
  // The browser's own request for a page that it shows, and nothing that a page could make it do.
  const others = answers.filter(({ path }) => path !== '/favicon.ico');
  return others.filter(({ status }) => status !== 403).map(({ path, status }) => `${status} ${path}`);
}

const chromiumOf = installChromium();
const skip = 'missing' in chromiumOf ? chromiumOf.missing : false;

describe('a web page', { skip }, () => {
  let browser: Browser;
  before(async () => {
    if ('missing' in chromiumOf) return;
    browser = await chromium.launch({
      executablePath: chromiumOf.path,
      args: [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-gpu',
        // Names of the attacker's lead to this computer, and one to where the attacker can turn it.
        '--host-resolver-rules=MAP rebind.example 127.0.0.3, MAP *.example 127.0.0.1',
        // The proxy has to hold without the browser's help.
        '--disable-features=LocalNetworkAccessChecks,BlockInsecurePrivateNetworkRequests,PrivateNetworkAccessSendPreflights',
      ],
    });
  });
  after(() => browser?.close());

  async function open(context: TestContext, url: string): Promise<Page> {
    const page = await browser.newPage();
    context.after(() => page.close());
    await page.goto(url);
    await page.waitForFunction('globalThis.attack !== undefined');
    return page;
  }

  const attack = (page: Page, targets: readonly Target[]): Promise<Outcome> =>
    page.evaluate<Outcome>(`attack(${JSON.stringify(targets)})`);

  /** Every endpoint, under a name that a page can use for the proxy. */
  const targetsOf = (served: Served, host: string): Target[] =>
    endpointsOf(served).map(({ method, url }) => ({ method, url: `http://${host}:${served.port}${url}` }));

  for (const [whose, host, name, few] of [
    ['of another site', 'evil.example', '127.0.0.1', false],
    ['of another port', 'localhost', 'localhost', true],
    ['of this computer, by another name', '127.0.0.1', 'localhost', true],
  ] as const) {
    test(`${whose} reaches nothing and reads nothing, however it asks`, async (context) => {
      const { served, reached, answers } = await victim(context);
      const port = await attacker(context);
      const page = await open(context, `http://${host}:${port}/`);
      const targets = targetsOf(served, name).filter(({ url }) => !few || tellsMuch.test(url));
      assert.ok(targets.length >= (few ? 6 : 30), `${targets.length} targets`);
      const { findings, ways } = await attack(page, targets);
      assert.deepEqual(findings, []);
      assert.deepEqual(reached, []);
      assert.deepEqual(letIn(answers), []);
      assert.ok(answers.length > targets.length * (ways.length - 6), `${answers.length} requests came`);
    });
  }

  test('that turns its own name to the proxy is refused by that name', async (context) => {
    const { served, reached, answers } = await victim(context);
    const page = await rebound(context, served);
    const { findings, origin } = await attack(
      page,
      targetsOf(served, 'rebind.example').filter(({ url }) => tellsMuch.test(url)),
    );
    assert.equal(origin, `http://rebind.example:${served.port}`);
    // It is the same origin to the browser, which lets the page read everything: there is nothing but the refusal.
    assert.ok(findings.length > 40, `${findings.length} answers were read`);
    for (const { way, url, text } of findings)
      assert.match(text, /does not name this proxy/, `${way} ${url}`);
    assert.deepEqual(reached, []);
    assert.deepEqual(letIn(answers), []);
  });

  test('that sends the browser to the proxy, in its own window or a new one, learns nothing', async (context) => {
    const { served, reached } = await victim(context);
    const port = await attacker(context);
    const page = await open(context, `http://evil.example:${port}/`);
    for (const { url } of endpointsOf(served).filter((each) => tellsMuch.test(each.url))) {
      const target = `http://127.0.0.1:${served.port}${url}`;
      const [popup] = await Promise.all([
        page.context().waitForEvent('page'),
        page.evaluate(`void (globalThis.opened = window.open(${JSON.stringify(target)}))`),
      ]);
      await popup.waitForLoadState();
      assert.match(await popup.content(), /may not use this proxy/, url);
      const seen = await page.evaluate(
        '(() => { try { return opened.document.body.textContent; } catch { return ""; } })()',
      );
      assert.equal(seen, '', url);
      await popup.close();
    }
    await page.evaluate(`location.href = 'http://127.0.0.1:${served.port}/debug/requests'`);
    await page.waitForURL(/debug/);
    assert.match(await page.content(), /may not use this proxy/);
    assert.deepEqual(reached, []);
  });

  test('of an allowed origin may ask a model, but not read records or command the proxy', async (context) => {
    const port = await attacker(context);
    const { served, reached } = await victim(context, { allowedOrigins: [`http://evil.example:${port}`] });
    const page = await open(context, `http://evil.example:${port}/`);
    const { findings } = await attack(
      page,
      targetsOf(served, '127.0.0.1').filter(({ url }) => tellsMuch.test(url)),
    );
    // What shows that the attack can succeed where it is let in.
    const model = findings.filter(
      ({ url, text }) => url.endsWith('/v1/chat/completions') && text.includes(canary),
    );
    assert.ok(model.length > 0);
    assert.deepEqual(new Set(reached), new Set(['the backend', 'the model list']));
    for (const { url, text } of findings.filter((each) =>
      /debug|control|api\/(?:requests|.*logs)/.test(each.url),
    )) {
      assert.ok(!text.includes(canary), `${url}: ${text.slice(0, 200)}`);
    }
  });

  test('without the key reads nothing where one is set, not even on an origin that is allowed', async (context) => {
    const port = await attacker(context);
    const { served, reached } = await victim(context, {
      allowedOrigins: [`http://evil.example:${port}`],
      keys: [ownerKey('the-key-of-the-owner')],
    });
    const page = await open(context, `http://evil.example:${port}/`);
    const { findings } = await attack(
      page,
      targetsOf(served, '127.0.0.1').filter(({ url }) => tellsMuch.test(url)),
    );
    for (const { url, text } of findings) assert.ok(!text.includes(canary), `${url}: ${text.slice(0, 200)}`);
    assert.deepEqual(reached, []);
  });

  /** A page whose name led to the attacker when it was loaded, and leads to the proxy now. */
  async function rebound(context: TestContext, { port }: Served): Promise<Page> {
    const own = await attacker(context, '127.0.0.2', port);
    let target = { host: '127.0.0.2', port: own };
    const relay = createTcpServer((socket) => {
      const onward = connect(target.port, target.host);
      socket.on('error', () => onward.destroy()).pipe(onward);
      onward.on('error', () => socket.destroy()).pipe(socket);
      socket.on('close', () => onward.destroy());
      onward.on('close', () => socket.destroy());
    });
    await listening(context, relay, '127.0.0.3', port);
    const page = await open(context, `http://rebind.example:${port}/`);
    target = { host: '127.0.0.1', port };
    return page;
  }
});
