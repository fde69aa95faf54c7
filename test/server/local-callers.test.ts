import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answer, ownerKey, replay, serve } from './served.ts';

const body = JSON.stringify({ model: 'kmodel', messages: [{ role: 'user', content: 'hi' }] });

const key = (name: string) => ({ 'x-api-key': name });
const keys = [
  ownerKey('of-the-owner'),
  { name: 'ann', key: 'of-ann', mayInspect: false, requestsPerMinute: 0 },
];

for (const [who, headers, may, settings = {}] of [
  ['a program on this computer', {}, true],
  ['a page of an allowed origin', { origin: 'http://localhost:3000' }, false],
  ['somebody behind a balancer on this computer', { 'x-forwarded-for': '192.0.2.7' }, false],
  ['somebody behind a forward proxy on this computer', { via: '1.1 proxy' }, false],
  ['the owner’s key', key('of-the-owner'), true, { keys }],
  ['a key that was given to somebody', key('of-ann'), false, { keys }],
] as const) {
  test(`files that a request names ${may ? 'may' : 'may not'} be read for ${who}`, async (context) => {
    let fromThisComputer: boolean | undefined;
    const { url } = await serve(context, {
      settings: { allowedOrigins: ['http://localhost:3000'], ...settings },
      run: (_turn, runContext) => {
        fromThisComputer = runContext.fromThisComputer;
        return replay(answer('Hello'));
      },
    });
    const response = await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body });
    assert.equal(response.status, 200);
    assert.equal(fromThisComputer, may);
  });
}
