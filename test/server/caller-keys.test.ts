import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type CallerKey, callerOf } from '../../src/server/caller-keys.ts';
import { RequestRates } from '../../src/server/request-rates.ts';
import { answer, apis, errorOf, ownerKey, replay, serve } from './served.ts';

const ann: CallerKey = { name: 'ann', key: 'key-of-ann', mayInspect: false, requestsPerMinute: 0 };
const keys = [ownerKey('key-of-the-owner'), ann];

describe('several keys', () => {
  test('each opens the door, in either header; no other does', async (t) => {
    const served = await serve(t, { settings: { keys } });
    const status = async (headers: Record<string, string>) =>
      (await served.fetch('/v1/models', { headers })).status;
    assert.equal(await status({ 'x-api-key': 'key-of-ann' }), 200);
    assert.equal(await status({ authorization: 'Bearer key-of-the-owner' }), 200);
    // Some clients send one of their own beside it.
    assert.equal(await status({ authorization: 'Bearer key-of-ann', 'x-api-key': 'another' }), 200);
    for (const wrong of ['key-of-an', 'key-of-annn', 'KEY-OF-ANN', 'ann', 'default']) {
      assert.equal(await status({ 'x-api-key': wrong }), 401, wrong);
    }
    assert.equal(await status({}), 401);
  });

  test('the record and the log name whose it was, and never hold it', async (t) => {
    const served = await serve(t, { settings: { keys } });
    await served.post('/v1/chat/completions', apis[0].body, { headers: { 'x-api-key': 'key-of-ann' } });
    const record = await served.lastRecord();
    assert.equal(record.keyName, 'ann');
    const [line] = served.logs.list(1);
    assert.match(line?.message ?? '', /key ann/);
    assert.equal(line?.fields?.['keyName'], 'ann');
    assert.doesNotMatch(JSON.stringify([record, line]), /key-of-ann/);
  });

  test('the backend hears whose turn it is', async (t) => {
    const callers: (string | undefined)[] = [];
    const run = (_turn: unknown, { caller }: { caller?: string }) => {
      callers.push(caller);
      return replay(answer('Hello'));
    };
    const served = await serve(t, { settings: { keys }, run });
    await served.post('/v1/messages', apis[2].body, { headers: { 'x-api-key': 'key-of-ann' } });
    const open = await serve(t, { run });
    await open.post('/v1/messages', apis[2].body);
    assert.deepEqual(callers, ['ann', undefined]);
  });

  test('what went through the proxy is shown only to keys that may see everybody’s', async (t) => {
    const served = await serve(t, { settings: { keys } });
    for (const path of ['/debug/requests', '/debug/logs', '/api/requests']) {
      const refused = await served.fetch(path, { headers: { 'x-api-key': 'key-of-ann' } });
      assert.equal(refused.status, 403, path);
      const error = errorOf('chat', await refused.json());
      assert.match(String(error['message']), /"ann".*"inspect": true/);
      const shown = await served.fetch(path, { headers: { 'x-api-key': 'key-of-the-owner' } });
      assert.equal(shown.status, 200, path);
    }
  });

  test('a caller is found whichever of the keys it has, and among several presented ones', () => {
    const whose = callerOf(keys);
    assert.equal(whose?.(['nothing', 'key-of-ann'])?.name, 'ann');
    assert.equal(whose?.(['key-of-the-owner'])?.name, 'default');
    assert.equal(whose?.([]), undefined);
    assert.equal(callerOf([]), undefined);
  });
});

describe('requests per minute', () => {
  test('as many as allowed may come at once, then one each time the allowance has grown by one', () => {
    let now = 0;
    const rates = new RequestRates([{ ...ann, requestsPerMinute: 3 }], () => now);
    for (let count = 0; count < 3; count++) rates.take('ann');
    assert.throws(() => rates.take('ann'), { kind: 'rate-limited', details: { retryAfterSeconds: 20 } });
    now += 19_999;
    assert.throws(() => rates.take('ann'), { details: { retryAfterSeconds: 1 } });
    now += 1;
    rates.take('ann');
    assert.throws(() => rates.take('ann'));
    now += 3_600_000;
    for (let count = 0; count < 3; count++) rates.take('ann');
    assert.throws(() => rates.take('ann'));
  });

  test('others are not held to it', () => {
    const rates = new RequestRates([{ ...ann, requestsPerMinute: 1 }, ownerKey('x')], () => 0);
    rates.take('ann');
    for (let count = 0; count < 100; count++) {
      rates.take('default');
      rates.take(undefined);
    }
    assert.throws(() => rates.take('ann'));
  });

  test('one too many is 429 in each dialect, says when to come back, and costs upstream nothing', async (t) => {
    let runs = 0;
    const served = await serve(t, {
      settings: { keys: [{ ...ann, requestsPerMinute: 1 }] },
      run: () => {
        runs++;
        return replay(answer('Hello'));
      },
    });
    const init = { headers: { 'x-api-key': 'key-of-ann' } };
    assert.equal((await served.post('/v1/responses', apis[1].body, init)).status, 200);
    for (const { name, path, body } of apis) {
      const refused = await served.post(path, body, init);
      assert.equal(refused.status, 429, name);
      assert.ok(Number(refused.headers.get('retry-after')) > 50, name);
      errorOf(name, await refused.json());
    }
    assert.equal(runs, 1);
    assert.equal((await served.fetch('/v1/models', init)).status, 200);
  });
});
