// Writes into package.json, package.nls.json and docs/settings.md, and into what is there of it in Chinese, what is made from the
// program's own tables: commands, settings and their texts. A test fails when that was forgotten.
//   node packaging/write-manifest.mjs
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from '../test/toolchain/node.mjs';

const { contributions, englishTexts, restrictedConfigurations } = await load(
  'extension',
  'manifest',
  'contributions.ts',
);
const { settingNames, settingTable } = await load('config', 'settings.ts');
const { chineseDescriptions } = await load('config', 'chinese-descriptions.ts');

const generated = /^(?:command|settings?)\./;

await rewrite('package.json', (manifest) => {
  Object.assign(manifest.contributes, contributions());
  manifest.capabilities.untrustedWorkspaces.restrictedConfigurations = restrictedConfigurations();
  return manifest;
});
await rewrite('package.nls.json', (texts) => ({
  ...Object.fromEntries(Object.entries(texts).filter(([key]) => !generated.test(key))),
  ...englishTexts(),
}));

// The Chinese texts keep their order: only those of settings come from a table.
await rewrite('package.nls.zh-cn.json', (texts) =>
  Object.fromEntries(
    Object.entries(texts).map(([key, text]) => [
      key,
      chineseDescriptions[key.replace(/^setting\./, '')] ?? text,
    ]),
  ),
);

await rewritePage(join('docs', 'settings.md'), {
  columns: ['JSON key', 'flag', 'environment', 'VS Code', 'default', 'meaning'],
  groupTitle: (group) => group,
  describe: (name) => settingTable[name].description,
});
const chinese = JSON.parse(await readFile(join(root, 'package.nls.zh-cn.json'), 'utf8'));
await rewritePage(join('docs', 'zh-cn', 'settings.md'), {
  columns: ['JSON 键', '参数', '环境变量', 'VS Code', '默认值', '含义'],
  groupTitle: (group) => chinese[`settings.${camelCase(group)}`],
  describe: (name) => chineseDescriptions[name],
});

async function rewritePage(name, words) {
  const page = join(root, name);
  const text = await readFile(page, 'utf8');
  const tables = tablesIn(words);
  await writeFile(
    page,
    text.replace(
      /(<!-- settings -->\n).*(<!-- end of settings -->)/s,
      (_all, head, foot) => `${head}${tables}${foot}`,
    ),
  );
}

/** A table for each group of settings. */
function tablesIn({ columns, groupTitle, describe }) {
  const groups = [...new Set(settingNames.map((name) => settingTable[name].group))];
  const head = `| ${columns.join(' | ')} |\n${'|---'.repeat(columns.length)}|`;
  return groups
    .map((group) => {
      const names = settingNames.filter((name) => settingTable[name].group === group);
      const rows = names.map((name) => row(name, describe(name)));
      return `\n## ${groupTitle(group)}\n\n${head}\n${rows.join('\n')}\n\n`;
    })
    .join('');
}

/** `Remote API` → `remoteApi` */
function camelCase(group) {
  const [first, ...rest] = group.toLowerCase().split(' ');
  return first + rest.map((word) => word[0].toUpperCase() + word.slice(1)).join('');
}

function row(name, description) {
  const { jsonKey, flag, environment, secret, headless, default: value, live } = settingTable[name];
  const inEditor = secret || headless ? '' : code(`lingmaProxy.${name}`);
  const shown = [value].flat().filter((each) => each !== '');
  const applies = live ? '' : ' ↻';
  const cells = [
    code(jsonKey),
    code(`--${flag}`),
    list(environment),
    inEditor,
    list(shown),
    description + applies,
  ];
  return `| ${cells.join(' | ')} |`;
}

function list(values) {
  return values.map((value) => code(String(value))).join(', ');
}

function code(text) {
  return `\`${text}\``;
}

/** A module of the program, with all that it imports. */
async function load(...path) {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'src', ...path)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
  });
  const source = Buffer.from(outputFiles[0].contents).toString('base64');
  return import(`data:text/javascript;base64,${source}`);
}

async function rewrite(name, change) {
  const file = join(root, name);
  const changed = change(JSON.parse(await readFile(file, 'utf8')));
  await writeFile(file, `${JSON.stringify(changed, null, 2)}\n`);
}
