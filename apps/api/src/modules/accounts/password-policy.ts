import { readFileSync } from 'node:fs';
import { ApiError } from '../../errors.ts';

/** Characters that people add to a word to make it pass: a year, a digit, an exclamation mark. */
const paddingMax = 6;
/** A shorter word that is left without its padding says nothing about the password. */
const wordMin = 4;
/** What is said again and again counts once, and is too short then. */
const pieceMin = 8;
const rows = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
  'azertyuiopqsdfghjklmwxcvbn',
];
const stand: Record<string, string> = { '@': 'a', 4: 'a', 0: 'o', 1: 'l', '!': 'i', 3: 'e', $: 's', 5: 's', 7: 't' };

let list: ReadonlySet<string> | undefined;

/** The commonest passwords, read when the first password is set. `common-passwords.NOTICE.md` says where they come from. */
function commonPasswords(): ReadonlySet<string> {
  list ??= new Set(
    readFileSync(new URL('common-passwords.txt', import.meta.url), 'utf8')
      .split('\n')
      .filter(Boolean),
  );
  return list;
}

/** What a password must not be made of: its owner's names, as far as they are known. */
export type PasswordOwner = { email?: string; displayName?: string };

/**
 * Refuses a password that is among the first that anybody tries: one of the commonest, a run along the keyboard, a short piece
 * said again and again, its owner's own names or the site's, each also with other case, spaces, digits around it or digits for
 * letters. Throws `validation_failed` on `field`.
 */
export function refuseGuessable(password: string, owner: PasswordOwner, field: 'password' | 'newPassword'): void {
  const message = weaknessOf(password, owner);
  if (message !== null) throw new ApiError('validation_failed', `${field}: ${message}`, { errors: [{ path: field, message }] });
}

const advice = 'Use a sentence or several unrelated words';

function weaknessOf(password: string, owner: PasswordOwner): string | null {
  const plain = password
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{Default_Ignorable_Code_Point}]/gu, '');
  if (plain === '') return `A password of spaces only is guessed at once. ${advice}`;
  const piece = repeatedPiece(plain);
  if (new Set(plain).size <= 2 || (piece !== plain && piece.length < pieceMin))
    return `A password that repeats the same characters is guessed at once. ${advice}`;
  const forms = formsOf(piece);
  if (forms.some((form) => isRun(form) || commonPasswords().has(form)))
    return `This is one of the commonest passwords, or close to one. ${advice}`;
  const own = ownWords(owner);
  if (forms.some((form) => own.has(form))) return `Your own name, e-mail address and the name of this site are guessed first. ${advice}`;
  return null;
}

/** The piece that the text is a repetition of, as a whole or with a last part cut short; the text itself when there is none. */
function repeatedPiece(text: string): string {
  for (let length = 1; length <= text.length / 2; length += 1) {
    const piece = text.slice(0, length);
    if (piece.repeat(Math.ceil(text.length / length)).startsWith(text)) return piece;
  }
  return text;
}

/**
 * What the password comes down to: itself, its letters and digits, the word inside digits and signs, each with the letters
 * that digits stand for, and each once where it is repeated.
 */
function formsOf(text: string): string[] {
  const bare = text.replace(/[^\p{L}\p{N}]/gu, '');
  const padded = [text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, ''), spelt(text.replace(/[\d\p{P}\p{S}]+$/u, ''))];
  const words = padded.filter((word) => text.length - word.length <= paddingMax);
  return [...new Set([text, bare, spelt(text), ...words].map(repeatedPiece))].filter((form) => form.length >= wordMin);
}

/** "p@ssw0rd" is "password". */
const spelt = (text: string) => text.replace(/[@$!]|\d/g, (sign) => stand[sign] ?? sign);

const backwards = (text: string) => [...text].toReversed().join('');

function isRun(text: string): boolean {
  return rows.some((row) => [row + row, backwards(row + row)].some((line) => line.includes(text)));
}

function ownWords({ email = '', displayName = '' }: PasswordOwner): ReadonlySet<string> {
  const tidy = (text: string) =>
    text
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]/gu, '');
  const [name = '', host = ''] = email.split('@');
  const words = ['granary', tidy(email), tidy(name), tidy(host), tidy(displayName), ...displayName.split(/\s+/).map(tidy)];
  const bare = words.map((word) => word.replace(/^\d+|\d+$/g, ''));
  return new Set([...words, ...bare].filter((word) => word.length >= wordMin));
}
