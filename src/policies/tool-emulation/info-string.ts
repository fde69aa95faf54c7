/** Fences that hold a call and nothing else. */
const actionInfos: readonly string[] = [
  'json action',
  'json_action',
  'json-action',
  'json:action',
  'jsonaction',
];
/** Fences that models put around a call but also around other JSON. */
const maybeInfos: readonly string[] = ['', 'json', 'action', 'tool_call', 'tool'];
const infos: readonly string[] = [...actionInfos, ...maybeInfos];
const longestInfo = 32;

function normalized(info: string): string {
  return info.replace(/\s+/g, ' ').trimStart().toLowerCase();
}

/** What a fence with this whole info string holds. */
export function infoMeaning(info: string): 'action' | 'maybe' | 'other' {
  const text = normalized(info).trimEnd();
  if (actionInfos.includes(text)) return 'action';
  return maybeInfos.includes(text) ? 'maybe' : 'other';
}

/** Whether more characters could still make this the info string of a call. */
export function mayBecomeInfo(info: string): boolean {
  if (info.length > longestInfo) return false;
  const text = normalized(info);
  return infos.some((known) => known.startsWith(text) || known === text.trimEnd());
}
