import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const patienceMs = 2_000;

/** Who listens on a TCP port of this computer, as a person would name it; undefined when that cannot be told. Never throws. */
export async function findPortHolder(host: string, port: number): Promise<string | undefined> {
  const proxy = await otherProxy(host, port);
  if (proxy !== undefined) return proxy;
  try {
    if (process.platform === 'linux') return (await fromProc(port)) ?? (await fromLsof(port));
    if (process.platform === 'win32') return await fromNetstat(port);
    return await fromLsof(port);
  } catch {
    return undefined;
  }
}

async function otherProxy(host: string, port: number): Promise<string | undefined> {
  try {
    const name = host.includes(':') ? `[${host}]` : host;
    const answer = await fetch(`http://${name}:${port}/health`, { signal: AbortSignal.timeout(patienceMs) });
    const health: unknown = await answer.json();
    if (typeof health !== 'object' || health === null || Reflect.get(health, 'service') !== 'lingma-proxy')
      return undefined;
    return `another Lingma Proxy (version ${String(Reflect.get(health, 'version'))})`;
  } catch {
    return undefined;
  }
}

/** Linux: the listening socket's inode, then the process that has it open. Sees only the user's own processes. */
async function fromProc(port: number): Promise<string | undefined> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readFile(file, 'utf8').catch(() => '')),
  );
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const listening = '0A';
  const inodes = tables
    .flatMap((table) => table.split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(wanted) && fields[3] === listening)
    .map((fields) => `socket:[${fields[9]}]`);
  if (inodes.length === 0) return undefined;
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const file of files) {
      const target = await readlink(`/proc/${pid}/fd/${file}`).catch(() => '');
      if (!inodes.includes(target)) continue;
      const name = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim();
      return `${name || 'a process'} (process ${pid})`;
    }
  }
  return undefined;
}

async function fromLsof(port: number): Promise<string | undefined> {
  const { stdout } = await run('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], {
    timeout: patienceMs,
  });
  const pid = /^p(\d+)$/m.exec(stdout)?.[1];
  const name = /^c(.+)$/m.exec(stdout)?.[1];
  return pid === undefined ? undefined : `${name ?? 'a process'} (process ${pid})`;
}

async function fromNetstat(port: number): Promise<string | undefined> {
  const { stdout } = await run('netstat', ['-ano', '-p', 'TCP'], { timeout: patienceMs });
  const line = stdout.split('\n').find((each) => new RegExp(`:${port}\\s.*LISTENING`).test(each));
  const pid = line?.trim().split(/\s+/).at(-1);
  return pid === undefined ? undefined : `process ${pid}`;
}
