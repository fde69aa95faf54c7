import type { Localizer } from '../core/localizer.ts';

/** What has to be said, where nobody can miss it, of a file that holds a login. */
export function secretWarning(
  file: string,
  expiresAt: number | undefined,
  l10n: Localizer,
): readonly string[] {
  return [
    l10n.t('THIS FILE IS A PASSWORD: {0}', file),
    expiresAt === undefined
      ? l10n.t('Whoever has it can use your Lingma account in your name.')
      : l10n.t('Whoever has it can use your Lingma account in your name until {0}.', showDay(expiresAt)),
    l10n.t(
      'It is readable to you alone. Move it over an encrypted connection only, never commit it, never put it',
    ),
    l10n.t('into an image, an e-mail or a ticket, and delete it here once it is where it belongs.'),
    l10n.t('If it got out: sign out of Lingma in your IDE and sign in again.'),
  ];
}

/** `2026-04-30` */
export function showDay(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}
