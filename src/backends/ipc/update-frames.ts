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

/** A turn whose updates keep differing in more than their text is read in full. */
const mostAttempts = 8;

/** Reads pieces of an answer without parsing their notifications: by the frames that they share with one that was parsed. */
export class UpdateFrames {
  /** By what stands before the text. */
  readonly #frames = new Map<string, UpdateFrame>();
  /** How long that is, in any of them. */
  #lengths: readonly number[] = [];
  readonly #attempts = new Map<string, number>();

  /** The update in a notification that differs from a learned one only in its text; undefined for every other. */
  read(text: string): RoutedUpdate | undefined {
    for (const length of this.#lengths) {
      const frame = this.#frames.get(text.slice(0, length));
      const quoted = frame && quotedInFrame(frame, text, 0, text.length);
      const piece = quoted === undefined ? undefined : unquote(quoted, frame?.depth ?? 1);
      if (frame === undefined || piece === undefined) continue;
      const { requestId, sessionId, kind } = frame;
      return { requestId, sessionId, update: { kind, text: piece } };
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
    this.#lengths = [...new Set([...this.#frames.keys()].map(({ length }) => length))];
  }
}

function plainUpdate(text: string): (RoutedUpdate & { readonly update: Piece }) | undefined {
  const message = tryParseJson(text);
  if (!isNotification(message) || message.method !== 'session/update') return undefined;
  const routed = readUpdate(message['params']);
  const { update } = routed ?? {};
  if (routed === undefined || (update?.kind !== 'message' && update?.kind !== 'thought')) return undefined;
  return { ...routed, update };
}
