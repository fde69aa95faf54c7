import { isDeepStrictEqual } from 'node:util';
import { type SettingName, type Settings, settingNames, settingTable } from '../../config/settings.ts';
import { controlProtocol, type HelloEvent, helloHeadSchema, helloSchema } from '../../control/feed-events.ts';
import { readOwnerFile } from '../../control/read-owner-file.ts';
import type { Localizer } from '../../core/localizer.ts';
import type { LogLine } from '../../recording/log-buffer.ts';
import { AttachedProxy } from './attached-proxy.ts';
import { ControlClient } from './control-client.ts';
import type { RunningProxy } from './running-proxy.ts';
import { StartFailure } from './start-failure.ts';

/** Milliseconds in which an owner has to say hello. */
const patienceMs = 2_000;

export interface AttachSurroundings {
  readonly settings: Settings;
  readonly show: (line: LogLine) => void;
  readonly l10n: Localizer;
}

/**
 * Attaches to the proxy whose owner has left word in the file at `path`. Undefined when there is none any more, or whatever is there
 * does not know its token. Throws a `StartFailure` when it is there and cannot be understood.
 */
export async function attach(
  path: string,
  { settings, show, l10n }: AttachSurroundings,
): Promise<RunningProxy | undefined> {
  const word = readOwnerFile(path);
  if (!word) return undefined;
  const { url, token, pid } = word;
  const leaving = new AbortController();
  const client = new ControlClient(url, token);
  const events = client.stream('events', undefined, leaving.signal);
  const hello = await firstOf(events, leaving, l10n);
  if (!hello) return undefined;
  const proxy = new AttachedProxy({ client, hello, events, settings, show });
  const { kind, version } = hello;
  const changes = new SettingsFollower(proxy, settings, kind === 'detached');
  return {
    mode: 'usual',
    url,
    proxy,
    relation: 'attached',
    owner: { kind, version, pid },
    ended: proxy.ended,
    applySettings: (changed) => changes.follow(changed),
    close: async (ending) => {
      // An owner that cannot be asked any more has ended already.
      if (ending !== 'closing') await proxy.end(ending).catch(() => {});
      leaving.abort();
    },
  };
}

async function firstOf(
  events: AsyncGenerator<unknown, void>,
  leaving: AbortController,
  l10n: Localizer,
): Promise<HelloEvent | undefined> {
  const impatience = setTimeout(() => leaving.abort(), patienceMs);
  const { value } = await events.next().catch(() => ({ value: undefined }));
  clearTimeout(impatience);
  const { data: head } = helloHeadSchema.safeParse(value);
  if (!head) {
    leaving.abort();
    return undefined;
  }
  const hello = head.protocol === controlProtocol ? helloSchema.safeParse(value) : undefined;
  if (hello?.success) return hello.data;
  leaving.abort();
  throw new StartFailure(
    l10n.t(
      'Lingma Proxy {0} runs in another window or editor, and this version cannot attach to it. Update both to the same version, then reload the windows.',
      head.version,
    ),
    'log',
  );
}

/**
 * Hands on what changes in this window's settings, and only that: the rest may differ between windows for good reasons, such as the
 * folder that is open. A window that owns the port sees by itself to what needs a restart.
 */
class SettingsFollower {
  readonly #proxy: AttachedProxy;
  readonly #first: Settings;
  readonly #seesToRestart: boolean;
  #last: Settings;

  constructor(proxy: AttachedProxy, settings: Settings, seesToRestart: boolean) {
    this.#proxy = proxy;
    this.#first = settings;
    this.#last = settings;
    this.#seesToRestart = seesToRestart;
  }

  async follow(settings: Settings): Promise<readonly SettingName[]> {
    const isLive = (name: SettingName) => settingTable[name].live === true;
    const live = changed(this.#last, settings).filter(isLive);
    this.#last = settings;
    if (live.length > 0) {
      await this.#proxy.changeSettings(Object.fromEntries(live.map((name) => [name, settings[name]])));
    }
    return this.#seesToRestart ? changed(this.#first, settings).filter((name) => !isLive(name)) : [];
  }
}

function changed(from: Settings, to: Settings): SettingName[] {
  return settingNames.filter((name) => !isDeepStrictEqual(from[name], to[name]));
}
