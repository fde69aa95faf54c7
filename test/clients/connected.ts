import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { scriptedBrain } from '../../src/demo/scripted-brain.ts';
import { runClient, startClient } from './client-run.ts';
import { cli } from './proxy-process.ts';
import type { ClientPlace, Feature, Stage } from './stage.ts';

const done = 'Connected: 你好 ✅';

export interface ConnectedClient {
  /** As `lingma-proxy connect` names it. */
  readonly id: string;
  /** Files that are there before, below the home folder. */
  readonly files: Readonly<Record<string, string>>;
  /** The program and its arguments for one prompt. */
  readonly program: string;
  readonly args: (prompt: string) => readonly string[];
  /** What keeps the client offline and quiet, and nothing that leads it to the proxy. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where the proxy gets its requests. */
  readonly path: string;
  /** What one of these shows of what was written beside address and model. */
  readonly shows?: RegExp;
}

/** The client answers through the proxy with nothing but what `connect` wrote, and its files are as they were after `disconnect`. */
export function connectedFeature(client: ConnectedClient): Feature {
  return {
    name: 'works with what `lingma-proxy connect` wrote, and its files are as before after `disconnect`',
    async run(stage) {
      const place = stage.place();
      const marker = stage.marker();
      for (const [path, text] of Object.entries(client.files)) {
        mkdirSync(dirname(join(place.home, path)), { recursive: true });
        writeFileSync(join(place.home, path), text);
      }
      const before = filesBelow(place.home);
      await command(stage, place, 'connect', client.id);
      const written = changedPaths(before, filesBelow(place.home));
      assert.ok(written.length >= 2, 'the configuration and the record');

      stage.simulator.setBrain(scriptedBrain({ marker, steps: [{ text: done }] }));
      const run = await stage.succeeded(
        startClient(join(place.bin, client.program), client.args(`(${marker}) Say hello.`), {
          cwd: place.workspace,
          env: { HOME: place.home, ...client.env },
        }),
      );
      assert.ok(run.stdout.includes(done), 'the answer is shown');
      const posted = (await stage.requests()).filter(({ method }) => method === 'POST');
      assert.ok(posted.some(({ path, request }) => path.startsWith(client.path) && request.includes(marker)));
      const { shows } = client;
      if (shows)
        assert.ok(
          posted.some(({ request }) => shows.test(request)),
          `${shows} is sent`,
        );
      assert.ok(posted.every(({ statusCode }) => statusCode === 200));

      await command(stage, place, 'disconnect', client.id);
      for (const path of written) {
        const file = join(place.home, path);
        assert.equal(existsSync(file) ? readFileSync(file, 'latin1') : undefined, before.get(path), path);
      }
    },
  };
}

async function command(stage: Stage, place: ClientPlace, name: string, id: string): Promise<void> {
  const { port } = new URL(place.proxyUrl);
  await stage.succeeded({
    ended: runClient(process.execPath, [cli, name, id, '--port', port], {
      cwd: place.workspace,
      env: { HOME: place.home },
    }),
    prints: () => Promise.reject(new Error('nothing is waited for')),
    signal: () => undefined,
  });
}

/** The bytes of every file below a folder, by its path in it. */
function filesBelow(folder: string): ReadonlyMap<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return new Map(
    paths
      .filter((path) => statSync(join(folder, path)).isFile())
      .map((path) => [path, readFileSync(join(folder, path), 'latin1')]),
  );
}

function changedPaths(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  return [...after.keys()].filter((path) => before.get(path) !== after.get(path));
}
