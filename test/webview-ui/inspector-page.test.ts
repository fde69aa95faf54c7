import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeInspector } from './inspector-page.ts';

describeInspector('the inspector’s page', (open) => {
  test('starts under its content security policy without a complaint', async () => {
    const inspector = await open();
    await inspector.page.locator('inspector-app').waitFor({ state: 'attached' });
    assert.deepEqual(inspector.complaints, []);
  });
});
