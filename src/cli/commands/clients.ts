import { createInterface } from 'node:readline/promises';
import { styleText } from 'node:util';
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { applyPlan } from '../../clients/apply-plan.ts';
import { ConnectError } from '../../clients/connect-error.ts';
import { recordPath } from '../../clients/connection-record.ts';
import { connectors, findConnector } from '../../clients/connectors.ts';
import { type ClientState, type ClientStatus, listClients } from '../../clients/list-clients.ts';
import { describeNote, type Note } from '../../clients/notes.ts';
import { type FileChange, type Plan, planConnection, planDisconnection } from '../../clients/plan.ts';
import { readEndpoint } from '../../clients/read-endpoint.ts';
import { shortenSecrets } from '../../clients/shorten-secrets.ts';
import { ownKey } from '../../config/own-key.ts';
import type { Settings } from '../../config/settings.ts';
import { SettingsError } from '../../config/settings-error.ts';
import type { Localizer } from '../../core/localizer.ts';
import { thisComputer } from '../../runtime/computer.ts';
import type { HelpWords } from '../help-text.ts';
import { widthOf } from '../wrap-text.ts';
import { type ClientArguments, readClientArguments, unknownClient } from './client-arguments.ts';

type Run = (given: ClientArguments, l10n: Localizer) => Promise<number>;

/** `connect CLIENT`: shows what would be written, asks on a terminal, writes it. Exit codes: 0 done, 1 not done, 2 wrong arguments. */
export const connect = command('connect CLIENT [--dry-run] [--yes]', async (given, l10n) => {
  const connector = findConnector(given.client ?? '');
  if (!connector) throw unknownClient(given.client, namesOf(connectors), l10n);
  const { endpoint, notes } = await readEndpoint(reachedBy(given.loaded.settings));
  if (connector.kind === 'instructions') {
    console.log(connector.instructions(endpoint, l10n));
    showNotes(notes, l10n);
    return 0;
  }
  const plan = await planConnection(connector, thisComputer(), endpoint);
  const all = { ...plan, notes: [...notes, ...plan.notes] };
  const done = l10n.t(
    '{0} is connected to {1}. What it was before is kept in {2}; `lingma-proxy disconnect {3}` brings it back.',
    connector.name,
    endpoint.url,
    recordPath(thisComputer(), connector.id),
    connector.id,
  );
  const nothing = l10n.t('{0} is connected to {1} already.', connector.name, endpoint.url);
  return carryOut(all, given, { done, nothing }, l10n);
});

/** `disconnect CLIENT`: the same the other way round. */
export const disconnect = command('disconnect CLIENT [--dry-run] [--yes]', async (given, l10n) => {
  const connector = findConnector(given.client ?? '');
  const withFiles = connectors.filter(({ kind }) => kind === 'files');
  if (connector?.kind !== 'files') throw unknownClient(given.client, namesOf(withFiles), l10n);
  const plan = await planDisconnection(connector, thisComputer());
  return carryOut(plan, given, { done: l10n.t('{0} is as it was before.', connector.name) }, l10n);
});

/** `clients`: what is installed, and where it is connected to. */
export const clients = command('clients [--json]', async ({ loaded, json }, l10n) => {
  const { endpoint, notes } = await readEndpoint(reachedBy(loaded.settings));
  const states = await listClients(thisComputer(), endpoint);
  if (json) {
    const shown = states.map((state) => ({ ...state, status: statusJson(state.status) }));
    console.log(JSON.stringify({ endpoint: endpoint.url, clients: shown }, undefined, 2));
    return 0;
  }
  const rows = states.map((state) => rowOf(state, l10n));
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))) + 2);
  for (const row of rows) {
    console.log(
      row
        .map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(cell))))
        .join(''),
    );
  }
  showNotes(
    notes.filter(({ kind }) => kind !== 'unknown-model'),
    l10n,
  );
  return 0;
});

function command(usage: string, run: Run) {
  return {
    async run(argv: readonly string[], { l10n }: HelpWords): Promise<number> {
      try {
        const given = readClientArguments(argv, l10n);
        for (const warning of given.loaded.warnings) console.error(l10n.t('warning: {0}', warning));
        if (!given.loaded.help) return await run(given, l10n);
        console.log(l10n.t('Usage: lingma-proxy {0} [flags of settings, such as --port]', usage));
        return 0;
      } catch (error) {
        if (!(error instanceof SettingsError || error instanceof ConnectError)) throw error;
        console.error(error instanceof ConnectError ? error.words(l10n) : error.message);
        return error instanceof SettingsError ? 2 : 1;
      }
    },
  };
}

/** What is said in the end: when it was done, and when there was nothing to do (then absent: the same). */
interface Outcome {
  readonly done: string;
  readonly nothing?: string;
}

async function carryOut(
  plan: Plan,
  { dryRun, yes, loaded }: ClientArguments,
  { done, nothing }: Outcome,
  l10n: Localizer,
): Promise<number> {
  for (const file of plan.files) {
    if (file.isGenerated && !dryRun) console.log(describeGenerated(file, l10n));
    else showDiff(file, ownKey(loaded.settings));
  }
  showNotes(plan.files.length === 0 ? plan.notes.filter(({ kind }) => kind !== 'restart') : plan.notes, l10n);
  if (plan.files.length === 0 && nothing !== undefined) console.log(nothing);
  if (dryRun) {
    console.log(l10n.t('Nothing was changed: this was a dry run.'));
    return 0;
  }
  if (plan.files.length > 0 && !yes && !(await isAgreed(l10n))) {
    console.log(l10n.t('Nothing was changed.'));
    return 1;
  }
  await applyPlan(plan, thisComputer());
  if (plan.files.length > 0 || nothing === undefined) console.log(done);
  return 0;
}

/** Off a terminal there is nobody to ask: whoever calls this in a script means it. */
async function isAgreed(l10n: Localizer): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // Ctrl+C and Ctrl+D end the question without an answer.
  const answer = await terminal.question(`${l10n.t('Write this? [y/N]')} `).catch(() => '');
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** A file that nobody wrote by hand is not worth reading line by line. */
function describeGenerated({ path, before, after }: FileChange, l10n: Localizer): string {
  const lines = (after ?? before ?? '').split('\n').length - 1;
  if (after === null)
    return l10n.t('{0} is removed ({1} generated lines; --dry-run shows them)', path, lines);
  return before === null
    ? l10n.t('{0} is made ({1} generated lines; --dry-run shows them)', path, lines)
    : l10n.t('{0} is made anew ({1} generated lines; --dry-run shows them)', path, lines);
}

function showDiff({ path, before, after }: FileChange, apiKey: string): void {
  const patch = createTwoFilesPatch(
    before === null ? '/dev/null' : path,
    after === null ? '/dev/null' : path,
    before ?? '',
    after ?? '',
    undefined,
    undefined,
    { headerOptions: FILE_HEADERS_ONLY },
  );
  const shown = shortenSecrets(patch.replaceAll('\r', '').trimEnd(), [apiKey]);
  console.log(process.stdout.isTTY ? shown.split('\n').map(coloured).join('\n') : shown);
}

function coloured(line: string): string {
  if (line.startsWith('+')) return styleText('green', line);
  if (line.startsWith('-')) return styleText('red', line);
  return line.startsWith('@@') ? styleText('cyan', line) : line;
}

function showNotes(notes: readonly Note[], l10n: Localizer): void {
  for (const note of notes) console.log(`• ${describeNote(note, l10n)}`);
}

function namesOf(all: readonly { readonly id: string }[]): readonly string[] {
  return all.map(({ id }) => id);
}

function rowOf({ id, installed, status, canDisconnect }: ClientState, l10n: Localizer): readonly string[] {
  const found = installed ? (installed.version ?? l10n.t('installed')) : l10n.t('not found');
  const state = describeStatus(status, l10n);
  const isChanged = canDisconnect && status.kind !== 'here';
  return [id, found, isChanged ? l10n.t('{0}, changed since', state) : state];
}

/** For programs, which match `kind`. */
function statusJson(status: ClientStatus): object {
  return status.kind === 'unreadable' ? { ...status, problem: status.problem.message } : status;
}

function describeStatus(status: ClientStatus, l10n: Localizer): string {
  switch (status.kind) {
    case 'here':
      return l10n.t('connected to {0}', status.address);
    case 'elsewhere':
      return l10n.t('uses {0}', status.address);
    case 'not-connected':
      return l10n.t('not connected');
    case 'unreadable':
      return status.problem.words(l10n);
    default:
      return status satisfies never;
  }
}

/** With the key that this user's clients send. */
function reachedBy(settings: Settings): Settings {
  return { ...settings, apiKey: ownKey(settings) };
}
