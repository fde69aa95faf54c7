import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPanelState } from '../../webview-ui/shell/panel-state.ts';

test('a state is read back as it was saved', () => {
  const state = { ...readPanelState(undefined), tab: 'models', detail: 'req_1', hidden: ['size'] };
  assert.deepEqual(readPanelState(JSON.parse(JSON.stringify(state))), state);
});

test('what is strange in a saved state becomes as at first, and the rest stays', () => {
  const read = readPanelState({
    tab: 'no such',
    grouped: true,
    sorting: { column: 'smell' },
    ratios: { beside: 7 },
  });
  assert.deepEqual(read, { ...readPanelState(undefined), grouped: true });
  assert.deepEqual(readPanelState('text'), readPanelState(undefined));
});
