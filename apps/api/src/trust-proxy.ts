import { isIP } from 'node:net';
import * as z from 'zod';

/** Which `X-Forwarded-*` headers count: none, those of the last so many proxies, or those of proxies in named networks. */
export type TrustProxy = false | number | readonly string[];

const hopsMax = 10;
const namedNetworks = new Set(['loopback', 'linklocal', 'uniquelocal']);
const advice = `Use 0, the number of proxies in front of the server (1 to ${hopsMax}), or their networks, such as "10.0.0.0/8, loopback"`;

/** Reads TRUST_PROXY. A word such as "true" is refused: it would trust whatever address a visitor makes up. */
export const trustProxySchema = z.string().transform((text, context): TrustProxy => {
  const value = text.trim().toLowerCase();
  if (['', '0', 'false', 'no', 'off'].includes(value)) return false;
  if (/^\d+$/.test(value) && Number(value) <= hopsMax) return Number(value);
  const networks = value.split(',').map((network) => network.trim());
  if (networks.every(isNetwork)) return networks;
  context.addIssue({ code: 'custom', message: advice });
  return z.NEVER;
});

function isNetwork(text: string): boolean {
  if (namedNetworks.has(text)) return true;
  const [address = '', prefix, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) >= 1 && Number(prefix) <= (family === 4 ? 32 : 128));
}

/**
 * The same for Fastify. It ignores a bare number, so hops are counted here: `index` 0 is the socket's peer, so with N hops
 * the Nth address from the right of `X-Forwarded-For` is the visitor's.
 */
export function trustProxyOption(trust: TrustProxy): false | string[] | ((address: string, index: number) => boolean) {
  if (trust === false) return false;
  if (typeof trust === 'number') return (_address, index) => index < trust;
  return [...trust];
}
