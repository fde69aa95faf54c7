import { parseWith } from '../../core/parse.ts';
import type { Image, Text } from '../../core/turn.ts';
import type { DecodeContext } from './decode-context.ts';
import { decodeImage } from './decode-image.ts';
import { renderedText } from './rendered-text.ts';
import {
  type Block,
  base64SourceSchema,
  blockSchema,
  contentSourceSchema,
  documentBlockSchema,
  plainTextSourceSchema,
  searchResultBlockSchema,
  textBlockSchema,
  toolChangeBlockSchema,
} from './schema.ts';

/** Calls `decode` with each block of a content that is a string or a list, and where it stands in the request. */
export function decodeEach<T>(
  content: string | readonly unknown[] | null | undefined,
  at: string,
  decode: (block: Block, at: string) => readonly T[],
): T[] {
  if (content === null || content === undefined || content === '') return [];
  if (typeof content === 'string') return [...decode({ type: 'text', text: content }, at)];
  const decoded: T[] = [];
  for (let index = 0; index < content.length; index++) {
    const place = `${at}[${index}]`;
    const item = content[index];
    const block = typeof item === 'string' ? { type: 'text', text: item } : asBlock(item, place);
    for (const part of decode(block, place)) decoded.push(part);
  }
  return decoded;
}

function asBlock(value: unknown, at: string): Block {
  return isBlock(value) ? value : parseWith(blockSchema, value, at);
}

/** A check by hand, since histories hold thousands of blocks and a schema would copy each. */
function isBlock(value: unknown): value is Block {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

/** What may stand in a user message, a tool result or a document alike. Blocks of unknown kinds give what can be read in them. */
export function decodeContent(block: Block, at: string, context: DecodeContext): (Text | Image)[] {
  switch (block.type) {
    case 'text':
      return texts(parseWith(textBlockSchema, block, at).text);
    case 'image':
      return decodeImage(block, at, context);
    case 'document':
      return decodeDocument(block, at, context);
    case 'search_result':
      return decodeSearchResult(block, at, context);
    case 'tool_reference':
      return texts(`The tool ${renderedText(block)} is available.`);
    case 'browser_state':
      return texts(JSON.stringify(block));
    case 'tool_addition':
    case 'tool_removal':
      decodeToolChange(block, at, context);
      return [];
    default:
      return decodeHostedOrUnknown(block, context);
  }
}

/** A text part, or none for an empty text. */
export function texts(text: string): Text[] {
  return text === '' ? [] : [{ type: 'text', text }];
}

function decodeDocument(block: Block, at: string, context: DecodeContext): (Text | Image)[] {
  const { source, title, context: about } = parseWith(documentBlockSchema, block, at);
  const inner = decodeDocumentSource(source, `${at}.source`, context);
  if (inner.length === 0) return [];
  return framed('document', { title, context: about }, inner);
}

function decodeDocumentSource(source: Block, at: string, context: DecodeContext): (Text | Image)[] {
  switch (source.type) {
    case 'text':
      return texts(parseWith(plainTextSourceSchema, source, at).data);
    case 'content':
      return decodeEach(parseWith(contentSourceSchema, source, at).content, `${at}.content`, (block, place) =>
        decodeContent(block, place, context),
      );
    case 'base64': {
      const { media_type, data } = parseWith(base64SourceSchema, source, at);
      if (media_type.startsWith('text/')) return texts(Buffer.from(data, 'base64').toString('utf8'));
      refuseDocument(at, media_type === 'application/pdf' ? 'PDF' : media_type, context);
      return [];
    }
    case 'url':
      refuseDocument(at, 'PDF', context);
      return [];
    default:
      context.refuse(
        at,
        `${at} is of type "${source.type}". This proxy keeps no uploaded files. Send the document's text.`,
      );
      return [];
  }
}

/** The words "does not support PDF input" are what Claude Code looks for before it goes on without the file. */
function refuseDocument(at: string, kind: string, context: DecodeContext): void {
  context.refuse(at, `${at}: Lingma does not support ${kind} input. Send the document's text instead.`);
}

function decodeSearchResult(block: Block, at: string, context: DecodeContext): (Text | Image)[] {
  const { title, source, content } = parseWith(searchResultBlockSchema, block, at);
  const inner = decodeEach(content, `${at}.content`, (item, place) => decodeContent(item, place, context));
  return framed('search_result', { title, source }, inner);
}

/** Content between tags that tell the model what it is; text stays as it was. */
function framed(
  tag: string,
  attributes: Readonly<Record<string, string | null | undefined>>,
  inner: readonly (Text | Image)[],
): (Text | Image)[] {
  const written = Object.entries(attributes)
    .filter(([, value]) => value)
    .map(([name, value]) => ` ${name}="${String(value).replaceAll('"', '&quot;')}"`);
  const opening = `<${tag}${written.join('')}>\n`;
  const closing = `\n</${tag}>`;
  const [only] = inner;
  if (inner.length === 1 && only?.type === 'text') return texts(opening + only.text + closing);
  return [...texts(opening), ...inner, ...texts(closing)];
}

function decodeToolChange(block: Block, at: string, context: DecodeContext): void {
  const { tool } = parseWith(toolChangeBlockSchema, block, at);
  if (tool.type === 'tool_definition') context.toolChanges.push({ type: 'add', definition: tool.definition });
  else if (tool.type === 'tool_reference' && typeof tool.name === 'string') {
    const type = block.type === 'tool_removal' ? 'remove' : 'restore';
    context.toolChanges.push({ type, name: tool.name });
  } else context.ignore(`messages[].content[].tool.type=${tool.type}`);
}

/** Traces of tools that Anthropic's servers ran, as text that the model can read; what is unknown is noted too. */
function decodeHostedOrUnknown(block: Block, context: DecodeContext): Text[] {
  const { type } = block;
  if (type === 'server_tool_use' || type === 'mcp_tool_use') {
    const name = typeof block['name'] === 'string' ? block['name'] : 'without a name';
    return texts(`[Called the hosted tool ${name}: ${JSON.stringify(block['input'] ?? {})}]`);
  }
  if (type.endsWith('_tool_result')) {
    return texts(
      `[Result of the hosted tool ${type.slice(0, -'_tool_result'.length)}]\n${renderedText(block)}`,
    );
  }
  if (type !== 'compaction') context.ignore(`messages[].content[].type=${type}`);
  return texts(renderedText(block));
}
