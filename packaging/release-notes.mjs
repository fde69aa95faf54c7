// Prints what the changelog says of a version; of one that is not released yet, what is under Unreleased.
//   node packaging/release-notes.mjs X.Y.Z
import { readFileSync } from 'node:fs';
import { changelogEntry } from './changelog.mjs';

const changelog = readFileSync('CHANGELOG.md', 'utf8');
const entry = changelogEntry(changelog, process.argv[2]) ?? changelogEntry(changelog, 'Unreleased');
console.log(entry?.body ?? '');
