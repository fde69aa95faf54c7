import type { CopyFormat } from '../../src/shared/inspector-calls.ts';
import { t } from '../localization.ts';
import { messageOf, type Surroundings } from '../shell/surroundings.ts';

/** What can be done with requests of the list. Each tells how it went; none rejects. */
export class RequestActions {
  readonly #surroundings: () => Surroundings | undefined;

  constructor(surroundings: () => Surroundings | undefined) {
    this.#surroundings = surroundings;
  }

  copyAs(id: string, format: CopyFormat): Promise<void> {
    return this.#attempt(async ({ call, tell }) => {
      const { text } = await call('copyAs', { id, format });
      await call('copy', { text });
      tell(t('Copied'));
    });
  }

  copyText(text: string): Promise<void> {
    return this.#attempt(async ({ call, tell }) => {
      await call('copy', { text });
      tell(t('Copied {0}', text));
    });
  }

  replay(id: string): Promise<void> {
    return this.#attempt(async ({ call, tell, openRequest }) => {
      tell(t('Replaying…'));
      const replayed = await call('replay', { id });
      tell(t('Replayed'));
      openRequest(replayed.id);
    });
  }

  exportHar(ids: readonly string[]): Promise<void> {
    return this.#attempt(async ({ call, tell }) => {
      const { text } = await call('export', { ids, format: 'har' });
      const name = `lingma-proxy-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.har`;
      const { saved } = await call('save', { name, text });
      if (saved) tell(t('Saved'));
    });
  }

  async #attempt(act: (surroundings: Surroundings) => Promise<void>): Promise<void> {
    const surroundings = this.#surroundings();
    if (!surroundings) return;
    try {
      await act(surroundings);
    } catch (error) {
      surroundings.tell(messageOf(error), 'error');
    }
  }
}
