import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, request as httpRequest, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import type { FindingId } from '../../src/doctor/findings.ts';
import type { LinkName } from '../../src/doctor/links.ts';
import { createProxy } from '../../src/proxy.ts';
import { canaries, idsOf, Patient, type SetUp } from './patient.ts';
import { selfSigned } from './self-signed-certificate.ts';

/** A computer on which something is wrong, and what the doctor has to say of it. */
interface Case {
  readonly title: string;
  /** Default remote. */
  readonly backend?: 'remote' | 'ipc';
  /** Breaks something. */
  readonly spoil?: (patient: Patient) => unknown;
  /** Sets something up; resolves to how the doctor is called. */
  readonly setUp?: (patient: Patient) => Promise<SetUp> | SetUp;
  readonly errors?: readonly FindingId[];
  readonly warnings?: readonly FindingId[];
  /** The first broken link, and the finding that tells why; absent: none is broken. */
  readonly broken?: readonly [LinkName, FindingId];
  /** Links behind the broken one that were tried all the same. */
  readonly held?: readonly LinkName[];
}

const userFile = ({ simulator }: Patient) => join(simulator.loginRoot, 'cache', 'user');
const idFile = ({ simulator }: Patient) => join(simulator.loginRoot, 'cache', 'id');

const cases: readonly Case[] = [
  {
    title: 'nobody is signed in',
    spoil: (patient) => rmSync(userFile(patient)),
    errors: ['login.none'],
    broken: ['login', 'login.none'],
  },
  {
    title: 'the login has expired',
    spoil: ({ simulator }) => simulator.expireLogin(),
    errors: ['login.expired'],
    broken: ['login', 'login.expired'],
  },
  {
    title: 'the login cache is cut off',
    spoil: ({ simulator }) => simulator.truncateLogin(),
    errors: ['login.undecryptable'],
    broken: ['login', 'login.undecryptable'],
  },
  {
    title: 'the machine id is another computer’s',
    spoil: (patient) => writeFileSync(idFile(patient), 'ffffffff-0000-4000-8000-000000000000\n'),
    errors: ['login.undecryptable'],
    broken: ['login', 'login.undecryptable'],
  },
  {
    title: 'the login cache was copied without its machine id',
    spoil: (patient) => rmSync(idFile(patient)),
    errors: ['login.no-machine-id'],
    broken: ['login', 'login.no-machine-id'],
  },
  {
    title: 'the login cache is not a file',
    spoil: (patient) => {
      rmSync(userFile(patient));
      mkdirSync(userFile(patient));
    },
    errors: ['login.unreadable'],
    broken: ['login', 'login.unreadable'],
  },
  {
    title: 'the credentials file that is named does not exist',
    setUp: () => ({ argv: ['--remote-auth-file', 'no-such.json'] }),
    errors: ['login.named-missing'],
    broken: ['login', 'login.named-missing'],
  },
  {
    title: 'the credentials file lacks fields',
    setUp: ({ simulator }) => {
      writeFileSync(join(simulator.home, 'c.json'), '{"auth": {"user_id": "u"}}', { mode: 0o600 });
      return { argv: ['--remote-auth-file', 'c.json'] };
    },
    errors: ['login.incomplete'],
    broken: ['login', 'login.incomplete'],
  },
  {
    title: 'the login ends within hours',
    setUp: ({ simulator }) => {
      const soon = { ...simulator.credentials, token_expire_time: Date.now() + 5 * 3_600_000 };
      writeFileSync(join(simulator.home, 'c.json'), JSON.stringify(soon), { mode: 0o600 });
      return { argv: ['--remote-auth-file', 'c.json'] };
    },
    warnings: ['login.expiring'],
  },
  {
    title: 'everybody on the computer can read the login',
    spoil: (patient) => {
      const { home, loginRoot } = patient.simulator;
      for (const folder of [home, loginRoot, join(loginRoot, 'cache')]) chmodSync(folder, 0o755);
      chmodSync(userFile(patient), 0o644);
    },
    warnings: ['login.readable-by-others'],
  },
  {
    title: 'everybody on the computer can read the file of a key',
    setUp: ({ simulator }) => {
      const keyFile = join(simulator.home, 'key-of-ann');
      writeFileSync(keyFile, 'a-key-of-ann-0123456789');
      writeFileSync(
        join(simulator.home, 's.json'),
        JSON.stringify({ api_keys: { ann: { key_file: keyFile } } }),
      );
      chmodSync(simulator.home, 0o755);
      chmodSync(keyFile, 0o644);
      return { argv: ['--config', 's.json'] };
    },
    warnings: ['settings.readable-by-others'],
  },
  {
    title: 'everybody on the computer can read the settings, and a password is in them',
    setUp: ({ simulator }) => {
      const file = join(simulator.home, 's.json');
      writeFileSync(file, JSON.stringify({ api_keys: { ann: 'a-key-of-ann-0123456789' } }));
      chmodSync(simulator.home, 0o755);
      chmodSync(file, 0o644);
      return { argv: ['--config', 's.json'] };
    },
    warnings: ['settings.readable-by-others'],
  },
  {
    title: 'upstream refuses the login',
    spoil: ({ simulator }) =>
      simulator.setScenario('remote', { call: 'models', status: 401, body: `not ${simulator.login.key}` }),
    errors: ['login.refused'],
    broken: ['login', 'login.refused'],
  },
  {
    title: 'nothing listens at the base URL',
    setUp: async () => ({ argv: ['--remote-base-url', `http://127.0.0.1:${await closedPort()}`] }),
    errors: ['base-url.unreachable'],
    broken: ['base-url', 'base-url.unreachable'],
  },
  {
    title: 'the base URL names a host that does not exist',
    setUp: () => ({ argv: ['--remote-base-url', 'https://lingma.invalid'] }),
    errors: ['base-url.unknown-name'],
    broken: ['base-url', 'base-url.unknown-name'],
  },
  {
    title: 'the base URL’s certificate is not trusted',
    setUp: async (patient) => {
      const server = createHttpsServer(selfSigned, (_request, response) => response.end());
      return { argv: ['--remote-base-url', `https://127.0.0.1:${await listen(patient, server)}`] };
    },
    errors: ['base-url.untrusted'],
    broken: ['base-url', 'base-url.untrusted'],
  },
  {
    title: 'the base URL accepts connections and says nothing',
    setUp: async (patient) => {
      const port = await listen(patient, createTcpServer());
      return { argv: ['--remote-base-url', `http://127.0.0.1:${port}`], doctor: { connectTimeoutMs: 2_000 } };
    },
    errors: ['base-url.unreachable'],
    broken: ['base-url', 'base-url.unreachable'],
  },
  {
    title: 'the base URL leads to an object store',
    spoil: ({ simulator }) => simulator.setScenario('remote', { call: 'models', status: 404 }),
    errors: ['base-url.wrong-host'],
    broken: ['base-url', 'base-url.wrong-host'],
  },
  {
    title: 'the base URL holds a query',
    setUp: () => ({ argv: ['--remote-base-url', 'https://lingma.example/?a=1'] }),
    errors: ['base-url.invalid'],
    broken: ['base-url', 'base-url.invalid'],
  },
  {
    title: 'the clock is an hour ahead, and upstream refuses the signature',
    setUp: async (patient) => {
      const port = await listen(patient, createHttpServer(anHourAgo(patient.simulator.remote.url)));
      patient.simulator.setScenario('remote', { call: 'models', status: 401 });
      return { argv: ['--remote-base-url', `http://127.0.0.1:${port}`] };
    },
    errors: ['login.refused'],
    warnings: ['clock.off'],
    broken: ['login', 'clock.off'],
  },
  {
    title: 'the proxy on the way out is switched off',
    setUp: async () => {
      const proxy = `http://user:${canaries.proxyPassword}@127.0.0.1:${await closedPort()}`;
      return { argv: ['--remote-proxy-url', proxy] };
    },
    errors: ['proxy.unreachable'],
    broken: ['base-url', 'proxy.unreachable'],
  },
  {
    title: 'the proxy on the way out asks for a password',
    setUp: async (patient) => {
      const proxy = createHttpServer((_request, response) => response.writeHead(407).end());
      proxy.on('connect', (_request, socket) =>
        socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'),
      );
      const url = `http://user:${canaries.proxyPassword}@127.0.0.1:${await listen(patient, proxy)}`;
      return { argv: ['--remote-proxy-url', url, '--remote-base-url', 'https://lingma.example'] };
    },
    errors: ['base-url.behind-proxy'],
    broken: ['base-url', 'base-url.behind-proxy'],
  },
  {
    title: 'the environment names a SOCKS proxy',
    setUp: () => ({ env: { HTTPS_PROXY: `socks5://u:${canaries.proxyPassword}@127.0.0.1:1080` } }),
    errors: ['proxy.invalid'],
    broken: ['base-url', 'proxy.invalid'],
  },
  {
    title: 'clients would look for the proxy behind the system’s',
    setUp: () => ({
      env: { HTTP_PROXY: `http://u:${canaries.proxyPassword}@10.0.0.1:3128`, NO_PROXY: 'corp' },
    }),
    warnings: ['proxy.loopback'],
  },
  {
    title: 'another program has the port',
    setUp: async (patient) => {
      const port = await listen(
        patient,
        createHttpServer((_request, response) => response.end('hello')),
      );
      return { argv: ['--port', String(port)] };
    },
    errors: ['port.taken'],
    broken: ['port', 'port.taken'],
    held: ['login', 'base-url', 'models', 'text', 'tools', 'images'],
  },
  {
    title: 'another Lingma Proxy with another key has the port',
    setUp: async (patient) => {
      const { settings } = patient.load(['--port', '0', '--api-key', 'somebody-else']);
      const other = createProxy(settings, { version: '0.0.1', computer: patient.computer });
      const url = await other.start();
      patient.later(() => other.stop(0));
      return { argv: ['--port', new URL(url).port] };
    },
    warnings: ['port.other-proxy'],
    broken: ['port', 'port.other-proxy'],
    held: ['login', 'base-url', 'models', 'text', 'tools', 'images'],
  },
  {
    title: 'the host is not an address of this computer',
    setUp: () => ({ argv: ['--host', '192.0.2.1', '--port', '18095'] }),
    errors: ['port.no-such-address'],
    broken: ['port', 'port.no-such-address'],
    held: ['login', 'base-url', 'models', 'text', 'tools', 'images'],
  },
  {
    title: 'the proxy that should run does not answer',
    setUp: async () => ({ doctor: { runningUrl: `http://127.0.0.1:${await closedPort()}` } }),
    errors: ['port.no-answer'],
    broken: ['port', 'port.no-answer'],
    held: ['login', 'base-url', 'models', 'text', 'tools', 'images'],
  },
  {
    title: 'the app has ended and its info file was left over',
    backend: 'ipc',
    spoil: async ({ simulator }) => {
      await simulator.ipc.stop();
      writeFileSync(join(simulator.infoFolder, '.info.json'), '{"websocketPort": 9, "pid": 4194305}');
    },
    errors: ['runtime.left-over'],
    broken: ['runtime', 'runtime.left-over'],
  },
  {
    title: 'the runtime’s port refuses',
    backend: 'ipc',
    spoil: ({ simulator }) => simulator.ipc.stop(),
    errors: ['runtime.refused'],
    broken: ['runtime', 'runtime.refused'],
  },
  {
    title: 'only the VS Code extension’s runtime is there',
    backend: 'ipc',
    spoil: async ({ simulator }) => {
      await simulator.ipc.stop();
      rmSync(simulator.infoFolder, { recursive: true });
      await simulator.addRuntime({ partial: true });
    },
    errors: ['runtime.partial'],
    broken: ['runtime', 'runtime.partial'],
  },
  {
    title: 'the info file is cut off',
    backend: 'ipc',
    spoil: async ({ simulator }) => {
      await simulator.ipc.stop();
      writeFileSync(join(simulator.infoFolder, '.info.json'), '{"websocketPo');
    },
    errors: ['runtime.broken'],
    broken: ['runtime', 'runtime.broken'],
  },
  {
    title: 'the runtime that is named accepts connections and says nothing',
    backend: 'ipc',
    setUp: async (patient) => {
      const port = await listen(patient, createTcpServer());
      return { argv: ['--ws-url', `ws://127.0.0.1:${port}`], doctor: { connectTimeoutMs: 2_000 } };
    },
    errors: ['runtime.silent'],
    broken: ['runtime', 'runtime.silent'],
  },
  {
    title: 'nothing listens at the pipe that is set',
    backend: 'ipc',
    setUp: ({ simulator }) => ({ argv: ['--pipe', join(simulator.home, 'no-such.sock')] }),
    errors: ['runtime.set-refused'],
    broken: ['runtime', 'runtime.set-refused'],
  },
  {
    title: 'the runtime refuses to open a session',
    backend: 'ipc',
    spoil: ({ simulator }) =>
      simulator.setScenario('ipc', {
        call: 'session/new',
        error: { code: -32_603, message: `no capacity for ${simulator.login.key}` },
      }),
    errors: ['runtime.failing'],
    broken: ['runtime', 'runtime.failing'],
  },
  {
    title: 'the info file that is named does not exist',
    backend: 'ipc',
    setUp: () => ({ argv: ['--shared-client-info', 'no-such-folder'] }),
    errors: ['runtime.named-missing'],
    broken: ['runtime', 'runtime.named-missing'],
  },
  {
    title: 'no runtime was ever there',
    backend: 'ipc',
    spoil: async ({ simulator }) => {
      await simulator.ipc.stop();
      rmSync(simulator.infoFolder, { recursive: true });
    },
    errors: ['runtime.none'],
    broken: ['runtime', 'runtime.none'],
  },
  {
    title: 'there is no runtime to look at images',
    spoil: async ({ simulator }) => {
      await simulator.ipc.stop();
      rmSync(simulator.infoFolder, { recursive: true });
    },
    warnings: ['images.need-runtime'],
    broken: ['images', 'images.need-runtime'],
  },
  {
    title: 'upstream fails when it is asked for its models',
    spoil: ({ simulator }) => simulator.setScenario('remote', { call: 'models', status: 503 }),
    errors: ['models.failed'],
    broken: ['models', 'models.failed'],
  },
  {
    title: 'the default model is not the account’s',
    setUp: () => ({ argv: ['--model', 'gpt-0'] }),
    warnings: ['models.unlisted-default'],
  },
  {
    title: 'upstream fails when it is asked for text',
    setUp: ({ simulator }) => {
      simulator.setScenario('remote', { status: 500 });
      return { argv: ['--no-remote-fallback'] };
    },
    errors: ['text.fails'],
    broken: ['text', 'text.fails'],
  },
  {
    title: 'upstream never answers',
    setUp: ({ simulator }) => {
      simulator.setScenario('remote', { stallBefore: 'headers' });
      return { doctor: { answerTimeoutMs: 4_000 } };
    },
    errors: ['text.fails'],
    broken: ['text', 'text.fails'],
  },
  {
    title: 'the model talks instead of calling tools',
    spoil: ({ simulator }) => simulator.setBrain(() => ({ parts: [{ text: 'I would rather not.' }] })),
    errors: ['tools.no-call'],
    broken: ['tools', 'tools.no-call'],
  },
  {
    title: 'the model talks instead of calling tools over IPC',
    backend: 'ipc',
    spoil: ({ simulator }) => simulator.setBrain(() => ({ parts: [{ text: 'I would rather not.' }] })),
    errors: ['tools.no-call'],
    broken: ['tools', 'tools.no-call'],
  },
  {
    title: 'the runtime refuses to look at images',
    spoil: ({ simulator }) =>
      simulator.setScenario('ipc', { error: { code: -32_603, message: 'model is not available' } }),
    errors: ['images.fails'],
    broken: ['images', 'images.fails'],
  },
  {
    title: 'a setting has a value that is not allowed',
    setUp: () => ({ argv: ['--log-level', 'loud'] }),
    errors: ['settings.unusable'],
    broken: ['settings', 'settings.unusable'],
    held: ['port', 'login', 'base-url'],
  },
  {
    title: 'the configuration file has a key that does not exist',
    spoil: ({ simulator }) => writeFileSync(join(simulator.home, 'lingma-proxy.json'), '{"prot": 1}'),
    warnings: ['settings.warning'],
  },
];

for (const { title, backend = 'remote', errors = [], warnings = [], ...rest } of cases) {
  test(`${title} (${backend})`, async (t) => {
    const patient = await Patient.start();
    t.after(() => patient.close());
    await rest.spoil?.(patient);
    const setUp = await rest.setUp?.(patient);
    const report = await patient.examine({ ...setUp, argv: ['--backend', backend, ...(setUp?.argv ?? [])] });

    const { broken } = rest;
    // Whether the remote API can be reached is looked at with or without a login.
    const held = rest.held ?? (broken?.[0] === 'login' ? ['base-url'] : []);

    assert.deepEqual(idsOf(report, 'error'), errors);
    assert.deepEqual(idsOf(report, 'warning'), warnings);
    assert.equal(report.outcome, errors.length > 0 ? 'errors' : warnings.length > 0 ? 'warnings' : 'fine');
    assert.deepEqual(report.broken && [report.broken.link, report.broken.finding.id], broken);
    const at = report.chain.findIndex(({ link }) => link === broken?.[0]);
    for (const [index, { link, state }] of report.chain.entries()) {
      const isBehind = at !== -1 && index > at;
      const expected = index === at ? 'broken' : isBehind && !held.includes(link) ? 'skipped' : 'holds';
      assert.equal(state, expected, link);
    }
  });
}

/** A port on which nothing listens. */
async function closedPort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Listens until the patient is closed. */
async function listen(patient: Patient, server: Server): Promise<number> {
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  patient.later(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** The remote API as a computer sees it whose clock is an hour ahead. */
function anHourAgo(target: string): RequestListener {
  return (request, response) => {
    const { method, url = '', headers } = request;
    const upstream = httpRequest(target + url, { method, headers }, (answer) => {
      const date = new Date(Date.now() - 3_600_000).toUTCString();
      response.writeHead(answer.statusCode ?? 500, { ...answer.headers, date });
      answer.pipe(response);
    });
    request.pipe(upstream);
  };
}
