import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../../src/doctor/findings.ts';
import type { LinkName } from '../../src/doctor/links.ts';
import { makeReport } from '../../src/doctor/report.ts';
import { DoctorPage } from '../../src/extension/doctor/doctor-page.ts';

const fine: Finding = {
  id: 'settings.fine',
  section: 'settings',
  status: 'ok',
  values: { given: '', file: '' },
};
const taken: Finding = {
  id: 'port.taken',
  section: 'port',
  status: 'error',
  values: { host: '127.0.0.1', port: 8095, holder: 'nginx', free: 8096 },
  next: { action: 'set-port', args: { port: 8096 } },
};

function pageOf(findings: readonly Finding[], language = 'en'): DoctorPage {
  const page = new DoctorPage('1.2.3', language);
  for (const finding of findings) page.add(finding);
  return page;
}

test('a finding stands below its section, and what the editor can do has a button right there', () => {
  const { text, steps } = pageOf([fine, taken]).text();
  const lines = text.split('\n');
  assert.match(lines[0] ?? '', /^# .*1\.2\.3/);
  assert.ok(
    lines.findIndex((line) => line.startsWith('## ')) < lines.findIndex((line) => line.includes('✓')),
  );
  assert.deepEqual(
    steps.map(({ line, next }) => [lines[line]?.slice(0, 4), next.action]),
    [['- ✗ ', 'set-port']],
  );
});

test('what is done in Lingma has words and no button', () => {
  const none: Finding = {
    id: 'runtime.none',
    section: 'runtime',
    status: 'error',
    values: {},
    next: { action: 'install-runtime', args: {} },
  };
  const { text, steps } = pageOf([none]).text();
  assert.match(text, /→ /);
  assert.deepEqual(steps, []);
});

test('the verdict comes on top, and moves the buttons with their findings', () => {
  const page = pageOf([fine, taken]);
  const before = page.text();
  page.conclude(
    makeReport(
      'ipc',
      [fine, taken],
      new Map<LinkName, 'holds' | Finding>([
        ['settings', 'holds'],
        ['port', taken],
      ]),
    ),
  );
  const after = page.text();
  assert.ok(after.text.split('\n')[2]?.startsWith('**'));
  const at = ({ text, steps }: typeof before) => text.split('\n')[steps[0]?.line ?? -1];
  assert.equal(at(after), at(before));
  assert.notEqual(after.steps[0]?.line, before.steps[0]?.line);
});

test('it is in the language of the editor', () => {
  assert.match(pageOf([taken], 'zh-cn').text().text, /## 端口/);
});
