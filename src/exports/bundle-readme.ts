import { bundleFiles } from './bundle-settings.ts';
import { showDay } from './secret-warning.ts';

/** What the person at the server has to know. `expiresAt` in Unix milliseconds. */
export function bundleReadme(version: string, expiresAt: number | undefined): string {
  const end =
    expiresAt === undefined
      ? 'The login does not say when it expires.'
      : `The login expires on **${showDay(expiresAt)}** (UTC).`;
  return `# Lingma Proxy on a server

> **This folder is a password.** \`${bundleFiles.credentials}\` is a login to a Lingma account, \`${bundleFiles.apiKey}\` the key of this
> proxy. Whoever has them uses the account in its owner's name. Keep the folder readable to one user, never commit it, never put it
> into an image, and delete every copy that is not needed.

## Start it

With Node 20.18 or newer and Lingma Proxy ${version} installed:

\`\`\`bash
lingma-proxy --config ${bundleFiles.settings}
\`\`\`

With a container, after the image has been built once from a checkout of Lingma Proxy (\`docker build -f deploy/Dockerfile -t
lingma-proxy:${version} .\`):

\`\`\`bash
LINGMA_UID=$(id -u) LINGMA_GID=$(id -g) docker compose up -d
\`\`\`

Either way it listens on \`127.0.0.1:8095\`. Clients send what \`${bundleFiles.apiKey}\` holds as their API key:

\`\`\`bash
curl http://127.0.0.1:8095/v1/models -H "authorization: Bearer $(cat ${bundleFiles.apiKey})"
\`\`\`

For other computers, put a web server with TLS in front. \`/readyz\` says 200 once the account's models are known.

## What works without Lingma or QoderCN on this computer

| | |
|---|---|
| all models of the account, streaming, reasoning, tools | works |
| OpenAI Chat Completions and Responses, Anthropic Messages | works |
| images | only with \`"remote_image_upload": true\` and a model that reads them; nothing here can describe them to other models |
| \`"backend": "ipc"\` | does not work: it needs the running IDE or plugin |
| a login that renews itself | does not happen: nobody signs in here |

${end} Before that, or when it is refused, export again on the computer with the IDE and replace \`${bundleFiles.credentials}\`; the
running proxy takes it over by itself.
`;
}
