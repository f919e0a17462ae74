import { caselessSkeletonOf, foldCase } from '@granary/domain';

/** A display name as it is kept: composed letters, single spaces. */
function tidyDisplayName(name: string): string {
  return name.normalize('NFC').trim().replace(/\s+/gu, ' ');
}

/** What must be unique about a display name: the same for names that differ only in case, width or spacing. */
export function displayNameKey(name: string): string {
  return foldCase(tidyDisplayName(name.normalize('NFKC'))).normalize('NFKC');
}

/** The same for names that look alike, in any case. */
export function displayNameSkeleton(name: string): string {
  return caselessSkeletonOf(tidyDisplayName(name));
}

/** A display name in all the forms that the database keeps. */
export function displayNameColumns(name: string): { displayName: string; displayNameKey: string; displayNameSkeleton: string } {
  return { displayName: tidyDisplayName(name), displayNameKey: displayNameKey(name), displayNameSkeleton: displayNameSkeleton(name) };
}
