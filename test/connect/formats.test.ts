import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Change } from '../../src/clients/config-data.ts';
import { ConnectError } from '../../src/clients/connect-error.ts';
import { changeText } from '../../src/clients/formats/change-text.ts';
import type { FormatName } from '../../src/clients/formats/config-format.ts';

interface Case {
  readonly name: string;
  readonly before: string;
  readonly changes: readonly Change[];
  readonly after: string;
}

function check(format: FormatName, cases: readonly Case[]): void {
  describe(format, () => {
    for (const { name, before, changes, after } of cases) {
      test(name, () => assert.equal(changeText(format, before, changes, 'file'), after));
    }
  });
}

check('json', [
  {
    name: 'a file without text becomes an object',
    before: '',
    changes: [{ at: ['env', 'A'], value: '1' }],
    after: '{\n  "env": {\n    "A": "1"\n  }\n}\n',
  },
  {
    name: 'a file of comments only keeps them',
    before: '// nothing yet\n',
    changes: [{ at: ['a'], value: 1 }],
    after: '// nothing yet\n{\n  "a": 1\n}\n',
  },
  {
    name: 'a new property comes behind the comments of the last one, which gets its comma',
    before: '{\n\t"a": 1 // one\n\t// and that is all\n}',
    changes: [{ at: ['b'], value: { c: ['x', 'y'] } }],
    after: '{\n\t"a": 1, // one\n\t// and that is all\n\t"b": {\n\t\t"c": ["x", "y"]\n\t}\n}',
  },
  {
    name: 'a trailing comma stays the custom of the file',
    before: '{\r\n    "a": 1,\r\n}\r\n',
    changes: [{ at: ['b'], value: 2 }],
    after: '{\r\n    "a": 1,\r\n    "b": 2,\r\n}\r\n',
  },
  {
    name: 'an object in one line stays in one line',
    before: '{"a": {"b": 1}}',
    changes: [{ at: ['a', 'c'], value: 2 }],
    after: '{"a": {"b": 1, "c": 2}}',
  },
  {
    name: 'a value is replaced where it stands, in its own indentation',
    before: '\uFEFF{\n   "a": "old", // why\n   "b": 2\n}',
    changes: [{ at: ['a'], value: { c: 1 } }],
    after: '\uFEFF{\n   "a": {\n      "c": 1\n   }, // why\n   "b": 2\n}',
  },
  {
    name: 'a property goes with its line and comma, and comments stay',
    before: '{\n  "a": 1, // one\n  /* two */\n  "b": 2\n}\n',
    changes: [{ at: ['b'] }],
    after: '{\n  "a": 1 // one\n  /* two */\n}\n',
  },
  {
    name: 'a list gets new entries first',
    before: '{\n  "models": [\n    { "id": "mine" } // mine\n  ]\n}\n',
    changes: [
      { at: ['models'], item: { id: 'y' }, value: { id: 'y' } },
      { at: ['models'], item: { id: 'x' }, value: { id: 'x' } },
    ],
    after:
      '{\n  "models": [\n    {\n      "id": "x"\n    },\n    {\n      "id": "y"\n    },\n    { "id": "mine" } // mine\n  ]\n}\n',
  },
  {
    name: 'an empty list and a list in one line take entries',
    before: '{\n  "a": [],\n  "b": ["x"]\n}\n',
    changes: [
      { at: ['a'], item: 'y', value: 'y' },
      { at: ['b'], item: 'y', value: 'y' },
    ],
    after: '{\n  "a": [\n    "y"\n  ],\n  "b": ["y", "x"]\n}\n',
  },
]);

check('toml', [
  {
    name: 'keys of the top come before the first table',
    before: '[a]\nb = 1\n',
    changes: [{ at: ['model'], value: 'k' }],
    after: 'model = "k"\n\n[a]\nb = 1\n',
  },
  {
    name: 'keys of the top come behind those that are there, and are replaced where they stand',
    before: '# mine\nmodel = "old" # why\nlist = [ # first\n  "]", # odd\n]\n\n[a]\n',
    changes: [
      { at: ['model'], value: 'new' },
      { at: ['provider'], value: 'p' },
    ],
    after: '# mine\nmodel = "new" # why\nlist = [ # first\n  "]", # odd\n]\nprovider = "p"\n\n[a]\n',
  },
  {
    name: 'a table is put at the end, whatever the last line lacks',
    before: 'a = """\n[no.table]\n"""',
    changes: [{ at: ['p', 'x y'], value: { u: 'http://h' } }],
    after: 'a = """\n[no.table]\n"""\n\n[p."x y"]\nu = "http://h"\n',
  },
  {
    name: 'a table and all that is below it goes, comments in it stay',
    before: 'a = 1\r\n[p.x]\r\nu = 1\r\n# kept\r\n[p.x.y]\r\nv = 2\r\n[q]\r\nw = 3\r\n',
    changes: [{ at: ['p', 'x'] }],
    after: 'a = 1\r\n# kept\r\n[q]\r\nw = 3\r\n',
  },
  {
    name: 'dotted keys and quoted ones are found',
    before: "'model' = 'old'\np.x.u = 1\np.y = 2\n",
    changes: [{ at: ['model'], value: 'new' }, { at: ['p', 'x', 'u'] }],
    after: '\'model\' = "new"\np.y = 2\n',
  },
]);

check('yaml', [
  {
    name: 'a file of comments only keeps them',
    before: '# mine\n',
    changes: [{ at: ['a', 'b'], value: 1 }],
    after: '# mine\na:\n  b: 1\n',
  },
  {
    name: 'a new key comes last in its map, in the indentation of that map',
    before: 'model:   # chosen\n    default: x   # for now\n\n# the rest\nother: [1,2]\n',
    changes: [{ at: ['model', 'provider'], value: 'p' }],
    after: 'model:   # chosen\n    default: x   # for now\n    provider: p\n\n# the rest\nother: [1,2]\n',
  },
  {
    name: 'a list gets new entries first, in its own indentation',
    before: 'models:\n- name: mine # mine\n  key: |\n    text\nz: 1',
    changes: [{ at: ['models'], item: { name: 'x' }, value: { name: 'x', roles: ['a'] } }],
    after: 'models:\n- name: x\n  roles:\n    - a\n- name: mine # mine\n  key: |\n    text\nz: 1',
  },
  {
    name: 'a key without a value, and one with an empty map, get one',
    before: 'a:\nb: {} # none\nc: 1\r\n',
    changes: [
      { at: ['a', 'x'], value: 1 },
      { at: ['b', 'y'], value: 2 },
    ],
    after: 'a:\n  x: 1\nb:\n  y: 2 # none\nc: 1\r\n',
  },
  {
    name: 'keys and entries go with their lines',
    before: 'a:\n  x: 1 # one\n  y:\n    - 2\n  z: 3\nl:\n  - n: p\n    o: 1\n  - n: q\n',
    changes: [{ at: ['a', 'y'] }, { at: ['l'], item: { n: 'p' } }],
    after: 'a:\n  x: 1 # one\n  z: 3\nl:\n  - n: q\n',
  },
  {
    name: 'what is written in one line is changed all the same, with its comments',
    before: '# mine\na: {b: 1, c: [x]} # flow\n',
    changes: [{ at: ['a', 'd'], value: 2 }],
    after: '# mine\na: { b: 1, c: [ x ], d: 2 } # flow\n',
  },
]);

const refused: readonly (readonly [FormatName, string, Change, string])[] = [
  ['json', '{ "a": 1,, }', { at: ['a'], value: 2 }, 'invalid'],
  ['json', '[1]', { at: ['a'], value: 2 }, 'invalid'],
  ['json', "{ a: 'JSON5' }", { at: ['a'], value: 2 }, 'invalid'],
  ['json', '{ "a": 1, "a": 2 }', { at: ['a'], value: 3 }, 'unexpected'],
  ['json', '{ "a": [1] }', { at: ['a', 'b'], value: 2 }, 'unexpected'],
  ['json', '{ "a": {} }', { at: ['a'], item: 'x', value: 'x' }, 'unexpected'],
  ['toml', 'a = \n', { at: ['a'], value: 2 }, 'invalid'],
  ['toml', 'p = { x = 1 }\n', { at: ['p', 'y'], value: { z: 1 } }, 'unexpected'],
  ['yaml', 'a: [1\n', { at: ['a'], value: 2 }, 'invalid'],
  ['yaml', 'a: 1\n---\nb: 2\n', { at: ['a'], value: 2 }, 'invalid'],
];
for (const [format, text, change, kind] of refused) {
  test(`${format} ${JSON.stringify(text)} is refused as ${kind}, naming the file`, () => {
    assert.throws(
      () => changeText(format, text, [change], '/home/ann/file'),
      (error) =>
        error instanceof ConnectError && error.kind === kind && error.message.includes('/home/ann/file'),
    );
  });
}
