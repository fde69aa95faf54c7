import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { copyAs } from '../../src/inspection/copy-as.ts';
import { pythonLiteral } from '../../src/inspection/python-literal.ts';
import { answered, record, recorder } from './recorded.ts';

// What is copied is run, and what arrives is compared with what was recorded.

const run = promisify(execFile);
const server = createServer(async (request, response) => {
  arrivals.push({ url: request.url, headers: request.headers, body: JSON.parse(await text(request)) });
  response.end('{}');
});
const arrivals: { url: string | undefined; headers: IncomingHttpHeaders; body: unknown }[] = [];
let url: string;
before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => server.close());

const body = {
  max_tokens: 9,
  stream: true,
  temperature: 0.5,
  metadata: null,
  messages: [{ role: 'user', content: `It's "quoted" $HOME \`x\` \\n\n中文 📄 '' %s {} # !` }],
};
const request = () =>
  record({
    body,
    headers: {
      host: 'localhost:1',
      'x-api-key': 'secret-key-of-mine',
      'anthropic-version': "it's 2023-06-01",
      'content-length': '99',
      'content-type': 'application/json',
    },
    events: answered,
  });

async function exists(program: string): Promise<boolean> {
  return run(program, ['--version']).then(
    () => true,
    () => false,
  );
}

/** A stand-in for the library that may not be installed here. */
const requestsModule = `
import json, sys, types, urllib.request
def request(method, url, headers, json=None, data=None):
    sent = data if json is None else __import__('json').dumps(json).encode()
    call = urllib.request.Request(url, data=sent, headers=headers, method=method)
    body = urllib.request.urlopen(call).read().decode()
    return types.SimpleNamespace(status_code=200, text=body)
module = types.ModuleType('requests'); module.request = request; sys.modules['requests'] = module
`;

for (const [format, program, argumentsOf] of [
  ['curl', 'curl', undefined],
  ['fetch', process.execPath, (code: string) => ['--input-type=module', '-e', code]],
  ['python', 'python3', (code: string) => ['-c', requestsModule + code]],
] as const) {
  test(`${format}: what is copied sends the same request, the key apart`, async (context) => {
    if (!(await exists(program))) return context.skip(`${program} is not installed`);
    const code = copyAs(await request(), format, url);
    assert.ok(!code.includes('secret-key-of-mine') && code.includes('YOUR_API_KEY'));
    arrivals.length = 0;
    await (argumentsOf ? run(program, argumentsOf(code)) : run('sh', ['-c', code]));
    const [arrived] = arrivals;
    assert.deepEqual(arrived?.body, body);
    assert.equal(arrived?.url, '/v1/messages');
    assert.equal(arrived?.headers['x-api-key'], 'YOUR_API_KEY');
    assert.equal(arrived?.headers['anthropic-version'], "it's 2023-06-01");
  });
}

test('what the record lacks is said in a comment of the language', async () => {
  const image = Buffer.alloc(900, 7).toString('base64');
  const source = { type: 'base64', media_type: 'image/png', data: image };
  const withImage = await record({
    body: { ...body, messages: [{ role: 'user', content: [{ type: 'image', source }] }] },
    events: answered,
  });
  assert.match(copyAs(withImage, 'curl', url), /^# The record keeps no images/);
  assert.match(copyAs(withImage, 'fetch', url), /^\/\/ The record keeps no images/);
  const long = { ...body, messages: [{ role: 'user', content: 'x y '.repeat(10_000) }] };
  const cut = await record({ body: long, events: answered }, recorder({ bodyLimit: 1_000 }));
  assert.match(copyAs(cut, 'python', url), /^# The record holds only the beginning/);
  assert.match(copyAs(cut, 'python', url), /data="/);
});

test('JSON values are written as Python writes them', () => {
  assert.equal(
    pythonLiteral({ a: [true, false, null, 1.5, 'x"y'], b: {}, c: [] }),
    '{\n    "a": [\n        True,\n        False,\n        None,\n        1.5,\n        "x\\"y",\n    ],\n    "b": {},\n    "c": [],\n}',
  );
});
