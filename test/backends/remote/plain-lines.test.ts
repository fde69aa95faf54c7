import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PlainLines } from '../../../src/backends/remote/plain-lines.ts';

test('every kind of line end becomes a line feed, and the mark at the beginning goes, wherever the text is torn', () => {
  const text = '\ufeffa\r\n\r\nb\r\rc\n\r\n\ufeffd\r';
  for (let at = 0; at <= text.length; at++) {
    const lines = new PlainLines();
    const plain = lines.push(text.slice(0, at)) + lines.push(text.slice(at));
    assert.equal(plain, 'a\n\nb\n\nc\n\n\ufeffd\n');
  }
  const lines = new PlainLines();
  assert.equal([...text].map((each) => lines.push(each)).join(''), 'a\n\nb\n\nc\n\n\ufeffd\n');
});
