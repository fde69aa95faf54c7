import { prepareImage } from '../../images/prepare-image.ts';
import { variable } from '../../runtime/computer.ts';
import type { Examination } from '../examination.ts';
import { redSquare } from '../test-picture.ts';

/** The oldest that package.json's `engines` allows. */
const neededNode = [20, 18, 1] as const;

/** Whether what this program stands on is there: Node, and the library that reads images. */
export async function checkInstallation({ diagnosis }: Examination): Promise<void> {
  const { node: version } = process.versions;
  if (isOlder(version.split('.').map(Number), neededNode)) {
    const needed = neededNode.join('.');
    diagnosis.add(
      'installation',
      'warning',
      'node.too-old',
      { version, needed },
      { action: 'none', args: {} },
    );
  } else {
    diagnosis.add('installation', 'ok', 'node.fine', { version });
  }
  try {
    await prepareImage(Buffer.from(redSquare, 'base64'), 'test', { longestSide: 100, maxPixels: 10_000 });
    diagnosis.add('installation', 'ok', 'images-library.fine', {});
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    diagnosis.add(
      'installation',
      'warning',
      'images-library.missing',
      { reason },
      { action: 'none', args: {} },
    );
  }
}

function isOlder(version: readonly number[], needed: readonly number[]): boolean {
  for (const [index, wanted] of needed.entries()) {
    const part = version[index] ?? 0;
    if (part !== wanted) return part < wanted;
  }
  return false;
}

/** Where this runs, as a proxy sees only the runtimes and logins of its own computer. */
export async function checkPlace(
  { diagnosis, computer }: Examination,
  remoteName: string | undefined,
): Promise<void> {
  const distribution = variable(computer, 'WSL_DISTRO_NAME');
  if (distribution !== undefined) {
    diagnosis.add('installation', 'note', 'place.wsl', { distribution });
  } else if (await isContainer({ computer })) {
    diagnosis.add('installation', 'note', 'place.container', {});
  } else if (remoteName !== undefined || variable(computer, 'SSH_CONNECTION') !== undefined) {
    diagnosis.add('installation', 'note', 'place.remote', { kind: remoteName ?? 'ssh' });
  } else {
    diagnosis.add('installation', 'ok', 'place.local', { platform: `${computer.platform} ${process.arch}` });
  }
}

async function isContainer({ computer }: Pick<Examination, 'computer'>): Promise<boolean> {
  if (['KUBERNETES_SERVICE_HOST', 'CODESPACES', 'REMOTE_CONTAINERS'].some((name) => variable(computer, name)))
    return true;
  const marks = ['/.dockerenv', '/run/.containerenv'].map((path) => computer.files.stat(path));
  return (await Promise.all(marks)).some((stamp) => stamp !== undefined);
}
