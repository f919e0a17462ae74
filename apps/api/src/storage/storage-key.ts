/** Thrown when a file is asked for that is not there. */
export class StoredFileMissingError extends Error {
  readonly key: string;

  constructor(key: string, options?: ErrorOptions) {
    super(`There is no stored file ${key}`, options);
    this.name = 'StoredFileMissingError';
    this.key = key;
  }
}

const segment = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/;

/**
 * Checks that a key is slash-separated names of letters, digits and `.`, `_`, `-`, none of which begins with a dot: it then means the same
 * on every disk and in every store, and cannot leave its folder. Throws on any other.
 */
export function checkKey(key: string): string {
  if (key.length > 900 || !key.split('/').every((name) => segment.test(name))) throw new Error(`Not a storage key: ${JSON.stringify(key)}`);
  return key;
}

/** The same for a prefix: a key that may end in a slash or within a name, or nothing. */
export function checkPrefix(prefix: string): string {
  if (prefix !== '') checkKey(prefix.endsWith('/') ? prefix.slice(0, -1) : prefix);
  return prefix;
}
