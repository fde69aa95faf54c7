import { posix } from 'node:path';
import { phrase } from '../../core/localizer.ts';
import { definitionMark, type ServiceOwner, type ServicePlan, type ServiceTarget } from './service-plan.ts';

const unit = 'lingma-proxy.service';

/** A systemd unit of the user's own: it needs no administrator, and the login is the user's. */
export function systemdUnit(target: ServiceTarget, { home }: ServiceOwner): ServicePlan {
  const { node, script, flags, folder, stopSeconds } = target;
  return {
    kind: 'systemd user unit',
    file: posix.join(home, '.config', 'systemd', 'user', unit),
    encoding: 'utf8',
    content: `# ${definitionMark}
[Unit]
Description=Lingma Proxy

[Service]
ExecStart=${[node, script, ...flags].map(quote).join(' ')}
WorkingDirectory=${escapePercent(folder)}
Restart=on-failure
RestartSec=5
# A wrong setting does not become right by another try.
RestartPreventExitStatus=2
TimeoutStopSec=${stopSeconds}
NoNewPrivileges=yes
UMask=0077

[Install]
WantedBy=default.target
`,
    install: [
      ['systemctl', '--user', 'daemon-reload'],
      ['systemctl', '--user', 'enable', unit],
      ['systemctl', '--user', 'restart', unit],
    ],
    uninstall: [['systemctl', '--user', 'disable', '--now', unit]],
    afterwards: [['systemctl', '--user', 'daemon-reload']],
    status: ['systemctl', '--user', 'status', '--no-pager', unit],
    hints: [
      phrase('Its log: {0}', 'journalctl --user -u lingma-proxy -f'),
      phrase('To have it run without anybody signed in: {0}', 'loginctl enable-linger'),
    ],
  };
}

/** One argument of ExecStart, in which `%`, `$`, quotes and backslashes have a meaning. */
function quote(argument: string): string {
  const escaped = argument
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('$', '$$$$');
  return `"${escapePercent(escaped)}"`;
}

function escapePercent(text: string): string {
  return text.replaceAll('%', '%%');
}
