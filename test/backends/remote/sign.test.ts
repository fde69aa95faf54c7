import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { machineOs, signedHeaders, type UnsignedRequest } from '../../../src/backends/remote/sign.ts';
import { login } from './fixtures.ts';

// Computed with Python's hashlib and base64 from the documented recipe.
const payload =
  'eyJjb3N5VmVyc2lvbiI6IjIuMTEuMiIsImlkZVZlcnNpb24iOiIiLCJpbmZvIjoiYVc1bWJ3PT0iLCJyZXF1ZXN0SWQiOiIxMTExMTExMS0yMjIyLTQzMzMtODQ0NC01NTU1NTU1NTU1NTUiLCJ2ZXJzaW9uIjoidjEifQ==';
const chatSignature = '38a28ad1ad70d616dc7d670e94be0bac';
const listSignature = '4e377a68616b912f5d650832ba39c456';

const chat: UnsignedRequest = {
  body: Buffer.from('{"text":"你好 🌍"}'),
  path: '/api/v2/service/pro/sse/agent_chat_generation',
  requestId: '11111111-2222-4333-8444-555555555555',
  unixSeconds: 1_777_520_000,
  accept: 'text/event-stream',
};
const signer = { login, profile: 'plugin', cosyVersion: '2.11.2', machineOs: 'x86_64_linux' } as const;

describe('signed headers', () => {
  test('are exactly those of the plugin', () => {
    assert.deepEqual(signedHeaders(chat, signer), {
      Authorization: `Bearer COSY.${payload}.${chatSignature}`,
      'Content-Type': 'application/json',
      Accept: 'text/event-stream',
      'Cache-Control': 'no-cache',
      Appcode: 'cosy',
      'Cosy-Key': 'the-cosy-key',
      'Cosy-User': 'user-1',
      'Cosy-MachineId': 'machine-0123456789abcdef',
      'Cosy-Date': '1777520000',
      'Cosy-Clientip': '198.18.0.1',
      'Cosy-Clienttype': '2',
      'Cosy-Machineos': 'x86_64_linux',
      'Cosy-Machinetoken': '',
      'Cosy-Machinetype': '',
      'Cosy-Version': '2.11.2',
      'Login-Version': 'v2',
    });
  });

  test('sign an empty body for a GET', () => {
    const list = { ...chat, body: new Uint8Array(), path: '/api/v2/model/list' };
    assert.equal(signedHeaders(list, signer)['Authorization'], `Bearer COSY.${payload}.${listSignature}`);
  });

  test('differ for the IDE where its own client differs', () => {
    const headers = signedHeaders(chat, {
      ...signer,
      login: { ...login, organizationId: 'org-7' },
      profile: 'ide',
      cosyVersion: '0.11.0',
    });
    assert.equal(headers['Cosy-Clienttype'], '0');
    assert.equal(headers['Cosy-Version'], '0.11.0');
    assert.equal(headers['Cosy-Organization-Id'], 'org-7');
    assert.equal(headers['Accept-Encoding'], 'identity');
  });
});

test('the machine is named by architecture and system', () => {
  assert.equal(machineOs('linux', 'x64'), 'x86_64_linux');
  assert.equal(machineOs('darwin', 'arm64'), 'arm64_darwin');
  assert.equal(machineOs('win32', 'x64'), 'x86_64_windows');
});
