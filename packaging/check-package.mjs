import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { strFromU8 } from 'fflate';
import { root } from '../test/toolchain/node.mjs';
import { machineOf } from './machine-code.mjs';

const largest = 12_000_000;
const libraries = 'extension/dist/node_modules/';

/** The names of all files that a .vsix holds, but for those of the image library. */
const expected = readFileSync(join(root, 'packaging', 'contents.txt'), 'utf8')
  .trim()
  .split('\n');

/**
 * What is wrong with a .vsix of `size` bytes that was made for a target: one line each, none when all is well. `files` are its contents by
 * name.
 */
export function packageProblems(target, files, size) {
  const names = Object.keys(files);
  const own = names.filter((name) => !name.startsWith(libraries));
  return [
    ...own
      .filter((name) => !expected.includes(name))
      .map((name) => `${name} is new in it: if it should ship, add it to packaging/contents.txt`),
    ...expected
      .filter((name) => !own.includes(name))
      .map((name) => `${name} is missing: if it should, take it out of packaging/contents.txt`),
    ...imageLibraryProblems(target, files),
    ...manifestProblems(target, strFromU8(files['extension.vsixmanifest'])),
    ...names
      .filter((name) => !name.startsWith(libraries) && strFromU8(files[name]).includes(root))
      .map((name) => `${name} names a folder of the computer that it was built on`),
    ...(size <= largest ? [] : [`it has ${size} bytes, more than ${largest}`]),
  ];
}

/** The packages under node_modules are those of the target, and all machine code is for it, whatever its file is called. */
function imageLibraryProblems(target, files) {
  const within = Object.keys(files)
    .filter((name) => name.startsWith(libraries))
    .map((name) => name.slice(libraries.length));
  const packages = [...new Set(within.map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)[0]))].sort();
  const machine = target.name === 'universal' ? 'wasm' : target.name;
  const machines = Object.keys(files)
    .map((name) => ({ name, machine: machineOf(files[name]) }))
    .filter((file) => file.machine !== undefined);
  const addOns = machines.filter(({ name }) => /\.node(\.wasm)?$/.test(name));
  return [
    ...(packages.join() === [...target.packages].sort().join()
      ? []
      : [`its packages are ${packages.join(', ') || 'none'}, and not ${target.packages.join(', ')}`]),
    ...machines
      .filter((file) => file.machine !== machine)
      .map((file) => `${file.name} is for ${file.machine}, and the package for ${machine}`),
    ...target.packages
      .filter((each) => /^@img\/sharp-(?!webcontainers)/.test(each))
      .filter((each) => !machines.some(({ name }) => name.startsWith(`${libraries}${each}/`)))
      .map((each) => `there is no machine code in ${each}`),
    ...(addOns.length === 1 ? [] : [`it has ${addOns.length} image libraries for Node, and not one`]),
  ];
}

/** What the galleries and VS Code go by when they choose a package. */
function manifestProblems({ name }, manifest) {
  const named = /TargetPlatform="([^"]*)"/.exec(manifest)?.[1];
  const wanted = name === 'universal' ? undefined : name;
  return named === wanted ? [] : [`it says to be for ${named ?? 'every platform'}`];
}
