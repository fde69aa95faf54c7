const library = 'extension/dist/node_modules/';

/**
 * What is in the packages, as a page of Markdown: a table of them, the files that every .vsix holds, and what each holds besides.
 * `packages` are `{ name, size, files }` with sizes in bytes by file name; `others` are `{ name, size }` of what is no .vsix.
 */
export function contentsPage(version, packages, others) {
  const [first] = packages;
  const shared = Object.keys(first.files).filter((file) => !file.startsWith(library));
  return [
    `# Contents of Lingma Proxy ${version}`,
    '',
    'Sizes are in bytes; what a .vsix holds is compressed in it.',
    '',
    '| package | size | files | unpacked |',
    '|---|---:|---:|---:|',
    ...packages.map(
      ({ name, size, files }) =>
        `| ${name} | ${count(size)} | ${Object.keys(files).length} | ${count(sum(Object.values(files)))} |`,
    ),
    ...others.map(({ name, size }) => `| ${name} | ${count(size)} | | |`),
    '',
    '## In every .vsix',
    '',
    '| file | size |',
    '|---|---:|',
    ...shared.map((file) => `| ${file} | ${count(first.files[file])} |`),
    ...packages.flatMap(({ name, files }) => [
      '',
      `## The image library in ${name}`,
      '',
      ...libraryTable(files),
    ]),
    '',
  ].join('\n');
}

/** The packages of the image library; of those with machine code each file. */
function libraryTable(files) {
  const rows = new Map();
  for (const [file, size] of Object.entries(files)) {
    if (!file.startsWith(library)) continue;
    const name = file.slice(library.length);
    const folder = /^(@[^/]+\/)?[^/]+/.exec(name)[0];
    const row = /\.(node|so\.[\d.]+|dylib|dll|wasm)$/.test(name) ? name : `${folder}/`;
    rows.set(row, (rows.get(row) ?? 0) + size);
  }
  const sorted = [...rows].sort(([one], [other]) => (one < other ? -1 : 1));
  return [
    '| file or folder | size |',
    '|---|---:|',
    ...sorted.map(([row, size]) => `| ${row} | ${count(size)} |`),
  ];
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

function count(number) {
  return number.toLocaleString('en-US');
}
