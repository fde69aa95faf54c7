import assert from 'node:assert/strict';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { ProxyError } from '../../src/core/errors.ts';
import { createBaseUrlSource } from '../../src/runtime/base-url.ts';
import { acceptHint, hintInConfig, hintInText } from '../../src/runtime/base-url-hints.ts';
import { pretendComputer } from './pretend-computer.ts';

const fallback = { url: 'https://lingma.alibabacloud.com', source: 'default' };

test('without any hint it is the default', async (t) => {
  const source = createBaseUrlSource({ computer: pretendComputer(t) });
  assert.equal(source.current(), undefined);
  assert.deepEqual(await source.read(), fallback);
  assert.deepEqual(source.current(), fallback);
});

test('the setting wins over the environment, which wins over hints', async (t) => {
  const computer = pretendComputer(t);
  computer.write('.lingma/bin/config.json', '{"baseUrl": "https://x.rdc.aliyuncs.com"}');
  computer.env = { LINGMA_REMOTE_BASE_URL: 'http://127.0.0.1:1/prefix/' };
  assert.deepEqual(await createBaseUrlSource({ computer }).read(), {
    url: 'http://127.0.0.1:1/prefix',
    source: 'environment',
  });
  const setting = 'http://127.0.0.1:2/';
  assert.deepEqual(await createBaseUrlSource({ computer, setting }).read(), {
    url: 'http://127.0.0.1:2',
    source: 'setting',
  });
  const named = createBaseUrlSource({ computer, setting, settingSource: 'flag --remote-base-url' });
  assert.deepEqual(named.current(), { url: 'http://127.0.0.1:2', source: 'flag --remote-base-url' });
});

test('an explicit URL that cannot be used is an error that names its origin, without its password', (t) => {
  const computer = pretendComputer(t);
  for (const setting of [
    'lingma.example',
    'ftp://x',
    'https://u:sesame@x',
    'https://x/?a=1',
    'https://x/#a',
  ]) {
    assert.throws(
      () => createBaseUrlSource({ computer, setting }),
      (error) =>
        error instanceof ProxyError &&
        /\(remote_base_url, setting\)/.test(error.message) &&
        !/sesame/.test(error.message),
    );
  }
  computer.env = { LINGMA_REMOTE_BASE_URL: 'nonsense' };
  assert.throws(() => createBaseUrlSource({ computer }), /\(LINGMA_REMOTE_BASE_URL, environment\)/);
});

test('the hint files of a root count in this order, then its newest log', async (t) => {
  const computer = pretendComputer(t);
  const read = () => createBaseUrlSource({ computer }).read();
  const old = computer.write('.lingma/logs/a.log', 'https://old-log.rdc.aliyuncs.com/algo\n');
  const log = computer.write('.lingma/logs/b.log', 'Using service url: https://log.rdc.aliyuncs.com/algo\n');
  utimesSync(old, 1, 1);
  assert.deepEqual(await read(), { url: 'https://log.rdc.aliyuncs.com', source: log });
  for (const path of [
    'cache/app-config',
    'bin/config',
    'extension/local/config',
    'extension/server/config',
  ]) {
    const host = `${path.replaceAll('/', '-')}.rdc.aliyuncs.com`;
    const file = computer.write(
      `.lingma/${path}.json`,
      JSON.stringify({ nested: [{ serviceBaseUrl: `https://${host}/x` }] }),
    );
    assert.deepEqual(await read(), { url: `https://${host}`, source: file });
  }
  const qoder = computer.write('.qodercn/bin/config.json', '{"domain": "lingma-api.tongyi.aliyun.com"}');
  assert.deepEqual(await read(), { url: 'https://lingma-api.tongyi.aliyun.com', source: qoder });
});

test('in JSON only values under keys that contain base, domain or url count', () => {
  const url = 'https://a.rdc.aliyuncs.com';
  assert.equal(hintInConfig(JSON.stringify({ other: url })), undefined);
  assert.equal(hintInConfig(JSON.stringify({ BaseAddress: url })), url);
  assert.equal(hintInConfig(JSON.stringify({ x: { y: [{ apiDomain: 'a.rdc.aliyuncs.com' }] } })), url);
  assert.equal(hintInConfig(JSON.stringify({ urls: ['https://evil.example', url] })), url);
  assert.equal(hintInConfig(JSON.stringify({ base: 'https://evil.example' })), undefined);
  assert.equal(hintInConfig(`endpoint: ${url}`), url);
});

test('in text the last URL that counts comes first, then what follows a marker', () => {
  assert.equal(
    hintInText(
      'a https://one.rdc.aliyuncs.com/x\nb "https://two.rdc.aliyuncs.com:8443/y?z".\nc https://evil.example\nhttp://three.rdc.aliyuncs.com',
    ),
    'https://two.rdc.aliyuncs.com:8443',
  );
  for (const marker of ['endpoint config:', 'Using service url:', 'Download asset from:']) {
    assert.equal(
      hintInText(`${marker} lingma-api.tongyi.aliyun.com, retry`),
      'https://lingma-api.tongyi.aliyun.com',
    );
  }
  assert.equal(hintInText('see https://lingma.alibabacloud.com.'), 'https://lingma.alibabacloud.com');
  assert.equal(hintInText('lingma-api.tongyi.aliyun.com without a marker'), undefined);
});

const refused = [
  'http://lingma.alibabacloud.com',
  'https://evil.example',
  'https://lingma.alibabacloud.com.evil.example',
  'https://lingma.alibabacloud.com@evil.example/',
  'https://user@lingma.alibabacloud.com/',
  'https://evil.example/lingma.alibabacloud.com',
  'https://evil.example#.rdc.aliyuncs.com',
  'https://rdc.aliyuncs.com',
  'https://notrdc.aliyuncs.com',
  'https://bucket.oss-cn-hangzhou.rdc.aliyuncs.com',
  'https://oss-rg-china.rdc.aliyuncs.com',
  'https://x.oss.rdc.aliyuncs.com',
  'https://[::1]',
  '',
];

for (const url of refused) {
  test(`the login is never sent to ${url || 'an empty hint'}`, () =>
    assert.equal(acceptHint(url), undefined));
}

test('known hosts are accepted whatever the case of their letters', () => {
  assert.equal(acceptHint('https://Lingma.AlibabaCloud.com/algo/api'), 'https://lingma.alibabacloud.com');
  assert.equal(acceptHint('a.b.RDC.aliyuncs.com'), 'https://a.b.rdc.aliyuncs.com');
});

test('arbitrary text is no hint and no throw', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.webUrl({ withFragments: true }),
      (text, json, url) => {
        assert.equal(
          hintInText(text) ?? hintInConfig(json) ?? hintInText(`endpoint config: ${url}`),
          undefined,
        );
      },
    ),
  );
});

test('a changed hint file is noticed, an unchanged one is not read again', async (t) => {
  const computer = pretendComputer(t);
  mkdirSync(join(computer.home, '.lingma'));
  const source = createBaseUrlSource({ computer });
  assert.deepEqual(await source.read(), fallback);
  const file = computer.write('.lingma/bin/config.json', '{"url": "https://a.rdc.aliyuncs.com"}');
  assert.deepEqual(await source.read(), fallback, 'not looked at again yet');
  computer.time += 5_000;
  assert.deepEqual(await source.read(), { url: 'https://a.rdc.aliyuncs.com', source: file });
  writeFileSync(file, '{"url": "https://changed.rdc.aliyuncs.com"}');
  computer.time += 5_000;
  assert.deepEqual(await source.read(), { url: 'https://changed.rdc.aliyuncs.com', source: file });
});

test('a new log is noticed in time: soon while there is no hint, else after some minutes', async (t) => {
  const computer = pretendComputer(t);
  const source = createBaseUrlSource({ computer });
  await source.read();
  const log = computer.write('.lingma/logs/a.log', 'https://a.rdc.aliyuncs.com\n');
  computer.time += 30_000;
  assert.deepEqual(await source.read(), { url: 'https://a.rdc.aliyuncs.com', source: log });
  writeFileSync(log, 'https://b.rdc.aliyuncs.com\n');
  computer.time += 30_000;
  assert.equal((await source.read()).url, 'https://a.rdc.aliyuncs.com');
  computer.time += 300_000;
  assert.equal((await source.read()).url, 'https://b.rdc.aliyuncs.com');
});

test('the folder named by LINGMA_CACHE_DIR is the only one that gives hints', async (t) => {
  const computer = pretendComputer(t);
  computer.write('.qodercn/bin/config.json', '{"url": "https://usual.rdc.aliyuncs.com"}');
  computer.write('named/bin/config.json', '{"url": "https://named.rdc.aliyuncs.com"}');
  computer.env = { LINGMA_CACHE_DIR: join(computer.home, 'named') };
  assert.equal((await createBaseUrlSource({ computer }).read()).url, 'https://named.rdc.aliyuncs.com');
});
