// Writes into package.json, package.nls.json and docs/settings.md what is made from the program's own tables: commands, settings and
// their English texts. A test fails when that was forgotten.
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
    Object.entries(texts).map(([key, chinese]) => [
      key,
      chineseDescriptions[key.replace(/^setting\./, '')] ?? chinese,
    ]),
  ),
);

const page = join(root, 'docs', 'settings.md');
const text = await readFile(page, 'utf8');
await writeFile(
  page,
  text.replace(
    /(<!-- settings -->\n).*(<!-- end of settings -->)/s,
    (_all, head, foot) => `${head}${tables()}${foot}`,
  ),
);

/** A table for each group of settings. */
function tables() {
  const groups = [...new Set(settingNames.map((name) => settingTable[name].group))];
  const head = '| JSON key | flag | environment | VS Code | default | meaning |\n|---|---|---|---|---|---|';
  return groups
    .map((group) => {
      const rows = settingNames.filter((name) => settingTable[name].group === group).map(row);
      return `\n## ${group}\n\n${head}\n${rows.join('\n')}\n\n`;
    })
    .join('');
}

function row(name) {
  const {
    jsonKey,
    flag,
    environment,
    secret,
    headless,
    description,
    default: value,
    live,
  } = settingTable[name];
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
