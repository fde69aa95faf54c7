import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Settings } from './config/settings.ts';
import type { Ending, OwnerKind } from './control/feed-events.ts';
import { OwnerFile } from './control/owner-file.ts';
import type { LingmaProxy, ProxyOptions } from './proxy.ts';
import type { AskedEnding } from './server/control/control-services.ts';

/** How often it is seen to that the file is there. Milliseconds. */
const lookMs = 30_000;

export interface OwnOptions extends ProxyOptions {
  readonly kind: OwnerKind;
  /** Where the user's windows look for the owner. */
  readonly stateDirectory: string;
  /** The port that is set, where that is not the one to listen on. */
  readonly filedUnder?: number;
  /** An attached window asks for this. */
  onAsked(ending: AskedEnding): void;
}

/** A proxy that owns its port, and which this user's windows find and attach to. */
export interface OwnedProxy {
  readonly url: string;
  readonly proxy: LingmaProxy;
  /** Tells the windows how it ends, lets go of the port, and gives answers `graceMs` milliseconds to end by themselves. */
  close(ending: Ending, graceMs?: number): Promise<void>;
}

/** Starts a proxy and leaves word of it. Rejects with the system's error when the port cannot be had; nothing is left of it then. */
export async function startOwnedProxy(settings: Settings, options: OwnOptions): Promise<OwnedProxy> {
  const { kind, stateDirectory, onAsked, filedUnder = settings.port } = options;
  const { createProxy } = await import('./proxy.ts');
  const token = randomBytes(32).toString('base64url');
  const proxy = createProxy(settings, {
    ...options,
    control: { token, kind, onAsked },
    // Whoever owns the port next, in this window or another, has the same records.
    recordsDirectory: join(stateDirectory, `records-${filedUnder}`),
  });
  let url: string;
  try {
    url = await proxy.start();
  } catch (error) {
    await proxy.stop(0);
    throw error;
  }
  const file = new OwnerFile(stateDirectory, filedUnder);
  const record = { url: reachableFromHere(url), token, pid: process.pid };
  // Whoever tidies up must not make it a proxy that nobody can find or stop.
  const look = setInterval(() => file.restore(record), lookMs).unref();
  try {
    file.write(record);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    options.show?.({
      time: new Date().toISOString(),
      level: 'warn',
      message: `Other windows cannot attach to this proxy: ${reason}`,
    });
  }
  return {
    url,
    proxy,
    close: (ending, graceMs) => {
      clearInterval(look);
      file.remove();
      return proxy.stop(graceMs, ending);
    },
  };
}

/** An address that stands for all of this computer's is not one to call on every system. */
function reachableFromHere(url: string): string {
  return url.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
}
