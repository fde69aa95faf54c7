import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { test } from 'node:test';
import rules from '../../.dependency-cruiser.cjs';
import { readPage, root } from './markdown-page.ts';

// A folder of `src` by its name, and `root` for the files of `src` itself.
type Graph = ReadonlyMap<string, ReadonlySet<string>>;

const folderOf = (path: string) => (path.includes('/') ? (path.split('/')[0] ?? '') : 'root');
const byName = (graph: Graph) =>
  Object.fromEntries([...graph].map(([from, to]) => [from, [...to].toSorted()] as const).toSorted());

/** What imports what, by the sources themselves. */
function importsOfSources(): Graph {
  const graph = new Map<string, Set<string>>();
  const src = join(root, 'src');
  for (const file of readdirSync(src, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts') || file.endsWith('.d.ts')) continue;
    const path = file.split(sep).join('/');
    const from = folderOf(path);
    const to = graph.get(from) ?? new Set();
    graph.set(from, to);
    for (const [, target = ''] of readFileSync(join(src, file), 'utf8').matchAll(
      /(?:from|import\()\s*'(\.[^']+)'/g,
    )) {
      const imported = posix.normalize(posix.join(posix.dirname(path), target));
      if (!imported.startsWith('..') && folderOf(imported) !== from) to.add(folderOf(imported));
    }
  }
  return graph;
}

/** What the linter lets each folder import. */
function allowedByRules(): Graph {
  const graph = new Map<string, Set<string>>();
  for (const { name, to } of rules.forbidden) {
    const folder = /^(.+)-imports-only-inward$/.exec(name)?.[1];
    if (folder === undefined || !Array.isArray(to.pathNot)) continue;
    const names = to.pathNot.map((path: string) => /^\^src\/([\w-]+)\/$/.exec(path)?.[1] ?? 'root');
    graph.set(folder, new Set(names.filter((each: string) => each !== folder)));
  }
  return graph;
}

/** The column "may import" of the table. */
function allowedByTable(): Graph {
  const graph = new Map<string, Set<string>>();
  for (const [folders = '', , imports = ''] of readPage('ARCHITECTURE.md').rows) {
    const folder = /^`src\/([\w-]+)(?:\/\*)?`$/.exec(folders)?.[1];
    if (folder === undefined) continue;
    const named = imports
      .split(';')
      .flatMap((part) => part.split(','))
      .map((name) => name.trim())
      .map((name) => (/composition root/.test(name) ? 'root' : name))
      .filter((name) => /^[a-z]+$/.test(name));
    graph.set(folder, new Set(named[0] === 'nothing of ours' ? [] : named));
  }
  return graph;
}

/** The arrows of the picture. */
function arrows(): Graph {
  const [picture] = readPage('ARCHITECTURE.md').blocks.filter(({ language }) => language === 'mermaid');
  const graph = new Map<string, Set<string>>();
  for (const [, from = '', to = ''] of (picture?.text ?? '').matchAll(
    /^\s*([\w-]+)(?:\[[^\]]*\])? --> (.+)$/gm,
  )) {
    graph.set(from, new Set(to.split('&').map((name) => name.trim())));
  }
  return graph;
}

const actual = importsOfSources();

test('the linter allows each folder just what it imports', () => {
  const allowed = byName(allowedByRules());
  const { root: _root, ...folders } = byName(actual);
  assert.deepEqual(allowed, folders);
});

test('the table says of each folder what the linter allows', () => {
  assert.deepEqual(byName(allowedByTable()), byName(allowedByRules()));
});

test('the picture has an arrow for each import, but for those to core and shared', () => {
  const wanted = new Map(
    [...actual].map(([from, to]) => [
      from,
      new Set([...to].filter((name) => name !== 'core' && name !== 'shared')),
    ]),
  );
  for (const [from, to] of wanted) if (to.size === 0) wanted.delete(from);
  assert.deepEqual(byName(arrows()), byName(wanted));
});

test('every folder and file that ARCHITECTURE.md names is there', () => {
  const names = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).map((file) =>
    file.split(sep).join('/'),
  );
  for (const span of readPage('ARCHITECTURE.md').codeSpans) {
    if (!/^[\w./-]+\.ts$/.test(span)) continue;
    const path = span.replace(/^src\//, '');
    assert.ok(
      names.some((name) => name === path || name.endsWith(`/${path}`)),
      span,
    );
  }
});
