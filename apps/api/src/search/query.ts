import { stemOf } from './stems.ts';
import type { Token } from './tokens.ts';
import { tokensOf } from './tokens.ts';

/** One word, or several that follow each other. */
type Term = { tokens: Token[]; /** The last word may only have begun. */ open: boolean };
/** A text has everything wanted and nothing unwanted. */
type Branch = { wanted: Term[]; unwanted: Term[] };

/** What is searched for, as texts of a `tsquery` whose words are letters and digits alone. */
export type Search = {
  /** What a text has to match. */
  matches: string;
  /** What an index can answer fast and every match matches too; null where only looking at texts one after another helps. */
  index: string | null;
};

/** A beginning shorter than this stands for too many words. */
const openMin = 3;
/** Longer phrases are taken in overlapping pieces of so many words: where one piece is missing, the others are not looked for. */
const phraseMax = 5;
/** An index looks up so many words of a branch, the longest, and so many branches. */
const indexedWordsMax = 8;
const indexedBranchesMax = 40;

/**
 * Reads what somebody typed: words, "phrases", `or`, and `-` in front of what must not be there; the last word may be the beginning of one.
 * Words are found by their stems in the languages given, too. Null when there is no word in it. Any string is fine: the result is two
 * levels deep and no longer than some multiple of the string.
 */
export function parseSearch(q: string, languages: readonly string[]): Search | null {
  const branches = branchesOf(q);
  if (branches.length === 0) return null;
  return { matches: either(branches.map((branch) => matchBranch(branch, languages))), index: indexOf(branches, languages) };
}

function branchesOf(q: string): Branch[] {
  const branches: Branch[] = [{ wanted: [], unwanted: [] }];
  for (const [part, minus = '', phrase] of q.matchAll(/(-?)"([^"]*)"|[^\s"]+/gu)) {
    const branch = branches.at(-1) as Branch;
    if (phrase === undefined && part.toLowerCase() === 'or') {
      if (branch.wanted.length + branch.unwanted.length > 0) branches.push({ wanted: [], unwanted: [] });
      continue;
    }
    const excluded = phrase === undefined ? part.startsWith('-') : minus === '-';
    const tokens = searchedTokens(phrase ?? part);
    if (tokens.length > 0) (excluded ? branch.unwanted : branch.wanted).push({ tokens, open: false });
  }
  const last = branches.at(-1)?.wanted.at(-1);
  if (last !== undefined && /[^"\s]$/u.test(q.trimEnd())) last.open = true;
  return branches.filter(({ wanted, unwanted }) => wanted.length + unwanted.length > 0);
}

/** As in a text, but the last character of a run stands alone only where it is all of the run. */
function searchedTokens(part: string): Token[] {
  const tokens = [...tokensOf(part)];
  return tokens.filter((token, index) => {
    const before = tokens[index - 1];
    const endsRun = token.kind === 'gram' && [...token.text].length === 1;
    return !(endsRun && before?.kind === 'gram' && [...before.text].length === 2 && before.at === token.at - 1);
  });
}

function matchBranch({ wanted, unwanted }: Branch, languages: readonly string[]): string {
  const terms = [...wanted.map((term) => matchTerm(term, languages)), ...unwanted.map((term) => `!${matchTerm(term, languages)}`)];
  return [...new Set(terms)].join(' & ');
}

/** Words in a row by their distances, a single word by its stems as well. */
function matchTerm({ tokens, open }: Term, languages: readonly string[]): string {
  const [first, ...rest] = tokens as [Token, ...Token[]];
  if (rest.length === 0) return matchWord(first, open, languages);
  const pieces: string[] = [];
  for (let start = 0; start < tokens.length - 1; start += phraseMax - 1)
    pieces.push(matchPhrase(tokens.slice(start, start + phraseMax), open && start + phraseMax >= tokens.length));
  return `(${[...new Set(pieces)].join(' & ')})`;
}

function matchPhrase(tokens: readonly Token[], open: boolean): string {
  let previous = tokens[0] as Token;
  let phrase = leaf(previous, false);
  for (const token of tokens.slice(1)) {
    phrase += ` <${token.at - previous.at}> ${leaf(token, open && token === tokens.at(-1))}`;
    previous = token;
  }
  return `(${phrase})`;
}

function matchWord(token: Token, open: boolean, languages: readonly string[]): string {
  const stems = token.kind === 'gram' ? [] : languages.map((language) => stemOf(token.text, language));
  const others = new Set(stems.filter((stem) => stem !== token.text));
  return `(${[leaf(token, open), ...[...others].map((stem) => `'${stem}'`)].join(' | ')})`;
}

/** A single character of a script in pairs begins the pairs that it is the first of. */
function leaf({ text, kind }: Token, open: boolean): string {
  const length = [...text].length;
  const prefix = kind === 'gram' ? length === 1 : open && length >= openMin;
  return prefix ? `'${text}':*` : `'${text}'`;
}

function either(parts: readonly string[]): string {
  const different = [...new Set(parts)];
  return different.length === 1 ? different.join('') : different.map((part) => `(${part})`).join(' | ');
}

/** Words that must all be there, in whatever order: what an index tells without a look at the text. */
function indexOf(branches: readonly Branch[], languages: readonly string[]): string | null {
  if (branches.length > indexedBranchesMax || branches.some(({ wanted }) => wanted.length === 0)) return null;
  return either(
    branches.map(({ wanted }) => {
      const words = wanted.flatMap(({ tokens, open }) =>
        tokens.map((token, index) => {
          const begun = open && index === tokens.length - 1;
          return { token, text: tokens.length === 1 ? matchWord(token, begun, languages) : leaf(token, begun) };
        }),
      );
      const longest = words.toSorted((one, other) => other.token.text.length - one.token.text.length).map(({ text }) => text);
      return [...new Set(longest)].slice(0, indexedWordsMax).join(' & ');
    }),
  );
}
