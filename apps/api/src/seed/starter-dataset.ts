import type { endpoints, EndpointRequest } from '@granary/contract';
import { defaultAdaptivePolicy } from '@granary/domain';
import { datasetDefaults } from '../modules/datasets/defaults.ts';
import { defaultCategories } from './default-categories.ts';

type NewDataset = EndpointRequest<typeof endpoints.datasets.create>['body'];

const guidelines = `Granary collects instructions and the responses that a helpful, honest and well-read person would give to them. Whoever trains a model on this dataset teaches it to answer as we do. So write what you would like to be told.

## When you write

- **Ask as people ask.** An instruction is one request, clear without knowing you, the place or the day.
- **Answer first, then explain.** Correct before complete, complete before elegant. Stop when the question is answered.
- **Use your own words.** Nothing copied from websites or books, nothing pasted from a chatbot. If a tool helped you with spelling or wording, say so in the form.
- **Check what can be checked.** A wrong number costs the reader more than a missing one.
- **Choose the category by the task,** not by the subject, and read its guideline once: each has its own traps.
- **Any of the dataset's languages is welcome.** Write in the one you know best; please do not hand in translations by machine.

## When you review

- Judge what is there against the guideline, not against the text you would have written.
- Small flaws that the author can mend: *request changes*, and say which.
- Wrong, copied, empty or harmful: *reject*, with the reason. The author will read it, so write it for them.
- Unsure about a fact? Look it up or skip the entry. Skipping costs nobody anything.

## What does not belong here

Personal data of private people, insults, calls for harm, advertising, text under a licence that does not allow sharing, and answers whose only strength is that they sound right.`;

const terms = `You keep the copyright in what you write. By handing it in you agree to the following, and we note which version of these terms you accepted and when.

1. **Your own words.** I wrote what I hand in myself. Passages that I quote as context come from somebody else; for each I name the source and its licence, and that licence allows sharing and changing the text.
2. **Licence.** I give my contributions to everyone under the dataset's licence, Creative Commons Attribution-ShareAlike 4.0 (CC BY-SA 4.0). Anyone may use, change and share them, also commercially and to train models, if they name the source and share under the same terms. The licence cannot be withdrawn.
3. **Credit.** My chosen display name is the name by which I am credited. It may be a pseudonym; no other name is ever published.
4. **No personal data.** I hand in nothing about private people: no names together with contact data, no numbers, no stories by which somebody could be recognised.
5. **AI.** I say truthfully in the form whether an AI tool helped me. Text that a tool wrote and I merely handed in does not belong here.
6. **Review.** Others read, rate, and may reject what I hand in; moderators may edit or retract it. I can retract an entry of mine at any time. Later snapshots will not hold it; snapshots that are already published stay as they are, because others rely on them.
7. **No warranty.** I contribute as well as I can and promise nothing beyond these terms. The same holds for those who run this place.`;

/** The dataset that a new deployment begins with, so that volunteers can start at once. Its admin may change all of it. */
export const starterDataset: NewDataset = {
  slug: 'granary-open',
  title: 'Granary Open',
  description:
    'Instructions and responses written by volunteers, for training models that answer helpfully and truthfully. Everyone can write, review and download.',
  licence: 'CC-BY-SA-4.0',
  languages: ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'pl', 'sv', 'tr', 'uk', 'ar', 'hi', 'zh', 'ja'],
  guidelines,
  terms,
  dimensions: datasetDefaults.dimensions,
  // Open to any account, so new reviewers first show how they judge, and strangers decide nothing among themselves.
  policy: { ...defaultAdaptivePolicy, floor: 'proven_pair', calibrationRate: 0.05, qualification: { items: 6, needed: 5 } },
  categories: [...defaultCategories],
};
