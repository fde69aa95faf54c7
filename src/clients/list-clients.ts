import type { Computer } from './computer.ts';
import { readConfigFile } from './config-file.ts';
import { ConnectError } from './connect-error.ts';
import { readRecord } from './connection-record.ts';
import type { FileConnector } from './connector.ts';
import { connectors } from './connectors.ts';
import { type Endpoint, leadsTo } from './endpoint.ts';
import { findInstallation, type Installation } from './find-installation.ts';
import { parseConfig } from './formats/change-text.ts';

/** Where a client sends its requests, by what stands in its files. */
export type ClientStatus =
  | { readonly kind: 'here'; readonly address: string }
  | { readonly kind: 'elsewhere'; readonly address: string }
  /** Its files name no address: it uses its vendor's. */
  | { readonly kind: 'not-connected' }
  /** Its files cannot be read or are not valid. */
  | { readonly kind: 'unreadable'; readonly problem: ConnectError };

/** One client on this computer. */
export interface ClientState {
  readonly id: string;
  readonly name: string;
  readonly installed: Installation | undefined;
  readonly files: readonly string[];
  readonly status: ClientStatus;
  /** It was connected by this program, so that it can be disconnected. */
  readonly canDisconnect: boolean;
}

/** Every client that is connected by files, installed or not, and whether it points to this proxy. Changes and runs nothing. */
export function listClients(computer: Computer, endpoint: Endpoint): Promise<readonly ClientState[]> {
  const withFiles = connectors.filter((connector) => connector.kind === 'files');
  return Promise.all(withFiles.map((connector) => clientState(connector, computer, endpoint)));
}

/** The state of one client. */
export async function clientState(
  connector: FileConnector,
  computer: Computer,
  endpoint: Endpoint,
): Promise<ClientState> {
  const [installed, files, record] = await Promise.all([
    findInstallation(connector, computer),
    connector.files(computer),
    readRecord(computer, connector.id).catch(() => undefined),
  ]);
  return {
    id: connector.id,
    name: connector.name,
    installed,
    files: files.map(({ path }) => path),
    status: await statusOf(files[0], endpoint),
    canDisconnect: record !== undefined,
  };
}

async function statusOf(
  { path, format, addressOf }: Awaited<ReturnType<FileConnector['files']>>[0],
  endpoint: Endpoint,
): Promise<ClientStatus> {
  try {
    const address = addressOf(parseConfig(format, await readConfigFile(path), path));
    if (address === undefined) return { kind: 'not-connected' };
    return { kind: leadsTo(address, endpoint) ? 'here' : 'elsewhere', address };
  } catch (error) {
    if (!(error instanceof ConnectError)) throw error;
    return { kind: 'unreadable', problem: error };
  }
}
