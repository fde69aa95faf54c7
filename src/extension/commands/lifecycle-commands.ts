import { createServer } from 'node:net';
import { env, window } from 'vscode';
import type { HostState } from '../proxy/proxy-host.ts';
import type { StartFailure } from '../proxy/start-failure.ts';
import type { Session } from '../session.ts';
import { openSettings } from './open-settings.ts';

/** Starts the proxy. The first time, it says that it will start by itself from now on. */
export async function start(session: Session): Promise<void> {
  const { host, l10n, startedByHand } = session;
  const state = await host.start();
  if (state.kind !== 'running') return explain(session, state, start);
  const { url } = state.run;
  if (startedByHand.get())
    return void window.setStatusBarMessage(l10n.t('Lingma Proxy listens on {0}', url), 5_000);
  await startedByHand.set();
  // Not waited for: whoever starts the proxy for something goes on while the message stands there.
  void welcome(session, url);
}

async function welcome({ l10n, settings }: Session, url: string): Promise<void> {
  const copy = l10n.t('Copy URL');
  const change = l10n.t('Settings');
  const from = settings.own('autoStart')
    ? l10n.t('Lingma Proxy listens on {0}. It will start with VS Code from now on.', url)
    : l10n.t('Lingma Proxy listens on {0}.', url);
  const chosen = await window.showInformationMessage(from, copy, change);
  if (chosen === copy) await env.clipboard.writeText(url);
  if (chosen === change) await openSettings('autoStart');
}

export async function stop({ host }: Session): Promise<void> {
  await host.stop();
}

export async function restart(session: Session): Promise<void> {
  const state = await session.host.restart();
  if (state.kind !== 'running') return explain(session, state, start);
  window.setStatusBarMessage(session.l10n.t('Lingma Proxy listens on {0}', state.run.url), 5_000);
}

/** Has the proxy outlive the last window, or end with it again. A running one moves; what it answers just then is answered first. */
export async function keepRunning(session: Session): Promise<void> {
  const { host, l10n, settings } = session;
  const keep = !settings.own('keepRunning');
  await settings.setOwn('keepRunning', keep);
  if (keep && host.state.kind === 'stopped') await start(session);
  const said = keep
    ? l10n.t('Lingma Proxy keeps running when the last window is closed. Stop ends it.')
    : l10n.t('Lingma Proxy ends with the last window.');
  await window.showInformationMessage(said);
}

/** Starts the proxy in front of a simulated Lingma, and says so. */
export async function tryDemo(session: Session): Promise<void> {
  const { host, l10n } = session;
  const state = await host.start('demo');
  if (state.kind !== 'running') return explain(session, state, tryDemo);
  const copy = l10n.t('Copy URL');
  const end = l10n.t('Stop');
  const chosen = await window.showInformationMessage(
    l10n.t(
      'This is a demo on {0}: a simulated Lingma answers, no model and no account is behind it. Stop it before you start the real one.',
      state.run.url,
    ),
    copy,
    end,
  );
  if (chosen === copy) await env.clipboard.writeText(state.run.url);
  if (chosen === end && host.running?.mode === 'demo') await host.stop();
}

/** Says why the proxy did not start, and offers what helps; with another port it is tried again. */
async function explain(
  session: Session,
  state: HostState,
  again: (session: Session) => Promise<void>,
): Promise<void> {
  if (state.kind !== 'failed') return;
  const { l10n, log, settings } = session;
  const { failure } = state;
  const remedy = await remedyFor(failure, session);
  const chosen = await window.showErrorMessage(failure.message, remedy.label, l10n.t('Show Log'));
  if (chosen === undefined) return;
  if (chosen !== remedy.label) return log.show();
  if (remedy.port === undefined) return openSettings();
  await settings.set('port', remedy.port);
  await again(session);
}

async function remedyFor(
  { remedy }: StartFailure,
  { l10n, settings }: Session,
): Promise<{ readonly label: string; readonly port?: number }> {
  if (remedy === 'another-port') {
    const { port: taken, host } = (await settings.load()).settings;
    const port = await freePort(host, taken);
    if (port !== undefined) return { label: l10n.t('Use Port {0}', port), port };
  }
  return { label: l10n.t('Open Settings') };
}

/** One of the next ports that is free; undefined when none is. */
async function freePort(host: string, taken: number): Promise<number | undefined> {
  for (let port = Math.max(taken, 1_024) + 1; port < Math.min(Math.max(taken, 1_024) + 20, 65_536); port++) {
    if (await isFree(host, port)) return port;
  }
  return undefined;
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host, port }, () => server.close(() => resolve(true)));
  });
}
