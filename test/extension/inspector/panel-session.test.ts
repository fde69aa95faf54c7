import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { afterEach, beforeEach, test } from 'node:test';
import { ProxyError } from '../../../src/core/errors.ts';
import { Listeners } from '../../../src/core/listeners.ts';
import { english, phrase } from '../../../src/core/localizer.ts';
import {
  type InspectedProxy,
  type PanelCallHandlers,
  PanelSession,
} from '../../../src/extension/inspector/panel-session.ts';
import type { ToWebview } from '../../../src/shared/panel-messages.ts';
import type { RequestSummary } from '../../../src/shared/requests.ts';
import { chinese } from '../../chinese-screen.ts';
import { sampleRequest } from '../../webview-ui/sample-requests.ts';

type LiveRequest = { toSummary(): RequestSummary };

class FakeProxy implements InspectedProxy {
  readonly asked: unknown[] = [];
  refusal = new Error('It is not kept any more.');
  readonly feed = new Listeners<LiveRequest>();
  readonly requests = { subscribe: (listener: (request: LiveRequest) => void) => this.feed.add(listener) };
  settings: InspectedProxy['settings'] = { model: 'kmodel', modelRules: [] };

  async inspect(name: string, input: unknown): Promise<unknown> {
    this.asked.push([name, input]);
    if (name === 'request') throw this.refusal;
    return { requests: [] };
  }

  state() {
    return { backend: 'remote' };
  }

  models() {
    return undefined;
  }
}

class FakeHost {
  readonly changed = new Listeners<void>();
  running: { url: string; proxy: InspectedProxy; relation?: 'own' | 'attached' } | undefined;

  onChange(listener: () => void): () => void {
    return this.changed.add(listener);
  }

  become(running: FakeHost['running']): void {
    this.running = running;
    this.changed.tell();
  }
}

let host: FakeHost;
let proxy: FakeProxy;
let session: PanelSession;
let posted: ToWebview[];
let sent: EventEmitter;
let copied: string[];

const unused = async (): Promise<never> => {
  throw new Error('Nobody should ask for this.');
};

const handlers: PanelCallHandlers = {
  async copy({ text }) {
    copied.push(text);
    return {};
  },
  save: unused,
  openText: unused,
  setDefaultModel: unused,
  mapModel: unused,
  command: unused,
};

beforeEach(() => {
  host = new FakeHost();
  proxy = new FakeProxy();
  host.running = { url: 'http://127.0.0.1:1', proxy };
  posted = [];
  sent = new EventEmitter();
  copied = [];
  session = new PanelSession({
    host,
    handlers,
    l10n: english,
    post(message) {
      posted.push(message);
      sent.emit(message.type, message);
    },
  });
});
afterEach(() => session.dispose());

const call = (name: string, input: unknown) => session.receive({ type: 'call', number: 7, name, input });
const types = () => posted.map(({ type }) => type);

test('a page that is ready is told of the proxy, and nothing before', () => {
  proxy.feed.tell({ toSummary: () => sampleRequest(1) });
  host.changed.tell();
  assert.deepEqual(posted, []);
  session.receive({ type: 'ready' });
  assert.deepEqual(posted, [
    { type: 'proxy', running: true, url: 'http://127.0.0.1:1', backend: 'remote', attached: false },
  ]);
});

test('calls about requests go to the proxy, and its answers and refusals come back by their number', async () => {
  session.receive({ type: 'ready' });
  call('list', {});
  assert.deepEqual(await once(sent, 'answer'), [{ type: 'answer', number: 7, output: { requests: [] } }]);
  call('request', { id: 'gone' });
  assert.deepEqual(await once(sent, 'problem'), [
    { type: 'problem', number: 7, message: 'It is not kept any more.' },
  ]);
  assert.deepEqual(proxy.asked, [
    ['list', {}],
    ['request', { id: 'gone' }],
  ]);
});

test('a refusal is told in the language of the editor', async () => {
  session.dispose();
  const post = (message: ToWebview) => sent.emit(message.type, message);
  session = new PanelSession({ host, handlers, l10n: chinese, post });
  proxy.refusal = new ProxyError('not-found', phrase('Request {0} is not kept any more.', 'req_1'));
  const told = once(sent, 'problem');
  call('request', { id: 'gone' });
  const [problem] = await told;
  assert.equal(problem.message, '请求 req_1 的记录已不再保留。');
});

test('calls to VS Code do not reach the proxy, and are checked', async () => {
  const answer = once(sent, 'answer');
  call('copy', { text: 'x' });
  await answer;
  const problem = once(sent, 'problem');
  call('copy', { text: 5 });
  await problem;
  assert.deepEqual(copied, ['x']);
  assert.deepEqual(proxy.asked, []);
});

test('without a proxy a call is told so', async () => {
  host.running = undefined;
  const told = once(sent, 'problem');
  call('list', {});
  const [problem] = await told;
  assert.equal(problem.message, 'The proxy does not run.');
});

test('strange messages are passed over', () => {
  for (const message of [undefined, 'text', { type: 'boo' }, { type: 'call', name: 'list' }]) {
    session.receive(message);
  }
  assert.deepEqual(posted, []);
});

test('many changes of requests become one message with the latest of each', async () => {
  session.receive({ type: 'ready' });
  let state: RequestSummary['state'] = 'running';
  const request = { toSummary: () => sampleRequest(1, { state }) };
  proxy.feed.tell(request);
  state = 'done';
  proxy.feed.tell(request);
  for (let index = 2; index < 50; index++) proxy.feed.tell({ toSummary: () => sampleRequest(index) });
  const [message] = await once(sent, 'requests');
  assert.equal(message.changed.length, 49);
  assert.equal(message.changed[0].state, 'done');
  assert.equal(types().filter((type) => type === 'requests').length, 1);
});

test('a request that goes on is told of again until it has ended', async () => {
  session.receive({ type: 'ready' });
  let state: RequestSummary['state'] = 'running';
  proxy.feed.tell({ toSummary: () => sampleRequest(1, { state }) });
  await once(sent, 'requests');
  state = 'done';
  const [message] = await once(sent, 'requests');
  assert.equal(message.changed[0].state, 'done');
});

test('another proxy is told of, also at the same address, and the former one is listened to no more', async () => {
  session.receive({ type: 'ready' });
  const other = new FakeProxy();
  host.become({ url: 'http://127.0.0.1:1', proxy: other, relation: 'attached' });
  const [notice] = await once(sent, 'proxy');
  assert.equal(notice.attached, true);
  proxy.feed.tell({ toSummary: () => sampleRequest(1) });
  other.feed.tell({ toSummary: () => sampleRequest(2) });
  const [message] = await once(sent, 'requests');
  assert.deepEqual(
    message.changed.map(({ id }: RequestSummary) => id),
    ['req_000002'],
  );
  host.become(undefined);
  const [off] = await once(sent, 'proxy');
  assert.equal(off.running, false);
});

test('another default model or rule lets the page ask for the models anew', async () => {
  session.receive({ type: 'ready' });
  proxy.settings = { model: 'mmodel', modelRules: [] };
  host.changed.tell();
  await once(sent, 'models-changed');
  proxy.settings = { model: 'mmodel', modelRules: [{ pattern: 'x', model: 'y' }] };
  host.changed.tell();
  await once(sent, 'models-changed');
});

test('what is to be shown is told when the page is there, once', () => {
  session.reveal({ id: 'req_1' });
  assert.deepEqual(posted, []);
  session.receive({ type: 'ready' });
  assert.deepEqual(posted.at(-1), { type: 'reveal', id: 'req_1' });
  session.hidden();
  session.receive({ type: 'ready' });
  assert.equal(types().filter((type) => type === 'reveal').length, 1);
});
