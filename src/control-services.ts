import type { Settings } from './config/settings.ts';
import { settingsFromJson, settingsWithoutSecrets } from './config/settings-json.ts';
import type { Ending, OwnerKind } from './control/feed-events.ts';
import type { Listeners } from './core/listeners.ts';
import type { ProxyView } from './proxy-view.ts';
import type { LogLine } from './recording/log-buffer.ts';
import type { AskedEnding, ControlServices } from './server/control/control-services.ts';

/** Lets this user's other windows attach to a proxy. */
export interface ControlOptions {
  /** What they have to know. */
  readonly token: string;
  readonly kind: OwnerKind;
  /** One of them asks for this. The proxy does nothing by itself: whoever runs it does. */
  onAsked(ending: AskedEnding): void;
}

interface Controlled extends ProxyView {
  applySettings(settings: Settings): unknown;
}

interface Told {
  readonly version: string;
  readonly logged: Listeners<LogLine>;
  readonly ending: Listeners<Ending>;
}

/** The calls of attached windows, answered by a proxy. */
export function controlServices(
  proxy: Controlled,
  { kind, onAsked }: ControlOptions,
  { version, logged, ending }: Told,
): ControlServices {
  return {
    version,
    kind,
    state: () => proxy.state(),
    models: () => proxy.models(),
    settings: () => settingsWithoutSecrets(proxy.settings),
    requests: proxy.requests,
    onChange: (listener) => proxy.onChange(listener),
    onLog: (listener) => logged.add(listener),
    onEnding: (listener) => ending.add(listener),
    refreshModels: (signal) => proxy.refreshModels(signal),
    applySettings: (changes) => void proxy.applySettings(settingsFromJson(changes, proxy.settings)),
    end: onAsked,
    inspect: (name, input) => proxy.inspect(name, input),
    runTurn: (turn, caller) => proxy.runTurn(turn, caller),
  };
}
