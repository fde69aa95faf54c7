import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import {
  chat,
  chatBody,
  chatUrl,
  type HandMadeRequest,
  ideBody,
  message,
  modelConfig,
  readStream,
  send,
  signedHeaders,
  tool,
  toolCall,
} from './hand-made-remote-client.ts';

describe('the simulated remote API', () => {
  let simulator: Simulator;
  let expectedViolations = 0;

  before(async () => {
    simulator = await startSimulator();
  });
  after(() => simulator.close());

  async function accepts(request: HandMadeRequest): Promise<string> {
    const answer = await send(simulator, request);
    assert.equal(answer.status, 200, answer.text);
    assert.equal(simulator.remote.violations.length, expectedViolations);
    return answer.text;
  }

  async function refuses(request: HandMadeRequest, status: number, rule: RegExp): Promise<void> {
    const answer = await send(simulator, request);
    assert.equal(answer.status, status, answer.text);
    assert.match(answer.text, rule);
    expectedViolations++;
    assert.equal(simulator.remote.violations.length, expectedViolations);
    assert.match(simulator.remote.violations.at(-1) ?? '', rule);
  }

  const refusesBody = (body: object, rule: RegExp) => refuses({ body: JSON.stringify(body) }, 400, rule);

  test('answers a correct chat request with a stream that ends properly', async () => {
    const told = readStream(await accepts({ body: JSON.stringify(chatBody()) }));
    assert.match(told.content, /simulated Lingma.*Say hello\. 你好.*✅/s);
    assert.equal(told.finishReason, 'stop');
    assert.deepEqual(told.order.slice(-3), ['chunk', '[DONE]', 'finish']);
    assert.ok(told.usage);
  });

  test('lists models by group, the same key in several', async () => {
    const text = await accepts({ method: 'GET', url: '/algo/api/v2/model/list' });
    const keys = (name: string) => JSON.parse(text)[name].map((model: { key: string }) => model.key);
    assert.equal(keys('chat')[0], 'kmodel');
    assert.ok(keys('chat').includes(keys('inline')[0]));
  });

  test('accepts the IDE profile with its encoded body', async () => {
    const standard = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=';
    const replacement = '_doRTgHZBKcGVjlvpC,@aFSx#DPuNJme&i*MzLOEn)sUrthbf%Y^w.(kIQyXqWA!$';
    const base64 = Buffer.from(JSON.stringify(ideBody())).toString('base64');
    const third = Math.floor(base64.length / 3);
    const moved = base64.slice(-third) + base64.slice(third, -third) + base64.slice(0, third);
    const body = Array.from(moved, (character) => replacement[standard.indexOf(character)]).join('');
    const headers = {
      'cosy-clienttype': '0',
      'cosy-version': '0.11.0',
      'cosy-organization-id': '',
      'accept-encoding': 'identity',
    };
    await accepts({ url: `${chatUrl}&Encode=1`, body, headers });
    await refuses({ body: JSON.stringify(chatBody()), headers }, 400, /session_id/);
  });

  test('takes an uploaded image in a later chat, and no other', async () => {
    const id = randomUUID();
    const url = `/algo/api/v2/image/upload?request_id=${id}`;
    const body = JSON.stringify({ ImageUri: 'data:image/png;base64,iVBORw0KGgo=', RequestId: id });
    const { ImageUrl } = JSON.parse(await accepts({ url, body })).Data;
    const withImage = (address: string) =>
      chatBody({
        image_urls: [address],
        model_config: modelConfig('kmodel', { is_vl: true }),
        messages: [
          message('user', 'What is it?', {
            parts: [
              { type: 'text', text: 'What is it?' },
              { type: 'image_url', image_url: { url: address, detail: 'auto' } },
            ],
          }),
        ],
      });
    await accepts({ body: JSON.stringify(withImage(ImageUrl)) });
    await refusesBody(withImage('https://elsewhere.example.com/x.png'), /not an uploaded image/);
    await refuses({ url, body: JSON.stringify({ ImageUri: 'file:///x', RequestId: id }) }, 400, /ImageUri/);
  });

  const headerFaults: Record<string, [string, string | undefined, number]> = {
    'a missing Appcode': ['appcode', undefined, 400],
    'a wrong client type': ['cosy-clienttype', '1', 400],
    'a missing empty machine token': ['cosy-machinetoken', undefined, 400],
    'an odd machine os': ['cosy-machineos', 'linux', 400],
    'a wrong Accept': ['accept', '*/*', 400],
    'a wrong Content-Type': ['content-type', 'text/plain', 400],
    'a missing Cache-Control': ['cache-control', undefined, 400],
    'a missing Login-Version': ['login-version', undefined, 400],
    'an untrue body hash': ['cosy-bodyhash', 'abc', 400],
    'another user': ['cosy-user', '1', 401],
    'another key': ['cosy-key', 'x', 401],
    'another machine': ['cosy-machineid', 'x', 401],
    'no Authorization': ['authorization', undefined, 401],
    'a Bearer of another kind': ['authorization', 'Bearer sk-1234', 401],
    'another Cosy-Date than the signed one': ['cosy-date', String(Math.floor(Date.now() / 1000) - 7), 403],
  };
  for (const [fault, [name, value, status]] of Object.entries(headerFaults)) {
    test(`refuses ${fault}`, () =>
      refuses({ body: JSON.stringify(chatBody()), headers: { [name]: value } }, status, /\w/));
  }

  const body = () => JSON.stringify(chatBody());
  const payload = (changes: object) =>
    JSON.stringify({
      cosyVersion: '2.11.2',
      ideVersion: '',
      info: simulator.login.encryptUserInfo,
      requestId: randomUUID(),
      version: 'v1',
      ...changes,
    });
  const signatureFaults: Record<string, [() => HandMadeRequest['signed'], number, RegExp]> = {
    'a signature over other bytes': [() => ({ body: '{}' }), 403, /signature/],
    'a signature over the path with /algo': [
      () => ({ path: '/algo/api/v2/service/pro/sse/agent_chat_generation' }),
      403,
      /signature/,
    ],
    'a signature with another key': [() => ({ key: 'x' }), 403, /signature/],
    'a date of an hour ago': [
      () => ({ date: String(Math.floor(Date.now() / 1000) - 3600) }),
      401,
      /five minutes/,
    ],
    'a date in milliseconds': [() => ({ date: String(Date.now()) }), 401, /unix seconds/],
    'payload keys out of order': [
      () => ({
        payload: JSON.stringify({
          version: 'v1',
          cosyVersion: '2.11.2',
          ideVersion: '',
          info: simulator.login.encryptUserInfo,
          requestId: randomUUID(),
        }),
      }),
      401,
      /alphabetical/,
    ],
    'another info': [() => ({ payload: payload({ info: 'x' }) }), 401, /info/],
    'a payload version of another client': [
      () => ({ payload: payload({ cosyVersion: '1.0.0' }) }),
      401,
      /cosyVersion/,
    ],
    'a request id that is no uuid4': [() => ({ payload: payload({ requestId: '1' }) }), 401, /uuid4/],
  };
  for (const [fault, [signed, status, rule]] of Object.entries(signatureFaults)) {
    test(`refuses ${fault}`, () => {
      const changes = signed();
      return refuses({ body: body(), ...(changes === undefined ? {} : { signed: changes }) }, status, rule);
    });
  }

  test('refuses a signed payload that is used a second time', async () => {
    const text = body();
    const headers = signedHeaders(simulator, { body: text });
    await accepts({ body: text, headers });
    await refuses({ body: text, headers }, 401, /used before/);
  });

  test('accepts the optional headers when they are true', async () => {
    const text = body();
    await accepts({
      body: text,
      headers: {
        'cosy-sigpath': '/api/v2/service/pro/sse/agent_chat_generation',
        'cosy-bodyhash': createHash('md5').update(text).digest('hex'),
        'cosy-bodylength': String(Buffer.byteLength(text)),
        'cosy-data-policy': 'AGREE',
      },
    });
  });

  const user = message('user', 'go');
  const call = (id: string, args = '{}') =>
    message('assistant', null, { tool_calls: [toolCall(id, 'ls', args)] });
  const result = (id: string, text = 'ok') => message('tool', text, { tool_call_id: id });

  test('accepts a tool conversation whose calls are all answered', async () => {
    await accepts({
      body: JSON.stringify(
        chatBody({
          tools: [tool('ls'), tool('cat')],
          tool_choice: { type: 'function', function: { name: 'cat' } },
          messages: [
            message('system', 'x'),
            user,
            user,
            message('assistant', 'I will', {
              tool_calls: [toolCall('a', 'ls', '{"x":1}'), toolCall('b', 'ls', '{}')],
            }),
            result('b'),
            result('a', ''),
          ],
        }),
      ),
    });
  });

  const id = 'a'.repeat(32);
  const bodyFaults: Record<string, [Record<string, unknown>, RegExp]> = {
    'an unknown field': [{ stop: ['x'] }, /stop/],
    'a missing field': [{ code_language: undefined }, /code_language/],
    'stream: false': [{ stream: false }, /stream/],
    'a request id with dashes': [{ request_id: randomUUID() }, /request_id/],
    'another chat_record_id': [{ chat_record_id: id }, /chat_record_id/],
    'empty tools': [{ tools: [] }, /left out/],
    'tool_choice without tools': [{ tool_choice: 'auto' }, /without tools/],
    'a tool name with a dot': [{ tools: [tool('a.b')] }, /must match/],
    'a tool name of 65 characters': [{ tools: [tool('x'.repeat(65))] }, /must match/],
    'a tool declared twice': [{ tools: [tool('a'), tool('a')] }, /twice/],
    'an undeclared tool_choice': [
      { tools: [tool('a')], tool_choice: { type: 'function', function: { name: 'b' } } },
      /not among/,
    ],
    'an unknown model': [{ model_config: modelConfig('gpt-4o') }, /unknown model/],
    'an unknown sampling parameter': [{ parameters: { temperature: 1, top_k: 3 } }, /top_k/],
    'a business name of another request': [
      {
        business: {
          product: 'jb_plugin',
          version: '2.11.2',
          type: 'memory',
          id: randomUUID(),
          begin_at: Date.now(),
          stage: 'start',
          name: 'memory_intent_recognition_',
        },
      },
      /business\.name/,
    ],
    'no messages': [{ messages: [] }, /messages/],
    'a message without response_meta': [{ messages: [{ role: 'user', content: 'x' }] }, /response_meta/],
    'an unknown role': [{ messages: [message('developer', 'x'), user] }, /role/],
    'array content': [{ messages: [{ ...user, content: [{ type: 'text', text: 'x' }] }] }, /content/],
    'an empty user message': [{ messages: [message('user', ' ')] }, /empty user/],
    'an empty assistant message': [{ messages: [user, message('assistant', ''), user] }, /empty assistant/],
    'a system message in the middle': [{ messages: [user, message('system', 'x'), user] }, /system/],
    'an assistant message at the end': [{ messages: [user, message('assistant', 'x')] }, /last message/],
    'no user message': [{ messages: [message('system', 'x'), call('a'), result('a')] }, /no user/],
    'an unanswered call': [{ messages: [user, call('a'), user] }, /has no tool message/],
    'an unanswered call at the end': [{ messages: [user, call('a')] }, /has no tool message/],
    'a result without a call': [{ messages: [user, result('a')] }, /no open call/],
    'a result that comes twice': [{ messages: [user, call('a'), result('a'), result('a')] }, /no open call/],
    'arguments that are not JSON': [{ messages: [user, call('a', '{'), result('a')] }, /not JSON/],
  };
  for (const [fault, [changes, rule]] of Object.entries(bodyFaults)) {
    test(`refuses ${fault}`, () => refusesBody(chatBody(changes), rule));
  }

  test('refuses other queries, and answers other paths like the object store', async () => {
    await refuses({ url: chatUrl.split('&')[0] ?? '', body: body() }, 400, /query/);
    const lost = await send(simulator, { url: '/algo/api/v1/model/list', method: 'GET' });
    expectedViolations++;
    assert.equal(lost.status, 404);
    assert.match(lost.text, /NoSuchKey/);
  });

  test('keeps what it received', async () => {
    const sent = chatBody();
    await chat(simulator, sent);
    await simulator.until(() => simulator.remote.openRequests === 0);
    const record = simulator.remote.requests.at(-1);
    assert.deepEqual(record?.body, JSON.parse(JSON.stringify(sent)));
    assert.equal(record?.status, 200);
    assert.equal(record?.completed, true);
    assert.equal(record?.aborted, false);
  });
});
