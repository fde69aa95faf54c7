import { bundleFiles } from './bundle-settings.ts';

/** A compose file that runs the image with the folder that it lies in. */
export function bundleCompose(version: string): string {
  return `# Lingma Proxy with the login that lies beside this file. README.md tells how to build the image and how to start this.
services:
  lingma-proxy:
    image: lingma-proxy:${version}
    command: ["--config", "/bundle/${bundleFiles.settings}"]
    environment:
      # Of the container; the port below decides who reaches it.
      LINGMA_PROXY_HOST: 0.0.0.0
    # The files beside this one are readable to their owner alone.
    user: "\${LINGMA_UID:-1000}:\${LINGMA_GID:-1000}"
    volumes:
      # The folder and not its files, so that one that is replaced is seen.
      - type: bind
        source: .
        target: /bundle
        read_only: true
    ports:
      # Other computers reach it without the address; put TLS in front then.
      - "127.0.0.1:8095:8095"
    restart: unless-stopped
    stop_grace_period: 45s
    read_only: true
    cap_drop: [ALL]
    security_opt: ["no-new-privileges:true"]
`;
}
