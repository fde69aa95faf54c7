import type { Localizer } from '../../src/extension/localizer.ts';

/** English, as VS Code shows it without a translation. */
export const plainLocalizer: Localizer = {
  t: (message, ...values) =>
    message.replaceAll(/\{(\d)\}/g, (_placeholder, index: string) => String(values[Number(index)])),
  language: 'en',
};
