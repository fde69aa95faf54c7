import { tryParseJson } from '../../core/json.ts';
import { findTextFrame, quotedInFrame, type TextFrame, unquote } from '../../core/text-frame.ts';
import { isNotification } from './rpc-peer.ts';
import { type RoutedUpdate, readUpdate } from './updates.ts';

type Piece = RoutedUpdate['update'] & { readonly kind: 'message' | 'thought' };

interface UpdateFrame extends TextFrame {
  readonly requestId: string;
  readonly sessionId: string | undefined;
  readonly kind: Piece['kind'];
}

/** A piece of an answer as it was found in its frame. */
export interface FramedUpdate extends RoutedUpdate {
  readonly frame: TextFrame;
  /** What stood in the frame. */
  readonly quoted: string;
}

/** A turn whose updates keep differing in more than their text is read in full. */
const mostAttempts = 8;

/** Reads pieces of an answer without parsing their notifications: by the frames that they share with one that was parsed. */
export class UpdateFrames {
  /** By what stands before the text. */
  readonly #frames = new Map<string, UpdateFrame>();
  /** How long that is, in any of them. */
  #lengths: readonly number[] = [];
  readonly #attempts = new Map<string, number>();
  /** The one that was of use last: a turn's updates often follow each other. */
  #last: UpdateFrame | undefined;

  /** The update in a notification that differs from a learned one only in its text; undefined for every other. */
  read(text: string): FramedUpdate | undefined {
    const again = this.#last && readFramed(this.#last, text);
    if (again !== undefined) return again;
    for (const length of this.#lengths) {
      const frame = this.#frames.get(text.slice(0, length));
      const read = frame && readFramed(frame, text);
      if (read === undefined) continue;
      this.#last = frame;
      return read;
    }
    return undefined;
  }

  /** Takes a notification apart that was parsed, and was found to be this. */
  learn(text: string, { requestId, sessionId, update }: RoutedUpdate): void {
    if (requestId === undefined || (update.kind !== 'message' && update.kind !== 'thought')) return;
    const attempts = this.#attempts.get(requestId) ?? 0;
    if (attempts >= mostAttempts) return;
    this.#attempts.set(requestId, attempts + 1);
    const frame = findTextFrame(text, 'text', update.text, (notification) => {
      const read = plainUpdate(notification);
      const isSame = read?.requestId === requestId && read.sessionId === sessionId;
      return isSame && read.update.kind === update.kind ? read.update.text : undefined;
    });
    if (frame === undefined) return;
    this.#frames.set(frame.before, { ...frame, requestId, sessionId, kind: update.kind });
    this.#measure();
  }

  /** Forgets a turn that has ended. */
  forget(requestId: string): void {
    this.#attempts.delete(requestId);
    for (const [before, frame] of this.#frames) {
      if (frame.requestId === requestId) this.#frames.delete(before);
    }
    this.#measure();
  }

  #measure(): void {
    this.#last = undefined;
    this.#lengths = [...new Set([...this.#frames.keys()].map(({ length }) => length))];
  }
}

function readFramed(frame: UpdateFrame, text: string): FramedUpdate | undefined {
  const { requestId, sessionId, kind, depth } = frame;
  const quoted = quotedInFrame(frame, text, 0, text.length);
  const piece = quoted === undefined ? undefined : unquote(quoted, depth);
  if (quoted === undefined || piece === undefined) return undefined;
  return { requestId, sessionId, update: { kind, text: piece }, frame, quoted };
}

function plainUpdate(text: string): (RoutedUpdate & { readonly update: Piece }) | undefined {
  const message = tryParseJson(text);
  if (!isNotification(message) || message.method !== 'session/update') return undefined;
  const routed = readUpdate(message['params']);
  const { update } = routed ?? {};
  if (routed === undefined || (update?.kind !== 'message' && update?.kind !== 'thought')) return undefined;
  return { ...routed, update };
}
