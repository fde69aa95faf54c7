/** Chat requests as JSON text: what they hold, and what they want to be answered with. */

const words = 'The quick brown fox jumps over the lazy dog, reads src/main.ts and says "done"\n';

export function smallRequest(chunks, rate = 0) {
  return toJson([{ role: 'user', content: `${words.repeat(8)}${wish(chunks, rate)}` }]);
}

/** As coding agents send it: 300 KB with 25 tools. */
export function agentRequest(chunks, rate = 0) {
  const tools = Array.from({ length: 25 }, (_, index) => tool(index));
  return toJson(history(300_000 - JSON.stringify(tools).length, chunks, rate), tools);
}

/** A long conversation: 2 MB in messages of 8 KB. */
export function longRequest(chunks, rate = 0) {
  return toJson(history(2_000_000, chunks, rate));
}

function history(size, chunks, rate) {
  const messages = [{ role: 'system', content: 'Be brief.' }];
  const text = words.repeat(100);
  for (let length = 0; length < size; length += 2 * text.length) {
    messages.push({ role: 'user', content: text }, { role: 'assistant', content: text });
  }
  messages.push({ role: 'user', content: wish(chunks, rate) });
  return messages;
}

function tool(index) {
  const property = { type: 'string', description: words.repeat(3) };
  const properties = Object.fromEntries(Array.from({ length: 6 }, (_, at) => [`field_${at}`, property]));
  return {
    type: 'function',
    function: {
      name: `tool_${index}`,
      description: words.repeat(20),
      parameters: { type: 'object', properties, required: ['field_0'] },
    },
  };
}

function wish(chunks, rate) {
  return `bench:${chunks}:${rate}`;
}

function toJson(messages, tools) {
  // The model with the longest context.
  return JSON.stringify({ model: 'dashscope_qmodel', stream: true, messages, ...(tools && { tools }) });
}
