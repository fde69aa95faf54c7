import { isRecord } from '../../core/json.ts';

/** The failures that VS Code tells apart; undefined: any other. */
export type ChatErrorCode = 'NoPermissions' | 'Blocked' | 'NotFound' | undefined;

/**
 * What a failed turn is to VS Code. Goes by the kind and not by the class: the error comes from a part of the program that was bundled
 * with a class of its own.
 */
export function chatErrorCode(thrown: unknown): ChatErrorCode {
  switch (isRecord(thrown) ? thrown['kind'] : undefined) {
    case 'login-required':
    case 'permission-denied':
      return 'NoPermissions';
    case 'rate-limited':
    case 'overloaded':
      return 'Blocked';
    case 'model-not-found':
      return 'NotFound';
    default:
      return undefined;
  }
}
