import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Simulator } from '../../src/demo/simulator.ts';

/** Words that must not come out of the program, and all that has come out of it. */
export class Canaries {
  readonly #secrets = new Map<string, string>();
  readonly #written: { readonly where: string; readonly text: string }[] = [];

  /** `what` names it where it is found. Returns the secret. */
  plant(what: string, secret: string): string {
    this.#secrets.set(secret, what);
    return secret;
  }

  /** The login of the simulated Lingma, as it is now. */
  plantLogin({ login }: Simulator): void {
    const { key, encryptUserInfo, machineId, uid } = login;
    for (const [what, secret] of Object.entries({ key, encryptUserInfo, machineId, uid }))
      this.plant(what, secret);
    this.plant('security_oauth_token', `pt-${key}`);
    this.plant('refresh_token', `rt-${key}`);
  }

  /** Something that the program has written, and where. */
  add(where: string, text: string): void {
    this.#written.push({ where, text });
  }

  textOf(where: string): string {
    return this.#written.flatMap((each) => (each.where === where ? each.text : [])).join('\n');
  }

  /** Fails for the first that is found, in any of the spellings that it could have. */
  assertSilent(): void {
    for (const [secret, what] of this.#secrets) {
      for (const spelling of spellings(secret)) {
        for (const { where, text } of this.#written) {
          const at = text.indexOf(spelling);
          assert.equal(at, -1, `${what} is in ${where}: ${text.slice(Math.max(0, at - 200), at + 60)}`);
        }
      }
    }
  }
}

function spellings(secret: string): string[] {
  const quoted = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    quoted,
    JSON.stringify(quoted).slice(1, -1),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64').replace(/=+$/, ''),
    Buffer.from(secret).toString('hex'),
  ];
}

/** An HTTP proxy that lets through who knows its password, and counts them. */
export async function startOutgoingProxy(password: string) {
  const expected = `Basic ${Buffer.from(`someone:${password}`).toString('base64')}`;
  let count = 0;
  const server = createServer().on('connect', ({ url = '', headers }, socket, head) => {
    if (headers['proxy-authorization'] !== expected) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    count++;
    const [host, port] = url.split(':');
    const onward = connect(Number(port), host ?? '', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    socket.on('error', () => onward.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://someone:${encodeURIComponent(password)}@127.0.0.1:${port}`,
    count: () => count,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
