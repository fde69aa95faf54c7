import assert from 'node:assert/strict';
import { test } from 'node:test';
import { panelHtml } from '../../../src/extension/inspector/panel-html.ts';

const page = {
  script: 'https://host/inspector.js?a=1&b="2"',
  styles: 'https://host/inspector.css',
  cspSource: 'https://host',
  nonce: 'abc',
  language: 'zh-cn',
  translations: {},
};

test('its policy lets in the one script by its nonce, its own styles and font, and nothing else', () => {
  const policy = /Content-Security-Policy" content="([^"]+)"/.exec(panelHtml(page))?.[1];
  assert.equal(
    policy,
    "default-src 'none'; script-src 'nonce-abc'; style-src https://host; font-src https://host",
  );
});

test('a text cannot end the element that it stands in', () => {
  const html = panelHtml({ ...page, translations: { a: '</script><script>alert(1)</script>' } });
  assert.equal(html.split('</script>').length, 3);
  const json = /id="translations">(.*?)<\/script>/.exec(html)?.[1] ?? '';
  assert.deepEqual(JSON.parse(json), { a: '</script><script>alert(1)</script>' });
  assert.match(html, /src="https:\/\/host\/inspector.js\?a=1&amp;b=&quot;2&quot;"/);
});
