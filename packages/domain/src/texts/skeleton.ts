import { confusablesTable } from './confusables-table.ts';

let prototypes: ReadonlyMap<string, string> | undefined;

/** What letters are taken for, made when the first text is compared. */
function confusables(): ReadonlyMap<string, string> {
  prototypes ??= new Map(
    confusablesTable.split('\n').flatMap((line) => {
      const [prototype = '', letters = ''] = line.split('\t');
      return [...letters].map((letter) => [letter, prototype] as const);
    }),
  );
  return prototypes;
}

const asciiOnly = /^[\x00-\x7f]*$/; // oxlint-disable-line no-control-regex
/** The same for the letters that most texts are made of, by their code. */
let asciiPrototypes: readonly string[] | undefined;

/** The skeleton of Unicode TS 39: the same for texts that look alike. In NFD. */
export function skeletonOf(text: string): string {
  const known = confusables();
  asciiPrototypes ??= Array.from({ length: 128 }, (_, code) => known.get(String.fromCharCode(code)) ?? String.fromCharCode(code));
  const isAscii = asciiOnly.test(text);
  const visible = isAscii ? text : text.normalize('NFD').replace(/\p{Default_Ignorable_Code_Point}/gu, '');
  let folded = '';
  for (let index = 0; index < visible.length; index += 1) {
    const code = visible.charCodeAt(index);
    if (code < 128) folded += asciiPrototypes[code] ?? '';
    else {
      const letter = String.fromCodePoint(visible.codePointAt(index) ?? code);
      folded += known.get(letter) ?? letter;
      index += letter.length - 1;
    }
  }
  return isAscii ? folded : folded.normalize('NFD');
}

/** Case folded. Upper case first unfolds letters such as ß; JavaScript has no case folding of its own. */
export const foldCase = (text: string): string => text.toUpperCase().toLowerCase();

/**
 * The skeleton in any case. Letters are compared before case goes, because a capital I is taken for an l and a small i is not; since the case that
 * a text is shown in is not known, i counts as l afterwards.
 */
export const caselessSkeletonOf = (text: string): string => skeletonOf(foldCase(skeletonOf(text))).replaceAll('i', 'l');
