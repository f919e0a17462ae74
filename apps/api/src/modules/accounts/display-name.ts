/** A display name as it is kept: composed letters, single spaces. */
export function tidyDisplayName(name: string): string {
  return name.normalize('NFC').trim().replace(/\s+/gu, ' ');
}

/** What must be unique about a display name: the same for names that differ only in case, width or spacing. */
export function displayNameKey(name: string): string {
  // Upper case first unfolds letters such as ß; JavaScript has no case folding of its own.
  return tidyDisplayName(name.normalize('NFKC')).toUpperCase().toLowerCase().normalize('NFKC');
}
