import { posix } from 'node:path';
import { phrase } from '../../core/localizer.ts';
import {
  definitionMark,
  escapeXml,
  type ServiceOwner,
  type ServicePlan,
  type ServiceTarget,
} from './service-plan.ts';

const label = 'local.lingma-proxy';

/** A launchd agent of the user's own: it runs while the user is signed in, whose login it uses. */
export function launchdAgent(target: ServiceTarget, { home, uid }: ServiceOwner): ServicePlan {
  const { node, script, flags, folder, stopSeconds } = target;
  const file = posix.join(home, 'Library', 'LaunchAgents', `${label}.plist`);
  const log = posix.join(home, 'Library', 'Logs', 'lingma-proxy.log');
  const domain = `gui/${uid ?? ''}`;
  const string = (text: string) => `<string>${escapeXml(text)}</string>`;
  return {
    kind: 'launchd agent',
    file,
    encoding: 'utf8',
    content: `<?xml version="1.0" encoding="UTF-8"?>
<!-- ${definitionMark} -->
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  ${string(label)}
  <key>ProgramArguments</key>
  <array>
${[node, script, ...flags].map((argument) => `    ${string(argument)}`).join('\n')}
  </array>
  <key>WorkingDirectory</key>
  ${string(folder)}
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>ThrottleInterval</key>
  <integer>10</integer>
  <key>ExitTimeOut</key>
  <integer>${stopSeconds}</integer>
  <key>Umask</key>
  <integer>63</integer>
  <key>StandardOutPath</key>
  ${string(log)}
  <key>StandardErrorPath</key>
  ${string(log)}
</dict>
</plist>
`,
    install: [
      ['launchctl', 'enable', `${domain}/${label}`],
      ['launchctl', 'bootstrap', domain, file],
    ],
    uninstall: [['launchctl', 'bootout', `${domain}/${label}`]],
    afterwards: [],
    status: ['launchctl', 'print', `${domain}/${label}`],
    hints: [phrase('Its log: {0}', log)],
  };
}
