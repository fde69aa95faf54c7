import { homedir } from 'node:os';
import { join } from 'node:path';
import { commands, version as editorVersion, env, ProgressLocation, Uri, window } from 'vscode';
import type { Session } from '../session.ts';
import { doctorFindings } from './doctor-command.ts';

/** Writes the login as a file, after a warning that nobody can miss. */
export function exportCredentials(session: Session): Promise<void> {
  return exportLogin('credentials', 'lingma-credentials.json', session);
}

/** Writes all that a server needs, the login included, after the same warning. */
export function exportServerBundle(session: Session): Promise<void> {
  return exportLogin('server-bundle', 'lingma-proxy-server.zip', session);
}

/** Writes a zip for a bug report: what was recorded in a time that is picked, without secrets. */
export async function exportFeedbackBundle(session: Session): Promise<void> {
  const { host, l10n } = session;
  const { running } = host;
  if (!running) return;
  const ranges = [
    { label: l10n.t('The last 15 minutes'), minutes: 15 },
    { label: l10n.t('The last hour'), minutes: 60 },
    { label: l10n.t('All that is kept'), minutes: undefined },
  ];
  const range = await window.showQuickPick(ranges, {
    title: l10n.t('Requests and log that go into the feedback bundle'),
    placeHolder: l10n.t('Tokens, keys and the login are taken out. What you wrote to the models stays in.'),
  });
  if (!range) return;
  const file = await askForFile('lingma-proxy-feedback.zip', 'zip', session);
  if (file === undefined) return;
  const from = range.minutes && new Date(Date.now() - range.minutes * 60_000).toISOString();
  const { zip, requests } = await window.withProgress(
    { location: ProgressLocation.Notification, title: l10n.t('Collecting…') },
    async () =>
      running.proxy.inspect('feedbackBundle', {
        ...(from ? { from } : {}),
        environment: { editor: `${env.appName} ${editorVersion}`, remote: env.remoteName ?? 'none' },
        files: { 'doctor.json': await doctorFindings(session) },
      }),
  );
  const { writeZip } = await import('../exports/write-login.ts');
  await writeZip(zip, file);
  await offerToReveal(
    l10n.t('{0} was written with {1} requests. Look through it before you send it.', file, requests),
    file,
    l10n.t('Show the File'),
  );
}

async function exportLogin(
  what: 'credentials' | 'server-bundle',
  name: string,
  session: Session,
): Promise<void> {
  const { l10n, settings } = session;
  const choose = l10n.t('Choose a File…');
  const agreed = await window.showWarningMessage(
    l10n.t('This file is a password.'),
    {
      modal: true,
      detail: l10n.t(
        'Whoever has it can use your Lingma account in your name. It will be readable to you alone. Move it over an encrypted connection only, never commit it, never put it into an image, an e-mail or a ticket, and delete it here once it is where it belongs.',
      ),
    },
    choose,
  );
  if (agreed !== choose) return;
  const file = await askForFile(name, name.endsWith('.zip') ? 'zip' : 'json', session);
  if (file === undefined) return;
  const { writeLogin } = await import('../exports/write-login.ts');
  const { source, expiresAt } = await writeLogin(what, file, (await settings.load()).settings);
  const until =
    expiresAt === undefined
      ? ''
      : l10n.t('It is valid until {0}.', new Date(expiresAt).toLocaleString(l10n.language));
  const next =
    what === 'credentials'
      ? l10n.t('Use it with: lingma-proxy --remote-auth-file FILE')
      : l10n.t('Unpack it on the server and read its README.md.');
  const written = l10n.t('{0} was written from the login in {1}.', file, source);
  await offerToReveal([written, until, next].filter(Boolean).join(' '), file, l10n.t('Show the File'));
}

/** Not in the open folder, from where it might be committed. */
async function askForFile(name: string, ending: string, { l10n }: Session): Promise<string | undefined> {
  const chosen = await window.showSaveDialog({
    defaultUri: Uri.file(join(homedir(), name)),
    filters: { [ending.toUpperCase()]: [ending] },
  });
  if (chosen === undefined || chosen.scheme === 'file') return chosen?.fsPath;
  // Of two computers, only that of the extension is within its reach.
  window.showErrorMessage(l10n.t('Choose a file on the computer that Lingma Proxy runs on.'));
  return undefined;
}

async function offerToReveal(message: string, file: string, reveal: string): Promise<void> {
  if ((await window.showInformationMessage(message, reveal)) !== reveal) return;
  await commands.executeCommand('revealFileInOS', Uri.file(file));
}
