// Checks that every installed package is the one that its registry has signed. Where the registry cannot be asked for its keys, or signs
// nothing, it says so in a line of its own and ends with 0: nothing was found out then.
//   node packaging/check-signatures.mjs
import { pathToFileURL } from 'node:url';
import { root, runNpm } from '../test/toolchain/node.mjs';

/** What the output of `npm audit signatures` means. */
export function signatureVerdict(status, output) {
  if (/\b(?:invalid|missing) (?:registry )?(?:signature|attestation)/i.test(output)) return 'broken';
  return status === 0 &&
    /have verified (?:registry signature|attestation)|verified registry signature/i.test(output)
    ? 'verified'
    : 'unknown';
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { status, stdout, stderr } = runNpm(['audit', 'signatures'], { cwd: root, encoding: 'utf8' });
  const output = `${stdout}${stderr}`;
  switch (signatureVerdict(status, output)) {
    case 'verified':
      console.log(stdout.trim());
      break;
    case 'broken':
      console.error(output.trim());
      process.exitCode = 1;
      break;
    default:
      console.log(`SKIPPED  The registry did not tell about signatures:\n${output.trim()}`);
  }
}
