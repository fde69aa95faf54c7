import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';

const github = join(import.meta.dirname, '..', '..', '.github');
const folder = join(github, 'ISSUE_TEMPLATE');
const read = (file: string): unknown => parse(readFileSync(join(folder, file), 'utf8'));
const forms = readdirSync(folder).filter((file) => file !== 'config.yml');

// As GitHub documents it ("Syntax for GitHub's form schema"). It ships no schema, and ignores a form that is not so.
const text = z.string().min(1);
const id = z.string().regex(/^[\w-]+$/);
const validations = z.strictObject({ required: z.boolean() }).optional();
const asked = { label: text, description: text.optional() };
const filled = { ...asked, placeholder: text.optional(), value: text.optional() };
const element = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('markdown'), attributes: z.strictObject({ value: text }) }),
  z.strictObject({
    type: z.literal('textarea'),
    id,
    attributes: z.strictObject({ ...filled, render: text.optional() }),
    validations,
  }),
  z.strictObject({ type: z.literal('input'), id, attributes: z.strictObject(filled), validations }),
  z.strictObject({
    type: z.literal('dropdown'),
    id,
    attributes: z.strictObject({
      ...asked,
      multiple: z.boolean().optional(),
      options: z.array(text).min(1),
      default: z.number().optional(),
    }),
    validations,
  }),
]);
const form = z.strictObject({
  name: text,
  description: text,
  title: text.optional(),
  labels: z.array(text).optional(),
  body: z.array(element).min(1),
});

type Form = z.infer<typeof form>;
const fieldsOf = ({ body }: Form) => body.flatMap((each) => (each.type === 'markdown' ? [] : [each]));
const shapeOf = (file: string) =>
  fieldsOf(form.parse(read(file))).map(({ type, id: name, validations: rules, attributes }) => ({
    type,
    name,
    required: rules?.required ?? false,
    options: 'options' in attributes ? attributes.options.length : 0,
  }));

describe('issue forms', () => {
  for (const file of forms) {
    test(`${file} is one that GitHub shows`, () => {
      const fields = fieldsOf(form.parse(read(file)));
      assert.ok(fields.some(({ validations: rules }) => rules?.required));
      for (const values of [
        fields.map(({ id: name }) => name),
        fields.map(({ attributes }) => attributes.label),
        ...fields.map(({ attributes }) => ('options' in attributes ? attributes.options : [])),
      ]) {
        assert.equal(new Set(values).size, values.length, values.join());
      }
    });
  }

  test('each is there in English and in Chinese, with the same fields', () => {
    const english = forms.filter((file) => !file.includes('.zh-CN.'));
    assert.deepEqual(forms.length, english.length * 2);
    for (const file of english) assert.deepEqual(shapeOf(file.replace('.yml', '.zh-CN.yml')), shapeOf(file));
    const names = forms.map((file) => form.parse(read(file)).name);
    assert.equal(new Set(names).size, names.length);
  });

  test('a bug’s asks for the doctor’s report and the feedback bundle, by the names that their commands have', () => {
    for (const [file, translations] of [
      ['bug.yml', 'package.nls.json'],
      ['bug.zh-CN.yml', 'package.nls.zh-cn.json'],
    ] as const) {
      const titles = z
        .record(z.string(), z.string())
        .parse(JSON.parse(readFileSync(join(github, '..', translations), 'utf8')));
      const whole = readFileSync(join(folder, file), 'utf8');
      assert.ok(whole.includes(`Lingma Proxy: ${titles['command.runDoctor']}`), file);
      assert.ok(whole.includes(`Lingma Proxy: ${titles['command.exportFeedbackBundle']}`), file);
      assert.ok(whole.includes('lingma-proxy doctor'), file);
    }
  });

  test('a vulnerability has a way of its own, and nothing is asked for without a form', () => {
    const config = z.strictObject({
      blank_issues_enabled: z.literal(false),
      contact_links: z
        .array(z.strictObject({ name: text, url: z.url({ protocol: /^https$/ }), about: text }))
        .optional(),
    });
    config.parse(read('config.yml'));
    assert.ok(existsSync(join(github, 'SECURITY.md')));
  });
});
