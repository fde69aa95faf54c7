import type { Settings } from './settings.ts';

/** The key for this user's own clients: that of `api_key`, else one of the named ones, rather one without a limit; '' when none is asked for. */
export function ownKey({ apiKey, apiKeys }: Pick<Settings, 'apiKey' | 'apiKeys'>): string {
  const named = apiKeys.find(({ requestsPerMinute }) => requestsPerMinute === 0) ?? apiKeys[0];
  return apiKey || (named?.key ?? '');
}
