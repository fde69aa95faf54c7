import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeInspector } from './inspector-page.ts';
import { sampleConversation, sampleDetail } from './sample-detail.ts';
import { sampleModels, sampleOverview } from './sample-overview.ts';
import { sampleRequest, sampleRequests } from './sample-requests.ts';
import { themeNames } from './themes.ts';

describeInspector('the inspector in each theme and size, in both languages', (open) => {
  const variants = [
    ...themeNames.map((theme) => ({ theme, size: 'wide', language: 'en' }) as const),
    { theme: 'dark', size: 'narrow', language: 'en' },
    { theme: 'light', size: 'narrow', language: 'zh-cn' },
  ] as const;
  for (const { theme, size, language } of variants) {
    test(`${theme}, ${size}, ${language}: nothing that axe finds serious, no complaint`, async () => {
      const inspector = await open({
        theme,
        size,
        language,
        answers: {
          list: () => ({ requests: [sampleRequest(300, { state: 'running' }), ...sampleRequests(200)] }),
          request: ({ id }) => ({ ...sampleDetail, summary: { ...sampleDetail.summary, id } }),
          conversation: () => sampleConversation,
          overview: ({ range }) => sampleOverview(range),
          models: () => ({ models: sampleModels, backend: 'remote' }),
        },
      });
      const { page } = inspector;
      const look = async (name: string) => {
        await inspector.screenshot(`${name}-${theme}-${size}-${language}`);
        assert.deepEqual(await inspector.accessibilityProblems(), [], name);
      };
      await page.locator('request-table .row').nth(3).click();
      await page.getByText('It says:').waitFor();
      await look('list');
      await page.getByRole('tab').nth(1).click();
      await page.locator('overview-tab svg').first().waitFor();
      await look('overview');
      await page.getByRole('tab').nth(2).click();
      await page.locator('models-tab tbody').waitFor();
      await look('models');
      assert.deepEqual(inspector.complaints, []);
    });
  }
});
