import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogBuffer, type LogLine } from '../../src/recording/log-buffer.ts';
import { Redactor } from '../../src/recording/redaction.ts';

test('the newest lines are kept, newest first, each with its level and time', () => {
  const logs = new LogBuffer(new Redactor());
  for (let line = 0; line < 10_000; line++) logs.debug(`line ${line}`);
  logs.warn('careful');
  const [newest, older] = logs.list(2);
  assert.deepEqual([newest?.level, newest?.message], ['warn', 'careful']);
  assert.equal(older?.message, 'line 9999');
  assert.ok(!Number.isNaN(Date.parse(newest?.time ?? '')));
  assert.ok(logs.list(100_000).length <= 4_000);
  assert.equal(logs.list(1_500).length, 1_500);
});

test('a line is redacted before it is kept or shown, also where it is cut', () => {
  const redactor = new Redactor();
  redactor.addSecret('Kq7zVbN2mX9pLw4T');
  const shown: LogLine[] = [];
  const logs = new LogBuffer(redactor, (line) => shown.push(line));
  logs.error(`${'x '.repeat(1_996)}Kq7zVbN2mX9pLw4T${'y '.repeat(10_000)}`);
  const [line] = logs.list(1);
  assert.ok(line && line.message.length <= 4_000);
  assert.ok(!line.message.includes('Kq7z'));
  assert.deepEqual(shown, [line]);
});

test('a line is put into words only for who reads it', () => {
  const shown: string[] = [];
  const written: string[] = [];
  const logs = new LogBuffer(
    new Redactor(),
    ({ message }) => shown.push(message),
    () => 'warn',
  );
  const message = () => {
    written.push('once');
    return 'password=hunter22';
  };
  logs.info({ message });
  logs.warn('careful');
  assert.deepEqual([shown, written], [['careful'], []]);
  assert.equal(logs.list(2)[1]?.message, 'password=[redacted]');
  assert.equal(written.length, 1);
});

test('nothing in a line can command a terminal, turn it around or look like another line', () => {
  const shown: LogLine[] = [];
  const logs = new LogBuffer(new Redactor(), (line) => shown.push(line));
  const hostile = 'model \u001b]52;c;cm0gLXJm\u0007\u009b2J\r\n12:00:00.000 GET /health → 200\u202egnp.exe\0';
  logs.info({ message: () => hostile, fields: () => ({ model: hostile }) });
  const expected =
    'model \\u001b]52;c;cm0gLXJm\\u0007\\u009b2J\n    12:00:00.000 GET /health → 200\\u202egnp.exe\\u0000';
  assert.deepEqual([shown[0]?.message, shown[0]?.fields?.['model']], [expected, expected]);
});
