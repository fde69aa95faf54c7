import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { stringify as tomlText } from 'smol-toml';
import { stringify as yamlText } from 'yaml';
import { applyPlan } from '../../src/clients/apply-plan.ts';
import { valueIn } from '../../src/clients/config-data.ts';
import { ConnectError } from '../../src/clients/connect-error.ts';
import type { FileConnector } from '../../src/clients/connector.ts';
import { connectors } from '../../src/clients/connectors.ts';
import { holds, parseConfig } from '../../src/clients/formats/change-text.ts';
import type { FormatName } from '../../src/clients/formats/config-format.ts';
import { planConnection, planDisconnection } from '../../src/clients/plan.ts';
import { commentsIn, jsonTexts, tomlTexts, yamlTexts } from './config-texts.ts';
import { endpoint } from './endpoint.ts';

const texts: Readonly<Record<FormatName, fc.Arbitrary<string>>> = {
  json: jsonTexts,
  toml: tomlTexts,
  yaml: yamlTexts,
};

/** A home folder with one client's configuration in it. */
class TriedClient {
  readonly computer = {
    env: {},
    home: mkdtempSync(join(tmpdir(), 'lingma-connect-')),
    platform: process.platform,
  };
  readonly connector: FileConnector;
  path = '';
  /** A whole table of the user's had to go, with the comments in it. */
  hasReplacedTables: boolean | undefined;

  constructor(connector: FileConnector) {
    this.connector = connector;
  }

  async hold(text: string): Promise<void> {
    const [{ path }] = await this.connector.files(this.computer);
    this.path = path;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  /** Whether it could be connected; a file that is refused has to be as it was. */
  async connect(): Promise<boolean> {
    const before = this.text();
    try {
      const plan = await planConnection(this.connector, this.computer, endpoint);
      const [file] = plan.record?.files ?? [];
      this.hasReplacedTables ??= file?.changes.some(
        (change) => typeof valueIn(parseConfig(file.format ?? 'json', before, ''), change) === 'object',
      );
      await applyPlan(plan, this.computer);
      return true;
    } catch (error) {
      assert.ok(error instanceof ConnectError, String(error));
      assert.equal(this.text(), before);
      return false;
    }
  }

  async disconnect(): Promise<void> {
    await applyPlan(await planDisconnection(this.connector, this.computer), this.computer);
  }

  text(): string {
    return readFileSync(this.path, 'utf8');
  }

  files(): readonly string[] {
    return readdirSync(this.computer.home, { recursive: true, encoding: 'utf8' }).sort();
  }

  remove(): void {
    rmSync(this.computer.home, { recursive: true, force: true });
  }
}

for (const connector of connectors) {
  if (connector.kind !== 'files') continue;
  const { id } = connector;

  /** Runs a check in a home folder for any text that the client's file may hold. */
  const holdsFor = async (
    runs: number,
    check: (home: TriedClient, text: string, format: FormatName) => Promise<void>,
  ) => {
    const [{ format }] = await connector.files({ env: {}, home: tmpdir(), platform: process.platform });
    await fc.assert(
      fc.asyncProperty(texts[format], async (text) => {
        const home = new TriedClient(connector);
        try {
          await home.hold(text);
          await check(home, text, format);
        } finally {
          home.remove();
        }
      }),
      { numRuns: runs },
    );
  };

  test(`${id}: connecting keeps every comment, connecting again changes nothing, disconnecting brings back every byte`, () =>
    holdsFor(10, async (home, text) => {
      const files = home.files();
      if (!(await home.connect())) return;
      const written = home.text();
      if (!home.hasReplacedTables) assert.deepEqual(commentsIn(written), commentsIn(text));
      assert.ok(await home.connect());
      assert.equal(home.text(), written);
      await home.disconnect();
      assert.equal(home.text(), text);
      assert.deepEqual(home.files(), files);
    }));

  test(`${id}: what is written into the file while it is connected stays, with all else that was there`, () =>
    holdsFor(10, async (home, text, format) => {
      if (!(await home.connect())) return;
      const eol = text.includes('\r\n') ? '\r\n' : '\n';
      const theirs = `${format === 'json' ? '//' : '#'} theirs${eol}`;
      const start = text.startsWith('\uFEFF') ? 1 : 0;
      const withTheirs = (one: string) => one.slice(0, start) + theirs + one.slice(start);
      writeFileSync(home.path, withTheirs(home.text()));
      await home.disconnect();
      assert.equal(home.text(), withTheirs(text));
    }));

  test(`${id}: a file that the client has written anew in its own way is rid of what was written, and of nothing else`, () =>
    holdsFor(10, async (home, text, format) => {
      if (!(await home.connect())) return;
      const data = parseConfig(format, home.text(), home.path);
      writeFileSync(home.path, rewrite(format, { theirs: 'kept', ...Object(data) }));
      await home.disconnect();
      const expected = { theirs: 'kept', ...Object(parseConfig(format, text, home.path)) };
      assert.ok(holds(format, home.text(), expected), home.text());
    }));
}

function rewrite(format: FormatName, data: object): string {
  switch (format) {
    case 'json':
      return JSON.stringify(data, undefined, 1);
    case 'toml':
      return tomlText(data);
    case 'yaml':
      return yamlText(data, { indent: 3 });
    default:
      return format satisfies never;
  }
}
