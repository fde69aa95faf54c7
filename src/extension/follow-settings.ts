import { window } from 'vscode';
import { wordsOf } from '../core/failure.ts';
import { openSettings } from './commands/open-settings.ts';
import type { Session } from './session.ts';
import { throttled } from './throttled.ts';

/** Milliseconds: a person who types a number changes the setting with each digit. */
const settleMs = 400;

/**
 * Hands changed settings to the running proxy. Where it needs a restart it gets one at once if nothing runs; else the person decides.
 * A proxy that could not start is tried again.
 */
export function followSettings(session: Session): { dispose(): void } {
  const { settings } = session;
  let keepsRunning = settings.own('keepRunning');
  const follow = throttled(() => {
    const wasKept = keepsRunning;
    keepsRunning = settings.own('keepRunning');
    void (keepsRunning === wasKept || !hasToMove(session, keepsRunning) ? apply(session) : move(session));
  }, settleMs);
  const subscription = settings.onChange(follow);
  return {
    dispose() {
      subscription.dispose();
      follow.dispose();
    },
  };
}

/** Whether the proxy runs where it should no longer. Of several windows, the one that it runs in moves it out. */
function hasToMove({ host }: Session, keepsRunning: boolean): boolean {
  const { running } = host;
  if (running?.mode !== 'usual') return false;
  return keepsRunning ? running.relation === 'own' : running.owner.kind === 'detached';
}

async function move({ host }: Session): Promise<void> {
  const state = await host.restart();
  if (state.kind === 'failed') window.showErrorMessage(state.failure.message);
}

async function apply(session: Session): Promise<void> {
  const { host, l10n, settings } = session;
  if (host.state.kind === 'failed') return void (await host.start());
  const { running } = host;
  if (!running) return;
  let needRestart: readonly string[];
  try {
    needRestart = await host.applySettings((await settings.load()).settings);
  } catch (error) {
    return complain(wordsOf(error, l10n), session);
  }
  if (needRestart.length === 0) return;
  const names = needRestart.join(', ');
  if (running.proxy.requests.running === 0) return restart(session, names);
  const now = l10n.t('Restart Now');
  const question = l10n.t(
    'Lingma Proxy has to restart for its changed settings ({0}). Requests are running; they get 8 seconds to end.',
    names,
  );
  if ((await window.showInformationMessage(question, now)) === now) await restart(session, names);
}

async function restart({ host, l10n, log }: Session, names: string): Promise<void> {
  // It may have been restarted or stopped by hand while the question was open.
  if (host.state.kind !== 'running' || host.state.needRestart.length === 0) return;
  log.info(`Restarting for changed settings: ${names}`);
  const state = await host.restart();
  if (state.kind === 'running') {
    window.setStatusBarMessage(
      l10n.t('Lingma Proxy was restarted for its changed settings ({0})', names),
      8_000,
    );
  } else if (state.kind === 'failed') {
    window.showErrorMessage(state.failure.message);
  }
}

async function complain(message: string, { l10n }: Session): Promise<void> {
  const open = l10n.t('Open Settings');
  const text = l10n.t('Lingma Proxy goes on with its former settings. {0}', message);
  if ((await window.showErrorMessage(text, open)) === open) await openSettings();
}
