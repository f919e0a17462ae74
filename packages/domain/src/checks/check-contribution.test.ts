import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Check } from '@granary/contract';
import { growthOfWork, linearBelow } from '@granary/contract/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkContribution, type CheckedContribution } from './check-contribution.ts';

const found = (given: Partial<CheckedContribution>) =>
  checkContribution({ language: 'en', ...given }).map((check) => `${check.kind} ${check.severity} ${check.field}`);
const answer = (response: string, more: Partial<CheckedContribution> = {}) =>
  found({ instruction: 'Describe what a granary is for, in your own words.', response, ...more });

describe('a good contribution', () => {
  it.each([
    ['Paris is the capital of France, on the river Seine.'],
    ['42 is the answer: 6 × 7 = 42, and 1,000,000,000,000,000 is a large number.'],
    ['| a | b |\n|---|---|\n| 1 | 2 |\n\n------------------------------\nTotal ............................ 12'],
    ['```python\nfor i in range(10):\n    print("=" * 40)\n```\nThis prints ten lines.'],
    ['The NASA and ESA mission JUICE left for Jupiter in 2023.'],
    ['Write to support@example.org or call 555-0142, both made up for this letter.'],
    ['See https://en.wikipedia.org/wiki/Granary for how they were built.'],
    ['It was built on 12.03.1984 and holds 4539 1488 0343 6466 1 kernels, order no 2023-0045-1199.'],
    ['Natalia sold 48/2 = <<48/2=24>>24 clips in May.\n#### 72'],
    ['Im Kornspeicher lagert man Getreide, damit es trocken bleibt und Mäuse nicht daran kommen.'],
  ])('%s', (response) => {
    expect(answer(response)).toEqual([]);
  });
});

describe('findings', () => {
  it.each<[what: string, given: Partial<CheckedContribution>, findings: string[]]>([
    ['a word', { response: 'Paris' }, ['too_short info response']],
    ['an instruction of a word', { instruction: 'thank you' }, ['too_short info instruction']],
    ['shouting', { response: 'GRANARIES ARE FOR STORING GRAIN AND NOTHING ELSE AT ALL' }, ['all_capitals warn response']],
    ['a held key', { response: 'It is for graiiiiiiiiiiiiiiiiiiin, mostly.' }, ['repeated_characters warn response']],
    ['nothing but a held key', { response: 'aaaaaaaaaaaaaaaa' }, ['repeated_characters block response']],
    ['nothing but a held key, with blanks', { instruction: '? ? ? ? ? ? ?' }, ['repeated_characters block instruction']],
    ['the same digit may be an answer', { response: '777777' }, ['too_short info response']],
    [
      'the question as the answer',
      { instruction: 'What is a granary for?', response: 'what is a GRANARY for' },
      ['repeats_instruction block response'],
    ],
    [
      'the question with a tail',
      {
        instruction: 'Explain why many granaries of northern Europe stand on stone feet.',
        response: 'Explain why many granaries of northern Europe stand on stone feet. Yes.',
      },
      ['repeats_instruction warn response'],
    ],
    [
      'the passage as the answer',
      {
        instruction: 'What does the text say of staddle stones?',
        context: 'Staddle stones are mushroom-shaped and lift a building above the ground, out of the reach of rats.',
        response: 'Staddle stones are mushroom-shaped and lift a building above the ground, out of the reach of rats.',
      },
      ['repeats_context warn response'],
    ],
    ['a chatbot, in English', { response: 'As an AI language model, I have no opinions on grain.' }, ['chatbot_boilerplate warn response']],
    ['a chatbot closing', { response: 'It stores grain and keeps it dry. I hope this helps!' }, ['chatbot_boilerplate warn response']],
    [
      'a chatbot opening',
      { response: 'Certainly! Here is a description of a granary as you wanted.' },
      ['chatbot_boilerplate warn response'],
    ],
    [
      'a chatbot, in German',
      { response: 'Als KI-Sprachmodell kann ich dazu leider nichts sagen.', language: 'de' },
      ['chatbot_boilerplate warn response'],
    ],
    [
      'a chatbot closing, in German',
      { response: 'Es lagert Korn und hält es trocken. Ich hoffe, das hilft!', language: 'de' },
      ['chatbot_boilerplate warn response'],
    ],
    ['asking about chatbots is fine', { instruction: 'Why do they all say "As an AI language model"?' }, []],
    ['an e-mail address', { response: 'Write to jane.doe@granary-mail.net about the grain.' }, ['personal_data warn response']],
    ['a phone number', { response: 'You reach the miller under +49 30 90182 0 in the morning.' }, ['personal_data warn response']],
    ['a phone number of North America', { context: 'Call us: (212) 736-5000, any time of the day.' }, ['personal_data warn context']],
    ['a phone number after its name', { response: 'Die Mühle hat Tel.: 0171/2345678 seit dem Frühjahr.' }, ['personal_data warn response']],
    ['a bank account', { response: 'Send it to DE89 3704 0044 0532 0130 00 before Friday.' }, ['personal_data warn response']],
    ['no bank account: the checksum is wrong', { response: 'Send it to DE89 3704 0044 0532 0130 01 before Friday.' }, []],
    ['a payment card', { response: 'My card is 4539 1488 0343 6467, take the money.' }, ['personal_data warn response']],
    ['no payment card: the checksum is wrong', { response: 'My number is 4539 1488 0343 6468, take the money.' }, []],
    ['links alone', { response: '- https://example.org/a/b/c\n- www.example.org' }, ['link_only warn response']],
    ['another script', { response: 'Зернохранилище нужно для хранения зерна.' }, ['wrong_script warn response']],
    ['the script of the language', { response: 'Зернохранилище нужно для хранения зерна.', language: 'ru' }, []],
    [
      'Latin letters in Japanese',
      { response: 'A granary is a place where grain is kept dry.', language: 'ja' },
      ['wrong_script warn response'],
    ],
    ['a few words of another script', { response: 'The Russian word for it is "зернохранилище", the Greek one "σιταποθήκη".' }, []],
    ['a language nobody wrote a rule for', { response: 'Зернохранилище нужно для хранения зерна.', language: 'xx' }, []],
  ])('%s', (_, given, findings) => {
    expect(found(given)).toEqual(findings);
  });

  it('does not repeat personal data in what it keeps', () => {
    const [check] = checkContribution({ language: 'en', response: 'Write to jane.doe@granary-mail.net about the grain.' });
    expect(check?.excerpt).toBe('jan…et');
  });
});

describe('real rows', () => {
  const root = fileURLToPath(new URL('../../../../', import.meta.url));
  const shared = process.env['GRANARY_SHARED_DATA'] ?? `${root}../shared/data`;
  const files = [
    `${root}fixtures/imports/dolly.jsonl`,
    `${root}fixtures/imports/gsm8k.jsonl`,
    ...['dolly-sample.jsonl', 'gsm8k-train.jsonl'].map((name) => `${shared}/${name}`).filter((path) => existsSync(path)),
  ];
  it.each(files)('of %s are never blocked and hardly ever warned of', (path) => {
    const lines = readFileSync(path, 'utf8').trim().split('\n');
    const checks = lines.map((line) => {
      const row = JSON.parse(line) as Record<string, string | undefined>;
      const { instruction = row['question'], context, response = row['answer'] } = row;
      return checkContribution({ language: 'en', instruction, context, response });
    });
    expect(checks.flat().filter(({ severity }) => severity === 'block')).toEqual([]);
    expect(checks.filter((of) => of.some(({ severity }) => severity === 'warn')).length).toBeLessThanOrEqual(
      Math.ceil(lines.length * 0.02),
    );
  });
});

describe('on any text', () => {
  const hostile = ['@', 'a@', '1 ', '+4', '(1', 'DE89 ', 'A', '```', 'http://', 'as an ai ', '\ud83d', '4 ', 'ſ', ' ', 'i hope '];
  it.each(hostile)('takes no more than a moment for 200,000 characters of %j', (piece) => {
    const check = (text: string) => checkContribution({ language: 'en', instruction: text, context: text, response: `${text}x` });
    expect(growthOfWork(check, { part: piece, length: 2_400 })).toBeLessThan(linearBelow);
    // Further than this nothing is read, so ten times as much is no more work.
    expect(check(piece.repeat(200_000 / piece.length))).toEqual(check(piece.repeat(20_000)));
  });

  it('never throws, keeps excerpts short and storable, and blocks only with a reason', () => {
    const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string());
    fc.assert(
      fc.property(text, text, text, fc.constantFrom('en', 'de', 'ar', 'zh', 'xx'), (instruction, context, response, language) => {
        const checks: Check[] = checkContribution({ instruction, context, response, language });
        const excerpts = checks.map(({ excerpt = '' }) => excerpt);
        expect(excerpts.filter((excerpt) => excerpt.length > 160 || !excerpt.isWellFormed())).toEqual([]);
        const blocking = new Set(checks.filter(({ severity }) => severity === 'block').map(({ kind }) => kind));
        expect([...blocking].filter((kind) => kind !== 'repeated_characters' && kind !== 'repeats_instruction')).toEqual([]);
      }),
    );
  });

  it('finds in one field alone what it finds in it among all', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('mail me@example.org', 'aaaaaaaaaaaaaaaaaaaaaaaa', 'Yes.'));
    fc.assert(
      fc.property(text, text, text, fc.constantFrom('instruction', 'context', 'response'), (instruction, context, response, field) => {
        const given = { instruction, context, response, language: 'en' };
        expect(checkContribution(given, [field])).toEqual(checkContribution(given).filter((check) => check.field === field));
      }),
    );
  });
});
