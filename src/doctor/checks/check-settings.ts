import { describeSettings } from '../../config/describe-settings.ts';
import type { Diagnosis } from '../diagnosis.ts';
import type { SettingsUnderExamination } from '../doctor-options.ts';

/** Where the settings came from, what is odd about them, and what makes a start impossible. */
export function checkSettings(diagnosis: Diagnosis, loaded: SettingsUnderExamination): void {
  for (const problem of loaded.problems) {
    const finding = diagnosis.add(
      'settings',
      'error',
      'settings.unusable',
      { problem },
      { action: 'open-settings', args: {} },
    );
    diagnosis.breaks('settings', finding);
  }
  for (const warning of loaded.warnings) {
    diagnosis.add(
      'settings',
      'warning',
      'settings.warning',
      { warning },
      { action: 'open-settings', args: {} },
    );
  }
  if (loaded.problems.length > 0) return;
  const given = describeSettings(loaded)
    .filter(({ name }) => loaded.origins[name].kind !== 'default')
    .map(({ jsonKey, value, origin }) => `${jsonKey} = ${JSON.stringify(value)} (${origin})`)
    .join('; ');
  diagnosis.add('settings', 'ok', 'settings.fine', { given, file: loaded.configFile ?? '' });
  diagnosis.holds('settings');
}
