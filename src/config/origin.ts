import type { SettingName } from './settings.ts';

/** Where a setting's value came from. */
export type Origin =
  | { readonly kind: 'default' }
  | { readonly kind: 'file'; readonly file: string; readonly key: string }
  | { readonly kind: 'environment'; readonly variable: string }
  | { readonly kind: 'flag'; readonly flag: string }
  /** A setting or a secret of the editor that the extension runs in. */
  | { readonly kind: 'editor'; readonly name: string };

/** A value that a file, the environment, a flag or the editor gives to a setting; not validated yet. */
export interface GivenValue {
  readonly name: SettingName;
  /** As JSON, except that flags and the environment give a text still to be read. */
  readonly value: unknown;
  readonly origin: Origin;
}

/** The origin in words: `flag --port`, `environment LINGMA_PROXY_PORT`, `file /x.json key port`, `VS Code lingmaProxy.port`, `default`. */
export function describeOrigin(origin: Origin): string {
  switch (origin.kind) {
    case 'default':
      return 'default';
    case 'file':
      return `file ${origin.file} key ${origin.key}`;
    case 'environment':
      return `environment ${origin.variable}`;
    case 'flag':
      return `flag --${origin.flag}`;
    case 'editor':
      return `VS Code ${origin.name}`;
    default:
      return origin satisfies never;
  }
}
