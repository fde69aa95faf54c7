import assert from 'node:assert/strict';
import { applyEdit, type Change, placeChange } from '../../../src/clients/config-data.ts';
import { ConnectError } from '../../../src/clients/connect-error.ts';
import { connectors } from '../../../src/clients/connectors.ts';
import { changeText, holds, parseConfig } from '../../../src/clients/formats/change-text.ts';
import type { FormatName } from '../../../src/clients/formats/config-format.ts';
import { undoChanges } from '../../../src/clients/undo-changes.ts';
import { configKeys, configValues } from '../../connect/config-words.ts';
import { endpoint } from '../../connect/endpoint.ts';
import type { FuzzedParser } from '../fuzzed-parser.ts';

const computer = { env: {}, home: '/home/me', platform: 'linux' } as const;

/** What every client of this format would have set, given what its file holds. */
async function changesFor(format: FormatName, data: unknown): Promise<readonly (readonly Change[])[]> {
  const found: (readonly Change[])[] = [];
  for (const connector of connectors) {
    if (connector.kind !== 'files') continue;
    for (const file of await connector.files(computer)) {
      if (!('format' in file) || file.format !== format) continue;
      file.addressOf(data);
      found.push(file.changes(data, endpoint));
    }
  }
  return found;
}

/** What `use` comes to, or undefined when it says by its own error that it cannot. */
function tried<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch (error) {
    assert.ok(error instanceof ConnectError, error instanceof Error ? error.stack : String(error));
    assert.ok(error.message.length < 2_000, 'A message without bounds.');
    return undefined;
  }
}

async function check(format: FormatName, input: Buffer): Promise<void> {
  const text = input.toString();
  const data = tried(() => ({ parsed: parseConfig(format, text, 'file') }))?.parsed;
  if (data === undefined) return;
  assert.ok(holds(format, text, data), 'A text does not hold what was read from it.');
  for (const changes of await changesFor(format, data)) {
    const written = tried(() => changeText(format, text, changes, 'file'));
    if (written === undefined) continue;
    const wanted = changes.reduce<unknown>((now, change) => {
      const edit = placeChange(now, change);
      return edit ? applyEdit(now, edit) : now;
    }, data);
    assert.ok(holds(format, written, wanted), 'The text does not hold what was to be set.');
    assert.deepEqual(lostComments(format, text, written), [], 'A comment was lost.');
    const file = { path: 'file', format, original: text, written, changes };
    assert.equal(undoChanges(file, written, true).text, text, 'Undone at once, the file is another one.');
    // Edited in the meantime by its user, the file keeps that and loses ours.
    const edited = tried(() => changeText(format, written, [{ at: ['mine'], value: 'kept' }], 'file'));
    if (edited === undefined) continue;
    const undone = tried(() => undoChanges(file, edited, true));
    if (!undone || undone.kept.length > 0) continue;
    const mine = parseConfig(format, undone.text, 'file');
    const expected = applyEdit(data, { path: ['mine'], value: 'kept', insert: false });
    assert.ok(holds(format, undone.text ?? '', expected), `Undone, it holds ${JSON.stringify(mine)}.`);
  }
}

/** Comments that can be told for sure, which are those that have their line to themselves. */
function lostComments(format: FormatName, before: string, after: string): readonly string[] {
  const marked = format === 'json' ? /^[ \t]*\/\/ kept \d+$/gm : /^[ \t]*# kept \d+$/gm;
  return (before.match(marked) ?? []).filter((comment) => !after.includes(comment.trim()));
}

const words = [...configKeys, ...configValues, 'mine', 'http://127.0.0.1:8095'];

/** Far more than people write; some clients' changes read a file a dozen times. */
const largestFile = 24 * 1_024;

/** The configuration files of clients: connecting changes what it must, and undoing brings back every byte. */
export const clientFiles: readonly FuzzedParser[] = [
  {
    name: 'client-json',
    dictionary: [
      ...words.map((word) => `"${word}"`),
      '// kept 1\n',
      '/* x */',
      '{}',
      '[]',
      ',\n',
      '"a": 1',
      '\r\n',
      '\ufeff',
    ],
    mostBytes: largestFile,
    check: (input) => check('json', input),
  },
  {
    name: 'client-toml',
    dictionary: [
      ...words,
      '# kept 1\n',
      '[lingma]\n',
      '[[a]]\n',
      'a = 1\n',
      'a.b = "x"\n',
      '"""',
      "'''",
      '{ a = 1 }',
      '= ',
      '\r\n',
      '\ufeff',
    ],
    mostBytes: largestFile,
    check: (input) => check('toml', input),
  },
  {
    name: 'client-yaml',
    dictionary: [
      ...words,
      ': ',
      '- ',
      '# kept 1\n',
      '  ',
      '|\n',
      '>-\n',
      '&a',
      '*a',
      '<<: *a',
      '---\n',
      '...',
      '!!str',
      '? ',
      '{a: 1}',
      '\ufeff',
    ],
    mostBytes: largestFile,
    check: (input) => check('yaml', input),
  },
];
