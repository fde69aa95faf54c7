import { BlockList, isIP } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether a server listening on this address or name can be reached from this computer only. */
export function isLoopbackHost(host: string): boolean {
  const address = host.replace(/^\[(.*)\]$/, '$1');
  const family = isIP(address);
  if (family === 0) return /^(?:.+\.)?localhost$/i.test(address);
  return loopback.check(address, family === 6 ? 'ipv6' : 'ipv4');
}
