import type { Image, Message, Text, Turn, UserContent } from '../core/turn.ts';

/** The images of one message, those inside tool results included, in order. */
export function imagesOf(message: Message): Image[] {
  if (message.role !== 'user') return [];
  return message.content.flatMap((part) => {
    if (part.type === 'image') return [part];
    return part.type === 'tool-result' ? part.content.filter((piece) => piece.type === 'image') : [];
  });
}

/** Index of the last message that holds images; -1 when none does. */
export function lastImageMessage(turn: Turn): number {
  return turn.messages.findLastIndex((message) => imagesOf(message).length > 0);
}

/** The text that the person (or a tool) put beside the images of one message. */
export function textOf(message: Message): string {
  return message.content
    .flatMap((part) => (part.type === 'text' ? [part.text] : []))
    .join('\n')
    .trim();
}

/** The turn with each image replaced by what `replace` gives for it, wherever it stands. Messages without images are kept as they are. */
export function replaceImages(
  turn: Turn,
  replace: (image: Image, messageIndex: number) => Text | Image,
): Turn {
  return {
    ...turn,
    messages: turn.messages.map((message, index) => {
      if (message.role !== 'user' || imagesOf(message).length === 0) return message;
      return { role: 'user', content: message.content.map((part) => replacePart(part, index, replace)) };
    }),
  };
}

function replacePart(
  part: UserContent,
  index: number,
  replace: (image: Image, messageIndex: number) => Text | Image,
): UserContent {
  if (part.type === 'image') return replace(part, index);
  if (part.type !== 'tool-result') return part;
  return {
    ...part,
    content: part.content.map((piece) => (piece.type === 'image' ? replace(piece, index) : piece)),
  };
}
