import { expect, test } from 'vitest';
import { firstSentence } from './first-sentence.ts';

test.each([
  ['**What belongs here.** Requests for many ideas. And more.', 'Requests for many ideas.'],
  ['**In short:** sort things into *groups*.', 'sort things into groups.'],
  ['## Heading\n\nPlain words first! Then others.', 'Plain words first!'],
  ['See [the rules](https://example.org/a.b) before you write. Then write.', 'See the rules before you write.'],
  ['**All of it is bold.**', 'All of it is bold.'],
  ['No full stop', 'No full stop'],
  ['', ''],
])('of %j one reads %j', (guideline, sentence) => {
  expect(firstSentence(guideline)).toBe(sentence);
});
