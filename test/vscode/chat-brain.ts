import type { Brain } from '../../src/demo/brain.ts';

/** Answers what the chat suite asks. */
export const chatBrain: Brain = (request) => {
  if (request.backend === 'ipc') {
    const [image] = request.images;
    return { parts: [{ text: `${image?.mimeType}, ${image?.bytes.length} bytes` }] };
  }
  const last = request.messages.at(-1);
  if (last?.role === 'tool') return { parts: [{ text: `They say: ${last.content}` }] };
  const text = last?.content ?? '';
  if (text.includes('slowly')) {
    return {
      parts: Array.from({ length: 10_000 }, (_, count) => ({ text: `${count} ` })),
      chunksPerSecond: 20,
    };
  }
  if (request.tools.length > 0) {
    return { parts: [{ toolCall: { name: 'get_weather', arguments: { city: 'Hangzhou' } } }] };
  }
  const thoughts = request.reasoning ? [{ thought: 'Let me see.' }] : [];
  return { parts: [...thoughts, { text: 'Good day to you. 你好！👋' }] };
};
