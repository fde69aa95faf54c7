import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestContext } from 'node:test';
import { applyPlan } from '../../src/clients/apply-plan.ts';
import type { Computer } from '../../src/clients/computer.ts';
import type { FileConnector } from '../../src/clients/connector.ts';
import { findConnector } from '../../src/clients/connectors.ts';
import type { Endpoint } from '../../src/clients/endpoint.ts';
import { type Plan, planConnection, planDisconnection } from '../../src/clients/plan.ts';
import { endpoint } from './endpoint.ts';

/** A home folder of a test's own, and what is done to the clients in it. */
export class Home {
  readonly computer: Computer;

  constructor(t: TestContext, env: Computer['env'] = {}) {
    const home = realpathSync(mkdtempSync(join(tmpdir(), 'lingma-connect-')));
    this.computer = { home, env, platform: process.platform };
    t.after(() => rmSync(home, { recursive: true, force: true }));
  }

  /** A place in it. */
  path(...names: readonly string[]): string {
    return join(this.computer.home, ...names);
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), text);
  }

  read(path: string): string {
    return readFileSync(this.path(path), 'utf8');
  }

  exists(path: string): boolean {
    return existsSync(this.path(path));
  }

  /** Everything in it: the texts of files, and folders. */
  tree(): Readonly<Record<string, string>> {
    const paths = readdirSync(this.computer.home, { recursive: true, encoding: 'utf8' }).sort();
    return Object.fromEntries(
      paths.map((path) => [path, statSync(this.path(path)).isFile() ? this.read(path) : '(folder)']),
    );
  }

  async connect(id: string, changes: Partial<Endpoint> = {}): Promise<Plan> {
    const plan = await planConnection(connectorOf(id), this.computer, { ...endpoint, ...changes });
    await applyPlan(plan, this.computer);
    return plan;
  }

  async disconnect(id: string): Promise<Plan> {
    const plan = await planDisconnection(connectorOf(id), this.computer);
    await applyPlan(plan, this.computer);
    return plan;
  }
}

export function connectorOf(id: string): FileConnector {
  const connector = findConnector(id);
  if (connector?.kind !== 'files') throw new Error(`${id} is not connected by files`);
  return connector;
}
