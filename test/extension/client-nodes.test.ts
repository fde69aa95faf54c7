import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConnectError } from '../../src/clients/connect-error.ts';
import type { ClientState } from '../../src/clients/list-clients.ts';
import { english, phrase } from '../../src/core/localizer.ts';
import { clientNodes } from '../../src/extension/views/client-nodes.ts';

function client(id: string, state: Partial<ClientState> = {}): ClientState {
  return {
    id,
    name: id,
    installed: { version: '1.0.0' },
    files: [`/home/me/${id}.json`],
    status: { kind: 'not-connected' },
    canDisconnect: false,
    ...state,
  };
}
const nodes = (...clients: ClientState[]) =>
  clientNodes(clients, english).map(({ label, description, kind }) => [label, description, kind]);

test('each client says where it goes, and offers what can be done', () => {
  const url = 'http://127.0.0.1:8095';
  assert.deepEqual(
    nodes(
      client('connected', { status: { kind: 'here', address: url }, canDisconnect: true }),
      client('by-hand', { status: { kind: 'here', address: url } }),
      client('moved', { status: { kind: 'elsewhere', address: 'https://a.b' }, canDisconnect: true }),
      client('other', { status: { kind: 'elsewhere', address: 'https://a.b' } }),
      client('open'),
      client('torn', {
        status: { kind: 'unreadable', problem: new ConnectError('invalid', phrase('no JSON')) },
      }),
    ),
    [
      ['connected', 'connected', 'client.connected'],
      ['by-hand', 'connected', 'client.open'],
      ['moved', 'changed since, uses https://a.b', 'client.connected'],
      ['other', 'uses https://a.b', 'client.open'],
      ['open', 'not connected', 'client.open'],
      ['torn', 'its settings cannot be read', 'client.open'],
    ],
  );
});

test('clients that are not there come last', () => {
  assert.deepEqual(
    nodes(client('absent', { installed: undefined }), client('present')).map(([label]) => label),
    ['present', 'absent'],
  );
});
