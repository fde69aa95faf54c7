import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from './eventually.ts';
import { describeInspector, type InspectorPage } from './inspector-page.ts';
import { sampleModels, sampleOverview } from './sample-overview.ts';
import { sampleRequest, sampleRequests } from './sample-requests.ts';

describeInspector('overview and models', (open) => {
  async function openTab(name: string, answers: Parameters<typeof open>[0] = {}): Promise<InspectorPage> {
    const inspector = await open({
      ...answers,
      answers: {
        list: () => ({ requests: sampleRequests(3) }),
        overview: ({ range }) => sampleOverview(range),
        models: () => ({ models: sampleModels, backend: 'remote' }),
        ...answers.answers,
      },
    });
    await inspector.page.getByRole('tab', { name }).click();
    return inspector;
  }

  test('tabs are gone through with the arrows', async () => {
    const { page } = await openTab('Requests');
    await page.keyboard.press('ArrowRight');
    await page.locator('overview-tab').waitFor();
    await page.keyboard.press('End');
    await page.locator('models-tab').waitFor();
    assert.equal(await page.getByRole('tab', { name: 'Models' }).getAttribute('aria-selected'), 'true');
    await page.keyboard.press('ArrowRight');
    await page.locator('requests-tab').waitFor();
  });

  test('the overview shows sums, charts in words and as a table, groups and times; estimates are marked', async () => {
    const { page, complaints } = await openTab('Overview');
    const chart = page.getByRole('img', { name: /^Requests: answered 3\d\d, failed \d\. At most 12, at / });
    await chart.waitFor();
    await page.getByRole('img', { name: /^Tokens: input ≈ 3\.\dM/ }).waitFor();
    await page.getByText('As a table').first().click();
    assert.ok((await page.getByRole('table', { name: 'Requests' }).getByRole('row').count()) > 40);
    const byModel = page.getByRole('table', { name: 'By model' });
    assert.match(
      (await byModel.getByRole('row').nth(1).textContent()) ?? '',
      /Kimi-K2\.6\s*240\s*4\s*≈ 2\.4M/,
    );
    const times = page.getByRole('table', { name: 'Times' });
    assert.match((await times.getByRole('row').nth(2).textContent()) ?? '', /640 ms\s*480 ms\s*1\.9 s\s*–/);
    assert.deepEqual(complaints, []);
  });

  test('another range is asked for and remembered, and new requests make it look again', async () => {
    const inspector = await openTab('Overview');
    const asked = () => inspector.calls.flatMap(({ name, input }) => (name === 'overview' ? [input] : []));
    await inspector.page.getByRole('button', { name: 'Week' }).click();
    await eventually(async () => asked(), [{ range: 'hour' }, { range: 'week' }]);
    await inspector.send({ type: 'requests', changed: [sampleRequest(50)] });
    await eventually(async () => asked().length, 3);
    await inspector.reload();
    await eventually(async () => asked().at(-1), { range: 'week' });
    assert.equal(
      await inspector.page.getByRole('button', { name: 'Week' }).getAttribute('aria-pressed'),
      'true',
    );
  });

  test('what it cannot be had for is told', async () => {
    const { page } = await openTab('Overview', {
      answers: {
        overview() {
          throw new Error('The sums are gone.');
        },
      },
    });
    await page.getByRole('alert').filter({ hasText: 'The sums are gone.' }).waitFor();
  });

  test('models are found by any of their names, and an id is copied with a sign that it was', async () => {
    const inspector = await openTab('Models', { answers: { copy: () => ({}) } });
    const { page } = inspector;
    const rows = page.getByRole('table', { name: 'Models' }).getByRole('row');
    await page.getByRole('searchbox', { name: 'Search models' }).fill('dashscope_k');
    await eventually(() => rows.count(), 2);
    assert.match((await rows.nth(1).textContent()) ?? '', /Kimi-K2\.6[\s\S]*default[\s\S]*256K[\s\S]*images/);
    await page.getByRole('button', { name: 'Copy kmodel' }).click();
    await page.locator('copy-button .codicon-check').waitFor();
    assert.deepEqual(inspector.calls.at(-1), { name: 'copy', input: { text: 'kmodel' } });
    await page.getByRole('searchbox').fill('nothing');
    await page.getByText('No model matches.').waitFor();
  });

  test('a model is tried: its answer, its times, and the way to the request', async () => {
    const { page } = await openTab('Models', {
      answers: {
        testModel: ({ model, prompt }) => ({
          id: sampleRequest(1).id,
          text: `${model}: ${prompt}`,
          durationMs: 1_500,
          firstTokenMs: 320,
        }),
      },
    });
    await page.getByRole('button', { name: 'Try Qwen3-Coder' }).click();
    await page.getByLabel('Question to dashscope_qwen3_coder').fill('Hi');
    await page.keyboard.press('Enter');
    await page.getByText('dashscope_qwen3_coder: Hi').waitFor();
    await page.getByText('first token after 320 ms · 1.5 s in all').waitFor();
    await page.getByRole('link', { name: 'Show the request' }).click();
    await page
      .locator('.detail header')
      .filter({ hasText: sampleRequest(1).id })
      .waitFor();
  });

  test('a refusal of a model is told where it was asked', async () => {
    const { page } = await openTab('Models', {
      answers: {
        testModel() {
          throw new Error('The login has expired.');
        },
      },
    });
    await page.getByRole('button', { name: 'Try Kimi-K2.6' }).click();
    await page.getByRole('button', { name: 'Ask', exact: true }).click();
    await page.locator('model-test .error', { hasText: 'The login has expired.' }).waitFor();
  });

  test('rules are added and taken away, and another model becomes the default', async () => {
    const inspector = await openTab('Models', {
      answers: { mapModel: () => ({}), setDefaultModel: () => ({}) },
    });
    const { page } = inspector;
    await page.getByRole('button', { name: 'Send claude-* here no more' }).click();
    await page.getByRole('button', { name: 'Send another name to Qwen3-Coder' }).click();
    await page.getByLabel('Name to send to Qwen3-Coder').fill('  o3*  ');
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: 'o3* is sent to dashscope_qwen3_coder' }).waitFor();
    await page.getByRole('button', { name: 'Let Qwen3-Coder answer by default' }).click();
    const wanted = ['mapModel', 'setDefaultModel'];
    await eventually(
      async () => inspector.calls.filter(({ name }) => wanted.includes(name)).map(({ input }) => input),
      [
        { name: 'claude-*', model: '' },
        { name: 'o3*', model: 'dashscope_qwen3_coder' },
        { model: 'dashscope_qwen3_coder' },
      ],
    );
  });

  test('models are asked for anew when they may be others', async () => {
    let models = sampleModels;
    const inspector = await openTab('Models', { answers: { models: () => ({ models, backend: 'ipc' }) } });
    await inspector.page.getByText('2 of 2 models, local runtime').waitFor();
    models = sampleModels.slice(0, 1);
    await inspector.send({ type: 'models-changed' });
    await inspector.page.getByText('1 of 1 models').waitFor();
  });
});
