import { readFileSync } from 'node:fs';

/** A display name as it is kept: composed letters, single spaces. */
function tidyDisplayName(name: string): string {
  return name.normalize('NFC').trim().replace(/\s+/gu, ' ');
}

/** What must be unique about a display name: the same for names that differ only in case, width or spacing. */
export function displayNameKey(name: string): string {
  // Upper case first unfolds letters such as ß; JavaScript has no case folding of its own.
  return foldCase(tidyDisplayName(name.normalize('NFKC'))).normalize('NFKC');
}

const foldCase = (text: string): string => text.toUpperCase().toLowerCase();

let prototypes: ReadonlyMap<string, string> | undefined;

/** What letters are taken for, read when the first name is set. `confusables.NOTICE.md` says where the data comes from. */
function confusables(): ReadonlyMap<string, string> {
  prototypes ??= new Map(
    readFileSync(new URL('confusables.txt', import.meta.url), 'utf8')
      .split('\n')
      .filter(Boolean)
      .flatMap((line) => {
        const [prototype = '', letters = ''] = line.split('\t');
        return [...letters].map((letter) => [letter, prototype] as const);
      }),
  );
  return prototypes;
}

/** The skeleton of Unicode TS 39: the same for texts that look alike. */
function skeleton(text: string): string {
  const visible = text.normalize('NFD').replace(/\p{Default_Ignorable_Code_Point}/gu, '');
  return [...visible]
    .map((letter) => confusables().get(letter) ?? letter)
    .join('')
    .normalize('NFD');
}

/**
 * The same for names that look alike, in any case. Letters are compared before case goes, because a capital I is taken for an l
 * and a small i is not; since the case that a name is shown in is not known, i counts as l afterwards.
 */
export function displayNameSkeleton(name: string): string {
  return skeleton(foldCase(skeleton(tidyDisplayName(name)))).replaceAll('i', 'l');
}

/** A display name in all the forms that the database keeps. */
export function displayNameColumns(name: string): { displayName: string; displayNameKey: string; displayNameSkeleton: string } {
  return { displayName: tidyDisplayName(name), displayNameKey: displayNameKey(name), displayNameSkeleton: displayNameSkeleton(name) };
}
