import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import * as z from 'zod';
import { ReportText } from '../../src/cli/report-text.ts';
import { wrapText } from '../../src/cli/wrap-text.ts';
import { settingNames } from '../../src/config/settings.ts';
import { catalogueFor } from '../../src/doctor/describe-finding.ts';
import { sections } from '../../src/doctor/findings.ts';
import { chains } from '../../src/doctor/links.ts';
import type { Report } from '../../src/doctor/report.ts';
import { reportJson } from '../../src/doctor/report-json.ts';
import { Patient } from './patient.ts';

const link = z.enum([...chains.remote, ...chains.ipc]);
const id = z.enum(Object.keys(catalogueFor('en').findings));
const plainActions = ['start', 'restart', 'install-runtime', 'sign-in', 'retry', 'show-log', 'none'] as const;
const text = z.string().min(1);

/** The form that programs rely on. */
const form = z.strictObject({
  format: z.literal(1),
  version: text,
  outcome: z.enum(['fine', 'warnings', 'errors']),
  backend: z.enum(['remote', 'ipc']),
  chain: z.array(z.strictObject({ link, state: z.enum(['holds', 'broken', 'skipped']) })),
  broken: z.strictObject({ link, finding: id }).nullable(),
  findings: z.array(
    z.strictObject({
      id,
      section: z.enum(sections),
      status: z.enum(['ok', 'note', 'warning', 'error']),
      title: text,
      detail: text.nullable(),
      values: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
      nextStep: z
        .discriminatedUnion('action', [
          z.strictObject({ text, action: z.enum(plainActions), args: z.strictObject({}) }),
          z.strictObject({
            text,
            action: z.literal('open-settings'),
            args: z.strictObject({ setting: z.enum(settingNames).optional() }),
          }),
          z.strictObject({
            text,
            action: z.literal('set-port'),
            args: z.strictObject({ port: z.int().min(1).max(65_535) }),
          }),
          z.strictObject({
            text,
            action: z.literal('switch-backend'),
            args: z.strictObject({ backend: z.enum(['remote', 'ipc']) }),
          }),
        ])
        .nullable(),
    }),
  ),
});

async function reports(): Promise<Report[]> {
  const patient = await Patient.start();
  try {
    const fine = await patient.examine();
    patient.simulator.expireLogin();
    await patient.simulator.ipc.stop();
    return [
      fine,
      await patient.examine(),
      await patient.examine({ argv: ['--backend', 'ipc', '--host', '::2'] }),
    ];
  } finally {
    await patient.close();
  }
}

test('the JSON of a report keeps its form, whatever came out', async () => {
  for (const report of await reports()) {
    for (const language of ['en', 'zh-cn']) {
      form.parse(JSON.parse(JSON.stringify(reportJson(report, '1.2.3', catalogueFor(language)))));
    }
  }
});

test('the text of a report keeps to the width of the terminal and marks every finding', async () => {
  for (const report of await reports()) {
    for (const language of ['en', 'zh-cn']) {
      const catalogue = catalogueFor(language);
      const shown = new ReportText({ catalogue, colours: false, columns: 80 });
      const coloured = new ReportText({ catalogue, colours: true, columns: 80 });
      const write = (out: ReportText) =>
        [out.heading('1.2.3'), ...report.findings.map((each) => out.finding(each)), out.summary(report)].join(
          '\n',
        );
      const plain = write(shown);
      assert.ok(!plain.includes('\u001b'));
      assert.equal(stripVTControlCharacters(write(coloured)), plain);
      assert.equal(plain.match(/^ {2}[✓–!✗] /gm)?.length, report.findings.length);
      for (const line of plain.split('\n')) {
        assert.ok(line.length <= 80 || !line.trim().includes(' '), line);
      }
      if (report.broken) assert.ok(plain.includes(catalogue.links[report.broken.link]));
    }
  }
});

test('the language follows the locale', () => {
  const english = catalogueFor('en');
  for (const locale of ['', 'C', 'C.UTF-8', 'en_US.UTF-8', 'de', 'zhuang']) {
    assert.equal(catalogueFor(locale), english, locale);
  }
  for (const locale of ['zh', 'zh_CN.UTF-8', 'zh-cn', 'ZH-Hans', 'zh_TW']) {
    assert.notEqual(catalogueFor(locale), english, locale);
  }
});

const wrapped: readonly (readonly [string, string, number, readonly string[]])[] = [
  ['words', 'one two three', 7, ['one two', 'three']],
  ['a word that is too long', 'a /very/long/path b', 6, ['a', '/very/long/path', 'b']],
  ['ideographs, two columns each', '打开应用等待', 6, ['打开应', '用等待']],
  ['punctuation stays with what it ends', '打开应用。等待', 8, ['打开应', '用。等待']],
  ['both', '使用 kmodel 回答', 9, ['使用', 'kmodel 回', '答']],
  ['nothing', '', 5, []],
];

for (const [title, input, columns, lines] of wrapped) {
  test(`lines are broken: ${title}`, () => assert.deepEqual(wrapText(input, columns), lines));
}
