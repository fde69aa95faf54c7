import { ProgressLocation, window } from 'vscode';
import type { NextAction } from '../../doctor/findings.ts';
import type { Report } from '../../doctor/report.ts';
import type { Session } from '../session.ts';
import { restart, start } from './lifecycle-commands.ts';
import { openSettings } from './open-settings.ts';

/** Finds out why no answer comes, and shows it in an editor. Asks before it asks models, as that costs tokens. */
export async function runDoctor(session: Session): Promise<void> {
  const requests = await wantsRequests(session);
  if (requests === undefined) return;
  await examine(session, requests);
}

/** Does what a finding of the report asks for. A command may be given anything. */
export async function takeDoctorStep(session: Session, next: NextAction): Promise<void> {
  const { host, log, settings } = session;
  switch (next.action) {
    case 'open-settings':
      return openSettings(next.args.setting);
    case 'set-port':
      await settings.set('port', next.args.port);
      return host.running ? restart(session) : start(session);
    case 'switch-backend':
      return settings.set('backend', next.args.backend);
    case 'start':
      return start(session);
    case 'restart':
      return restart(session);
    case 'retry':
      return runDoctor(session);
    case 'show-log':
      return log.show();
    case 'install-runtime':
    case 'sign-in':
    case 'none':
      return;
    default:
      return next satisfies never;
  }
}

/** Undefined: the person thought better of it. */
async function wantsRequests({ l10n }: Session): Promise<boolean | undefined> {
  const without = {
    label: `$(search) ${l10n.t('Look at this computer only')}`,
    detail: l10n.t(
      'Settings, port, proxies, runtimes, logins, the remote API and the list of models. No model is asked.',
    ),
    requests: false,
  };
  const full = {
    label: `$(beaker) ${l10n.t('Ask models, too')}`,
    detail: l10n.t(
      'A dozen short questions with text, tools and an image through each API. It costs a few tokens.',
    ),
    requests: true,
  };
  const chosen = await window.showQuickPick([without, full], {
    title: l10n.t('Lingma Proxy Doctor'),
    placeHolder: l10n.t('How far to look'),
  });
  return chosen?.requests;
}

/** What the doctor finds without asking a model, as JSON. */
export async function doctorFindings(session: Session): Promise<string> {
  const { findAll } = await import('../doctor/doctor-run.ts');
  return findAll(await doctorOptions(session, false, new AbortController().signal));
}

async function doctorOptions(session: Session, requests: boolean, signal: AbortSignal) {
  const { host, placement, settings } = session;
  const { running } = host;
  return {
    settings: await settings.examine(),
    requests,
    signal,
    ...(running?.mode === 'usual' && { runningUrl: running.url }),
    ...(placement.runsRemotely && placement.remoteName !== undefined && { remoteName: placement.remoteName }),
  };
}

async function examine(session: Session, requests: boolean): Promise<void> {
  const { doctor, l10n } = session;
  const { runDoctorPage } = await import('../doctor/doctor-run.ts');
  const stopping = new AbortController();
  const options = await doctorOptions(session, requests, stopping.signal);
  let opened: Thenable<unknown> | undefined;
  const look = {
    location: ProgressLocation.Notification,
    title: l10n.t('Lingma Proxy Doctor'),
    cancellable: true,
  };
  const report = await window.withProgress(look, async (progress, token): Promise<Report | undefined> => {
    token.onCancellationRequested(() => stopping.abort());
    try {
      return await runDoctorPage({
        options,
        language: l10n.language,
        show: (page) => {
          const uri = doctor.show(page);
          opened ??= window.showTextDocument(uri, { preview: false });
          progress.report({ message: l10n.t('examining…') });
        },
      });
    } catch (error) {
      if (stopping.signal.aborted) return undefined;
      throw error;
    }
  });
  await opened;
  if (report?.outcome === 'fine')
    window.setStatusBarMessage(l10n.t('Lingma Proxy Doctor: all is well'), 8_000);
}
