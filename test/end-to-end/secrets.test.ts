import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type Simulator, startSimulator } from '../../src/demo/simulator.ts';
import { type ProxyProcess, startProxyProcess } from '../clients/proxy-process.ts';

// Everything that the process prints and serves, searched for everything that is secret.

const apiKey = 'canary-api-key-of-this-proxy';
const proxyPassword = 'canary-password-in-a-url';

for (const backend of ['remote', 'ipc']) {
  describe(`over ${backend}`, () => {
    let simulator: Simulator;
    let proxy: ProxyProcess;
    const served: string[] = [];
    const secrets = new Set<string>([apiKey, proxyPassword]);
    before(async () => {
      simulator = await startSimulator();
      remember();
      // What is not asked for through this proxy, because loopback never is, is still a setting with a password.
      proxy = await startProxyProcess(['--backend', backend, '--log-level', 'debug'], {
        ...simulator.environment,
        LINGMA_PROXY_API_KEY: apiKey,
        HTTPS_PROXY: `http://someone:${proxyPassword}@127.0.0.1:9`,
      });
    });
    after(async () => {
      await proxy.stop();
      await simulator.close();
    });

    function remember(): void {
      const { key, encryptUserInfo, machineId, uid } = simulator.login;
      for (const secret of [key, encryptUserInfo, machineId, uid, `pt-${key}`, `rt-${key}`])
        secrets.add(secret);
    }

    async function get(
      path: string,
      headers: Record<string, string> = { 'x-api-key': apiKey },
    ): Promise<void> {
      const answer = await fetch(proxy.url + path, { headers });
      served.push(JSON.stringify([...answer.headers]), await answer.text());
    }

    async function post(path: string, body: object): Promise<number> {
      const answer = await fetch(proxy.url + path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
        body: JSON.stringify(body),
      });
      served.push(JSON.stringify([...answer.headers]), await answer.text());
      return answer.status;
    }

    const chat = (fields: object = {}) =>
      post('/v1/chat/completions', {
        model: 'kmodel',
        messages: [{ role: 'user', content: 'Hi' }],
        ...fields,
      });
    const message = (fields: object = {}) =>
      post('/v1/messages', {
        model: 'kmodel',
        max_tokens: 9,
        messages: [{ role: 'user', content: 'Hi' }],
        ...fields,
      });

    test('no secret is in what was printed and served, whatever went wrong', async () => {
      const statuses: number[] = [];
      const note = async (status: Promise<number>) => statuses.push(await status);
      await note(chat());
      await note(message({ stream: true }));
      await note(post('/v1/responses', { model: 'kmodel', input: 'Hi', stream: true }));
      // An upstream that says back whatever it was told.
      const { key, encryptUserInfo, machineId, uid } = simulator.login;
      const echo = JSON.stringify({
        error: { message: `bad ${key} ${encryptUserInfo} ${machineId} ${uid}` },
      });
      simulator.setScenario('remote', [
        { status: 400, body: echo },
        { status: 400, body: `${key} Bearer COSY.${encryptUserInfo}.${'a'.repeat(32)}` },
        { errorEnvelope: { afterChunks: 4, statusCodeValue: 400, message: `${key} ${machineId}` } },
      ]);
      // Over IPC the proxy never reads the login: it could neither leak nor recognise it.
      simulator.setScenario('ipc', [{ chatFinish: { statusCode: 400 } }]);
      for (let count = 0; count < 3; count++) await note(message({ stream: true }));
      await note(chat({ n: 2 }));
      await note(post('/v1/no-such-path', { api_key: apiKey }));
      await get('/v1/models', {});
      await get('/v1/models', { authorization: 'Bearer wrong-key' });
      simulator.setScenario('remote', undefined);
      simulator.setScenario('ipc', undefined);
      simulator.rotateLogin();
      remember();
      await note(chat());
      simulator.expireLogin();
      remember();
      await note(chat());
      simulator.truncateLogin();
      await note(message());
      simulator.rotateLogin();
      remember();
      await note(message());
      await delay(50);
      for (const path of [
        '/health',
        '/capabilities',
        '/v1/models',
        '/api/tags',
        '/props',
        '/version',
        '/debug/requests?limit=200',
        '/debug/access-logs?limit=200',
      ]) {
        await get(path);
      }
      assert.deepEqual(statuses.slice(0, 3), [200, 200, 200]);
      assert.ok(statuses.includes(400) && statuses.includes(404), statuses.join());
      assert.equal(statuses.at(-1), 200);
      assert.equal(await proxy.stop(), 0);
      const everything = [...served, proxy.output()].join('\n');
      assert.ok(everything.includes('POST /v1/messages') && everything.includes('"upstream":[{'));
      for (const secret of secrets) {
        for (const spelling of [
          secret,
          JSON.stringify(secret).slice(1, -1),
          encodeURIComponent(secret),
          Buffer.from(secret).toString('base64').replace(/=+$/, ''),
        ]) {
          const at = everything.indexOf(spelling);
          assert.equal(
            at,
            -1,
            `${spelling.slice(0, 12)}… in: ${everything.slice(Math.max(0, at - 200), at + 60)}`,
          );
        }
      }
      assert.deepEqual(simulator.violations, []);
    });
  });
}
