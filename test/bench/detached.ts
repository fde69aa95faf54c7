import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { resolveSettings } from '../../src/config/resolve-settings.ts';
import { readOwnerFile } from '../../src/control/read-owner-file.ts';
import { createProbe } from './probe-client.ts';
import { type Measured, startProcess, stopProcess, type Upstream } from './processes.ts';

const script = fileURLToPath(new URL('../../dist/detached.js', import.meta.url));

/** A proxy as a window of VS Code starts it to keep it running: records go to files, and windows may attach. */
export async function startDetached(
  node: string,
  upstream: Upstream,
  stateDirectory: string,
): Promise<Measured> {
  const { environment } = upstream;
  const place = { cwd: stateDirectory, home: environment['HOME'] ?? '', platform: process.platform };
  const settings = {
    ...resolveSettings([], place).settings,
    port: 0,
    backend: 'remote',
    remoteBaseUrl: upstream.url,
  };
  const child = startProcess(node, [script], { probed: true, environment, stdin: 'pipe' });
  child.stdin?.end(JSON.stringify({ settings, filedUnder: 0, stateDirectory }));
  const [line] = await once(child.stdout?.setEncoding('utf8') ?? child, 'data');
  const { url, failure } = JSON.parse(String(line));
  if (failure) throw new Error(failure.message);
  return { ...createProbe(child), url, stop: () => stopProcess(child) };
}

/** Is told all that a window which attaches is told, and throws it away. Returns what ends that. */
export async function attachWindow(stateDirectory: string): Promise<() => void> {
  const [file] = readdirSync(stateDirectory).filter((name) => name.startsWith('owner-'));
  const owner = readOwnerFile(join(stateDirectory, file ?? ''));
  if (!owner) throw new Error(`No owner's file in ${stateDirectory}.`);
  const request = get(`${owner.url}/control/events`, {
    headers: { authorization: `Bearer ${owner.token}`, accept: 'text/event-stream' },
  });
  const [answer] = await once(request, 'response');
  if (answer.statusCode !== 200) throw new Error(`The window was answered ${answer.statusCode}.`);
  answer.resume();
  return () => request.destroy();
}
