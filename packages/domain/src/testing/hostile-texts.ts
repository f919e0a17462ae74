import { seededRandom } from '../seeded-random.ts';

/** A text that somebody could send to make a program slow, and what it is. */
export type HostileText = { name: string; text: string };

/** Repeated to the length wanted. The name is the unit itself unless it cannot be read. */
const repeated: Record<string, string> = Object.fromEntries(
  // Symbol runs that parsers of words and of markup back out of, one by one.
  [
    '_a',
    '<!--',
    '-',
    '--',
    '- ',
    '_',
    '__',
    '*',
    '**',
    '***',
    '*a',
    '**a',
    '_a_',
    '*a_',
    'a*',
    '~~',
    '~',
    '`',
    '``',
    '`a',
    '```\n',
    '~~~\n',
  ]
    .concat([
      '<',
      '<a',
      '<a ',
      '</',
      '<a b="',
      '<?',
      '<![CDATA[',
      '<!a',
      '-->',
      '&',
      '&amp',
      '&#',
      '&#x',
      '&amp;',
      '\\',
      '\\\\',
      '\\*',
      '|',
      '|a',
      '|-',
      '| a |\n',
    ])
    .concat([
      '[',
      '[a',
      ']',
      '[]',
      '[](',
      '![',
      '![[]()',
      '[a](b',
      '[a](<',
      '[^a]',
      '[^a]: a\n',
      '[a]: b\n',
      '((',
      ')',
      '{',
      '}',
      '{{',
      '$',
      '$$',
      '#',
      '# ',
      '#\n',
      '=',
      '=\n',
    ])
    .concat([
      '>',
      '> ',
      '>\n',
      '> > ',
      '1. ',
      '1.\n',
      '1) a\n',
      '+ ',
      '* a\n',
      '- [ ] ',
      '- a\n',
      '\t',
      '\n',
      '\r\n',
      ' ',
      '  \n',
      '\n\n\n',
      '---\n',
      'a\n---\n',
      'a\n===\n',
    ])
    .concat([
      '@',
      'a@',
      'a@b.',
      'a.',
      'a@a.a',
      'www.',
      'http://',
      'https://a.',
      'http://a/',
      'ftp://a',
      'mailto:',
      '://',
      '%',
      '%20',
      '%%',
      '+',
      '+4',
      '(1',
      '1 ',
      '4 ',
      '1-',
      '1,',
      '1.',
    ])
    .concat([
      'DE89 ',
      'A',
      'a',
      'aA',
      'ab',
      "'",
      '"',
      '""',
      "''",
      'it’s ',
      '“',
      '”',
      '!',
      '?',
      '?!',
      ';',
      ':',
      ':-)',
      ',',
      '.',
      '…',
      '/',
      '//',
      '../',
      '^',
      '™',
      '€',
      '\u00a0',
    ])
    .concat(['or ', 'as an ai ', 'i hope ', 'the ', 'a b ', 'x-', "o'", 'a/b', 'a_b', 'a-b-', '0', '9'])
    .map((unit) => [JSON.stringify(unit), unit]),
);
/** Repeated as well; their names tell what cannot be seen. */
const named: Record<string, string> = {
  'zero-width spaces': '\u200b',
  'words of zero-width joiners': 'a\u200d',
  'zero-width non-joiners': 'ن\u200cا',
  'soft hyphens': 'a\u00ad',
  'word joiners': '\u2060',
  'byte order marks': '\ufeff',
  'bidi overrides': '\u202ea\u202d',
  'bidi isolates that never end': '\u2066a',
  'right-to-left marks': '\u200fa',
  'variation selectors': 'a\ufe0f',
  'combining marks of one class': 'a\u0301'.repeat(2),
  'marks on one letter': '\u0300',
  'marks of two classes in the wrong order': '\u0300\u0316',
  'enclosing marks': 'a\u20dd',
  emoji: '😀',
  'emoji families': '👨‍👩‍👧‍👦',
  flags: '🇩🇪🇫🇷',
  'skin tones': '👋🏽',
  keycaps: '1️⃣',
  'tag characters': '\u{e0041}',
  'private use': '\ue000',
  'one character that folds to eighteen': '\ufdfa',
  ligatures: 'ﬃ',
  'dotted capital I': 'İ',
  'long s': 'ſ',
  'sharp s': 'ß',
  'mathematical letters': '𝒂𝓑',
  'full-width letters': 'ａＢ',
  'Hangul in parts': '\u1112\u1161\u11ab',
  Hangul: '한국',
  'one Chinese character': '的',
  'Kana with voicing marks': 'か\u3099',
  'half-width Kana': 'ｶﾞ',
  Thai: 'ก็',
  'Thai vowels alone': '\u0e31',
  'Arabic with vowel signs': 'مُ',
  'Arabic tatweel': 'م\u0640',
  'Hebrew with points': 'שּׁ',
  'Devanagari clusters': 'क्ष',
  'Tibetan stacks': 'ཀྵ\u0f71',
  Cyrillic: 'й',
  'Greek with everything': 'ᾧ',
  Ethiopic: 'አማ',
  'Cherokee, whose capitals are longer': 'ꭰ',
  noncharacters: '\ufffe',
  'replacement characters': '\ufffd',
  'line separators': '\u2028',
  'form feeds': '\f',
  'vertical tabs': 'a\v',
  'escape sequences': '\u001b[31m',
};

const fill = (unit: string, length: number) => cut(unit.repeat(Math.ceil(length / unit.length)), length);
/** Never ends within a surrogate pair. */
function cut(text: string, length: number): string {
  const head = text.slice(0, length);
  return head.isWellFormed() ? head : head.slice(0, -1);
}

type Random = () => number;
const pick = <T>(random: Random, values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
const stringOf = (random: Random, from: number, to: number, length: number) =>
  cut(Array.from({ length }, () => String.fromCodePoint(from + Math.floor(random() * (to - from)))).join(''), length);
const word = (random: Random, letters: number) =>
  Array.from({ length: letters }, () => pick(random, [...'abcdefghijklmnopqrstuvwxyz'])).join('');
const words = (random: Random, length: number, letters: (random: Random) => number, separator = ' ') => {
  let text = '';
  while (text.length < length) text += word(random, letters(random)) + separator;
  return cut(text, length);
};
const half = (length: number) => Math.floor(length / 2);

/** Made for a length, from random numbers where they need any. */
const made: Record<string, (length: number, random: Random) => string> = {
  'different short words': (length, random) => words(random, length, () => 3),
  'different words of five letters': (length, random) => words(random, length, () => 5),
  'different long words': (length, random) => words(random, length, () => 60),
  'different words, a line each': (length, random) => words(random, length, () => 4, '\n'),
  'different words with underscores': (length, random) => words(random, length, () => 3, '_'),
  'different words with hyphens': (length, random) => words(random, length, () => 3, '-'),
  'different words in tags': (length, random) => words(random, length, () => 2, '><'),
  'different numbers': (length, random) =>
    fill('', 0) + cut(Array.from({ length: half(length) }, () => Math.floor(random() * 1e6)).join(' '), length),
  'numbers with points': (length, random) => cut(Array.from({ length: half(length) }, () => random().toFixed(5)).join('.'), length),
  'one long number': (length, random) => stringOf(random, 48, 58, length),
  'one long word': (length) => fill('a', length),
  'one long random word': (length, random) => word(random, length),
  'one long word of base64': (length, random) => stringOf(random, 65, 91, length),
  'one address without end': (length) => `https://example.org/${fill('a', length - 20)}`,
  addresses: (length, random) => words(random, length, () => 4, ' https://'),
  'host names without end': (length) => `http://${fill('a.', length - 7)}`,
  'different Chinese characters': (length, random) => stringOf(random, 0x4e00, 0x9fa5, length),
  'different Hangul': (length, random) => stringOf(random, 0xac00, 0xd7a3, length),
  'different Thai': (length, random) => stringOf(random, 0xe01, 0xe3a, length),
  'different Kana': (length, random) => stringOf(random, 0x3041, 0x30fe, length),
  'any printable ASCII': (length, random) => stringOf(random, 33, 127, length),
  'any of the basic plane': (length, random) => stringOf(random, 0xa0, 0xd7ff, length),
  'any symbol': (length, random) => stringOf(random, 0x2000, 0x2bff, length),
  'any mark on any letter': (length, random) =>
    cut(Array.from({ length: half(length) }, () => `a${String.fromCodePoint(0x300 + Math.floor(random() * 0x6f))}`).join(''), length),
  'brackets that never close': (length) => fill('(', half(length)) + fill('[', half(length)),
  'brackets that close in the end': (length) => fill('[', half(length)) + fill(']', half(length)),
  'links in links': (length) => cut(`${'['.repeat(length / 5)}a${'](b)'.repeat(length / 5)}`, length),
  'images in images': (length) => cut(`${'!['.repeat(length / 6)}a${'](b)'.repeat(length / 6)}`, length),
  'emphasis in emphasis': (length) => cut(`${'*a **b '.repeat(length / 15)}c${'** *'.repeat(length / 15)}`, length),
  'quotes in quotes': (length) => `${'>'.repeat(length - 2)} a`,
  'quotes, deeper line by line': (length) =>
    cut(Array.from({ length: Math.ceil(Math.sqrt(2 * length)) }, (_, depth) => `${'>'.repeat(depth + 1)}\n`).join(''), length),
  'lists in lists on one line': (length) => cut('- '.repeat(length), length),
  'lists, deeper line by line': (length) =>
    cut(Array.from({ length: Math.ceil(Math.sqrt(length)) }, (_, depth) => `${' '.repeat(2 * depth)}- a\n`).join(''), length),
  'numbered lists in lists': (length) => cut('1. '.repeat(length), length),
  'a table of many columns': (length) =>
    cut(`${'|a'.repeat(length / 6)}|\n${'|-'.repeat(length / 6)}|\n${'|b'.repeat(length / 6)}|\n`, length),
  'a table of many rows': (length) => cut(`|a|b|\n|-|-|\n${'|1|2|\n'.repeat(length)}`, length),
  'a table whose rows are short': (length) =>
    cut(`${'|a'.repeat(length / 8)}|\n${'|-'.repeat(length / 8)}|\n${'|\n'.repeat(length / 4)}`, length),
  'a fence that never ends': (length) => `\`\`\`\n${fill('let a = 1;\n', length - 4)}`,
  'a code span that never ends': (length) => `\`${fill('a ', length - 1)}`,
  'code spans of every length': (length) =>
    cut(Array.from({ length: Math.ceil(Math.sqrt(2 * length)) }, (_, size) => `${'`'.repeat(size + 1)}a`).join(''), length),
  'a comment that never ends': (length) => `<!--${fill('a ', length - 4)}`,
  'a tag of many attributes': (length) => `<a ${fill('b="c" ', length - 4)}>`.slice(0, length),
  'tags in tags': (length) => cut(`${'<b>'.repeat(length / 7)}${'</b>'.repeat(length / 7)}`, length),
  'tags that never close': (length) => cut('<details><summary>'.repeat(length), length),
  'definitions and their uses': (length) =>
    cut(
      `${Array.from({ length: length / 20 }, (_, n) => `[${n}]: a\n`).join('')}${Array.from({ length: length / 10 }, (_, n) => `[${n}]`).join('')}`,
      length,
    ),
  footnotes: (length) =>
    cut(
      `${Array.from({ length: length / 20 }, (_, n) => `[^${n}]`).join('')}\n\n${Array.from({ length: length / 20 }, (_, n) => `[^${n}]: a\n`).join('')}`,
      length,
    ),
  headings: (length) => cut('# a\n## b\n### c\n'.repeat(length), length),
  entities: (length) => cut('&lt;&#60;&#x3c;&nbsp;'.repeat(length), length),
  'nested quotation marks': (length) => cut(`${'“‘'.repeat(length / 4)}${'’”'.repeat(length / 4)}`, length),
  'what stalls (a+)+$': (length) => `${'a'.repeat(length - 1)}!`,
  'what stalls (a|a)*b': (length) => `${'a'.repeat(length - 2)}\u0000`.replace('\u0000', 'c '),
  'what stalls \\s+$': (length) => `a${' '.repeat(length - 2)}a`,
  'what stalls an e-mail pattern': (length) => `${'a.'.repeat(half(length) - 4)}@${'a.'.repeat(2)}`,
  'what stalls a date pattern': (length) => fill('12.12.2012 12:12:12,', length),
  'what stalls a telephone pattern': (length) => `+${fill('1 ', length - 2)}x`,
  'what stalls an IBAN pattern': (length) => fill('DE89 3704 0044 ', length),
  'what stalls a card pattern': (length) => fill('4539 1488 0343 646', length),
  'lines of blanks': (length) => fill(`${' '.repeat(99)}\n`, length),
  'one line of tabs': (length) => `a${fill('\t', length - 2)}a`,
  'prose, once': (length) => fill('The granary keeps grain dry, because its floor stands on stones. ', length),
};

/** So many kinds of texts that parsers of words, markup and patterns find hard, each of `length` UTF-16 units at most (and nearly that long). The same for the same arguments. */
export function hostileTexts(length: number, seed = 20_261_130): HostileText[] {
  const units = { ...repeated, ...named };
  const random = seededRandom(seed);
  return [
    ...Object.entries(units).map(([name, unit]) => ({ name, text: fill(unit, length) })),
    ...Object.entries(made).map(([name, make]) => ({ name, text: cut(make(length, random), length) })),
  ];
}
