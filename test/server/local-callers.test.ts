import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answer, replay, serve } from './served.ts';

const body = JSON.stringify({ model: 'kmodel', messages: [{ role: 'user', content: 'hi' }] });

for (const [who, headers, may] of [
  ['a program on this computer', {}, true],
  ['a page of an allowed origin', { origin: 'http://localhost:3000' }, false],
] as const) {
  test(`files that a request names ${may ? 'may' : 'may not'} be read for ${who}`, async (context) => {
    let mayReadFiles: boolean | undefined;
    const { url } = await serve(context, {
      settings: { allowedOrigins: ['http://localhost:3000'] },
      run: (_turn, runContext) => {
        mayReadFiles = runContext.mayReadFiles;
        return replay(answer('Hello'));
      },
    });
    const response = await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body });
    assert.equal(response.status, 200);
    assert.equal(mayReadFiles, may);
  });
}
