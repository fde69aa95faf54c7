import { secretsIn } from '../config/secrets.ts';
import type { Settings } from '../config/settings.ts';
import { Redactor } from '../recording/redaction.ts';
import { type Computer, thisComputer } from '../runtime/computer.ts';
import { checkBaseUrl, findBaseUrl } from './checks/check-base-url.ts';
import { checkInstallation, checkPlace } from './checks/check-installation.ts';
import { checkLogins, rememberSecrets } from './checks/check-logins.ts';
import { checkOutgoingProxies } from './checks/check-outgoing-proxies.ts';
import { checkPort, type RunningProxy } from './checks/check-port.ts';
import { checkRuntimes } from './checks/check-runtimes.ts';
import { checkSecretFiles } from './checks/check-secret-files.ts';
import { checkSettings } from './checks/check-settings.ts';
import { Diagnosis } from './diagnosis.ts';
import type { DoctorOptions } from './doctor-options.ts';
import type { Examination } from './examination.ts';
import type { Finding } from './findings.ts';
import type { LinkName } from './links.ts';
import type { Report } from './report.ts';
import { checkThrough } from './requests/check-through.ts';

const usualConnectTimeoutMs = 10_000;
const usualAnswerTimeoutMs = 60_000;

/**
 * Looks at everything that has to be right for an answer to come, and tells each finding as it is made: settings, installation,
 * port, proxies, every runtime and login, the remote API, the models, and (unless left out) real answers through each client API. A
 * proxy that runs is asked as it is; else one is started for the occasion on a free port. Changes nothing. Rejects only when its
 * signal is aborted.
 */
export async function runDoctor(
  options: DoctorOptions,
  onFinding: (finding: Finding) => void = () => {},
): Promise<Report> {
  const { signal, version } = options;
  const { settings } = options.settings;
  const redactor = new Redactor();
  for (const secret of secretsIn(settings, (options.computer ?? thisComputer()).env))
    redactor.addSecret(secret);
  const diagnosis = new Diagnosis(redactor, onFinding);
  checkSettings(diagnosis, options.settings);
  const configured = examinationOf(options, diagnosis, settings.backend);
  await rememberSecrets(configured);
  await checkSecretFiles(configured);
  await checkInstallation(configured);
  await checkPlace(configured, options.remoteName);
  const { runningUrl } = options;
  const running = await checkPort(configured, { version, runningUrl });
  try {
    const examination = examinationOf(options, diagnosis, running?.backend ?? settings.backend);
    await checkTheRest(examination, options, running);
    return diagnosis.report(examination.backend);
  } finally {
    await running?.client.close();
    signal.throwIfAborted();
  }
}

async function checkTheRest(
  examination: Examination,
  options: DoctorOptions,
  running: RunningProxy | undefined,
): Promise<void> {
  const { backend, diagnosis, signal } = examination;
  const baseUrl = await findBaseUrl(examination);
  const obstacle = await checkOutgoingProxies(examination, backend === 'remote' ? baseUrl?.url : undefined);
  const hasRuntime = await checkRuntimes(examination);
  await checkLogins(examination);
  signal.throwIfAborted();
  if (baseUrl !== undefined && backend === 'remote') await checkBaseUrl(examination, baseUrl, obstacle);
  const broken = diagnosis.firstBroken(prerequisites[backend]);
  if (broken !== undefined) {
    tellOtherBackend(examination, broken);
    diagnosis.add('requests', 'note', 'requests.skipped', { link: broken });
    return;
  }
  await checkThrough(examination, {
    version: options.version,
    running,
    baseUrl,
    requests: options.requests,
    imagesPossible: hasRuntime || examination.settings.remoteImageUpload,
    answerTimeoutMs: options.answerTimeoutMs ?? usualAnswerTimeoutMs,
  });
}

/** A way to get on while something of this backend is put right. */
function tellOtherBackend({ backend, diagnosis }: Examination, broken: LinkName): void {
  const needed: LinkName = backend === 'ipc' ? 'login' : 'runtime';
  if (broken === 'settings' || !diagnosis.isSound(needed)) return;
  const other = backend === 'ipc' ? 'remote' : 'ipc';
  const next = { action: 'switch-backend', args: { backend: other } } as const;
  diagnosis.add('requests', 'note', 'requests.other-backend', { backend: other }, next);
}

/** What has to hold before it makes sense to ask upstream for anything. A port that is taken does not keep us from trying. */
const prerequisites: Readonly<Record<Settings['backend'], readonly LinkName[]>> = {
  remote: ['settings', 'login', 'base-url'],
  ipc: ['settings', 'runtime'],
};

function examinationOf(
  options: DoctorOptions,
  diagnosis: Diagnosis,
  backend: Settings['backend'],
): Examination {
  const computer: Computer = options.computer ?? thisComputer();
  return {
    diagnosis,
    settings: options.settings.settings,
    origins: options.settings.origins,
    computer,
    backend,
    connectTimeoutMs: options.connectTimeoutMs ?? usualConnectTimeoutMs,
    signal: options.signal,
  };
}
