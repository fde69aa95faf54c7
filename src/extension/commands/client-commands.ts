import { basename } from 'node:path';
import { commands, type QuickPickItem, Uri, window } from 'vscode';
import type { ClientState } from '../../clients/list-clients.ts';
import type { Note } from '../../clients/notes.ts';
import type { PlannedChange } from '../clients/client-connections.ts';
import { noteText } from '../clients/note-text.ts';
import type { Session } from '../session.ts';
import { clientState, iconOf } from '../views/client-nodes.ts';

type Picked = Pick<ClientState, 'id' | 'name'>;

/** Connects the client that was clicked on, or one that is picked: shows the change, asks, writes it. */
export async function connectClient(session: Session, clicked: unknown): Promise<void> {
  const { clients, l10n, texts } = session;
  const { clientsWithInstructions, planToConnect } = await import('../clients/client-connections.ts');
  const states = await clients.read();
  const client =
    clientOf(clicked, states) ??
    (await pickClient(l10n.t('Client to connect'), states, clientsWithInstructions(), session));
  if (!client) return;
  const plan = await planToConnect(client.id, await clients.proxySettings(), l10n);
  if ('text' in plan) {
    const shown = texts.put(`${client.name}.md`, instructions(client.name, plan.text, plan.notes, session));
    await window.showTextDocument(shown, { preview: false });
    return;
  }
  if (plan.files.length === 0) {
    window.showInformationMessage(l10n.t('{0} is connected to {1} already.', client.name, plan.url ?? ''));
    return;
  }
  const isLive = !plan.notes.some(({ kind }) => kind === 'not-running' || kind === 'no-models');
  // In a few words here, where a line is short; the whole note comes with what was done.
  const isInVain = plan.notes.some(({ kind }) => kind === 'not-plain-json');
  const models = isLive
    ? l10n.t('models of the running proxy')
    : l10n.t('the proxy does not answer: known models');
  const inVain = l10n.t('no effect while the file has comments or trailing commas');
  const source = isInVain ? `$(warning) ${inVain}` : models;
  const button = l10n.t('Connect {0}', client.name);
  if (!(await isAgreed(plan, { title: button, source, icon: 'plug' }, session))) return;
  await plan.apply();
  await clients.read();
  const undo = l10n.t('Disconnect');
  const done = l10n.t('{0} is connected to {1}.', client.name, plan.url ?? '');
  if ((await window.showInformationMessage(withNotes(done, plan.notes, session), undo)) !== undo) return;
  await disconnectClient(session, { clientId: client.id });
}

/** Brings back what was there before the client was connected: shows the change, asks, writes it. */
export async function disconnectClient(session: Session, clicked: unknown): Promise<void> {
  const { clients, l10n } = session;
  const { planToDisconnect } = await import('../clients/client-connections.ts');
  const connected = (await clients.read()).filter(({ canDisconnect }) => canDisconnect);
  if (connected.length === 0) {
    window.showInformationMessage(l10n.t('No client has been connected by Lingma Proxy.'));
    return;
  }
  const client =
    clientOf(clicked, connected) ??
    (await pickClient(l10n.t('Client to disconnect'), connected, [], session));
  if (!client) return;
  const plan = await planToDisconnect(client.id, await clients.proxySettings(), l10n);
  const title = l10n.t('Disconnect {0}', client.name);
  const source = l10n.t('back to what was there before');
  if (plan.files.length > 0 && !(await isAgreed(plan, { title, source, icon: 'debug-disconnect' }, session)))
    return;
  await plan.apply();
  await clients.read();
  const done = l10n.t('{0} is as it was before.', client.name);
  window.showInformationMessage(withNotes(done, plan.notes, session));
}

/** Opens the file that tells a client where to go. */
export async function openClientFile(session: Session, clicked: unknown): Promise<void> {
  const { clients, l10n } = session;
  const states = await clients.read();
  const picked =
    clientOf(clicked, states) ??
    (await pickClient(l10n.t('Client whose settings file to open'), states, [], session));
  const path = states.find(({ id }) => id === picked?.id)?.files[0];
  if (picked === undefined || path === undefined) return;
  try {
    await commands.executeCommand('vscode.open', Uri.file(path));
  } catch {
    window.showInformationMessage(
      l10n.t('{0} has no settings file yet: it would be {1}.', picked.name, path),
    );
  }
}

/** Looks at the clients' files again. */
export async function refreshClients({ clients }: Session): Promise<void> {
  await clients.read();
}

/** Shows the change in an editor, and asks. The editor is closed again in either case. */
async function isAgreed(
  { files, record }: PlannedChange,
  { title, source, icon }: { readonly title: string; readonly source: string; readonly icon: string },
  { l10n, texts }: Session,
): Promise<boolean> {
  for (const { path, before, after } of files) {
    await texts.showChange(path, before ?? '', after ?? '', changeTitle(path, before, after, title));
  }
  // Two lines and no more: the question lies over the editor, whose first lines would be hidden.
  const go = {
    label: `$(${icon}) ${title}`,
    description: [source, ...files.map(({ path }) => path)].join(' · '),
  };
  const cancel = { label: `$(close) ${l10n.t('Cancel')}`, description: l10n.t('nothing is changed') };
  const chosen = await window.showQuickPick([go, cancel], {
    title,
    placeHolder: l10n.t('The editor shows the exact change. What was before is kept in {0}.', record),
    // The change may be scrolled through while the question stands.
    ignoreFocusOut: true,
  });
  await texts.closeChanges();
  return chosen === go;

  function changeTitle(path: string, before: string | null, after: string | null, title: string): string {
    const name = basename(path);
    if (before === null) return l10n.t('{0} (new file): {1}', name, title);
    return after === null ? l10n.t('{0} (removed): {1}', name, title) : `${name}: ${title}`;
  }
}

function instructions(name: string, text: string, notes: readonly Note[], { l10n }: Session): string {
  const lines = notes.map((note) => `> ${noteText(note, l10n)}\n`);
  return [`# ${name}\n`, ...lines, `\`\`\`\`\n${text.trimEnd()}\n\`\`\`\`\n`].join('\n');
}

function withNotes(done: string, notes: readonly Note[], { l10n }: Session): string {
  return [done, ...notes.map((note) => noteText(note, l10n))].join(' ');
}

/** The client of a tree node; a command may be given anything. */
function clientOf(clicked: unknown, states: readonly ClientState[]): Picked | undefined {
  if (typeof clicked !== 'object' || clicked === null) return undefined;
  const clientId: unknown = Reflect.get(clicked, 'clientId');
  return states.find(({ id }) => id === clientId);
}

async function pickClient(
  placeHolder: string,
  states: readonly ClientState[],
  others: readonly Picked[],
  { l10n }: Session,
): Promise<Picked | undefined> {
  const items: (QuickPickItem & { readonly client: Picked })[] = [
    ...states.map((client) => ({
      label: `$(${iconOf(client).icon}) ${client.name}`,
      description: clientState(client, l10n),
      client,
    })),
    ...others.map((client) => ({
      label: `$(book) ${client.name}`,
      description: l10n.t('shows what to paste'),
      client,
    })),
  ];
  return (await window.showQuickPick(items, { placeHolder, matchOnDescription: true }))?.client;
}
