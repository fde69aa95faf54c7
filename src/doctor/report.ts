import type { Settings } from '../config/settings.ts';
import type { Finding } from './findings.ts';
import { chains, type LinkName } from './links.ts';

/** `skipped`: not tried, because an earlier one is broken or nobody wanted it. */
export type LinkState = 'holds' | 'broken' | 'skipped';

/** The whole diagnosis. */
export interface Report {
  /** The worst of all findings. */
  readonly outcome: 'fine' | 'warnings' | 'errors';
  /** The backend that was examined: the running proxy's, or the configured one. */
  readonly backend: Settings['backend'];
  readonly chain: readonly { readonly link: LinkName; readonly state: LinkState }[];
  /** The first link that is broken, with the finding that tells why. */
  readonly broken?: { readonly link: LinkName; readonly finding: Finding };
  /** In the order in which they were made. */
  readonly findings: readonly Finding[];
}

/** What is known of a link: it holds, or why it is broken. */
export type KnownLinks = ReadonlyMap<LinkName, 'holds' | Finding>;

export function makeReport(
  backend: Settings['backend'],
  findings: readonly Finding[],
  links: KnownLinks,
): Report {
  const chain = chains[backend].map((link) => ({ link, state: stateOf(links.get(link)) }));
  const link = chain.find(({ state }) => state === 'broken')?.link;
  const finding = link && links.get(link);
  const has = (status: Finding['status']) => findings.some((each) => each.status === status);
  return {
    outcome: has('error') ? 'errors' : has('warning') ? 'warnings' : 'fine',
    backend,
    chain,
    ...(link === undefined || finding === undefined || finding === 'holds'
      ? {}
      : { broken: { link, finding } }),
    findings,
  };
}

/** The exit code of a command: 0 fine, 1 warnings, 2 errors. */
export function exitCodeOf({ outcome }: Report): 0 | 1 | 2 {
  switch (outcome) {
    case 'fine':
      return 0;
    case 'warnings':
      return 1;
    case 'errors':
      return 2;
    default:
      return outcome satisfies never;
  }
}

function stateOf(known: 'holds' | Finding | undefined): LinkState {
  if (known === undefined) return 'skipped';
  return known === 'holds' ? 'holds' : 'broken';
}
