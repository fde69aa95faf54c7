import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Reply, ReplyPart, SimulatedRequest } from '../../src/demo/brain.ts';
import { debianProgram } from './debian-program.ts';
import { clientKeys, type Outcome, TwoReplicas } from './two-replicas.ts';

// The built command line behind the configuration in deploy/compose. `npm run build` comes before.
const nginx = debianProgram('nginx', 'nginx-light');
const skip = 'missing' in nginx ? nginx.missing : false;

/** A model that answers `endless` until it is released, `held` only then, and all else at once. */
function heldBrain() {
  let release = () => {};
  let released = false;
  const gate = new Promise<void>((resolve) => {
    release = () => {
      released = true;
      resolve();
    };
  });
  function* endless(): Generator<ReplyPart> {
    while (!released) yield { text: 'and so on ' };
  }
  const brain = async (request: SimulatedRequest): Promise<Reply> => {
    const asked = JSON.stringify(request.backend === 'remote' ? request.messages : request.prompt);
    if (asked.includes('endless')) return { parts: endless(), chunkSize: 100, chunksPerSecond: 20 };
    if (asked.includes('held')) await gate;
    return { parts: [{ text: 'Here you are.' }] };
  };
  return { brain, release };
}

describe('two replicas behind nginx', { skip }, () => {
  let stage: TwoReplicas;
  before(async () => {
    assert.ok('path' in nginx);
    stage = await TwoReplicas.start(nginx.path);
  });
  after(() => stage?.close());

  test('a client stays with its replica, which remembers its responses; both have clients', async () => {
    stage.simulator.setBrain(() => ({ parts: [{ text: 'Hello' }] }));
    for (const key of clientKeys) {
      const first = await stage.send({ path: '/v1/responses', key, body: { model: 'kmodel', input: 'Hi' } })
        .ended;
      assert.equal(first.status, 200, first.text);
      const body = { model: 'kmodel', input: 'And then?', previous_response_id: JSON.parse(first.text).id };
      const second = await stage.send({ path: '/v1/responses', key, body }).ended;
      assert.equal(second.status, 200, second.text);
    }
    for (const replica of stage.replicas) {
      assert.match(replica.output(), /POST \/v1\/responses → 200/, 'a replica without clients');
    }
  });

  test('what one replica alone knows is not shown as if it were all', async () => {
    for (const path of ['/metrics', '/debug/requests', '/api/logs']) {
      assert.equal((await stage.send({ path }).ended).status, 404, path);
    }
    assert.equal((await stage.send({ path: '/v1/models' }).ended).status, 200);
  });

  test('a replica is told to stop under load: every request is answered, and it ends by itself', async () => {
    const { brain, release } = heldBrain();
    stage.simulator.setBrain(brain);
    const running = clientKeys.map((key) => stage.chat('endless', key));
    await Promise.all(running.map(({ begun }) => begun));
    const waiting = clientKeys.map((key) => stage.chat('held', key));
    await stage.until(
      async () => (await stage.load(0)) + (await stage.load(1)) === 16,
      'all requests have reached a replica',
    );
    const [first] = stage.replicas;
    const stopped = first.stop();
    await stage.until(() => stage.isClosed(0), 'the first replica takes no more');
    const later = clientKeys.map((key) => stage.chat('short', key));
    await Promise.all(later.slice(0, 1).map(({ begun }) => begun));
    release();
    for (const { ended } of [...running, ...waiting, ...later]) assertAnswered(await ended);
    assert.equal(await stopped, 0);
  });
});

describe('two replicas of which one is killed under load', { skip }, () => {
  test('no request is lost whose answer had not begun, nor any of the other replica', async (context) => {
    assert.ok('path' in nginx);
    const stage = await TwoReplicas.start(nginx.path);
    context.after(() => stage.close());
    const { brain, release } = heldBrain();
    stage.simulator.setBrain(brain);

    const running = clientKeys.map((key) => stage.chat('endless', key));
    await Promise.all(running.map(({ begun }) => begun));
    const runningOnFirst = await stage.load(0);
    assert.ok(runningOnFirst > 0 && runningOnFirst < running.length, 'both replicas have work');
    // More than there are places: some have gone upstream, some wait for their turn. One is larger than any buffer.
    const waiting = [...clientKeys, ...clientKeys].map((key, index) =>
      stage.chat('held', key, index === 0 ? 'x'.repeat(3_000_000) : ''),
    );
    await stage.until(
      async () => (await stage.load(0)) + (await stage.load(1)) === running.length + waiting.length,
      'all requests have reached a replica',
    );

    await stage.replicas[0].kill();
    const later = clientKeys.map((key) => stage.chat('short', key));
    release();
    const outcomes = await Promise.all([...waiting, ...later].map(({ ended }) => ended));
    for (const outcome of outcomes) assertAnswered(outcome);
    const ends = await Promise.all(running.map(({ ended }) => ended));
    const brokenOff = ends.filter(({ complete }) => !complete);
    assert.equal(brokenOff.length, runningOnFirst, 'answers under way on the killed replica');
    assert.ok(brokenOff.every(({ begun }) => begun));
    assert.deepEqual(stage.simulator.violations, []);
  });
});

function assertAnswered({ status, complete, text }: Outcome): void {
  assert.deepEqual({ status, complete }, { status: 200, complete: true }, text.slice(-500));
}
