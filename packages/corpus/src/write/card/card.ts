import type { CardInput } from './card-input.ts';
import { composition } from './composition.ts';
import { collection, labelling, motivation } from './datasheet.ts';
import { maintenance } from './maintenance.ts';
import { renderCardMetadata } from './metadata.ts';
import { distribution, uses } from './uses.ts';
import { plain, quoted } from './wording.ts';

export const cardFileName = 'README.md';

/** The bytes of the dataset card: `README.md` as Hugging Face wants it, with the sections of a datasheet, and readable as it is. */
export function renderCard(input: CardInput): Buffer {
  const { dataset, summary, files } = input;
  const { title, licence, isDemo } = dataset;
  const metadata = renderCardMetadata({ title, licence, isDemo, summary, files });
  const sections = [introduction, motivation, composition, collection, labelling, uses, distribution, maintenance];
  const text = `---\n${metadata}---\n\n${sections.map((section) => section(input)).join('\n\n')}\n`;
  return Buffer.from(text.toWellFormed(), 'utf8');
}

function introduction({ dataset, snapshot, createdAt, notes }: CardInput): string {
  const parts = [`# ${plain(dataset.title)}`];
  if (dataset.isDemo) parts.push('**This is a demonstration dataset. Do not train on it.**');
  parts.push(`Snapshot ${snapshot}, made on ${createdAt.slice(0, 10)}. It never changes; \`manifest.json\` has the SHA-256 of every file.`);
  if (notes.trim() !== '') parts.push('What its makers say of it:', quoted(notes));
  return parts.join('\n\n');
}
