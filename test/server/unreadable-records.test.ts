import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Redactor } from '../../src/recording/redaction.ts';
import { serve } from './served.ts';

test('a record that cannot be made safe is told as such, and the list is whole all the same', async (context) => {
  const redactor = new Redactor();
  const { url } = await serve(context, { redactor });
  await fetch(`${url}/v1/models`).then((response) => response.text());
  const fail = () => {
    throw new RangeError('too much');
  };
  Object.assign(redactor, { text: fail, headers: fail });
  const response = await fetch(`${url}/debug/requests`);
  const { count, requests } = (await response.json()) as { count: number; requests: { problem?: string }[] };
  assert.equal(count, 1);
  assert.match(requests[0]?.problem ?? '', /could not be made safe/);
});
