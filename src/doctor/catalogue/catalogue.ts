import type { ApiName, FindingId, FindingValues, Section } from '../findings.ts';
import type { LinkName } from '../links.ts';

/** A finding in words. */
export interface FindingText {
  /** One line: what is. */
  readonly title: string;
  /** Why, and what it means; absent where the title says it all. */
  readonly detail?: string;
  /** What to do next, for findings that have a next action. */
  readonly nextStep?: string;
}

/** Everything that a report says, in one language. */
export interface Catalogue {
  readonly findings: { readonly [Id in FindingId]: (values: FindingValues[Id]) => FindingText };
  readonly sections: Readonly<Record<Section, string>>;
  readonly links: Readonly<Record<LinkName, string>>;
  readonly summary: {
    readonly heading: (version: string) => string;
    /** Between the links of the chain and where it is broken. */
    readonly chain: string;
    readonly firstBroken: (link: string, title: string) => string;
    readonly allHolds: string;
    readonly counts: (errors: number, warnings: number) => string;
  };
}

/** What each API is called by those who make it. */
const makersNames: Readonly<Record<Exclude<ApiName, 'every'>, string>> = {
  'chat-completions': 'OpenAI Chat Completions',
  responses: 'OpenAI Responses',
  messages: 'Anthropic Messages',
};

/** What an API is called, or all of them together in the language's own words. */
export function apiName(api: ApiName, every: string): string {
  return api === 'every' ? every : makersNames[api];
}

/** `2026-04-30 03:33 UTC`, from ISO 8601. */
export function showTime(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}
