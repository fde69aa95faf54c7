import assert from 'node:assert/strict';
import { test } from 'node:test';
import { english } from '../../src/core/localizer.ts';
import { describePlacement, reachesTerminals } from '../../src/extension/placement.ts';

const url = 'http://127.0.0.1:8095';

function text(remoteName: string | undefined, runsRemotely: boolean) {
  return describePlacement({ remoteName, runsRemotely, computer: 'box' }, url, english);
}

test('where there is but one computer, nothing is said', () => {
  assert.equal(text(undefined, false), undefined);
  assert.equal(text(undefined, true), undefined);
});

for (const [remoteName, where, advice] of [
  ['wsl', 'WSL', /inside WSL use http:\/\/127\.0\.0\.1:8095\. Those on Windows can use the same/],
  ['ssh-remote', 'the SSH host box', /forward port 8095/],
  ['dev-container', 'the container box', /forward port 8095/],
  ['attached-container', 'the container box', /forward port 8095/],
  ['codespaces', 'the codespace', /forward port 8095/],
  ['tunnel', 'the remote computer box', /forward port 8095/],
  ['127.0.0.1:8080', 'the remote computer box', /forward port 8095/],
] as const) {
  test(`on the other side of ${remoteName}, clients there can use it`, () => {
    const said = text(remoteName, true);
    assert.equal(said?.where, where);
    assert.match(said.advice, advice);
    assert.equal(reachesTerminals({ remoteName, runsRemotely: true, computer: 'box' }), true);
  });
}

for (const [remoteName, where, advice] of [
  ['wsl', 'Windows, not WSL', /networkingMode=mirrored/],
  ['ssh-remote', 'this computer, not the SSH host', /ssh -R 8095:127\.0\.0\.1:8095/],
  ['dev-container', 'this computer, not the remote one', /remote\.extensionKind/],
] as const) {
  test(`on this side of ${remoteName}, the terminals there cannot reach it by themselves`, () => {
    const said = text(remoteName, false);
    assert.equal(said?.where, where);
    assert.match(said.advice, advice);
    assert.equal(reachesTerminals({ remoteName, runsRemotely: false, computer: 'box' }), false);
  });
}
