import { english, type Localizer } from '../core/localizer.ts';
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

/** The origin in words: `flag --port`, `environment LINGMA_PROXY_PORT`, `file /x.json key port`, `VS Code setting lingmaProxy.port`, `default`. */
export function describeOrigin(origin: Origin, l10n: Localizer = english): string {
  switch (origin.kind) {
    case 'default':
      return l10n.t('default');
    case 'file':
      return l10n.t('file {0} key {1}', origin.file, origin.key);
    case 'environment':
      return l10n.t('environment {0}', origin.variable);
    case 'flag':
      return l10n.t('flag --{0}', origin.flag);
    case 'editor':
      return l10n.t('VS Code {0}', origin.name);
    default:
      return origin satisfies never;
  }
}
