import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { markOf, translations } from '../../packaging/translations.mjs';
import { connectors } from '../../src/clients/connectors.ts';
import { type CodeBlock, type MarkdownPage, readPage, resolveLink, root } from './markdown-page.ts';

const pairs = translations();
const chineseOf = new Map(pairs.map(({ chinese, english }) => [english, chinese]));
const englishOf = new Map(pairs.map(({ chinese, english }) => [chinese, english]));

/** Without comments, which are translated. */
function commands({ language, marks, text }: CodeBlock): string {
  return `${language} ${marks.join(' ')}\n${text.replaceAll(/[ \t]+#.*$/gm, '')}`;
}

/** Where the links of a page lead, translations counting as what they translate, and one page for the other's language as none. */
function targets(page: MarkdownPage, other: string): string[] {
  return page.links
    .map((link) => (/^\w+:/.test(link) ? link : resolveLink(page, link).path))
    .filter((path) => path !== other)
    .map((path) => englishOf.get(path) ?? path)
    .toSorted();
}

test('the README and the main guides are there in Chinese', () => {
  const guides = [
    'README.md',
    'docs/vscode.md',
    'docs/troubleshooting.md',
    'docs/server.md',
    'docs/settings.md',
    'docs/models.md',
    'docs/backends.md',
    'docs/enterprise-proxy.md',
    'docs/clients/README.md',
    ...connectors.flatMap(({ kind, id }) => (kind === 'files' ? [`docs/clients/${id}.md`] : [])),
  ];
  for (const guide of guides) assert.ok([...englishOf.values()].includes(guide), guide);
});

for (const { chinese, english } of pairs) {
  const [translation, original] = [readPage(chinese), readPage(english)];

  test(`${chinese} has the headings, tables, commands and links of ${english}`, () => {
    assert.deepEqual(
      translation.headings.map(({ level }) => level),
      original.headings.map(({ level }) => level),
    );
    assert.deepEqual(
      translation.rows.map((row) => row.length),
      original.rows.map((row) => row.length),
    );
    assert.deepEqual(translation.blocks.map(commands), original.blocks.map(commands));
    assert.deepEqual(targets(translation, english), targets(original, chinese));
  });

  test(`${chinese} leads to Chinese pages where there are some`, () => {
    const elsewhere = translation.links
      .filter((link) => !/^\w+:/.test(link))
      .map((link) => resolveLink(translation, link).path)
      .filter((path) => path !== english && chineseOf.has(path));
    assert.deepEqual(elsewhere, []);
  });

  test(`${chinese} is in step with ${english}`, () => {
    const [mark] = readFileSync(join(root, chinese), 'utf8').split('\n');
    assert.equal(
      mark,
      markOf(english),
      `${english} has changed. Bring ${chinese} in step with it, then run \`npm run translations\`.`,
    );
  });

  test(`${chinese} is written in Chinese`, () => {
    for (const { text } of translation.headings.slice(1)) {
      assert.match(
        text,
        /\p{Script=Han}|^API$|^Claude Code$|^Codex CLI$|^OpenCode$|^OpenAI$|^Anthropic$|^Vercel AI SDK$/u,
        text,
      );
    }
  });
}
