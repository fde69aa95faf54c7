import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BodyPart } from '../../src/shared/inspector-calls.ts';
import { type Answers, describeInspector, type InspectorPage, type PageOptions } from './inspector-page.ts';
import { sampleConversation as conversation, sampleDetail as detail } from './sample-detail.ts';

const events = Array.from({ length: 2_000 }, (_, index) => ({
  atMs: index < 1_000 ? index : 2_000 + index,
  type: index === 0 ? 'message_start' : 'content_block_delta',
  data: JSON.stringify({
    type: 'content_block_delta',
    index: 0,
    delta: { type: 'text_delta', text: `piece ${index}` },
  }),
}));

function bodyOf(part: BodyPart): string {
  if (part.side === 'response')
    return 'event: message_start\ndata: {"type":"message_start"}\n\ndata: {"text":"needle"}\n\n';
  return JSON.stringify({
    pane: part.pane,
    model: 'claude-sonnet-4-5',
    messages: [{ role: 'user', content: 'a needle here' }],
    nested: { deep: { needle: true } },
  });
}

const answers: Answers = {
  request: () => detail,
  conversation: () => conversation,
  events: () => ({ events, dropped: 12 }),
  body: ({ part }) => ({
    text: bodyOf(part),
    format: part.side === 'response' ? 'event-stream' : 'json',
    omitted: 0,
  }),
  copy: () => ({}),
  copyAs: ({ format }) => ({ text: `${format} of it` }),
  export: ({ format }) => ({ text: `{"as":"${format}"}` }),
  save: () => ({ saved: true }),
  replay: () => ({ id: 'req_2' }),
  compare: () => ({
    left: detail.summary,
    right: { ...detail.summary, id: 'req_2', durationMs: 900 },
    divergence: { where: 'messages[3]', left: 'the old words', right: 'the new words' },
    commonPrefix: 3_000,
    shorter: 4_000,
    diff: '--- req_1\n+++ req_2\n@@ -1,3 +1,3 @@\n {\n-  "a": 1\n+  "a": 2\n }',
  }),
};

/** Puts one component in the place of the whole page, with the page's own connection. */
async function show(
  inspector: InspectorPage,
  tag: string,
  attributes: Record<string, string>,
): Promise<void> {
  await inspector.page.evaluate(`{
    const { connection } = document.querySelector('inspector-app');
    const component = document.createElement(${JSON.stringify(tag)});
    Object.assign(component, { call: connection.call, ...${JSON.stringify(attributes)} });
    component.addEventListener('open-request', (event) => { document.title = 'open ' + event.detail.id; });
    document.body.style.background = 'var(--vscode-editor-background)';
    document.body.replaceChildren(component);
  }`);
}

describeInspector('the detail of a request', (open) => {
  async function openDetail(options: PageOptions = {}): Promise<InspectorPage> {
    const inspector = await open({ ...options, answers: { ...answers, ...options.answers } });
    await show(inspector, 'request-detail', { requestId: 'req_1' });
    await inspector.page.getByRole('tab', { name: /Conversation|对话/ }).waitFor();
    return inspector;
  }
  const tab = (inspector: InspectorPage, name: string) => inspector.page.getByRole('tab', { name }).click();

  test('the conversation reads as one, and foreign markup does nothing', async () => {
    const inspector = await openDetail();
    const { page } = inspector;
    await page.getByText('It says:').waitFor();
    assert.equal(await page.locator('.markdown strong').first().textContent(), 'a.txt');
    assert.equal(await page.locator('.markdown img').count(), 0);
    assert.equal(await page.locator('.markdown a').getAttribute('href'), 'https://example.com');
    await page.getByText('image/png · 640 × 480 · 20 KB').waitFor();
    await page.getByText('"file_path": "/w/a.txt"').waitFor();
    assert.deepEqual(inspector.complaints, []);
    assert.deepEqual(await inspector.accessibilityProblems(), []);
    await inspector.screenshot('conversation');
    await inspector.close();
  });

  test('a broken rule leads to the event that broke it', async () => {
    const inspector = await openDetail();
    const { page } = inspector;
    await page.getByText('messages/block-not-closed').waitFor();
    await page.getByRole('button', { name: 'Event 4' }).click();
    await page.getByRole('option', { selected: true }).filter({ hasText: 'piece 3' }).waitFor();
    await page.getByText('2,000 events').or(page.getByText('2000 events')).waitFor();
    await page.getByText('12 more events were not kept.').waitFor();
    await inspector.screenshot('events');
    await page.getByRole('listbox').focus();
    await page.keyboard.press('End');
    await page.getByRole('option', { selected: true }).filter({ hasText: 'piece 1999' }).waitFor();
    assert.deepEqual(await inspector.accessibilityProblems(), []);
    await inspector.close();
  });

  test('the wire has three panes for each direction, each with a search of its own', async () => {
    const inspector = await openDetail();
    const { page } = inspector;
    await tab(inspector, 'Wire');
    const panes = page.locator('body-pane');
    await panes.nth(2).getByText('"upstream"').waitFor();
    assert.equal(await panes.count(), 3);
    const tree = panes.first().getByRole('tree');
    await tree.focus();
    await page.keyboard.press('Control+f');
    const field = panes.first().getByRole('searchbox');
    await field.fill('needle');
    await panes.first().getByText('1 of 2').waitFor();
    await page.keyboard.press('Enter');
    await panes.first().getByText('2 of 2').waitFor();
    await panes.first().getByRole('treeitem').filter({ hasText: 'needle: true' }).waitFor();
    assert.ok((await panes.first().locator('mark').count()) > 0);
    await inspector.screenshot('wire');
    await page.keyboard.press('Escape');
    await field.waitFor({ state: 'detached' });
    await panes.first().getByRole('button', { name: 'Copy' }).click();
    assert.deepEqual(inspector.calls.at(-1), {
      name: 'copy',
      input: { text: bodyOf({ pane: 'client', side: 'request' }) },
    });
    await page.getByRole('button', { name: 'Response', exact: true }).click();
    await panes.first().getByRole('treeitem').filter({ hasText: 'needle' }).waitFor();
    await panes.first().getByRole('button', { name: 'Show as sent' }).click();
    await panes.first().getByText('event: message_start').waitFor();
    assert.deepEqual(await inspector.accessibilityProblems(), []);
    assert.deepEqual(inspector.complaints, []);
    await inspector.close();
  });

  test('a tree folds and unfolds by keyboard', async () => {
    const inspector = await openDetail();
    const { page } = inspector;
    await tab(inspector, 'Wire');
    const pane = page.locator('body-pane').first();
    const tree = pane.getByRole('tree');
    const deep = pane.getByRole('treeitem').filter({ hasText: 'deep: ' });
    await deep.waitFor();
    await tree.focus();
    await page.keyboard.press('ArrowLeft');
    await deep.waitFor({ state: 'detached' });
    await page.keyboard.press('ArrowRight');
    await deep.waitFor();
    await page.keyboard.press('End');
    await pane.getByRole('treeitem', { selected: true }).filter({ hasText: 'deep: ' }).waitFor();
    await inspector.close();
  });

  test('a body of 5 MB opens, and holds only the lines in sight', async () => {
    const messages = Array.from({ length: 5_000 }, (_, index) => ({
      role: 'user',
      content: `${index} ${'x'.repeat(1_000)}`,
    }));
    const text = JSON.stringify({ messages });
    const inspector = await openDetail({ answers: { body: () => ({ text, format: 'json', omitted: 0 }) } });
    const { page } = inspector;
    await tab(inspector, 'Wire');
    const pane = page.locator('body-pane').first();
    const messagesRow = pane.getByRole('treeitem').filter({ hasText: 'messages: [5000]' });
    await messagesRow.click();
    await pane.getByRole('treeitem').filter({ hasText: '{role: ' }).first().waitFor();
    assert.ok((await pane.getByRole('treeitem').count()) < 200);
    await pane.getByRole('button', { name: 'Show as sent' }).click();
    await pane.getByText('{"messages"').waitFor();
    await inspector.close();
  });

  test('what was cut is said, and a call that failed too', async () => {
    const inspector = await openDetail({
      answers: {
        body: ({ part }) => {
          if (part.pane === 'turn') throw new Error('This body cannot be read any more.');
          return { text: '{"a":', format: 'json', omitted: 77 };
        },
      },
    });
    const { page } = inspector;
    await tab(inspector, 'Wire');
    await page.getByText('77 more characters were not kept').first().waitFor();
    await page.getByRole('alert').filter({ hasText: 'cannot be read any more' }).waitFor();
    await inspector.close();
  });

  test('timing and headers are told in figures', async () => {
    const inspector = await openDetail();
    const { page } = inspector;
    await tab(inspector, 'Timing');
    await page.getByRole('row', { name: /Until the first token.*690 ms/ }).waitFor();
    await page.getByText('is answered by kmodel').waitFor();
    assert.deepEqual(await inspector.accessibilityProblems(), []);
    await inspector.screenshot('timing');
    await tab(inspector, 'Headers');
    await page.getByRole('row', { name: 'authorization Bearer [redacted]' }).waitFor();
    assert.deepEqual(await inspector.accessibilityProblems(), []);
    await inspector.close();
  });

  test('a replay checks its JSON, sends it, and leads to the new request', async () => {
    const inspector = await openDetail();
    const { page } = inspector;
    await page.getByRole('button', { name: 'Replay' }).click();
    const field = page.getByRole('textbox', { name: 'Body of the request' });
    await field.fill('{"model":');
    await page.getByText('This is no JSON yet').waitFor();
    assert.ok(await page.getByRole('button', { name: 'Send again' }).isDisabled());
    await field.fill('{"model":"mmodel"}');
    await inspector.screenshot('replay');
    assert.deepEqual(await inspector.accessibilityProblems(), []);
    await page.getByRole('button', { name: 'Send again' }).click();
    await page.waitForFunction('document.title === "open req_2"');
    assert.deepEqual(inspector.calls.findLast(({ name }) => name === 'replay')?.input, {
      id: 'req_1',
      body: '{"model":"mmodel"}',
    });
    await inspector.close();
  });

  test('it is copied as a command and exported as a file', async () => {
    const inspector = await openDetail();
    const { page } = inspector;
    await page.getByRole('combobox', { name: 'Copy as' }).selectOption('curl');
    await page.getByRole('combobox', { name: 'Export' }).selectOption('har');
    while (!inspector.calls.some(({ name }) => name === 'save')) await page.waitForTimeout(20);
    const inputs = inspector.calls
      .filter(({ name }) => name === 'copy' || name === 'save')
      .map(({ input }) => input);
    assert.deepEqual(inputs, [{ text: 'curl of it' }, { name: 'req_1.har', text: '{"as":"har"}' }]);
    await inspector.close();
  });

  test('two requests are compared, with the place where the prompt changed', async () => {
    const inspector = await open({ answers });
    await show(inspector, 'request-compare', { left: 'req_1', right: 'req_2' });
    const { page } = inspector;
    await page
      .getByText('the same for 3000 characters (75% of the shorter one), up to messages[3]')
      .waitFor();
    await page.getByText('the new words').waitFor();
    assert.equal(await page.locator('.added').textContent(), '+  "a": 2');
    assert.deepEqual(await inspector.accessibilityProblems(), []);
    await inspector.screenshot('compare');
    await inspector.close();
  });

  test('it is told in Chinese, and fits a narrow panel in every kind of theme', async () => {
    const inspector = await openDetail({ language: 'zh-cn', size: 'narrow' });
    const { page } = inspector;
    await page.getByRole('tab', { name: '线路' }).click();
    assert.equal(await page.locator('body-pane').count(), 1);
    await page.getByRole('button', { name: '上游线路' }).click();
    await page.getByText('"upstream"').waitFor();
    for (const theme of ['light', 'high-contrast'] as const) {
      await inspector.useTheme(theme);
      await inspector.screenshot(`wire-narrow-${theme}`);
    }
    await page.getByRole('tab', { name: '对话' }).click();
    await page.getByText('系统提示').waitFor();
    await inspector.screenshot('conversation-narrow');
    assert.equal(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), true);
    await inspector.close();
  });
});
