import type { TurnMetadata } from '../../core/turn.ts';
import type { RequestBody } from './schema.ts';

/**
 * `metadata.user_id`. Claude Code writes JSON into it, with its `session_id`; before that it was
 * `user_<id>_account_<id>_session_<id>`.
 */
export function decodeMetadata(metadata: RequestBody['metadata']): TurnMetadata {
  const userId = metadata?.user_id;
  if (!userId) return {};
  const sessionId = sessionIdIn(userId);
  return { userId, ...(sessionId ? { sessionId } : {}) };
}

function sessionIdIn(userId: string): string | undefined {
  if (!userId.startsWith('{')) return /_session_([\w-]+)$/.exec(userId)?.[1];
  try {
    const parsed: unknown = JSON.parse(userId);
    if (typeof parsed !== 'object' || parsed === null || !('session_id' in parsed)) return undefined;
    return typeof parsed.session_id === 'string' ? parsed.session_id : undefined;
  } catch {
    return undefined;
  }
}
