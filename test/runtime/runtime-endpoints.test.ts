import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import { phrase } from '../../src/core/localizer.ts';
import { findRuntimeEndpoints } from '../../src/runtime/runtime-endpoints.ts';
import { parseRuntimeInfo } from '../../src/runtime/runtime-info.ts';
import { unlessPosix } from '../toolchain/posix.ts';
import { filesInMemory, pretendComputer } from './pretend-computer.ts';

async function listen(t: TestContext, path: string): Promise<string> {
  mkdirSync(dirname(path), { recursive: true });
  const server = createServer().listen(path);
  await once(server, 'listening');
  t.after(() => server.close());
  return path;
}

const infos: readonly [title: string, text: string, expected: object][] = [
  [
    'today’s JSON',
    '{"websocketPort": 37109, "pid": 4242, "ipcServerPath": "/run/x.sock"}',
    { port: 37109, pid: 4242, pipe: '/run/x.sock' },
  ],
  [
    'JSON with a byte order mark and numbers as text',
    '\uFEFF{"websocketPort": "37109", "pid": "1", "more": {}}',
    { port: 37109, pid: 1 },
  ],
  ['JSON with a pipe alone', '{"websocketPort": 0, "ipcServerPath": "/x"}', { pipe: '/x' }],
  ['the older text', '37109\n4242\n/run/x.sock\n', { port: 37109, pid: 4242, pipe: '/run/x.sock' }],
  [
    'the older text with Windows line ends',
    '37109\r\n4242\r\n\\\\.\\pipe\\x\r\n',
    { port: 37109, pid: 4242, pipe: '\\\\.\\pipe\\x' },
  ],
  ['the older text with a port alone', '37109', { port: 37109 }],
  [
    'JSON cut while being written',
    '{"websocketPort": 371',
    { problem: phrase('is not complete JSON, perhaps just being written'), fault: 'broken' },
  ],
  ['an empty file', ' \n', { problem: phrase('is empty, perhaps just being written'), fault: 'empty' }],
  [
    'a port out of range',
    '{"websocketPort": 70000}',
    { problem: phrase('names neither a port nor a pipe'), fault: 'incomplete' },
  ],
  ['something else', 'hello', { problem: phrase('names neither a port nor a pipe'), fault: 'incomplete' }],
];

for (const [title, text, expected] of infos) {
  test(`runtime info: ${title}`, () => assert.deepEqual(parseRuntimeInfo(text), expected));
}

test('runtime info of arbitrary text never throws', () => {
  const info = fc.dictionary(fc.constantFrom('websocketPort', 'pid', 'ipcServerPath', 'x'), fc.jsonValue());
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        info.map((value) => JSON.stringify(value)),
      ),
      (text) => {
        const { port } = { port: undefined, ...parseRuntimeInfo(text) };
        assert.equal(port === undefined || (Number.isInteger(port) && port >= 1 && port <= 65_535), true);
      },
    ),
  );
});

test('QoderCN is chosen before Lingma, WebSocket before socket', async (t) => {
  const computer = pretendComputer(t);
  const lingma = computer.write(
    '.lingma/.info.json',
    '{"websocketPort": 36510, "pid": 2, "ipcServerPath": "/run/l.sock"}',
  );
  const qoder = computer.write(
    '.config/QoderCN/SharedClientCache/.info.json',
    '{"websocketPort": 37109, "pid": 1, "ipcServerPath": "/run/q.sock"}',
  );
  const { endpoints, rejected } = await findRuntimeEndpoints({ computer });
  assert.deepEqual(rejected, []);
  assert.deepEqual(endpoints, [
    { transport: 'websocket', address: 'ws://127.0.0.1:37109', flavour: 'qoder', source: qoder },
    { transport: 'websocket', address: 'ws://127.0.0.1:36510', flavour: 'lingma', source: lingma },
    { transport: 'pipe', address: '/run/q.sock', flavour: 'qoder', source: qoder },
    { transport: 'pipe', address: '/run/l.sock', flavour: 'lingma', source: lingma },
  ]);
});

test('a transport that is asked for leaves the other out, and says so', async (t) => {
  const computer = pretendComputer(t);
  const source = computer.write('.lingma/.info', '36510\n2\n/run/l.sock');
  const { endpoints, rejected } = await findRuntimeEndpoints({ computer, transport: 'pipe' });
  assert.deepEqual(
    endpoints.map(({ address }) => address),
    ['/run/l.sock'],
  );
  assert.deepEqual(rejected, [
    {
      source,
      fault: 'other-transport',
      reason: phrase('is a {0}, and the transport is set to {1}', 'websocket', 'pipe'),
    },
  ]);
});

test('a file whose process is gone is passed over with the reason, and so is the socket it left', {
  skip: unlessPosix,
}, async (t) => {
  const computer = pretendComputer(t);
  const socket = await listen(t, join(computer.home, '.qodercn', 'qodercn.sock'));
  const stale = computer.write(
    '.qodercn/.info.json',
    JSON.stringify({ websocketPort: 1, pid: 5000, ipcServerPath: socket }),
  );
  computer.write('.lingma/.info', '36510\n2');
  const { endpoints, rejected } = await findRuntimeEndpoints({ computer });
  assert.deepEqual(
    endpoints.map(({ address }) => address),
    ['ws://127.0.0.1:36510'],
  );
  assert.deepEqual(rejected, [
    { source: stale, fault: 'left-over', reason: phrase('is left over: its process {0} is gone', 5000) },
    { source: socket, fault: 'left-over', reason: phrase('belongs to a process that is gone') },
  ]);
});

test('a torn file is passed over with the reason, the older form beside it still counts', async (t) => {
  const computer = pretendComputer(t);
  const torn = computer.write('.qodercn/SharedClientCache/.info.json', '{"websocketPort"');
  computer.write('.qodercn/SharedClientCache/.info', '37109');
  const { endpoints, rejected } = await findRuntimeEndpoints({ computer });
  assert.deepEqual(
    endpoints.map(({ address }) => address),
    ['ws://127.0.0.1:37109'],
  );
  assert.deepEqual(rejected, [
    { source: torn, fault: 'broken', reason: phrase('is not complete JSON, perhaps just being written') },
  ]);
});

test('sockets are found without an info file, plain files of their name are not taken for one', {
  skip: unlessPosix,
}, async (t) => {
  const computer = pretendComputer(t);
  const lingma = await listen(t, join(computer.home, '.lingma', 'lingma.sock'));
  const qoder = await listen(
    t,
    join(computer.home, '.config', 'QoderCN', 'SharedClientCache', 'qodercn.sock'),
  );
  computer.write('.qodercn/qodercn.sock', 'a plain file');
  const { endpoints } = await findRuntimeEndpoints({ computer });
  assert.deepEqual(endpoints, [
    { transport: 'pipe', address: qoder, flavour: 'qoder', source: qoder },
    { transport: 'pipe', address: lingma, flavour: 'lingma', source: lingma },
  ]);
});

test('an info file may not send the proxy elsewhere', async (t) => {
  const computer = pretendComputer(t);
  const source = computer.write('.lingma/.info.json', '{"ipcServerPath": "relative.sock"}');
  assert.deepEqual(await findRuntimeEndpoints({ computer }), {
    endpoints: [],
    rejected: [
      { source, fault: 'not-local', reason: phrase('names a pipe that is not a local absolute path') },
    ],
  });
});

test('explicit addresses are the only ones, the setting before the environment', async (t) => {
  const computer = pretendComputer(t);
  computer.write('.lingma/.info', '36510\n2');
  computer.env = {
    LINGMA_PROXY_WS_URL: 'ws://127.0.0.1:1',
    LINGMA_IPC_SOCKET: '/run/lingma.sock',
    LINGMA_IPC_PIPE: '',
  };
  assert.deepEqual((await findRuntimeEndpoints({ computer })).endpoints, [
    { transport: 'websocket', address: 'ws://127.0.0.1:1', source: 'environment LINGMA_PROXY_WS_URL' },
    {
      transport: 'pipe',
      address: '/run/lingma.sock',
      flavour: 'lingma',
      source: 'environment LINGMA_IPC_SOCKET',
    },
  ]);
  assert.deepEqual(
    (
      await findRuntimeEndpoints({
        computer,
        transport: 'websocket',
        websocketUrl: 'ws://127.0.0.1:2',
        pipe: '',
      })
    ).endpoints,
    [{ transport: 'websocket', address: 'ws://127.0.0.1:2', source: 'setting websocket_url' }],
  );
  computer.env = { LINGMA_IPC_PIPE: '/run/qodercn.sock' };
  assert.deepEqual((await findRuntimeEndpoints({ computer })).endpoints, [
    {
      transport: 'pipe',
      address: '/run/qodercn.sock',
      flavour: 'qoder',
      source: 'environment LINGMA_IPC_PIPE',
    },
  ]);
});

test('an explicit address that is none is passed over with the reason', async (t) => {
  const computer = pretendComputer(t);
  computer.env = { LINGMA_PROXY_WS_URL: 'http://127.0.0.1:1' };
  const { rejected } = await findRuntimeEndpoints({ computer });
  assert.deepEqual(rejected, [
    {
      source: 'environment LINGMA_PROXY_WS_URL',
      fault: 'not-an-address',
      reason: phrase('is not a ws:// or wss:// URL'),
    },
  ]);
});

test('a named info file or its folder is the only place', async (t) => {
  const computer = pretendComputer(t);
  computer.write('.lingma/.info', '36510\n2');
  const file = computer.write('elsewhere/qoder/.info.json', '{"websocketPort": 1}');
  const expected = [{ transport: 'websocket', address: 'ws://127.0.0.1:1', flavour: 'qoder', source: file }];
  computer.env = { LINGMA_SHARED_CLIENT_INFO: file };
  assert.deepEqual((await findRuntimeEndpoints({ computer })).endpoints, expected);
  computer.env = { LINGMA_SHARED_CLIENT_INFO: dirname(file) };
  assert.deepEqual((await findRuntimeEndpoints({ computer })).endpoints, expected);
  const missing = join(computer.home, 'none');
  assert.deepEqual(await findRuntimeEndpoints({ computer, sharedClientInfo: missing }), {
    endpoints: [],
    rejected: [
      {
        source: missing,
        fault: 'missing',
        reason: phrase('does not exist (named by {0})', phrase('setting')),
      },
    ],
  });
});

test('on Windows pipes come first: those of info files, then those that are open, QoderCN before Lingma', async (t) => {
  const info = 'C:\\Users\\ann\\AppData\\Roaming\\QoderCN\\SharedClientCache\\.info.json';
  const files = filesInMemory({
    [info]: '{"websocketPort": 37109, "pid": 1, "ipcServerPath": "\\\\\\\\.\\\\pipe\\\\qodercn-1"}',
    'C:\\Users\\ann\\.lingma\\.info': '36510\r\n2\r\n\\\\server\\pipe\\lingma-9',
    '\\\\.\\pipe\\lingma-2': '',
    '\\\\.\\pipe\\qodercn-1': '',
    '\\\\.\\pipe\\qodercn-2': '',
    '\\\\.\\pipe\\other': '',
  });
  const computer = { ...pretendComputer(t, files), platform: 'win32' as const, home: 'C:\\Users\\ann' };
  computer.env = { APPDATA: 'C:\\Users\\ann\\AppData\\Roaming' };
  const { endpoints, rejected } = await findRuntimeEndpoints({ computer });
  assert.deepEqual(endpoints, [
    { transport: 'pipe', address: '\\\\.\\pipe\\qodercn-1', flavour: 'qoder', source: info },
    { transport: 'pipe', address: '\\\\.\\pipe\\qodercn-2', flavour: 'qoder', source: '\\\\.\\pipe\\' },
    { transport: 'pipe', address: '\\\\.\\pipe\\lingma-2', flavour: 'lingma', source: '\\\\.\\pipe\\' },
    { transport: 'websocket', address: 'ws://127.0.0.1:37109', flavour: 'qoder', source: info },
    {
      transport: 'websocket',
      address: 'ws://127.0.0.1:36510',
      flavour: 'lingma',
      source: 'C:\\Users\\ann\\.lingma\\.info',
    },
  ]);
  assert.deepEqual(rejected, [
    {
      source: 'C:\\Users\\ann\\.lingma\\.info',
      fault: 'not-local',
      reason: phrase('names a pipe that is not a local absolute path'),
    },
  ]);
});
