import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** The secret was sealed under another key: `SESSION_SECRET` has changed since. */
export class SealBrokenError extends Error {}

const version = 'v1';

/**
 * Encrypts what has to be used again, and so cannot be kept as a hash, for its way into the database: AES-256-GCM under a key derived from the
 * deployment's secret, bound to `owner` (the id of the row), so that it opens in no other row.
 */
export function seal(secret: string, deploymentSecret: string, owner: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyOf(deploymentSecret), nonce).setAAD(Buffer.from(owner));
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return [version, ...[nonce, sealed, cipher.getAuthTag()].map((part) => part.toString('base64url'))].join('.');
}

/** Throws SealBrokenError when it was sealed under another secret or for another row, or was changed. */
export function unseal(sealed: string, deploymentSecret: string, owner: string): string {
  const [name, nonce, content, tag] = sealed.split('.');
  if (name !== version || nonce === undefined || content === undefined || tag === undefined)
    throw new SealBrokenError('Not a sealed secret');
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyOf(deploymentSecret), Buffer.from(nonce, 'base64url'), { authTagLength: 16 })
      .setAAD(Buffer.from(owner))
      .setAuthTag(Buffer.from(tag, 'base64url'));
    return Buffer.concat([decipher.update(Buffer.from(content, 'base64url')), decipher.final()]).toString('utf8');
  } catch (error) {
    throw new SealBrokenError('The secret cannot be opened', { cause: error });
  }
}

const keyOf = (deploymentSecret: string) => Buffer.from(hkdfSync('sha256', deploymentSecret, '', 'granary webhook secrets', 32));
