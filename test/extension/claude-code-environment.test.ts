import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claudeCodeEnvironment } from '../../src/extension/claude-code-environment.ts';

const usual = {
  url: 'http://127.0.0.1:8095',
  apiKey: '',
  model: 'kmodel',
  smallModel: '',
  models: [],
  noProxy: undefined,
};

test('Claude Code is led to the proxy, and a key of its own out of the way', () => {
  const variables = claudeCodeEnvironment(usual);
  assert.equal(variables['ANTHROPIC_BASE_URL'], 'http://127.0.0.1:8095');
  assert.equal(variables['ANTHROPIC_AUTH_TOKEN'], 'any');
  assert.equal(variables['ANTHROPIC_API_KEY'], null);
  assert.equal(variables['ANTHROPIC_DEFAULT_HAIKU_MODEL'], 'kmodel');
  assert.equal('CLAUDE_CODE_MAX_CONTEXT_TOKENS' in variables, false);
});

test('the key, the small model and the context window are passed on', () => {
  const model = {
    id: 'k',
    key: 'k',
    displayName: 'k',
    aliases: ['kmodel'],
    scene: '',
    contextWindow: 256_000,
  };
  const variables = claudeCodeEnvironment({
    ...usual,
    apiKey: 'secret',
    smallModel: 'mmodel',
    models: [model],
  });
  assert.equal(variables['ANTHROPIC_AUTH_TOKEN'], 'secret');
  assert.equal(variables['ANTHROPIC_DEFAULT_HAIKU_MODEL'], 'mmodel');
  assert.equal(variables['CLAUDE_CODE_MAX_CONTEXT_TOKENS'], '256000');
});

test('hosts that no proxy is used for are added to, not replaced', () => {
  const { NO_PROXY } = claudeCodeEnvironment({ ...usual, noProxy: 'example.org, localhost' });
  assert.equal(NO_PROXY, 'example.org,localhost,127.0.0.1');
});
