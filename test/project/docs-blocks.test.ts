import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type ParseError, parse as parseJsonc } from 'jsonc-parser';
import { parse as parseToml } from 'smol-toml';
import { parseDocument } from 'yaml';
import manifest from '../../package.json' with { type: 'json' };
import chinese from '../../package.nls.zh-cn.json' with { type: 'json' };
import { ownFlags } from '../../src/cli/own-flags.ts';
import { findConnector } from '../../src/clients/connectors.ts';
import { readFlags } from '../../src/config/read-flags.ts';
import { readSettingsFile } from '../../src/config/read-settings-file.ts';
import { settingTable } from '../../src/config/settings.ts';
import { commandTable } from '../../src/extension/commands/command-table.ts';
import { allPages, type CodeBlock, root } from './markdown-page.ts';

const pages = allPages();
const blocks = pages.flatMap((page) => page.blocks);

const parsers: Readonly<Record<string, (text: string) => void>> = {
  json: (text) => void JSON.parse(text),
  jsonc(text) {
    const errors: ParseError[] = [];
    parseJsonc(text, errors, { allowTrailingComma: true });
    assert.deepEqual(errors, []);
  },
  toml: (text) => void parseToml(text),
  yaml: (text) => assert.deepEqual(parseDocument(text).errors, []),
};
/** Languages that nothing here parses. */
const others = ['', 'bash', 'js', 'ts', 'mermaid'];

test('every block of data in the documentation is valid', () => {
  for (const { language, text, where } of blocks) {
    const parse = parsers[language];
    if (parse) assert.doesNotThrow(() => parse(text), where);
    else assert.ok(others.includes(language), `${where}: ${language}`);
  }
});

test('every block that is a settings file holds settings that there are, with values that they take', () => {
  const files = blocks.filter(({ language, marks, text }) => {
    if (language !== 'json' || marks.includes('written')) return false;
    return Object.keys(JSON.parse(text)).some((key) =>
      Object.values(settingTable).some(({ jsonKey }) => jsonKey === key),
    );
  });
  assert.ok(files.length >= 3);
  for (const { text, where } of files) {
    const { given, problems, warnings } = readSettingsFile(text, where);
    assert.deepEqual([problems, warnings], [[], []]);
    for (const { name, value } of given) {
      assert.notEqual(settingTable[name].type.read(value), undefined, `${where}: ${name}`);
    }
  }
});

/** Programs of others that the documentation calls, and what a shell itself knows. */
const foreign = new Set(
  'curl claude codex opencode qwen cline openclaw hermes docker kubectl openssl git export cd umask npx code systemd-analyze sha256sum gh'.split(
    ' ',
  ),
);

/** What is wrong with a command; undefined when it can be given like this. */
function problemOf(command: string): string | undefined {
  const [program = '', ...args] = words(command);
  switch (program) {
    case 'npm':
      return problemOfNpm(args);
    case 'npx': {
      const at = args.indexOf('lingma-proxy');
      return at < 0 ? undefined : problemOfProxy(args.slice(at + 1));
    }
    case 'lingma-proxy':
      return problemOfProxy(args);
    case 'node': {
      const file = args.find((argument) => !argument.startsWith('-')) ?? '';
      return file.startsWith('dist/') || existsSync(join(root, file)) ? undefined : `there is no ${file}`;
    }
    default:
      return foreign.has(program) ? undefined : `"${program}" is no program that is known here`;
  }
}

function problemOfNpm([command = '', name = '', ...rest]: readonly string[]): string | undefined {
  if (['ci', 'cit', 'install', 'test', 'pack'].includes(command)) return undefined;
  if (command !== 'run') return `npm ${command}`;
  const script = name === '--silent' ? (rest[0] ?? '') : name;
  return script in manifest.scripts ? undefined : `there is no script ${script}`;
}

const flagsOf: Readonly<Record<string, readonly string[]>> = ownFlags;

function problemOfProxy(args: readonly string[]): string | undefined {
  const [first = '', second = ''] = args;
  const own = flagsOf[first];
  if (own === undefined) return flagProblem(args);
  let rest = args.slice(1);
  if (first === 'connect' || first === 'disconnect') {
    if (second !== '' && !/^[A-Z]+$/.test(second) && !findConnector(second))
      return `there is no client ${second}`;
    rest = rest.slice(1);
  }
  if (first === 'service') {
    if (!['install', 'uninstall', 'status'].includes(second)) return `there is no service ${second}`;
    rest = rest.slice(1);
  }
  return flagProblem(rest.filter((flag) => !own.includes(flag)));
}

function flagProblem(flags: readonly string[]): string | undefined {
  return readFlags(flags).problems[0];
}

/** The words of a command as a shell would split them, variables for it left out. */
function words(command: string): string[] {
  const split = [...command.matchAll(/'([^']*)'|"([^"]*)"|((?:[^\s'"]|'[^']*'|"[^"]*")+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain?.replaceAll(/['"]/g, '') ?? '',
  );
  const first = split.findIndex((word) => !/^[A-Z_]+=/.test(word));
  return split.slice(Math.max(first, 0));
}

/** The commands of a block, one an entry: lines, the parts of pipes and lists, without comments. */
function commandsOf({ text }: CodeBlock): string[] {
  return text
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .flatMap((line) => line.replace(/(^|\s)#.*$/, '').split(/\s(?:\||&&|;)\s|;\s/))
    .map((command) =>
      command
        .trim()
        .replace(/^\(|\)$|[<>]\s*\S+$/g, '')
        .trim(),
    )
    .filter((command) => command !== '');
}

test('every command in the documentation names programs, scripts, subcommands and flags that there are', () => {
  const shells = blocks.filter(({ language }) => language === 'bash');
  assert.ok(shells.length >= 30, `${shells.length} blocks`);
  for (const block of shells) {
    for (const command of commandsOf(block)) {
      assert.equal(problemOf(command), undefined, `${block.where}: ${command}`);
    }
  }
});

test('a command with a mistake is found', () => {
  for (const command of [
    'lingma-porxy',
    'lingma-proxy conect codex',
    'lingma-proxy connect codexx',
    'lingma-proxy doctor --no-request',
    'lingma-proxy --prot 1',
    'npm run bild',
    'A=1 node missing.mjs',
  ]) {
    assert.notEqual(problemOf(command), undefined, command);
  }
});

test('commands and flags in running text are ones that there are', () => {
  for (const { path, codeSpans } of pages) {
    for (const span of codeSpans) {
      if (/^(?:lingma-proxy|npm run) \S/.test(span) && !span.includes('…') && !/<|\|/.test(span)) {
        assert.equal(problemOf(span), undefined, `${path}: ${span}`);
      }
    }
  }
});

test('commands and settings of VS Code in running text are ones that there are', () => {
  const titles = new Set<string>(Object.values(commandTable).map(({ title }) => title));
  for (const [key, title] of Object.entries(chinese)) if (key.startsWith('command.')) titles.add(title);
  const settings = new Set(
    manifest.contributes.configuration.flatMap(({ properties }) => Object.keys(properties)),
  );
  let seen = 0;
  for (const { path, codeSpans } of pages) {
    for (const span of codeSpans.map((text) => text.replaceAll('\n', ' '))) {
      const title = /^Lingma Proxy: ?(.+)$/.exec(span)?.[1];
      if (title !== undefined) assert.ok(titles.has(title), `${path}: ${span}`);
      if (/^lingmaProxy\.\w+$/.test(span)) assert.ok(settings.has(span), `${path}: ${span}`);
      if (title !== undefined) seen++;
    }
  }
  assert.ok(seen >= 10, `${seen} commands`);
});
