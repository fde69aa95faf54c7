// Writes into package.json and package.nls.json what is made from the program's own tables: commands, settings and their English
// texts. A test fails when that was forgotten.
//   node packaging/write-manifest.mjs
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from '../test/toolchain/node.mjs';

const { outputFiles } = await build({
  entryPoints: [join(root, 'src', 'extension', 'manifest', 'contributions.ts')],
  bundle: true,
  platform: 'node',
  format: 'esm',
  write: false,
});
const source = Buffer.from(outputFiles[0].contents).toString('base64');
const { contributions, englishTexts, restrictedConfigurations } = await import(
  `data:text/javascript;base64,${source}`
);

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

async function rewrite(name, change) {
  const file = join(root, name);
  const changed = change(JSON.parse(await readFile(file, 'utf8')));
  await writeFile(file, `${JSON.stringify(changed, null, 2)}\n`);
}
