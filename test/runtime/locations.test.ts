import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Computer } from '../../src/runtime/computer.ts';
import {
  flavourOfPath,
  type Location,
  loginLocations,
  loginRoots,
  runtimeLocations,
} from '../../src/runtime/locations.ts';
import { filesInMemory } from './pretend-computer.ts';

function computer(platform: NodeJS.Platform, home: string, env: Record<string, string> = {}): Computer {
  return { env, home, platform, files: filesInMemory({}), isProcessAlive: () => true, now: () => 0 };
}

const pathsOf = (locations: readonly Location[], flavour?: string) =>
  locations
    .filter((location) => flavour === undefined || location.flavour === flavour)
    .map(({ path }) => path);

const linux = computer('linux', '/home/ann');
const mac = computer('darwin', '/Users/ann');
const windows = computer('win32', 'C:\\Users\\ann', {
  APPDATA: 'C:\\Users\\ann\\AppData\\Roaming',
  LOCALAPPDATA: 'C:\\Users\\ann\\AppData\\Local',
  ProgramData: 'C:\\ProgramData',
  USERPROFILE: 'C:\\Users\\ann',
});

const cacheNames = (path: string, names: readonly string[], separator = '/') => [
  ...names.map((name) => `${path}${separator}${name}`),
  path,
];
const qoderNames = ['SharedClientCache', 'sharedClientCache', 'shared_client'];
const lingmaNames = ['SharedClientCache', 'sharedClientCache'];

test('on Linux the runtime is looked for in these places, in both spellings', () => {
  const places = runtimeLocations(linux);
  assert.deepEqual(pathsOf(places, 'qoder'), [
    ...['QoderCN', 'qodercn', 'Qoder', 'qoder'].flatMap((name) =>
      cacheNames(`/home/ann/.config/${name}`, qoderNames),
    ),
    ...['.qoder-cn', '.qodercn', '.qodercn/vscode'].flatMap((name) =>
      cacheNames(`/home/ann/${name}`, qoderNames),
    ),
  ]);
  assert.deepEqual(pathsOf(places, 'lingma').slice(0, 15), [
    ...['Lingma', 'lingma'].flatMap((name) => cacheNames(`/home/ann/.config/${name}`, lingmaNames)),
    ...['.lingma/vscode', '.lingma'].flatMap((name) => cacheNames(`/home/ann/${name}`, lingmaNames)),
    ...cacheNames('/home/ann/.config/Code/User/globalStorage/alibaba-cloud.tongyi-lingma', lingmaNames),
  ]);
});

test('XDG_CONFIG_HOME stands in for ~/.config', () => {
  const [first] = runtimeLocations(computer('linux', '/home/ann', { XDG_CONFIG_HOME: '/xdg' }));
  assert.equal(first?.path, '/xdg/QoderCN/SharedClientCache');
});

test('on macOS the runtime is looked for in these places, each spelling of a name once', () => {
  const support = '/Users/ann/Library/Application Support';
  const qoder = ['SharedClientCache', 'shared_client'];
  const lingma = ['SharedClientCache'];
  const places = runtimeLocations(mac);
  assert.deepEqual(pathsOf(places, 'qoder'), [
    ...['QoderCN', 'Qoder'].flatMap((name) => cacheNames(`${support}/${name}`, qoder)),
    ...['.qoder-cn', '.qodercn', '.qodercn/vscode'].flatMap((name) =>
      cacheNames(`/Users/ann/${name}`, qoder),
    ),
  ]);
  assert.deepEqual(pathsOf(places, 'lingma').slice(0, 8), [
    ...cacheNames(`${support}/Lingma`, lingma),
    ...['.lingma/vscode', '.lingma'].flatMap((name) => cacheNames(`/Users/ann/${name}`, lingma)),
    ...cacheNames(`${support}/Code/User/globalStorage/alibaba-cloud.tongyi-lingma`, lingma),
  ]);
});

test('on Windows the runtime is looked for in these places', () => {
  const bases = ['C:\\Users\\ann\\AppData\\Roaming', 'C:\\Users\\ann\\AppData\\Local', 'C:\\ProgramData'];
  const places = runtimeLocations(windows);
  const qoder = ['SharedClientCache', 'shared_client'];
  const lingma = ['SharedClientCache'];
  assert.deepEqual(pathsOf(places, 'qoder'), [
    ...bases.flatMap((base) =>
      ['QoderCN', 'Qoder'].flatMap((name) => cacheNames(`${base}\\${name}`, qoder, '\\')),
    ),
    ...['.qoder-cn', '.qodercn', '.qodercn\\vscode'].flatMap((name) =>
      cacheNames(`C:\\Users\\ann\\${name}`, qoder, '\\'),
    ),
  ]);
  assert.deepEqual(pathsOf(places, 'lingma').slice(0, 12), [
    ...bases.flatMap((base) => cacheNames(`${base}\\Lingma`, lingma, '\\')),
    ...['.lingma\\vscode', '.lingma'].flatMap((name) => cacheNames(`C:\\Users\\ann\\${name}`, lingma, '\\')),
    ...cacheNames(`${bases[0]}\\Code\\User\\globalStorage\\alibaba-cloud.tongyi-lingma`, lingma, '\\'),
  ]);
});

test('every Qoder place comes before every Lingma place, and none comes twice', () => {
  for (const pretended of [linux, mac, windows]) {
    for (const places of [runtimeLocations(pretended), loginLocations(pretended)]) {
      const flavours = places.map(({ flavour }) => flavour);
      assert.equal(flavours.lastIndexOf('qoder') < flavours.indexOf('lingma'), true);
      assert.equal(new Set(pathsOf(places)).size, places.length);
    }
  }
});

test('on Linux the login is looked for in these places', () => {
  const home = '/home/ann';
  const withXdg = computer('linux', home, { XDG_CONFIG_HOME: '/xdg', XDG_STATE_HOME: '/state' });
  const places = loginLocations(withXdg);
  const runtime = runtimeLocations(withXdg);
  const qoder = [
    `${home}/.qoder-cn/shared_client`,
    `${home}/.qodercn`,
    `${home}/.qodercn/vscode/sharedClientCache`,
  ];
  assert.deepEqual(pathsOf(places, 'qoder'), [
    ...qoder,
    ...pathsOf(runtime, 'qoder').filter((path) => !qoder.includes(path)),
    ...[`${home}/.config`, `${home}/.local/share`].flatMap((base) => [`${base}/QoderCN`, `${base}/qodercn`]),
    '/state/QoderCN',
    '/state/qodercn',
  ]);
  const lingma = [`${home}/.lingma`, `${home}/.lingma/vscode/sharedClientCache`];
  assert.deepEqual(pathsOf(places, 'lingma'), [
    ...lingma,
    ...pathsOf(runtime, 'lingma').filter((path) => !lingma.includes(path)),
    ...[`${home}/.config`, `${home}/.local/share`].flatMap((base) => [`${base}/Lingma`, `${base}/lingma`]),
    '/state/Lingma',
    '/state/lingma',
  ]);
});

test('on Windows the login is looked for first in the home folder, then under each base', () => {
  const places = pathsOf(loginLocations(windows), 'qoder');
  assert.deepEqual(places.slice(0, 3), [
    'C:\\Users\\ann\\.qoder-cn\\shared_client',
    'C:\\Users\\ann\\.qodercn',
    'C:\\Users\\ann\\.qodercn\\vscode\\sharedClientCache',
  ]);
  for (const base of [
    'C:\\Users\\ann\\AppData\\Roaming',
    'C:\\Users\\ann\\AppData\\Local',
    'C:\\ProgramData',
  ]) {
    assert.equal(places.includes(`${base}\\QoderCN`) && places.includes(`${base}\\Qoder`), true);
  }
  const elsewhere = { ...windows, env: { ...windows.env, USERPROFILE: 'D:\\ann' } };
  assert.equal(pathsOf(loginLocations(elsewhere)).includes('D:\\ann\\.qoder-cn\\shared_client'), true);
});

test('a folder named by the user is the only one, be it the root or its cache folder', () => {
  assert.deepEqual(loginRoots(linux, '/x/.lingma/'), ['/x/.lingma']);
  assert.deepEqual(loginRoots(linux, '/x/.lingma/cache'), ['/x/.lingma', '/x/.lingma/cache']);
  assert.deepEqual(loginRoots(linux, ''), pathsOf(loginLocations(linux)));
});

test("the last name in a path that is a product's tells whose it is", () => {
  assert.equal(flavourOfPath('/home/ann/.config/QoderCN/SharedClientCache/.info.json'), 'qoder');
  assert.equal(flavourOfPath('/home/lingma/.qodercn/qodercn.sock'), 'qoder');
  assert.equal(flavourOfPath('\\\\.\\pipe\\lingma-4242'), 'lingma');
  assert.equal(flavourOfPath('/tmp/x.sock'), undefined);
});
