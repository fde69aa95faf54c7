import type { ClientState } from '../../clients/list-clients.ts';
import type { Localizer } from '../../core/localizer.ts';
import { escapeMarkdown } from '../markdown.ts';
import type { TreeNode } from './tree-node.ts';

/** The entries of the Clients view: what is here before what is not. */
export function clientNodes(clients: readonly ClientState[], l10n: Localizer): TreeNode[] {
  const isHere = ({ installed, status }: ClientState) => installed !== undefined || status.kind === 'here';
  return [...clients.filter(isHere), ...clients.filter((client) => !isHere(client))].map((client) => ({
    id: `client:${client.id}`,
    label: client.name,
    description: clientState(client, l10n),
    ...iconOf(client),
    tooltip: tooltip(client, l10n),
    kind: client.canDisconnect ? 'client.connected' : 'client.open',
    clientId: client.id,
  }));
}

/** Where a client is connected to, in few words. */
export function clientState({ installed, status, canDisconnect }: ClientState, l10n: Localizer): string {
  switch (status.kind) {
    case 'here':
      return l10n.t('connected');
    case 'elsewhere':
      return canDisconnect
        ? l10n.t('changed since, uses {0}', status.address)
        : l10n.t('uses {0}', status.address);
    case 'not-connected':
      return installed ? l10n.t('not connected') : l10n.t('not found');
    case 'unreadable':
      return l10n.t('its settings cannot be read');
    default:
      return status satisfies never;
  }
}

/** Its icon, and the colour of it. */
export function iconOf({ installed, status }: ClientState): {
  readonly icon: string;
  readonly color?: string;
} {
  switch (status.kind) {
    case 'here':
      return { icon: 'pass-filled', color: 'testing.iconPassed' };
    case 'elsewhere':
      return { icon: 'globe' };
    case 'not-connected':
      return installed
        ? { icon: 'circle-large-outline' }
        : { icon: 'circle-slash', color: 'disabledForeground' };
    case 'unreadable':
      return { icon: 'warning', color: 'list.warningForeground' };
    default:
      return status satisfies never;
  }
}

function tooltip(client: ClientState, l10n: Localizer): string {
  const { name, installed, files, status } = client;
  const version = installed?.version === undefined ? '' : ` ${installed.version}`;
  const address = status.kind === 'here' ? `: ${status.address}` : '';
  const lines = [
    `**${escapeMarkdown(name + version)}**`,
    `$(plug) ${escapeMarkdown(clientState(client, l10n) + address)}`,
    ...(installed ? [] : [`$(search) ${escapeMarkdown(l10n.t('not found on this computer'))}`]),
    ...(status.kind === 'unreadable' ? [`$(warning) ${escapeMarkdown(status.problem.words(l10n))}`] : []),
    ...files.map((path) => `$(file) ${escapeMarkdown(path)}`),
  ];
  return lines.join('\n\n');
}
