import assert from 'node:assert/strict';
import { test } from 'node:test';
import { english } from '../../src/core/localizer.ts';
import type { Model } from '../../src/core/models.ts';
import { modelNodes } from '../../src/extension/views/model-nodes.ts';
import { requestNodes } from '../../src/extension/views/request-nodes.ts';
import type { RequestSummary } from '../../src/shared/requests.ts';

const model = (id: string, rest: Partial<Model> = {}): Model => ({
  id,
  key: id,
  displayName: id,
  aliases: [],
  scene: 'chat',
  ...rest,
});

const request = (rest: Partial<RequestSummary>): RequestSummary => ({
  id: 'req_1',
  time: '2026-04-30T03:33:00.000Z',
  method: 'POST',
  path: '/v1/messages?beta=true',
  durationMs: 1_234,
  state: 'done',
  client: 'Claude Code',
  api: 'anthropic',
  toolCalls: 0,
  stream: true,
  requestSize: 0,
  responseSize: 0,
  ...rest,
});

test('models are grouped by source and scene in the order in which upstream lists them', () => {
  const models = [
    model('a', { source: 'system' }),
    model('b', { scene: 'inline', source: 'system' }),
    model('c', { source: 'own' }),
    model('d', { source: 'system' }),
  ];
  assert.deepEqual(
    modelNodes(models, undefined, english).map(({ label, description, children }) => [
      label,
      description,
      children?.map(({ modelId }) => modelId),
    ]),
    [
      ['Chat', 'system', ['a', 'd']],
      ['Inline', 'system', ['b']],
      ['Chat', 'own', ['c']],
    ],
  );
});

test('a model tells what upstream says that it can, and nothing else', () => {
  const [group] = modelNodes(
    [model('k', { displayName: 'Kimi', contextWindow: 256_000, vision: true }), model('plain')],
    'k',
    english,
  );
  const [kimi, plain] = group?.children ?? [];
  assert.equal(kimi?.description, 'default · 256K · images · k');
  assert.equal(kimi?.kind, 'model.default');
  assert.equal(plain?.description, '');
  assert.equal(plain?.kind, 'model');
});

test('ids of nodes differ even where one model is listed in two scenes', () => {
  const nodes = modelNodes([model('a'), model('a', { scene: 'quest' })], undefined, english);
  const ids = nodes.flatMap(({ id, children }) => [id, ...(children ?? []).map((child) => child.id)]);
  assert.equal(new Set(ids).size, ids.length);
});

test('a request tells model, duration, tokens and client', () => {
  const [node] = requestNodes(
    [request({ modelAsked: 'kmodel', inputTokens: 1_234, outputTokens: 56, usageSource: 'estimate' })],
    english,
  );
  assert.equal(node?.label, 'kmodel');
  assert.equal(node?.description, '1.2 s · ≈ 1,234 + 56 tokens · Claude Code');
});

test('each state has an icon of its own, and one that runs has no duration that would stand still', () => {
  const states = ['running', 'done', 'failed', 'cancelled'] as const;
  const nodes = requestNodes(
    states.map((state) => request({ state })),
    english,
  );
  assert.equal(new Set(nodes.map(({ icon }) => icon)).size, states.length);
  assert.equal(nodes[0]?.description, 'running · Claude Code');
});

test('a request without a model is called by its method and path', () => {
  assert.equal(requestNodes([request({})], english)[0]?.label, 'POST /v1/messages');
});

test('why a request failed is in its tooltip', () => {
  const error = { kind: 'login-required', message: 'Sign in.' };
  const [node] = requestNodes([request({ state: 'failed', error })], english);
  assert.match(node?.tooltip ?? '', /login\\-required: Sign in\./);
});
