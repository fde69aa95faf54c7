import type { TurnEvent } from './events.ts';
import type { StreamEncoder } from './protocol.ts';
import type { WireText } from './wire-text.ts';

/** Encodes events that came together, each as an event of its own: what they have in common is made once for neighbouring texts. */
export function encodeTogether(encoder: StreamEncoder, events: readonly TurnEvent[]): readonly WireText[] {
  const pieces: WireText[] = [];
  let plain = '';
  let texts: string[] = [];
  const give = (piece: WireText) => {
    if (typeof piece === 'string') plain += piece;
    else {
      if (plain !== '') pieces.push(plain);
      plain = '';
      pieces.push(piece);
    }
  };
  const giveTexts = () => {
    if (texts.length > 0) give(encoder.encodeTexts(texts));
    texts = [];
  };
  for (const event of events) {
    if (event.type === 'text-delta' && event.text !== '') texts.push(event.text);
    else {
      giveTexts();
      give(encoder.encode(event));
    }
  }
  giveTexts();
  if (plain !== '') pieces.push(plain);
  return pieces;
}
