import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { strFromU8, unzipSync } from 'fflate';
import { ProxyError } from '../../src/core/errors.ts';
import type { TurnEvent } from '../../src/core/events.ts';
import { silentLogger } from '../../src/core/logger.ts';
import { RecordArchive } from '../../src/recording/record-archive.ts';
import { UsageHistory } from '../../src/recording/usage-history.ts';
import { inspector } from './inspector.ts';
import { ended, record } from './recorded.ts';

// Generated secrets are planted wherever one may come by; then all that the inspector gives, all that is written to files and all
// that is exported is searched for them.

const word = (characters: string, minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...characters), minLength, maxLength });
const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';

/** Secrets that the proxy knows: keys of its own and the four fields of the login. */
const known = fc.tuple(...Array.from({ length: 5 }, () => word(`${letters}+/=.-_`, 12, 60)));
/** Secrets that only look like some, each in a text in which it is recognised. */
const recognised = fc.oneof(
  word(letters, 20, 60).map((secret) => ({ secret, text: `Authorization: Bearer ${secret}` })),
  word(letters, 20, 40).map((secret) => ({ secret, text: `use sk-${secret} for it` })),
  word(letters, 8, 40).map((secret) => ({ secret, text: `{"api_key": "${secret}"}` })),
  word(letters, 8, 40).map((secret) => ({ secret, text: `export ACCESS_TOKEN=${secret}` })),
  word(letters, 8, 40).map((secret) => ({ secret, text: `https://me:${secret}@proxy.local/` })),
  word(letters, 300, 900).map((secret) => ({ secret, text: `picture: ${secret}` })),
  word(letters, 300, 900).map((secret) => ({ secret, text: `data:image/png;base64,${secret}` })),
);

function spellings(secret: string): string[] {
  return [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)];
}

test('no generated secret reaches a record, an answer of the inspector, a file or an export', async () => {
  await fc.assert(
    fc.asyncProperty(known, fc.array(recognised, { minLength: 1, maxLength: 6 }), async (own, others) => {
      const directory = await mkdtemp(join(tmpdir(), 'lingma-secrets-'));
      try {
        const everything = await shownOf(directory, own, others);
        for (const secret of [...own, ...others.map((other) => other.secret)]) {
          for (const spelling of spellings(secret)) {
            const at = everything.indexOf(spelling);
            assert.equal(at, -1, `${spelling} in: ${everything.slice(Math.max(0, at - 200), at + 100)}`);
          }
        }
      } finally {
        await rm(directory, { recursive: true });
      }
    }),
    { numRuns: 25, endOnFailure: true },
  );
});

/** All that can be seen of two requests, one answered and one failed, that are full of secrets. */
async function shownOf(
  directory: string,
  own: readonly string[],
  others: readonly { readonly text: string }[],
): Promise<string> {
  const { recorder, redactor, logs, ask } = inspector();
  for (const secret of own) redactor.addSecret(secret);
  const archive = new RecordArchive({
    directory,
    recorder,
    usage: new UsageHistory(),
    limit: 10_000_000,
    isOn: () => true,
    logger: silentLogger,
  });
  const text = [...own, ...others.map((other) => other.text)].join(' ; ');
  const [first = ''] = own;
  logs.warn(text);
  const ids = [await answer(text, first, recorder), await fail(text, recorder)];
  const shown: unknown[] = [await ask('list', {}), await ask('overview', { range: 'week' })];
  for (const id of ids) {
    shown.push(await ask('request', { id }), await ask('conversation', { id }), await ask('events', { id }));
    for (const side of ['request', 'response'] as const) {
      shown.push(await ask('body', { id, part: { pane: 'client', side } }));
      shown.push(await ask('body', { id, part: { pane: 'turn', side } }));
      shown.push(await ask('body', { id, part: { pane: 'upstream', side, exchange: 0 } }));
    }
    for (const format of ['curl', 'fetch', 'python'] as const)
      shown.push(await ask('copyAs', { id, format }));
    shown.push(await ask('export', { ids: [id], format: 'fixture' }));
  }
  shown.push(await ask('compare', { left: ids[0] ?? '', right: ids[1] ?? '' }));
  shown.push(await ask('export', { ids, format: 'har' }), recorder.list(10));
  const { zip } = await ask('feedbackBundle', {
    // Bounded, unlike the rest.
    environment: { editor: [...own, others[0]?.text].join(' ; ') },
    files: { 'doctor.txt': text },
  });
  const bundle = Object.values(unzipSync(Buffer.from(zip, 'base64'))).map((file) => strFromU8(file));
  await archive.close();
  const files = await Promise.all(
    (await readdir(directory)).map((name) => readFile(join(directory, name), 'utf8')),
  );
  assert.ok(files.length === 2 && bundle.length > 8);
  return [JSON.stringify(shown), ...bundle, ...files].join('\n');
}

type Recorder = ReturnType<typeof inspector>['recorder'];

async function answer(text: string, key: string, recorder: Recorder): Promise<string> {
  // Between two of them: what is recognised by the words around it needs them in the same event.
  const half = text.indexOf(' ; ');
  const events: TurnEvent[] = [
    { type: 'turn-start', model: 'kmodel', inputTokens: 1 },
    { type: 'reasoning-delta', text },
    { type: 'text-delta', text },
    { type: 'text-delta', text: text.slice(0, half) },
    { type: 'text-delta', text: text.slice(half) },
    { type: 'tool-call-start', id: 'call_1', name: 'write' },
    { type: 'tool-call-delta', id: 'call_1', input: JSON.stringify({ text }) },
    { type: 'tool-call-end', id: 'call_1' },
    ended,
  ];
  const { id } = await record(
    {
      body: {
        max_tokens: 9,
        stream: true,
        thinking: { type: 'enabled', budget_tokens: 9 },
        system: text,
        messages: [
          { role: 'user', content: text },
          { role: 'assistant', content: [{ type: 'tool_use', id: 'c', name: 'n', input: { text } }] },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c', content: text }] },
        ],
      },
      headers: {
        host: 'localhost',
        authorization: `Bearer ${key}`,
        'x-api-key': key,
        cookie: `session=${key}`,
        'x-note': text,
      },
      events,
      notes: [
        { type: 'remark', text },
        { type: 'oddity', text },
        { type: 'ignored', fields: [text] },
        { type: 'model', asked: text, used: text, rule: text },
        { type: 'attempt', backend: 'remote', model: text, why: text },
      ],
      exchanges: [
        {
          wire: {
            method: 'POST',
            target: `http://up/chat?token=${encodeURIComponent(key)}`,
            headers: { 'Cosy-Key': key, Authorization: `Bearer COSY.${key}.abc`, 'X-Note': text },
            body: JSON.stringify({ text, nested: JSON.stringify({ text }) }),
          },
          status: 200,
          headers: { 'set-cookie': key, 'x-note': text },
          data: `data:${JSON.stringify({ body: JSON.stringify({ text }) })}\n\n`,
        },
      ],
    },
    recorder,
  );
  return id;
}

async function fail(text: string, recorder: Recorder): Promise<string> {
  const recording = recorder.begin({
    method: 'POST',
    path: `/v1/messages?key=${text}`,
    headers: { 'user-agent': text },
  });
  recording.clientRequest(text);
  recording.upstreamRequest({ method: 'JSON-RPC', target: 'session/prompt', headers: {}, body: text });
  recording.failed(new ProxyError('invalid-request', text));
  recording.clientData(text);
  recording.clientStatus(400, { 'x-note': text });
  recording.finish();
  await setImmediate();
  return recording.id;
}
