import type { Dataset } from '@granary/contract';
import { defaultAdaptivePolicy } from '@granary/domain';

/** What a new dataset begins with unless its admin says otherwise; everything can be changed later. */
export const datasetDefaults: Pick<Dataset, 'normalisations' | 'guidelines' | 'terms' | 'dimensions' | 'policy'> = {
  normalisations: [],
  guidelines: `Write what you would want to read.

- **Ask clearly.** An instruction can be understood without knowing who asks or when.
- **Answer fully and truthfully.** If you do not know, leave the question to somebody else.
- **Use your own words.** Do not copy from websites or books, and do not paste what a chatbot wrote.
- **Rest on the passage.** Where a context is given, the answer follows from it alone.
- **Nobody's private life.** No names, addresses or numbers of private people.`,
  terms: `By handing in a contribution I confirm that

1. I wrote it myself, or say where AI helped;
2. I have the right to give it, and name the source and licence of every passage I quote as context;
3. I give it under this dataset's licence, to everybody, and know that published snapshots cannot be taken back;
4. it contains no personal data of private people.`,
  dimensions: [
    { slug: 'helpfulness', title: 'Helpfulness', description: 'Does the response do what the instruction asks?' },
    { slug: 'accuracy', title: 'Accuracy', description: 'Is it true, and does it follow from the context where there is one?' },
    { slug: 'clarity', title: 'Clarity', description: 'Is it well written and easy to follow?' },
  ],
  policy: { ...defaultAdaptivePolicy, calibrationRate: 0.05, qualification: { items: 5, needed: 4 } },
};
