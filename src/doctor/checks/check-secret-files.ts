import { isAbsolute } from 'node:path';
import { redactUrl } from '../../config/redact-url.ts';
import type { SettingName } from '../../config/settings.ts';
import type { Examination } from '../examination.ts';
import { isReadableByOthers } from './readable-by-others.ts';

/** Points out the files of the settings that hold a key or a password and that others may read. */
export async function checkSecretFiles(examination: Examination): Promise<void> {
  const { diagnosis, computer } = examination;
  for (const source of new Set(filesWithSecrets(examination))) {
    if (!isAbsolute(source) || !(await isReadableByOthers(computer, source))) continue;
    diagnosis.add(
      'settings',
      'warning',
      'settings.readable-by-others',
      { source },
      { action: 'none', args: {} },
    );
  }
}

function filesWithSecrets({ settings, origins }: Examination): string[] {
  const fileOf = (name: SettingName, isSecret: boolean) => {
    const origin = origins[name];
    return isSecret && origin.kind === 'file' ? [origin.file] : [];
  };
  const { apiKey, apiKeyFile, apiKeys, remoteProxyUrl } = settings;
  return [
    ...[apiKeyFile, ...apiKeys.map(({ keyFile }) => keyFile)].filter((file) => file !== ''),
    ...fileOf('apiKey', apiKey !== '' && apiKeyFile === ''),
    ...fileOf(
      'apiKeys',
      apiKeys.some(({ keyFile, keyVariable }) => keyFile === '' && keyVariable === ''),
    ),
    ...fileOf('remoteProxyUrl', redactUrl(remoteProxyUrl) !== remoteProxyUrl),
  ];
}
