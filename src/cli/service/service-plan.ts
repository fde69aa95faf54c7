import type { Phrase } from '../../core/localizer.ts';

/** What the service is to run. */
export interface ServiceTarget {
  /** The absolute path of Node's executable. */
  readonly node: string;
  /** The absolute path of the command line's script. */
  readonly script: string;
  /** Flags of the proxy. */
  readonly flags: readonly string[];
  /** Where the flags' relative paths begin, and the settings file is looked for. */
  readonly folder: string;
  /** Seconds that a stop may take. */
  readonly stopSeconds: number;
}

/** The user that the service belongs to. */
export interface ServiceOwner {
  readonly home: string;
  /** Undefined on Windows, which has none. */
  readonly uid: number | undefined;
}

/** A program and its arguments. */
export type Command = readonly [program: string, ...args: string[]];

/** How a system's own service manager is told of the proxy. */
export interface ServicePlan {
  /** What the manager calls its kind of service. */
  readonly kind: string;
  /** The definition that the manager reads. */
  readonly file: string;
  readonly content: string;
  readonly encoding: 'utf8' | 'utf16le';
  readonly install: readonly Command[];
  /** Before the file is removed; one that fails does no harm. */
  readonly uninstall: readonly Command[];
  /** After the file has been removed. */
  readonly afterwards: readonly Command[];
  /** Ends with 0 when the service runs. */
  readonly status: Command;
  /** What a person may want to do next. */
  readonly hints: readonly Phrase[];
}

/** Stands in each definition, so that one of somebody else's is not replaced. */
export const definitionMark = 'Written by "lingma-proxy service install".';

/** The five characters that XML reads as its own, written so that it does not. */
export function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
}
