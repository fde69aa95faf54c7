import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { RuntimeEndpoint } from '../../../src/core/login.ts';
import type { Message } from '../../../src/core/turn.ts';
import { makeTurn } from './make-turn.ts';
import { endpointOf, RecordingTrace, runTurn, startRuntime } from './runtime-fixture.ts';

const png =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const picture: Message = {
  role: 'user',
  content: [
    { type: 'text', text: 'What is this?' },
    { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: png } },
  ],
};

describe('an image over IPC', () => {
  for (const flavour of ['lingma', 'qoder'] as const) {
    for (const known of [true, false]) {
      it(`reaches a ${flavour} runtime that ${known ? 'says' : 'does not say'} who it is, and its file goes`, async (context) => {
        const { simulator, backend, leftFiles } = await startRuntime(context, {
          simulator: { ipc: { flavour, announcesAgent: known } },
        });
        for (let turn = 0; turn < 2; turn++) await runTurn(backend, makeTurn({ messages: [picture] }));
        assert.deepEqual(
          simulator.ipc.prompts.map(({ images }) => images.map((image) => image.bytes.toString('base64'))),
          [[png], [png]],
        );
        await backend.dispose();
        assert.deepEqual(await leftFiles(), []);
        assert.equal(simulator.ipc.sessions.size, 0);
        assert.deepEqual(simulator.violations, []);
      });
    }
  }

  it('is sent once more with the other scheme when the runtime refuses the first, which is then remembered', async (context) => {
    const wrong: Partial<RuntimeEndpoint> = { flavour: 'qoder' };
    const { simulator, backend } = await startRuntime(context, {
      simulator: { ipc: { flavour: 'lingma' } },
      endpoints: (running) => [{ ...endpointOf(running), ...wrong }],
    });
    const first = new RecordingTrace();
    await runTurn(backend, makeTurn({ messages: [picture] }), { trace: first });
    assert.equal(first.methods.filter((method) => method === 'session/prompt').length, 2);
    assert.ok(first.notes.some((note) => note.type === 'attempt' && note.why.includes('scheme')));
    const second = new RecordingTrace();
    await runTurn(backend, makeTurn({ messages: [picture] }), { trace: second });
    assert.equal(second.methods.filter((method) => method === 'session/prompt').length, 1);
    await simulator.until(() => simulator.ipc.sessions.size === 0);
  });

  it('is tried with each scheme once, not for ever', async (context) => {
    const { simulator, backend, leftFiles } = await startRuntime(context);
    simulator.setScenario('ipc', { error: { code: -32_602, message: 'Invalid URI' } });
    const trace = new RecordingTrace();
    await assert.rejects(runTurn(backend, makeTurn({ messages: [picture] }), { trace }), {
      kind: 'upstream-unavailable',
    });
    assert.equal(trace.methods.filter((method) => method === 'session/prompt').length, 2);
    await backend.dispose();
    assert.deepEqual(await leftFiles(), []);
  });

  it('is a short marker in the record', async (context) => {
    const { backend } = await startRuntime(context);
    const trace = new RecordingTrace();
    await runTurn(backend, makeTurn({ messages: [picture] }), { trace });
    const recorded = trace.requests.map((request) => request.body).join('\n');
    assert.ok(!recorded.includes(png));
    assert.ok(recorded.includes(`[redacted image, ${png.length} base64 characters]`));
    assert.ok(recorded.includes('What is this?'));
  });

  it('that is a link is refused before any session is opened', async (context) => {
    const { simulator, backend } = await startRuntime(context);
    const link: Message = {
      role: 'user',
      content: [{ type: 'image', source: { kind: 'url', url: 'https://example.test/a.png' } }],
    };
    await assert.rejects(runTurn(backend, makeTurn({ messages: [link] })), { kind: 'unsupported-feature' });
    assert.equal(simulator.ipc.sessionsEver, 0);
  });
});
