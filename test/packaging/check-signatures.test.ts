import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signatureVerdict } from '../../packaging/check-signatures.mjs';

for (const [what, status, output, verdict] of [
  [
    'all are signed',
    0,
    'audited 192 packages in 2s\n\n192 packages have verified registry signatures\n',
    'verified',
  ],
  [
    'one is signed',
    0,
    'audited 1 package in 0s\n\n1 package has a verified registry signature\n',
    'verified',
  ],
  [
    'one is not the one that was signed',
    1,
    'audited 192 packages\n\n191 packages have verified registry signatures\n\n1 package has an invalid registry signature:\nleft-pad@1.3.0\n',
    'broken',
  ],
  [
    'one has lost its signature',
    1,
    '3 packages have missing registry signatures but the registry is providing signing keys:\n',
    'broken',
  ],
  ['one has a wrong attestation', 1, '1 package has an invalid attestation:\n', 'broken'],
  [
    'the registry cannot be reached',
    1,
    'npm error network This is a problem related to network connectivity.\n',
    'unknown',
  ],
  [
    'the registry has no keys',
    1,
    'npm error found no dependencies to audit that were installed from a supported registry\n',
    'unknown',
  ],
  ['npm says something new', 0, 'all is well', 'unknown'],
] as const) {
  test(`where ${what} the signatures are ${verdict}`, () => {
    assert.equal(signatureVerdict(status, output), verdict);
  });
}
