// Puts the pictures that the tests of the workbench left in .cache/screenshots into docs/images, small enough to be kept.
//   npm run screenshots
import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

const root = join(import.meta.dirname, '..', '..');
const width = 1_200;

/** By the name in docs/images: the name that a test gave. */
const kept = {
  'request-inspector': 'inspector-list',
  'request-inspector-light': 'inspector-list-light-wide-en',
  'request-inspector-high-contrast': 'inspector-list-high-contrast-wide-en',
  'request-conversation': 'inspector-conversation',
  'request-wires': 'inspector-wire',
  'request-events': 'inspector-events',
  'request-timing': 'inspector-timing',
  'request-compare': 'inspector-compare',
  'request-narrow': 'inspector-conversation-narrow',
  'overview-light': 'inspector-overview-light-wide-en',
  'overview-dark': 'inspector-overview-dark-wide-en',
  'models-light-zh-cn': 'inspector-models-light-narrow-zh-cn',
  'side-bar-light': 'clients-light',
  'side-bar-dark': 'clients-dark',
  'side-bar-high-contrast': 'clients-high-contrast',
  'doctor-light': 'doctor-light',
  'doctor-dark': 'doctor-dark',
  'doctor-high-contrast': 'doctor-high-contrast',
  'connect-diff': 'connect-diff',
  'status-bar-hover': 'status-bar-hover',
  menu: 'menu',
  'native-chat': 'native-chat',
  'claude-code-terminal': 'claude-code-terminal',
  'walkthrough-light': 'walkthrough-light',
  'walkthrough-dark': 'walkthrough-dark',
  'walkthrough-high-contrast': 'walkthrough-high-contrast',
};

const folder = join(root, 'docs', 'images');
mkdirSync(folder, { recursive: true });
// The animation beside them is made by a script of its own.
for (const name of readdirSync(folder)) if (name.endsWith('.png')) rmSync(join(folder, name));
let bytes = 0;
for (const [name, taken] of Object.entries(kept)) {
  const file = join(folder, `${name}.png`);
  await sharp(join(root, '.cache', 'screenshots', `${taken}.png`))
    .resize({ width, withoutEnlargement: true })
    .png({ palette: true, effort: 10, colours: 128 })
    .toFile(file);
  bytes += statSync(file).size;
}
console.log(`${Object.keys(kept).length} pictures in docs/images, ${(bytes / 1e6).toFixed(1)} MB`);
