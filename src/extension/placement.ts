import type { Localizer } from '../core/localizer.ts';

/** Which of the computers of a window the extension runs on. */
export interface Placement {
  /** VS Code's name for the kind of remote that the window is connected to, such as `ssh-remote`; undefined when it is to none. */
  readonly remoteName: string | undefined;
  /** True when the extension runs there and not beside the window. */
  readonly runsRemotely: boolean;
  /** The name of the computer that it runs on. */
  readonly computer: string;
}

export interface PlacementText {
  /** The computer that owns the port. */
  readonly where: string;
  /** What clients there and elsewhere have to use. */
  readonly advice: string;
}

/** Whether the window's terminals are on the computer that the proxy runs on. */
export function reachesTerminals({ remoteName, runsRemotely }: Placement): boolean {
  return remoteName === undefined || runsRemotely;
}

/** Who can reach the proxy at `url`, and how; undefined where there is but one computer. */
export function describePlacement(
  placement: Placement,
  url: string,
  l10n: Localizer,
): PlacementText | undefined {
  const { remoteName, runsRemotely } = placement;
  if (remoteName === undefined) return undefined;
  return runsRemotely ? onTheRemote(remoteName, placement.computer, url, l10n) : here(remoteName, url, l10n);
}

function onTheRemote(remoteName: string, computer: string, url: string, l10n: Localizer): PlacementText {
  const forwarded = l10n.t(
    'Clients there use {0}. To reach it from elsewhere, forward port {1} in the Ports view.',
    url,
    portOf(url),
  );
  switch (remoteName) {
    case 'wsl':
      return {
        where: l10n.t('WSL'),
        advice: l10n.t(
          'Clients inside WSL use {0}. Those on Windows can use the same, as WSL forwards localhost.',
          url,
        ),
      };
    case 'ssh-remote':
      return { where: l10n.t('the SSH host {0}', computer), advice: forwarded };
    case 'dev-container':
    case 'attached-container':
    case 'k8s-container':
      return { where: l10n.t('the container {0}', computer), advice: forwarded };
    case 'codespaces':
      return { where: l10n.t('the codespace'), advice: forwarded };
    default:
      return { where: l10n.t('the remote computer {0}', computer), advice: forwarded };
  }
}

function here(remoteName: string, url: string, l10n: Localizer): PlacementText {
  const port = portOf(url);
  switch (remoteName) {
    case 'wsl':
      return {
        where: l10n.t('Windows, not WSL'),
        advice: l10n.t(
          'Clients on Windows use {0}. Those inside WSL can use the same only with networkingMode=mirrored in .wslconfig.',
          url,
        ),
      };
    case 'ssh-remote':
      return {
        where: l10n.t('this computer, not the SSH host'),
        advice: l10n.t(
          'Clients here use {0}. Those on the SSH host can use the same once you connect with ssh -R {1}:127.0.0.1:{1}.',
          url,
          port,
        ),
      };
    default:
      return {
        where: l10n.t('this computer, not the remote one'),
        advice: l10n.t(
          'Clients here use {0}. Those on the remote one cannot reach it; the setting remote.extensionKind can make Lingma Proxy run there, if the login is there.',
          url,
        ),
      };
  }
}

function portOf(url: string): string {
  return new URL(url).port;
}
