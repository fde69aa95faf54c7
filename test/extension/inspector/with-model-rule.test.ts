import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withModelRule } from '../../../src/extension/inspector/with-model-rule.ts';

const rules = [
  { pattern: 'gpt-*', model: 'a' },
  { pattern: 'claude-*', model: 'b' },
];

test('a new name gets a rule after those that there are', () => {
  assert.deepEqual(withModelRule(rules, ' o3 ', 'c'), [...rules, { pattern: 'o3', model: 'c' }]);
});

test('a name that has a rule leads elsewhere from its place, in whatever case it is written', () => {
  assert.deepEqual(withModelRule(rules, 'GPT-*', 'c'), [
    { pattern: 'GPT-*', model: 'c' },
    { pattern: 'claude-*', model: 'b' },
  ]);
});

test('no model takes the rule away', () => {
  assert.deepEqual(withModelRule(rules, 'GPT-*', ''), [{ pattern: 'claude-*', model: 'b' }]);
});
