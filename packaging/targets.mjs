// The platforms that the extension is packaged for, and what npm calls each when it chooses native packages.

/**
 * @typedef {object} Target
 * @property {string} name what the galleries call it; `universal` runs on every host that no other package fits
 * @property {string} os
 * @property {string} cpu
 * @property {string} [libc]
 * @property {readonly string[]} packages those of the image library, its code for this platform and no other among them
 */

const everywhere = ['sharp', 'detect-libc', 'semver', '@img/colour'];

/** @type {readonly Target[]} */
export const targets = [
  { name: 'linux-x64', os: 'linux', cpu: 'x64', libc: 'glibc', packages: withLibrary('linux-x64') },
  { name: 'linux-arm64', os: 'linux', cpu: 'arm64', libc: 'glibc', packages: withLibrary('linux-arm64') },
  { name: 'alpine-x64', os: 'linux', cpu: 'x64', libc: 'musl', packages: withLibrary('linuxmusl-x64') },
  { name: 'alpine-arm64', os: 'linux', cpu: 'arm64', libc: 'musl', packages: withLibrary('linuxmusl-arm64') },
  { name: 'darwin-x64', os: 'darwin', cpu: 'x64', packages: withLibrary('darwin-x64') },
  { name: 'darwin-arm64', os: 'darwin', cpu: 'arm64', packages: withLibrary('darwin-arm64') },
  { name: 'win32-x64', os: 'win32', cpu: 'x64', packages: [...everywhere, '@img/sharp-win32-x64'] },
  { name: 'win32-arm64', os: 'win32', cpu: 'arm64', packages: [...everywhere, '@img/sharp-win32-arm64'] },
  // WebAssembly, whatever the operating system.
  {
    name: 'universal',
    os: 'linux',
    cpu: 'wasm32',
    packages: [
      ...everywhere,
      ...['@img/sharp-wasm32', '@img/sharp-webcontainers-wasm32', '@emnapi/runtime', 'tslib'],
    ],
  },
];

/** Where what sharp wraps is a package of its own. */
function withLibrary(platform) {
  return [...everywhere, `@img/sharp-${platform}`, `@img/sharp-libvips-${platform}`];
}

/** The target with this name. Throws when there is none. */
export function targetNamed(name) {
  const target = targets.find((each) => each.name === name);
  if (!target) {
    throw new Error(
      `There is no target ${name}. Targets are ${targets.map((each) => each.name).join(', ')}.`,
    );
  }
  return target;
}

/** The target that this computer takes, `universal` where none is made for it. */
export function targetOfThisComputer() {
  const isMusl = process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime;
  const system = isMusl ? 'alpine' : process.platform;
  const name = `${system}-${process.arch}`;
  return targets.find((each) => each.name === name) ?? targetNamed('universal');
}
