import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { signThinking } from '../../../src/protocols/anthropic/thinking-signature.ts';
import { assistantSays, decode, userSays } from './example-request.ts';

function userContent(...blocks: unknown[]) {
  return decode({ messages: [userSays(blocks)] }).turn.messages[0]?.content;
}

function assistantContent(...blocks: unknown[]) {
  return decode({ messages: [assistantSays(blocks)] }).turn.messages[0]?.content;
}

describe('decoding content blocks', () => {
  it('keeps the white space of text', () => {
    assert.deepEqual(userContent({ type: 'text', text: '\n  a\t\n' }), [{ type: 'text', text: '\n  a\t\n' }]);
  });

  it('reads images as base64, by URL and from data URLs', () => {
    const base64 = { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'QUJD' } };
    assert.deepEqual(
      userContent(
        { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'QUJD' } },
        { type: 'image', source: { type: 'url', url: 'https://example.org/a.png' } },
        { type: 'image', source: { type: 'url', url: 'data:image/png;base64,QUJD' } },
      ),
      [base64, { type: 'image', source: { kind: 'url', url: 'https://example.org/a.png' } }, base64],
    );
  });

  it('refuses uploaded files and PDFs, naming the block', () => {
    const refused = (block: unknown, param: string, message: RegExp) =>
      assert.throws(
        () => userContent(block),
        (error: { kind: string; message: string; details: { param: string } }) => {
          assert.equal(error.kind, 'unsupported-feature');
          assert.equal(error.details.param, param);
          assert.match(error.message, message);
          return true;
        },
      );
    refused(
      { type: 'image', source: { type: 'file', file_id: 'f' } },
      'messages[0].content[0].source',
      /base64 or by URL/,
    );
    const pdf = { type: 'base64', media_type: 'application/pdf', data: '' };
    refused({ type: 'document', source: pdf }, 'messages[0].content[0].source', /does not support PDF input/);
    refused(
      { type: 'document', source: { type: 'url', url: 'https://x/a.pdf' } },
      'messages[0].content[0].source',
      /PDF/,
    );
    refused(
      { type: 'document', source: { type: 'file', file_id: 'f' } },
      'messages[0].content[0].source',
      /text/,
    );
  });

  it('reads documents as framed text', () => {
    assert.deepEqual(
      userContent(
        {
          type: 'document',
          title: 'A "b"',
          context: 'c',
          source: { type: 'text', media_type: 'text/plain', data: 'x\n' },
        },
        { type: 'document', source: { type: 'base64', media_type: 'text/markdown', data: 'w6Q=' } },
        {
          type: 'document',
          source: {
            type: 'content',
            content: [
              { type: 'text', text: 'p' },
              { type: 'image', source: { type: 'url', url: 'u' } },
            ],
          },
        },
      ),
      [
        { type: 'text', text: '<document title="A &quot;b&quot;" context="c">\nx\n\n</document>' },
        { type: 'text', text: '<document>\nä\n</document>' },
        { type: 'text', text: '<document>\n' },
        { type: 'text', text: 'p' },
        { type: 'image', source: { kind: 'url', url: 'u' } },
        { type: 'text', text: '\n</document>' },
      ],
    );
  });

  it('reads search results as framed text', () => {
    const block = { type: 'search_result', title: 't', source: 's', content: [{ type: 'text', text: 'x' }] };
    assert.deepEqual(userContent(block), [
      { type: 'text', text: '<search_result title="t" source="s">\nx\n</search_result>' },
    ]);
  });

  it('reads tool results: string, blocks with images, tool references, errors, nothing', () => {
    assert.deepEqual(
      userContent(
        { type: 'tool_result', tool_use_id: '1', content: ' ok ' },
        {
          type: 'tool_result',
          tool_use_id: '2',
          is_error: true,
          content: [
            { type: 'text', text: 'no', cache_control: { type: 'ephemeral' } },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'QQ==' } },
            { type: 'tool_reference', tool_name: 'Grep' },
          ],
        },
        { type: 'tool_result', tool_use_id: '3' },
      ),
      [
        { type: 'tool-result', callId: '1', content: [{ type: 'text', text: ' ok ' }] },
        {
          type: 'tool-result',
          callId: '2',
          isError: true,
          content: [
            { type: 'text', text: 'no' },
            { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'QQ==' } },
            { type: 'text', text: 'The tool Grep is available.' },
          ],
        },
        { type: 'tool-result', callId: '3', content: [] },
      ],
    );
  });

  it('keeps calls with their input as JSON text', () => {
    assert.deepEqual(assistantContent({ type: 'tool_use', id: 't', name: 'Read', input: { path: 'a' } }), [
      { type: 'tool-call', id: 't', name: 'Read', input: '{"path":"a"}' },
    ]);
  });

  it('keeps thoughts apart from text, with the signature only if upstream made it', () => {
    assert.deepEqual(
      assistantContent(
        { type: 'thinking', thinking: 'a', signature: 'upstream' },
        { type: 'thinking', thinking: 'b', signature: signThinking('b') },
        { type: 'redacted_thinking', data: 'cipher' },
        { type: 'text', text: 'c' },
      ),
      [
        { type: 'reasoning', text: 'a', signature: 'upstream' },
        { type: 'reasoning', text: 'b' },
        { type: 'reasoning', text: '', signature: 'cipher' },
        { type: 'text', text: 'c' },
      ],
    );
  });

  it("tells what Anthropic's own tools did in words", () => {
    assert.deepEqual(
      assistantContent(
        { type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'q' } },
        {
          type: 'web_search_tool_result',
          tool_use_id: 's',
          content: [{ type: 'web_search_result', title: 'T', url: 'https://x', encrypted_content: 'zzz' }],
        },
      ),
      [
        { type: 'text', text: '[Called the hosted tool web_search: {"query":"q"}]' },
        { type: 'text', text: '[Result of the hosted tool web_search]\nT\nhttps://x' },
      ],
    );
  });

  it('keeps what can be read in a block of an unknown kind and notes it', () => {
    const { turn, ignored } = decode({
      messages: [userSays([{ type: 'hologram', content: [{ type: 'layer', text: 'deep' }], data: 'AAAA' }])],
    });
    assert.deepEqual(turn.messages[0]?.content, [{ type: 'text', text: 'deep' }]);
    assert.deepEqual(ignored, ['messages[].content[].type=hologram']);
  });
});
