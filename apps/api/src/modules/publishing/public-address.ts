import { BlockList, isIP } from 'node:net';

/** Addresses that are not of the public internet (the special-purpose registries of IANA, RFC 6890), and ways to write those in IPv6. */
const closed = new BlockList();
const closedIpv4 = `0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24
  192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4`;
const closedIpv6 = '2001::/23 2001:db8::/32 2002::/16 3fff::/20';
for (const [list, family] of [[closedIpv4, 'ipv4'] as const, [closedIpv6, 'ipv6'] as const])
  for (const range of list.split(/\s+/)) {
    const [network = '', bits = ''] = range.split('/');
    closed.addSubnet(network, Number(bits), family);
  }
/** The only part of IPv6 that is given out to the public; everything else (local, mapped, translated) is refused. */
const openIpv6 = new BlockList();
openIpv6.addSubnet('2000::', 3, 'ipv6');

/** Whether an IP address belongs to the public internet. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !closed.check(address, 'ipv4');
  return family === 6 && openIpv6.check(address, 'ipv6') && !closed.check(address, 'ipv6');
}

/** Names that can only mean this machine or its network. */
const closedNames = /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa)$/;

/** Ports of ordinary web servers. Any other may belong to a mail server or a database that takes a request for something else. */
export const defaultWebhookPorts: readonly number[] = [80, 443, 8443];

/**
 * Why an address may not be called, in words for whoever gave it; null when it may. `trusted` are hosts (with or without port) that
 * the deployment allows to be private, unencrypted and on any port; others must use one of `ports`. What a name resolves to is looked
 * at when it is called.
 */
export function refuseUrl(text: string, trusted: readonly string[], ports: readonly number[] = defaultWebhookPorts): string | null {
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return 'Leave name and password out: deliveries are signed.';
  if (url.hash !== '') return 'Leave the part after # out: it is never sent.';
  if (isTrusted(url, trusted)) return null;
  if (url.protocol !== 'https:') return 'Use an address that begins with https://.';
  if (!ports.includes(portOf(url))) return `Use port ${inWords(ports)}: port ${portOf(url)} is not called.`;
  const host = bareHost(url);
  if (isIP(host) !== 0 ? !isPublicAddress(host) : closedNames.test(host.replace(/\.$/, '')) || !host.includes('.'))
    return 'Use an address of the public internet: private networks are not called.';
  return null;
}

const portOf = (url: URL) => Number(url.port || (url.protocol === 'https:' ? 443 : 80));
const inWords = (ports: readonly number[]) => new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(ports.map(String));

export const isTrusted = (url: URL, trusted: readonly string[]) => trusted.includes(url.host) || trusted.includes(url.hostname);
/** Without the brackets around an IPv6 address. */
export const bareHost = (url: URL) => url.hostname.replace(/^\[|\]$/g, '');
