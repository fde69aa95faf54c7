import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { chineseDescriptions } from '../../src/config/chinese-descriptions.ts';
import { type Setting, settingNames, settingTable } from '../../src/config/settings.ts';
import { commandId, commandNames } from '../../src/extension/commands/command-table.ts';
import {
  contributions,
  englishTexts,
  restrictedConfigurations,
} from '../../src/extension/manifest/contributions.ts';

const root = join(import.meta.dirname, '..', '..');
const text = (name: string) => readFileSync(join(root, name), 'utf8');
const json = (name: string) => JSON.parse(text(name));
const manifest = json('package.json');
const advice = 'Run `npm run manifest`.';

test('package.json contributes the commands and settings of the program’s own tables', () => {
  const { commands, configuration } = contributions();
  assert.deepEqual(manifest.contributes.commands, commands, advice);
  assert.deepEqual(manifest.contributes.configuration, configuration, advice);
  const { untrustedWorkspaces } = manifest.capabilities;
  assert.deepEqual(untrustedWorkspaces.restrictedConfigurations, restrictedConfigurations(), advice);
});

test('package.nls.json holds their English texts', () => {
  const texts = json('package.nls.json');
  for (const [key, english] of Object.entries(englishTexts())) assert.equal(texts[key], english, advice);
});

test('package.nls.zh-cn.json says of settings what the command line says in Chinese', () => {
  const texts = json('package.nls.zh-cn.json');
  for (const [name, chinese] of Object.entries(chineseDescriptions)) {
    if (`setting.${name}` in texts) assert.equal(texts[`setting.${name}`], chinese, advice);
  }
});

test('a folder decides about models and nothing else, and no secret is a setting', () => {
  const scopes = new Map<string, string>();
  for (const { properties } of contributions().configuration) {
    for (const [name, { scope }] of Object.entries(properties)) scopes.set(name, scope);
  }
  for (const name of settingNames) {
    const { group, secret, headless }: Setting<unknown> = settingTable[name];
    const wanted =
      secret === true || headless === true ? undefined : group === 'Models' ? 'window' : 'machine';
    assert.equal(scopes.get(`lingmaProxy.${name}`), wanted, name);
  }
});

test('menus, views, welcome texts and the walkthrough name commands and views that there are', () => {
  const { menus, views, viewsWelcome } = manifest.contributes;
  const known = commandNames.map((name): string => commandId(name));
  const viewIds = views.lingmaProxy.map(({ id }: { id: string }) => id);
  for (const { command } of Object.values<{ command: string }[]>(menus).flat()) {
    assert.ok(known.includes(command), command);
  }
  for (const { view } of viewsWelcome) assert.ok(viewIds.includes(view), view);
  for (const file of ['package.nls.json', 'package.nls.zh-cn.json']) {
    for (const [, command = ''] of text(file).matchAll(/\(command:(lingmaProxy\.[\w.]+)/g)) {
      const isView = viewIds.some((id: string) => command === `${id}.focus`);
      assert.ok(known.includes(command) || isView, `${file}: ${command}`);
    }
  }
});

test('each step of the walkthrough is completed by what there is, and shows a picture that there is', () => {
  const { views, walkthroughs } = manifest.contributes;
  const events = [
    ...commandNames.map((name) => `onCommand:${commandId(name)}`),
    ...views.lingmaProxy.map(({ id }: { id: string }) => `onCommand:${id}.focus`),
    "onContext:lingmaProxy.state == 'running'",
    'onCommand:workbench.action.chat.open',
  ];
  const steps: WalkthroughStep[] = walkthroughs.flatMap(({ steps }: { steps: WalkthroughStep[] }) => steps);
  assert.notEqual(steps.length, 0);
  for (const { id, completionEvents, media } of steps) {
    for (const event of completionEvents) assert.ok(events.includes(event), `${id}: ${event}`);
    // In the colours of the editor's theme, whatever it is, and without style sheets, which VS Code lets have no effect.
    assert.doesNotMatch(text(media.svg), /#[\da-f]{3,8}\b|\brgb|"(?:black|white)"|style|class=/i, media.svg);
  }
});

test('every icon file that the manifest names is there', () => {
  const { views, viewsContainers } = manifest.contributes;
  const icons = [manifest, ...viewsContainers.activitybar, ...views.lingmaProxy].map(({ icon }) => icon);
  for (const icon of icons) assert.ok(existsSync(join(root, icon)), icon);
});

test('package.json names just the texts that package.nls.json holds, and the Chinese ones are complete', () => {
  const named = [...text('package.json').matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key);
  const english = Object.keys(json('package.nls.json'));
  assert.deepEqual([...new Set(named)].sort(), english.toSorted());
  assert.deepEqual(Object.keys(json('package.nls.zh-cn.json')).sort(), english.toSorted());
});

test('the Chinese bundle holds just the texts that extension, webview and command line show, with the same placeholders', () => {
  const bundle: Record<string, string> = json('l10n/bundle.l10n.zh-cn.json');
  assert.deepEqual(Object.keys(bundle).sort(), [...shownTexts()].sort());
  const placeholders = (value: string) => [...new Set(value.match(/\{\d\}/g))].sort();
  for (const [english, chinese] of Object.entries(bundle)) {
    assert.deepEqual(placeholders(chinese), placeholders(english), english);
  }
});

interface WalkthroughStep {
  readonly id: string;
  readonly completionEvents: readonly string[];
  readonly media: { readonly svg: string };
}

/** The literal first arguments of `l10n.t` and `phrase` in the program, and of `t` in its webview. */
function shownTexts(): Set<string> {
  return new Set([
    ...textsOf('src', String.raw`(?:\bl10n\.t|(?<!function )\bphrase)`),
    ...textsOf('webview-ui', String.raw`(?<![\w.$]|function )t`),
  ]);
}

function textsOf(folder: string, callee: string): string[] {
  const texts: string[] = [];
  for (const file of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
    // Whose texts these are, it does not know.
    if (!file.endsWith('.ts') || file === join('core', 'localizer.ts')) continue;
    const source = text(join(folder, file));
    const calls = source.match(new RegExp(`${callee}\\(`, 'g')) ?? [];
    const literals = [
      ...source.matchAll(
        new RegExp(`${callee}\\(\\s*(?:'((?:\\\\.|[^'\\\\])*)'|"((?:\\\\.|[^"\\\\])*)")`, 'g'),
      ),
    ];
    assert.equal(literals.length, calls.length, `${file} shows a text that is no literal in quotes`);
    for (const [, single, double] of literals) {
      texts.push((single ?? double ?? '').replaceAll(/\\(.)/g, '$1'));
    }
  }
  return texts;
}
