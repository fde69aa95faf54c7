import { loginSourceOf } from '../../discovery.ts';
import { variable } from '../../runtime/computer.ts';
import type { LoginCandidate } from '../../runtime/login-source.ts';
import type { Examination } from '../examination.ts';
import type { Finding, FindingStatus, NextAction } from '../findings.ts';
import { isReadableByOthers } from './readable-by-others.ts';

const signIn: NextAction = { action: 'sign-in', args: {} };
const hour = 3_600_000;
/** A login that ends within this is told before it does. */
const soon = 72 * hour;

/** Every login on this computer, and why each will be used or not. The local runtime has a login of its own. */
export async function checkLogins(examination: Examination): Promise<void> {
  const { diagnosis, settings, computer, backend } = examination;
  const candidates = await loginSourceOf(settings, computer).describe();
  if (backend === 'ipc') diagnosis.add('login', 'ok', 'login.not-needed', {});
  const present = candidates.filter(({ status }) => status !== 'missing');
  const isUsable = present.some(({ status }) => status === 'chosen');
  for (const [index, candidate] of present.entries()) {
    // Without a usable one, the first that there is has to be put right.
    const isReason = !isUsable && index === 0;
    const status = backend === 'ipc' ? 'note' : isReason ? 'error' : 'note';
    const finding = tellCandidate(examination, candidate, status);
    if (isReason) diagnosis.breaks('login', finding);
    else if (candidate.status === 'chosen') diagnosis.holds('login');
    if (await isReadableByOthers(computer, candidate.source)) {
      const { source } = candidate;
      diagnosis.add(
        'login',
        backend === 'ipc' ? 'note' : 'warning',
        'login.readable-by-others',
        { source },
        { action: 'none', args: {} },
      );
    }
  }
  if (present.length === 0) diagnosis.breaks('login', tellNone(examination, candidates));
}

/** Makes the login known to the redactor: a runtime or a server that is asked may repeat it in an error. */
export async function rememberSecrets({ diagnosis, settings, computer }: Examination): Promise<void> {
  const login = await loginSourceOf(settings, computer)
    .read()
    .catch(() => undefined);
  if (login === undefined) return;
  for (const secret of [login.cosyKey, login.encryptUserInfo, login.machineId, login.userId]) {
    diagnosis.redactor.addSecret(secret);
  }
}

function tellCandidate(
  { diagnosis, settings, computer, backend }: Examination,
  { source, status: state, reason, fault, expiresAt }: LoginCandidate,
  status: FindingStatus,
): Finding {
  const rule = settings.remoteAuthPick;
  const expires = expiresAt === undefined ? '' : new Date(expiresAt).toISOString();
  const next = status === 'note' ? undefined : signIn;
  switch (state) {
    case 'chosen': {
      if (expiresAt === undefined || expiresAt - computer.now() > soon) {
        return diagnosis.add('login', 'ok', 'login.chosen', { source, expires, rule });
      }
      const hours = Math.max(0, Math.floor((expiresAt - computer.now()) / hour));
      const grave = backend === 'ipc' ? 'note' : 'warning';
      return diagnosis.add('login', grave, 'login.expiring', { source, expires, hours }, signIn);
    }
    case 'usable':
      return diagnosis.add('login', 'ok', 'login.spare', { source, expires, rule });
    case 'expired':
      return diagnosis.add('login', status, 'login.expired', { source, expires }, next);
    case 'unreadable': {
      const place = { source, reason };
      if (fault === 'undecryptable')
        return diagnosis.add('login', status, 'login.undecryptable', place, next);
      if (fault === 'no-machine-id')
        return diagnosis.add('login', status, 'login.no-machine-id', place, next);
      if (fault === 'unreadable') {
        return diagnosis.add(
          'login',
          status,
          'login.unreadable',
          place,
          next && { action: 'none', args: {} },
        );
      }
      return diagnosis.add('login', status, 'login.incomplete', place, next);
    }
    case 'missing':
      return diagnosis.add('login', status, 'login.named-missing', { source }, next);
    default:
      return state satisfies never;
  }
}

function tellNone(
  { diagnosis, settings, computer, backend }: Examination,
  candidates: readonly LoginCandidate[],
): Finding {
  const status = backend === 'ipc' ? 'note' : 'error';
  const folder = settings.cacheDirectory || variable(computer, 'LINGMA_CACHE_DIR');
  const [first] = candidates;
  if (first !== undefined && (settings.remoteAuthFile !== '' || folder !== undefined)) {
    const setting = settings.remoteAuthFile === '' ? 'cacheDirectory' : 'remoteAuthFile';
    return diagnosis.add(
      'login',
      status,
      'login.named-missing',
      { source: first.source },
      { action: 'open-settings', args: { setting } },
    );
  }
  return diagnosis.add('login', status, 'login.none', { places: candidates.length }, signIn);
}
