import { launchdAgent } from './launchd-agent.ts';
import type { ServiceOwner, ServicePlan, ServiceTarget } from './service-plan.ts';
import { systemdUnit } from './systemd-unit.ts';
import { windowsTask } from './windows-task.ts';

/** The plan for a platform's own service manager; undefined where this program knows none. */
export function planService(
  platform: NodeJS.Platform,
  target: ServiceTarget,
  owner: ServiceOwner,
): ServicePlan | undefined {
  switch (platform) {
    case 'linux':
      return systemdUnit(target, owner);
    case 'darwin':
      return launchdAgent(target, owner);
    case 'win32':
      return windowsTask(target, owner);
    default:
      return undefined;
  }
}
