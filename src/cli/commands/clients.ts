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
import { thisComputer } from '../../runtime/computer.ts';
import { type ClientArguments, readClientArguments, unknownClient } from './client-arguments.ts';

type Run = (given: ClientArguments) => Promise<number>;

/** `connect CLIENT`: shows what would be written, asks on a terminal, writes it. Exit codes: 0 done, 1 not done, 2 wrong arguments. */
export const connect = command('connect CLIENT [--dry-run] [--yes]', async (given) => {
  const connector = findConnector(given.client ?? '');
  if (!connector) throw unknownClient(given.client, namesOf(connectors));
  const { endpoint, notes } = await readEndpoint(reachedBy(given.loaded.settings));
  if (connector.kind === 'instructions') {
    console.log(connector.instructions(endpoint));
    showNotes(notes);
    return 0;
  }
  const plan = await planConnection(connector, thisComputer(), endpoint);
  const all = { ...plan, notes: [...notes, ...plan.notes] };
  const done = `${connector.name} is connected to ${endpoint.url}. What it was before is kept in ${recordPath(thisComputer(), connector.id)}; \`lingma-proxy disconnect ${connector.id}\` brings it back.`;
  return carryOut(all, given, done, `${connector.name} is connected to ${endpoint.url} already.`);
});

/** `disconnect CLIENT`: the same the other way round. */
export const disconnect = command('disconnect CLIENT [--dry-run] [--yes]', async (given) => {
  const connector = findConnector(given.client ?? '');
  const withFiles = connectors.filter(({ kind }) => kind === 'files');
  if (connector?.kind !== 'files') throw unknownClient(given.client, namesOf(withFiles));
  const plan = await planDisconnection(connector, thisComputer());
  return carryOut(plan, given, `${connector.name} is as it was before.`, undefined);
});

/** `clients`: what is installed, and where it is connected to. */
export const clients = command('clients [--json]', async ({ loaded, json }) => {
  const { endpoint, notes } = await readEndpoint(reachedBy(loaded.settings));
  const states = await listClients(thisComputer(), endpoint);
  if (json) {
    console.log(JSON.stringify({ endpoint: endpoint.url, clients: states }, undefined, 2));
    return 0;
  }
  const rows = states.map(rowOf);
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)) + 2);
  for (const row of rows) {
    console.log(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(''));
  }
  showNotes(notes.filter(({ kind }) => kind !== 'unknown-model'));
  return 0;
});

function command(usage: string, run: Run) {
  return {
    async run(argv: readonly string[]): Promise<number> {
      try {
        const given = readClientArguments(argv);
        for (const warning of given.loaded.warnings) console.error(`warning: ${warning}`);
        if (!given.loaded.help) return await run(given);
        console.log(`Usage: lingma-proxy ${usage} [flags of settings, such as --port]`);
        return 0;
      } catch (error) {
        if (!(error instanceof SettingsError || error instanceof ConnectError)) throw error;
        console.error(error.message);
        return error instanceof SettingsError ? 2 : 1;
      }
    },
  };
}

async function carryOut(
  plan: Plan,
  { dryRun, yes, loaded }: ClientArguments,
  done: string,
  nothing: string | undefined,
): Promise<number> {
  for (const file of plan.files) {
    if (file.isGenerated && !dryRun) console.log(describeGenerated(file));
    else showDiff(file, ownKey(loaded.settings));
  }
  showNotes(plan.files.length === 0 ? plan.notes.filter(({ kind }) => kind !== 'restart') : plan.notes);
  if (plan.files.length === 0 && nothing !== undefined) console.log(nothing);
  if (dryRun) {
    console.log('Nothing was changed: this was a dry run.');
    return 0;
  }
  if (plan.files.length > 0 && !yes && !(await isAgreed())) {
    console.log('Nothing was changed.');
    return 1;
  }
  await applyPlan(plan, thisComputer());
  if (plan.files.length > 0 || nothing === undefined) console.log(done);
  return 0;
}

/** Off a terminal there is nobody to ask: whoever calls this in a script means it. */
async function isAgreed(): Promise<boolean> {
  if (!process.stdin.isTTY || !process.stdout.isTTY) return true;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  // Ctrl+C and Ctrl+D end the question without an answer.
  const answer = await terminal.question('Write this? [y/N] ').catch(() => '');
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** A file that nobody wrote by hand is not worth reading line by line. */
function describeGenerated({ path, before, after }: FileChange): string {
  const lines = (after ?? before ?? '').split('\n').length - 1;
  const what = after === null ? 'is removed' : before === null ? 'is made' : 'is made anew';
  return `${path} ${what} (${lines} generated lines; --dry-run shows them)`;
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

function showNotes(notes: readonly Note[]): void {
  for (const note of notes) console.log(`• ${describeNote(note)}`);
}

function namesOf(all: readonly { readonly id: string }[]): readonly string[] {
  return all.map(({ id }) => id);
}

function rowOf({ id, installed, status, canDisconnect }: ClientState): readonly string[] {
  const found = installed ? (installed.version ?? 'installed') : 'not found';
  return [
    id,
    found,
    describeStatus(status) + (canDisconnect && status.kind !== 'here' ? ', changed since' : ''),
  ];
}

function describeStatus(status: ClientStatus): string {
  switch (status.kind) {
    case 'here':
      return `connected to ${status.address}`;
    case 'elsewhere':
      return `uses ${status.address}`;
    case 'not-connected':
      return 'not connected';
    case 'unreadable':
      return status.problem;
    default:
      return status satisfies never;
  }
}

/** With the key that this user's clients send. */
function reachedBy(settings: Settings): Settings {
  return { ...settings, apiKey: ownKey(settings) };
}
