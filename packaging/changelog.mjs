// Reads CHANGELOG.md, which has the form of Keep a Changelog.

const kinds = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security'];
const dayMs = 24 * 60 * 60 * 1_000;

/**
 * The entries of a changelog, the newest first: `{ version, date, body }`. That of what is not yet released has the version `Unreleased` and
 * no date.
 */
export function changelogEntries(text) {
  return text
    .split(/^(?=## )/m)
    .filter((section) => section.startsWith('## '))
    .map((section) => {
      const [heading = ''] = section.split('\n', 1);
      const found = /^## \[(?<version>[^\]]+)\](?: - (?<date>\S+))?(?: \[YANKED\])?$/.exec(heading.trimEnd());
      const { version, date } = found?.groups ?? {};
      return { heading, version, date, body: section.slice(heading.length).trim() };
    });
}

/** What is wrong with the form of a changelog, one line each. `now` is the time at which nothing later can have been released. */
export function changelogProblems(text, now = Date.now()) {
  const entries = changelogEntries(text);
  const released = entries.filter(({ version }) => version !== undefined && version !== 'Unreleased');
  return [
    ...entries.flatMap(({ heading, version, body }) =>
      version === undefined
        ? [`"${heading}" is not "## [Unreleased]" or "## [1.2.3] - 2026-01-31"`]
        : bodyProblems(version, body),
    ),
    ...(entries.slice(1).some(({ version }) => version === 'Unreleased')
      ? ['Unreleased stands below a version: move it to the top']
      : []),
    ...released.flatMap(({ version, date }) => dateProblems(version, date, now)),
    ...released.flatMap(({ version }, index) => {
      const above = released[index - 1]?.version;
      return above === undefined || isNewer(above, version)
        ? []
        : [`${above} stands above ${version}, and is not newer`];
    }),
  ];
}

/** The entry of a version, `Unreleased` included; undefined when there is none. */
export function changelogEntry(text, version) {
  return changelogEntries(text).find((entry) => entry.version === version);
}

/** The changelog with what was unreleased as the entry of a version that is released on a day, such as `2026-01-31`. */
export function withReleased(text, version, date) {
  return text.replace(/^## \[Unreleased\]\s*\n/m, `## [Unreleased]\n\n## [${version}] - ${date}\n\n`);
}

/** Whether one version, such as `1.10.0`, is newer than another. */
export function isNewer(one, other) {
  const [left, right] = [one, other].map((version) => version.split('.').map(Number));
  const differing = left.findIndex((number, index) => number !== right[index]);
  return differing !== -1 && left[differing] > right[differing];
}

function bodyProblems(version, body) {
  if (body === '') return version === 'Unreleased' ? [] : [`${version} says nothing`];
  return body.split(/^(?=### )/m).flatMap((section) => sectionProblems(version, section));
}

function sectionProblems(version, section) {
  const kind = /^### (.*)/.exec(section)?.[1]?.trim();
  if (kind === undefined) return [`${version} begins without a section such as "### Added"`];
  if (!kinds.includes(kind)) {
    return [`${version} has a section "${kind}", which is none of ${kinds.join(', ')}`];
  }
  return /^- \S/m.test(section) ? [] : [`${version} has nothing under "${kind}"`];
}

function dateProblems(version, date, now) {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(date ?? '') ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time)) return [`${version} has no date such as 2026-01-31`];
  // It may be tomorrow already where the release is made.
  return time > now + dayMs ? [`${version} is dated ${date}, which is yet to come`] : [];
}
