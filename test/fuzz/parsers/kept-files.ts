import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { feedEventSchema, helloHeadSchema } from '../../../src/control/feed-events.ts';
import { readOwnerFile } from '../../../src/control/read-owner-file.ts';
import { fromFailure, turnSchema, turnStepSchema } from '../../../src/control/turn-json.ts';
import { ProxyError } from '../../../src/core/errors.ts';
import { tryParseJson } from '../../../src/core/json.ts';
import { findViolations } from '../../../src/inspection/validation/find-violations.ts';
import { RecordFiles } from '../../../src/recording/record-files.ts';
import type { FuzzedParser } from '../fuzzed-parser.ts';

/** A folder that is there for as long as `use` takes. */
async function withFolder<T>(use: (folder: string) => Promise<T> | T): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'lingma-fuzz-'));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const header = '{"format":"lingma-proxy-records","version":1}';

/** Records of earlier runs. The input is what comes behind a file's first line. */
export const storedRecords: FuzzedParser = {
  name: 'stored-records',
  dictionary: [
    ...[
      'id',
      'time',
      'method',
      'path',
      'statusCode',
      'durationMs',
      'state',
      'done',
      'failed',
      'client',
      'api',
      'stream',
      'requestSize',
    ],
    ...[
      'messages',
      'openai-chat',
      'openai-responses',
      'answer',
      'pieces',
      'event',
      'atMs',
      'text-delta',
      'turn-end',
      'usage',
      'upstream',
    ],
    ...[
      'notes',
      'violations',
      'responseTimes',
      'requestHeaders',
      header,
      '\n',
      'response',
      'data: [DONE]\n\n',
      'data: {}\n\n',
    ],
  ],
  check: (input) =>
    withFolder(async (folder) => {
      writeFileSync(
        join(folder, 'records-1700000000000-aaaa-000000.jsonl'),
        Buffer.concat([Buffer.from(`${header}\n`), input]),
      );
      const requests = await new RecordFiles(folder, 1_000_000).read();
      assert.equal(new Set(requests.map(({ id }) => id)).size, requests.length);
      for (const request of requests) {
        assert.ok(request.id.length > 0 && request.id.length <= 100);
        assert.ok(!Number.isNaN(Date.parse(request.toSummary().time)));
        const record = request.toRecord();
        for (const side of ['request', 'response'] as const) {
          assert.equal(typeof request.readBody(side)?.text, 'string');
          for (const [index] of record.upstream.entries())
            assert.equal(typeof request.readBody(side, index)?.text, 'string');
        }
        request.readAnswer();
        request.toHead();
        assert.ok(request.check(findViolations).length <= 2_000);
      }
    }),
};

/** The file in which the owner of a port says where it is. */
export const ownerFile: FuzzedParser = {
  name: 'owner-file',
  dictionary: ['url', 'token', 'pid', 'http://127.0.0.1:8095', '0123456789abcdef'],
  check: (input) =>
    withFolder((folder) => {
      const path = join(folder, 'owner.json');
      writeFileSync(path, input);
      const record = readOwnerFile(path);
      if (record === undefined) return;
      assert.deepEqual(Object.keys(record).sort(), ['pid', 'token', 'url']);
      assert.ok(record.token.length >= 16);
      assert.equal(typeof record.url, 'string');
      assert.ok(Number.isFinite(record.pid));
    }),
};

/** What windows and the owner of a port say to each other. */
export const controlMessages: FuzzedParser = {
  name: 'control-messages',
  dictionary: [
    ...[
      'type',
      'hello',
      'present',
      'requests',
      'request',
      'log',
      'ending',
      'stopped',
      'restarting',
      'closing',
      'state',
      'models',
      'settings',
    ],
    ...[
      'role',
      'user',
      'assistant',
      'content',
      'tool-result',
      'tool-call',
      'text',
      'kind',
      'function',
      'custom',
      'event',
      'failure',
      'message',
    ],
    ...[
      'inputSchema',
      'toolChoice',
      'delivery',
      'incremental',
      'metadata',
      'sampling',
      'turn-start',
      'turn-end',
      'usage',
      'retryAfterSeconds',
    ],
  ],
  check(input) {
    const value = tryParseJson(input.toString());
    for (const schema of [feedEventSchema, helloHeadSchema, turnSchema, turnStepSchema]) {
      const parsed = schema.safeParse(value);
      if (!parsed.success) continue;
      // What was understood is understood again, as the same.
      const again = schema.parse(JSON.parse(JSON.stringify(parsed.data)));
      assert.deepEqual(again, parsed.data);
    }
    assert.ok(fromFailure(value) instanceof ProxyError);
  },
};
