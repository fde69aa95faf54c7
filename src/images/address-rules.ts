import { BlockList, isIP } from 'node:net';

function blockList(v4: readonly [string, number][], v6: readonly [string, number][]): BlockList {
  const list = new BlockList();
  for (const [net, prefix] of v4) list.addSubnet(net, prefix, 'ipv4');
  for (const [net, prefix] of v6) list.addSubnet(net, prefix, 'ipv6');
  return list;
}

/** Link-local and what clouds serve metadata from, multicast, unspecified and reserved: nothing there is an image for us. */
const never = blockList(
  [
    ['0.0.0.0', 8],
    ['169.254.0.0', 16],
    ['192.0.0.0', 24],
    ['100.100.100.200', 32],
    ['168.63.129.16', 32],
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
  ],
  [
    ['::', 128],
    ['fe80::', 10],
    ['fec0::', 10],
    ['fd00:ec2::254', 128],
    ['fd20:ce::254', 128],
    ['ff00::', 8],
  ],
);

/** Loopback and private networks, and what VPNs and proxies of this computer answer names with (198.18.0.0/15). */
const local = blockList(
  [
    ['127.0.0.0', 8],
    ['10.0.0.0', 8],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
    ['100.64.0.0', 10],
    ['198.18.0.0', 15],
  ],
  [
    ['::1', 128],
    ['fc00::', 7],
  ],
);

/** Whether an image may be fetched from this IP address. IPv4 inside IPv6 counts as the IPv4 that it leads to. */
export function mayFetchFrom(address: string, allowLocal: boolean): boolean {
  const plain = address.replace(/%.*$/, '');
  switch (isIP(plain)) {
    case 4:
      return isAllowed(plain, 'ipv4', allowLocal);
    case 6: {
      const inside = embeddedIpv4(plain);
      return (
        isAllowed(plain, 'ipv6', allowLocal) &&
        (inside === undefined || isAllowed(inside, 'ipv4', allowLocal))
      );
    }
    default:
      return false;
  }
}

function isAllowed(address: string, family: 'ipv4' | 'ipv6', allowLocal: boolean): boolean {
  return !never.check(address, family) && (allowLocal || !local.check(address, family));
}

/** Where the IPv4 address stands in the eight groups of each prefix that leads to one. */
const embeddings: readonly { readonly prefix: readonly number[]; readonly at: number }[] = [
  // Mapped, compatible and translated (RFC 4291, 2765); `::1` and `::` are in the lists.
  { prefix: [0, 0, 0, 0, 0, 0xffff], at: 6 },
  { prefix: [0, 0, 0, 0, 0, 0], at: 6 },
  { prefix: [0, 0, 0, 0, 0xffff, 0], at: 6 },
  // NAT64, well known and local (RFC 6052, 8215).
  { prefix: [0x64, 0xff9b], at: 6 },
  // 6to4 (RFC 3056).
  { prefix: [0x2002], at: 1 },
];

function embeddedIpv4(address: string): string | undefined {
  if (address === '::' || address === '::1') return undefined;
  const groups = groupsOf(address);
  const found = embeddings.find(({ prefix }) => prefix.every((group, index) => groups[index] === group));
  if (found !== undefined) return dotted(groups[found.at] ?? 0, groups[found.at + 1] ?? 0);
  // Teredo (RFC 4380) holds it with every bit turned.
  if (groups[0] !== 0x2001 || groups[1] !== 0) return undefined;
  return dotted((groups[6] ?? 0) ^ 0xffff, (groups[7] ?? 0) ^ 0xffff);
}

/** The eight numbers of a valid IPv6 address, however it is written. */
function groupsOf(address: string): number[] {
  // The platform's own parser writes each in one way: hexadecimal, with at most one `::`.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const numbers = (part: string) =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  if (tail === undefined) return numbers(head);
  const [before, after] = [numbers(head), numbers(tail)];
  return [...before, ...new Array<number>(8 - before.length - after.length).fill(0), ...after];
}

function dotted(high: number, low: number): string {
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
