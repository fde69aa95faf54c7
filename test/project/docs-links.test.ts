import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { allPages, resolveLink, root } from './markdown-page.ts';

const pages = allPages();
const pageAt = new Map(pages.map((page) => [page.path, page]));

test('there are pages to check', () => {
  for (const path of [
    'README.md',
    'docs/README.md',
    'docs/clients/claude-code.md',
    'docs/troubleshooting.md',
  ]) {
    assert.ok(pageAt.has(path), path);
  }
});

for (const page of pages) {
  test(`every link of ${page.path} leads to a file and a heading that there are`, () => {
    for (const link of page.links) {
      // Addresses elsewhere cannot be asked here; VS Code answers its own.
      if (/^(?:https?|command|mailto):/.test(link)) continue;
      const { path, anchor } = resolveLink(page, link);
      assert.ok(existsSync(join(root, path)), `${link}: no ${path}`);
      const target = pageAt.get(path);
      if (anchor !== '')
        assert.ok(target?.anchors.has(anchor), `${link}: ${[...(target?.anchors ?? [])].join(' ')}`);
    }
  });
}

test('every guide is reached from the index', () => {
  const index = pageAt.get('docs/README.md');
  assert.ok(index);
  const indexed = new Set(index.links.map((link) => resolveLink(index, link).path));
  for (const { path } of pages) {
    if (!/^docs\/(?:clients\/)?[\w-]+\.md$/.test(path) || path === index.path) continue;
    assert.ok(indexed.has(path), `${path} is not in docs/README.md`);
  }
});
