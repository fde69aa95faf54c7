// Chinese pages say of which English text they are. A test fails when that text has changed since: bring the Chinese page in step, then
//   npm run translations      writes the marks anew
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../test/toolchain/node.mjs';

/** The Chinese pages with the English ones that they translate, as paths from the project's folder. */
export function translations() {
  const pages = readdirSync(join(root, 'docs', 'zh-cn'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => file.split(sep).join('/'))
    .map((file) => ({ chinese: `docs/zh-cn/${file}`, english: `docs/${file}` }));
  return [{ chinese: 'README.zh-CN.md', english: 'README.md' }, ...pages];
}

/** The first line of a translation of an English page as it is now; where its lines break does not count. */
export function markOf(english) {
  const text = readFileSync(join(root, english), 'utf8').replaceAll(/\s+/g, ' ');
  const revision = createHash('sha256').update(text).digest('hex').slice(0, 12);
  return `<!-- translates ${english} ${revision} -->`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { chinese, english } of translations()) {
    const file = join(root, chinese);
    const text = readFileSync(file, 'utf8').replace(/^<!-- translates .*-->\n\n?/, '');
    writeFileSync(file, `${markOf(english)}\n\n${text}`);
  }
}
