import type { Settings } from './settings.ts';

/** The key for this user's own clients: that of `api_key`, else the first of the named ones; '' when none is asked for. */
export function ownKey({ apiKey, apiKeys }: Pick<Settings, 'apiKey' | 'apiKeys'>): string {
  return apiKey || (apiKeys[0]?.key ?? '');
}
