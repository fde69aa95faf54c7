import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readPage, root } from './markdown-page.ts';

/** The program's sources as text in which a message stands in one piece, its variables left as `…`. */
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(join(root, 'src', file), 'utf8'))
  .concat(readFileSync(join(root, 'l10n', 'bundle.l10n.zh-cn.json'), 'utf8').replaceAll('\\"', '"'))
  .map((text) => withoutVariables(text.replaceAll(/['"`]\s*\+\s*\n?\s*['"`]/g, '').replaceAll("\\'", "'")));

/** `${…}` with whatever it holds, and `{0}`, become `…`. */
function withoutVariables(source: string): string {
  const text = source.replaceAll(/\{\d\}/g, '…');
  let result = '';
  for (let at = 0; at < text.length; at++) {
    if (!text.startsWith('${', at)) {
      result += text[at];
      continue;
    }
    let depth = 1;
    for (at += 2; depth > 0 && at < text.length; at++) {
      if (text[at] === '{') depth++;
      if (text[at] === '}') depth--;
    }
    at--;
    result += '…';
  }
  return result;
}

function isEmitted(message: string, texts = sources): boolean {
  const parts = message
    .split('…')
    .map((part) => part.trim().replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .filter((part) => part !== '');
  // A variable stands where one is in the source, perhaps within quotation marks that the page leaves out.
  const pattern = new RegExp(parts.join(`[^\\n'\`]{0,3}…[^\\n'\`]{0,3}`));
  return texts.some((source) => pattern.test(source));
}

for (const path of ['docs/troubleshooting.md', 'docs/zh-cn/troubleshooting.md']) {
  const messages = readPage(path).rows.flatMap(([message = '']) =>
    [...message.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text),
  );
  test(`${path} explains messages`, () => {
    assert.ok(messages.length >= 60, `${messages.length} messages`);
  });
  for (const message of messages) {
    test(`the program says: ${message}`, () => {
      assert.ok(isEmitted(message));
    });
  }
}

test('the Chinese page names in Chinese whatever a screen says in Chinese, beside the English that clients get', () => {
  const keys: string[] = Object.keys(
    JSON.parse(readFileSync(join(root, 'l10n', 'bundle.l10n.zh-cn.json'), 'utf8')),
  );
  const translated = keys.map(withoutVariables);
  for (const [message = ''] of readPage('docs/zh-cn/troubleshooting.md').rows) {
    const quoted = [...message.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
    const english = quoted.filter((text) => !/\p{Script=Han}/u.test(text));
    if (english.some((text) => isEmitted(text, translated))) {
      assert.ok(quoted.length > english.length, message);
    }
  }
});

test('a message that the program does not say is found', () => {
  for (const message of [
    'The moon is not up.',
    'Port … on … is taken by nobody',
    'There is no … of Lingma or QoderCN on this computer',
    '月亮没有升起。',
  ]) {
    assert.ok(!isEmitted(message), message);
  }
});
