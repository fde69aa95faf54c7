import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { OwnerFile } from '../../../src/control/owner-file.ts';
import { assertPrivate } from '../../toolchain/posix.ts';
import { ask, askUntilAnswered, Person, relations } from './windows.ts';

test('a second window attaches to the proxy of the first, and shows the same', async (context) => {
  const person = await Person.begin(context);
  const [first, second] = await person.openWindows(2);
  assert.ok(first && second);
  assert.deepEqual(relations([first, second]), ['attached', 'own']);
  const attached = first.relation === 'attached' ? first : second;
  const owner = attached === first ? second : first;
  assert.equal(attached.running.url, owner.running.url);
  assert.equal(attached.running.url, `http://127.0.0.1:${person.port}`);
  assert.deepEqual(attached.running.owner, owner.running.owner);
  await attached.until(({ host }) => host.running?.proxy.models() !== undefined);
  assert.deepEqual(attached.running.proxy.models(), owner.running.proxy.models());
  assert.equal(attached.running.proxy.state().status, 'ready');
  assert.equal(attached.running.proxy.settings.port, person.port);

  const ended: string[] = [];
  attached.host.onRequestEnded(({ request }) => ended.push(request.id));
  assert.equal(await ask(owner.running.url, 'Hello'), 200);
  await attached.until(() => ended.length === 1);
  const [shown] = attached.running.proxy.requests.summaries(10);
  assert.deepEqual(shown, {
    requestSize: 0,
    responseSize: 0,
    ...owner.running.proxy.requests.summaries(1)[0],
  });
  assert.equal(attached.running.proxy.requests.running, 0);
  const inspected = await attached.running.proxy.inspect('list', {});
  assert.deepEqual(inspected, await owner.running.proxy.inspect('list', {}));
  await assert.rejects(attached.running.proxy.inspect('request', { id: 'none' }));
  await attached.until(({ log }) => log.some((line) => line.includes('POST /v1/chat/completions')));
});

test('a window that opens later is told of the requests before it', async (context) => {
  const person = await Person.begin(context);
  const [owner] = await person.openWindows(1);
  assert.ok(owner);
  for (const text of ['One', 'Two']) await ask(owner.running.url, text);
  await owner.until(({ host }) => host.running?.proxy.requests.running === 0);
  const [later] = await person.openWindows(1);
  const ids = (window: typeof owner) => window.running.proxy.requests.summaries(10).map(({ id }) => id);
  assert.ok(later);
  assert.equal(ids(later).length, 2);
  assert.deepEqual(ids(later), ids(owner));
});

test('of windows that all start at once exactly one owns the port, and so again when it closes', async (context) => {
  const person = await Person.begin(context);
  let windows = await person.openWindows(5);
  while (windows.length > 1) {
    assert.deepEqual(relations(windows), [...windows.slice(1).map(() => 'attached'), 'own']);
    assert.equal(new Set(windows.map(({ running }) => running.url)).size, 1);
    const owner = windows.find(({ relation }) => relation === 'own');
    const rest = windows.filter((window) => window !== owner);
    const former = rest.map(({ running }) => running);
    await owner?.close();
    await Promise.all(
      rest.map((window, index) => window.until(({ host }) => host.running && host.running !== former[index])),
    );
    windows = rest;
  }
  assert.deepEqual(relations(windows), ['own']);
});

test('when the owner closes, another window owns the same port, and clients that try again are answered', async (context) => {
  const person = await Person.begin(context);
  const [owner] = await person.openWindows(1);
  const [other] = await person.openWindows(1);
  assert.ok(owner && other);
  const { url } = other.running;
  assert.equal(await ask(url, 'Hello'), 200);
  const closed = owner.close();
  const answer = askUntilAnswered(url);
  await other.until(({ relation }) => relation === 'own');
  assert.equal(other.running.url, url);
  assert.equal(await answer, 200);
  await closed;
});

test('under load no request is lost while one owner after the other closes', async (context) => {
  const person = await Person.begin(context);
  const windows = await person.openWindows(3);
  const { url } = windows[0]?.running ?? { url: '' };
  let answered = 0;
  let isOver = false;
  const clients = Array.from({ length: 8 }, async () => {
    while (!isOver) {
      assert.equal(await askUntilAnswered(url), 200);
      answered++;
    }
  });
  for (let left = windows; left.length > 1; ) {
    const owner = left.find(({ relation }) => relation === 'own');
    assert.ok(owner);
    const before = answered;
    await owner.until(({ host }) => answered > before + 20 && host.running?.proxy.requests.running);
    const closed = owner.host.leave(5_000);
    left = left.filter((window) => window !== owner);
    await Promise.race(left.map((window) => window.until(({ relation }) => relation === 'own')));
    await Promise.all(left.map((window) => window.until(({ host }) => host.running?.url === url)));
    await closed;
  }
  isOver = true;
  await Promise.all(clients);
  assert.deepEqual(person.simulator.violations, []);
});

test('whoever takes over lists the requests from before, and so do those who attach to it', async (context) => {
  const person = await Person.begin(context);
  const [owner] = await person.openWindows(1);
  const others = await person.openWindows(2);
  assert.ok(owner);
  assert.equal(await ask(owner.running.url, 'Hello'), 200);
  await owner.until(({ host }) => host.running?.proxy.requests.running === 0);
  const former = others.map(({ running }) => running);
  await owner.close();
  await Promise.all(
    others.map((window, index) =>
      window.until(
        ({ host }) =>
          host.running &&
          host.running !== former[index] &&
          host.running.proxy.requests.summaries(10).length === 1,
      ),
    ),
  );
  assert.deepEqual(relations(others), ['attached', 'own']);
});

test('answers that run when their window closes end on it, while another takes over', async (context) => {
  const person = await Person.begin(context);
  const [owner] = await person.openWindows(1);
  const [other] = await person.openWindows(1);
  assert.ok(owner && other);
  person.simulator.setLatency(300);
  const running = ask(owner.running.url, 'Hello');
  await person.simulator.until(() => person.simulator.remote.openRequests === 1, 'upstream has the request');
  const closed = owner.host.leave(5_000);
  await other.until(({ relation }) => relation === 'own');
  assert.equal(await running, 200);
  await closed;
});

test('Stop in an attached window stops the proxy for all, and nobody takes over', async (context) => {
  const person = await Person.begin(context);
  const [owner] = await person.openWindows(1);
  const [asking, third] = await person.openWindows(2);
  assert.ok(owner && asking && third);
  const { url } = owner.running;
  assert.equal((await asking.host.stop()).kind, 'stopped');
  await Promise.all(
    [owner, third].map((window) => window.until(({ host }) => host.state.kind === 'stopped')),
  );
  await assert.rejects(fetch(`${url}/health`));
  assert.deepEqual(person.ownerFiles, []);
});

test('Stop in the owner stops it for all as well', async (context) => {
  const person = await Person.begin(context);
  const [owner] = await person.openWindows(1);
  const [other] = await person.openWindows(1);
  assert.ok(owner && other);
  await owner.host.stop();
  await other.until(({ host }) => host.state.kind === 'stopped');
  assert.equal((await other.host.start()).kind, 'running');
  assert.equal(other.relation, 'own');
});

test('Restart in an attached window restarts the owner, and all attach again', async (context) => {
  const person = await Person.begin(context);
  const [owner] = await person.openWindows(1);
  const others = await person.openWindows(2);
  assert.ok(owner);
  const former = owner.running.proxy;
  const formerOfOthers = others.map(({ running }) => running);
  person.settings['bodyLimitMegabytes'] = 32;
  await others[0]?.host.restart();
  await Promise.all(
    others.map((window, index) =>
      window.until(({ host }) => host.running && host.running !== formerOfOthers[index]),
    ),
  );
  assert.equal(owner.relation, 'own');
  assert.notEqual(owner.running.proxy, former);
  for (const { running } of others) {
    assert.equal(running.relation, 'attached');
    assert.equal(running.proxy.settings.bodyLimitMegabytes, 32);
  }
});

test('a window that changes to the demo leaves the proxy to the others, and the demo is its own', async (context) => {
  const person = await Person.begin(context);
  const [owner] = await person.openWindows(1);
  const [other] = await person.openWindows(1);
  assert.ok(owner && other);
  await owner.host.start('demo');
  await other.until(({ relation }) => relation === 'own');
  assert.equal(owner.running.mode, 'demo');
  assert.notEqual(owner.running.url, other.running.url);
  const [third] = await person.openWindows(1);
  assert.equal(third?.running.url, other.running.url);
});

test('any free port is shared, and kept by whoever takes over', async (context) => {
  const person = await Person.begin(context);
  person.settings['port'] = 0;
  const [owner] = await person.openWindows(1);
  const [other] = await person.openWindows(1);
  assert.ok(owner && other);
  const { url } = owner.running;
  assert.equal(other.running.url, url);
  await owner.close();
  await other.until(({ relation }) => relation === 'own');
  assert.equal(other.running.url, url);
});

test('changed settings of an attached window reach the owner, and nothing else of its own does', async (context) => {
  const person = await Person.begin(context);
  const [owner] = await person.openWindows(1);
  const other = person.openWindow({ model: 'of-its-folder', cwd: '/somewhere' });
  assert.ok(owner);
  await other.host.start();
  person.settings['backend'] = 'ipc';
  assert.deepEqual(await other.host.applySettings(other.settings), []);
  assert.equal(owner.running.proxy.settings.backend, 'ipc');
  assert.equal(owner.running.proxy.settings.model, 'kmodel');
  await other.until(({ host }) => host.running?.proxy.state().backend === 'ipc');
  assert.equal(other.running.proxy.settings.backend, 'ipc');
});

test('models that an attached window asks for anew are known to all', async (context) => {
  const person = await Person.begin(context);
  const [owner] = await person.openWindows(1);
  const [other] = await person.openWindows(1);
  assert.ok(owner && other);
  const models = await other.running.proxy.refreshModels(new AbortController().signal);
  assert.deepEqual(models, owner.running.proxy.models());
  person.simulator.setScenario('remote', { call: 'models', status: 403 });
  await assert.rejects(other.running.proxy.refreshModels(new AbortController().signal));
});

test('word of an owner is private', async (context) => {
  const person = await Person.begin(context);
  await person.openWindows(1);
  const name = person.ownerFiles[0];
  assert.ok(name);
  const file = join(person.stateDirectory, name);
  assertPrivate(file);
  const { token } = JSON.parse(readFileSync(file, 'utf8'));
  assert.ok(token.length >= 43);
});

for (const [what, record] of Object.entries({
  'of a process that is gone': { url: 'http://127.0.0.1:9', token: 'a-token-of-long-ago', pid: 1 },
  'that no program can read': 'half a fi',
})) {
  test(`word of an owner ${what} is no obstacle`, async (context) => {
    const person = await Person.begin(context);
    new OwnerFile(person.stateDirectory, person.port).write({ url: '', token: '', pid: 0 });
    const [name = ''] = person.ownerFiles;
    writeFileSync(join(person.stateDirectory, name), JSON.stringify(record));
    const [window] = await person.openWindows(1);
    assert.equal(window?.relation, 'own');
  });
}

test('word of an owner whose port another program has by now leads to an explanation', async (context) => {
  const person = await Person.begin(context);
  const calls: string[] = [];
  const other = createServer((request, response) => {
    calls.push(request.url ?? '');
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: {"type":"something"}\n\n');
  }).listen(person.port, '127.0.0.1');
  await once(other, 'listening');
  context.after(() => other.close());
  const url = `http://127.0.0.1:${person.port}`;
  new OwnerFile(person.stateDirectory, person.port).write({ url, token: 'a-token-of-long-ago', pid: 1 });
  const state = await person.openWindow().host.start();
  assert.ok(state.kind === 'failed');
  assert.equal(state.failure.remedy, 'another-port');
  assert.match(state.failure.message, new RegExp(`Port ${person.port} on 127\\.0\\.0\\.1 is taken by `));
  assert.ok(calls.includes('/control/events'));
});

test('an owner that does not know the token is told as another Lingma Proxy', async (context) => {
  const person = await Person.begin(context);
  const [owner] = await person.openWindows(1);
  assert.ok(owner);
  const { url } = owner.running;
  new OwnerFile(person.stateDirectory, person.port).write({ url, token: 'not-the-right-token', pid: 1 });
  const state = await person.openWindow().host.start();
  assert.ok(state.kind === 'failed');
  assert.match(state.failure.message, /another Lingma Proxy/);
});

test('an owner whose language this version does not know is told as one of another version', async (context) => {
  const person = await Person.begin(context);
  const hello = { type: 'hello', protocol: 99, version: '9.0.0' };
  const newer = createServer((_request, response) => {
    response
      .writeHead(200, { 'content-type': 'text/event-stream' })
      .write(`data: ${JSON.stringify(hello)}\n\n`);
  }).listen(person.port, '127.0.0.1');
  await once(newer, 'listening');
  context.after(() => {
    newer.closeAllConnections();
    newer.close();
  });
  const url = `http://127.0.0.1:${person.port}`;
  new OwnerFile(person.stateDirectory, person.port).write({ url, token: 'a-token-that-is-right', pid: 1 });
  const state = await person.openWindow().host.start();
  assert.ok(state.kind === 'failed');
  assert.match(state.failure.message, /Lingma Proxy 9\.0\.0 runs in another window/);
});
