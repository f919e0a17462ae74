/** Stands for this site while an address is taken apart; nobody can own it. */
const here = 'https://here.invalid';

/**
 * The path, query and fragment of an address within this site; null for anything that a browser would take elsewhere: other
 * sites, with or without a scheme, backslashes for slashes, and control characters that browsers leave out.
 */
export function ownAddress(given: string): string | null {
  if (!given.startsWith('/') || /[\\\s\p{Cc}]/u.test(given)) return null;
  const url = URL.parse(given, here);
  if (url === null || url.origin !== here) return null;
  const address = url.pathname + url.search + url.hash;
  return address.startsWith('//') ? null : address;
}
