import { applyPlan } from '../../clients/apply-plan.ts';
import { ConnectError } from '../../clients/connect-error.ts';
import { recordPath } from '../../clients/connection-record.ts';
import { connectors, findConnector } from '../../clients/connectors.ts';
import { type ClientState, listClients } from '../../clients/list-clients.ts';
import type { Note } from '../../clients/notes.ts';
import { type Plan, planConnection, planDisconnection } from '../../clients/plan.ts';
import { proxyUrl, readEndpoint } from '../../clients/read-endpoint.ts';
import { shortenSecrets } from '../../clients/shorten-secrets.ts';
import { ownKey } from '../../config/own-key.ts';
import type { Settings } from '../../config/settings.ts';
import type { Localizer } from '../../core/localizer.ts';
import { thisComputer } from '../../runtime/computer.ts';

/** What is shown of one file before it is written. Secrets are shortened. Null is a file that is not there. */
export interface ShownChange {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** A change that was worked out and not made yet. */
export interface PlannedChange {
  /** Only files that change; those that nobody wrote by hand come first, so that the others are opened in front of them. */
  readonly files: readonly ShownChange[];
  readonly notes: readonly Note[];
  /** Where the client will be led; undefined when it is disconnected. */
  readonly url: string | undefined;
  /** Where what was before is kept. */
  readonly record: string;
  /** Writes it, wholly or not at all. Rejects with an error for people. */
  apply(): Promise<void>;
}

/** Lines to paste, for what has no file that could be written. */
export interface Instructions {
  readonly text: string;
  readonly notes: readonly Note[];
}

/** Every client with files on this computer. Asks nobody and runs nothing. */
export function readClients(settings: Settings): Promise<readonly ClientState[]> {
  const { model, smallModel } = settings;
  return listClients(thisComputer(), { url: proxyUrl(settings), apiKey: '', model, smallModel, models: [] });
}

/** Those that can only be told how, by id and name. */
export function clientsWithInstructions(): readonly { readonly id: string; readonly name: string }[] {
  return connectors.filter(({ kind }) => kind === 'instructions').map(({ id, name }) => ({ id, name }));
}

/** What connecting a client takes. The running proxy is asked for its models. Rejects with an error for people. */
export function planToConnect(
  id: string,
  settings: Settings,
  l10n: Localizer,
): Promise<PlannedChange | Instructions> {
  return inWords(l10n, async () => {
    const connector = connectorOf(id);
    const apiKey = ownKey(settings);
    const { endpoint, notes } = await readEndpoint({ ...settings, apiKey });
    if (connector.kind === 'instructions') return { text: connector.instructions(endpoint, l10n), notes };
    const plan = await planConnection(connector, thisComputer(), endpoint);
    return shown({ ...plan, notes: [...notes, ...plan.notes] }, apiKey, endpoint.url, l10n);
  });
}

/** What disconnecting a client takes. Rejects with an error for people. */
export function planToDisconnect(id: string, settings: Settings, l10n: Localizer): Promise<PlannedChange> {
  return inWords(l10n, async () => {
    const connector = connectorOf(id);
    if (connector.kind === 'instructions') throw new Error(`${connector.name} has no file to change.`);
    return shown(await planDisconnection(connector, thisComputer()), ownKey(settings), undefined, l10n);
  });
}

/** What goes wrong is told in the language of the editor. */
async function inWords<T>(l10n: Localizer, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof ConnectError ? new Error(error.words(l10n), { cause: error }) : error;
  }
}

function connectorOf(id: string) {
  const connector = findConnector(id);
  if (!connector) throw new Error(`There is no client "${id}".`);
  return connector;
}

function shown(plan: Plan, apiKey: string, url: string | undefined, l10n: Localizer): PlannedChange {
  const hide = (text: string | null) => text && shortenSecrets(text, [apiKey]);
  const generatedFirst = plan.files.toSorted(
    (one, other) => Number(other.isGenerated) - Number(one.isGenerated),
  );
  const computer = thisComputer();
  return {
    files: generatedFirst.map(({ path, before, after }) => ({
      path,
      before: hide(before),
      after: hide(after),
    })),
    notes: plan.notes,
    url,
    record: recordPath(computer, plan.client.id),
    apply: () => inWords(l10n, () => applyPlan(plan, computer)),
  };
}
