import type { Selection } from '@granary/contract';
import { renderCardMetadata } from './card-metadata.ts';
import type { CardFile } from './card-metadata.ts';
import type { CorpusSummary, SourceShare } from './summary.ts';

export const cardFileName = 'README.md';

/** Pairs that came, went or were edited between two snapshots of a dataset. */
export type SnapshotChanges = { since: number; added: number; removed: number; revised: number };

export type CardInput = {
  dataset: { slug: string; title: string; description: string; licence: string; isDemo: boolean };
  categories: readonly { slug: string; title: string }[];
  snapshot: number;
  createdAt: string;
  selection: Selection;
  notes: string;
  summary: CorpusSummary;
  files: readonly CardFile[];
  /** Null for the first snapshot. */
  changes: SnapshotChanges | null;
  /** Address of the folder with the files, without a slash at its end; null when the deployment does not know its own. */
  filesUrl: string | null;
};

/** The bytes of the dataset card: `README.md` as Hugging Face wants it, and readable as it is. */
export function renderCard(input: CardInput): Buffer {
  const { dataset, summary, files } = input;
  const licenceUrl = spdxUrl(dataset.licence);
  const metadata = renderCardMetadata({ title: dataset.title, licence: dataset.licence, licenceUrl, summary, files });
  const sections = [
    introduction(input),
    contents(input),
    loading(input),
    columns(input),
    licensing(input),
    provenance(input),
    changes(input),
  ];
  const text = `---\n${metadata}---\n\n${sections.filter((section) => section !== '').join('\n\n')}\n`;
  return Buffer.from(text.toWellFormed(), 'utf8');
}

function introduction({ dataset, snapshot, createdAt, notes }: CardInput): string {
  const parts = [`# ${oneLine(dataset.title)}`];
  if (dataset.isDemo) parts.push('**This is a demonstration dataset. Do not train on it.**');
  parts.push(
    dataset.description.trim(),
    `Snapshot ${snapshot}, made on ${createdAt.slice(0, 10)}. It never changes; \`manifest.json\` has the SHA-256 of every file.`,
  );
  if (notes.trim() !== '') parts.push(notes.trim());
  return parts.join('\n\n');
}

function contents({ summary, categories, selection }: CardInput): string {
  const { counts } = summary;
  const titles = new Map(categories.map(({ slug, title }) => [slug, title]));
  return [
    '## Contents',
    `${number(counts.pairs)} approved instruction/response pairs${described(selection)}.`,
    table(
      ['Category', 'Title', 'Pairs', 'Share'],
      counts.byCategory.map(({ category, pairs }) => [
        `\`${category}\``,
        titles.get(category) ?? '',
        number(pairs),
        percent(pairs, counts.pairs),
      ]),
    ),
    table(
      ['Language', 'Pairs', 'Share'],
      counts.byLanguage.map(({ language, pairs }) => [`\`${language}\``, number(pairs), percent(pairs, counts.pairs)]),
    ),
  ].join('\n\n');
}

/** The selection in words; empty when it is everything. */
function described({ categories, languages, minRating, ratedOnly, minRatings, minComparisons, from, to }: Selection): string {
  const parts: string[] = [];
  if (categories.length > 0) parts.push(`in the categories ${categories.map((slug) => `\`${slug}\``).join(', ')}`);
  if (languages.length > 0) parts.push(`in the languages ${languages.map((code) => `\`${code}\``).join(', ')}`);
  if (minComparisons > 0) parts.push(`compared ${minComparisons} times or more`);
  if (minRatings > 0) parts.push(`rated by ${minRatings} people or more`);
  if (minRating !== null) parts.push(`rated ${minRating} or better${ratedOnly ? '' : ' or not rated'}`);
  else if (ratedOnly) parts.push('that were rated');
  if (from !== null) parts.push(`approved from ${from} on`);
  if (to !== null) parts.push(`approved until ${to}`);
  return parts.length === 0 ? '' : `, ${parts.join(', ')}`;
}

function loading({ files, filesUrl }: CardInput): string {
  const address = (fileName: string) => (filesUrl === null ? fileName : `${filesUrl}/${fileName}`);
  const lines = files
    .filter(({ split }) => split === null)
    .map(({ name, format }) => `load_dataset("json", data_files="${address(name)}", split="train")  # ${format.name}`);
  return [
    '## How to load',
    ['```python', 'from datasets import load_dataset', '', ...lines, '```'].join('\n'),
    `From a folder or repository that holds these files: \`load_dataset("PATH", split="train")\`, or \`load_dataset("PATH", "full", split="train")\`.`,
  ].join('\n\n');
}

function columns({ files }: CardInput): string {
  const parts = Map.groupBy(files, ({ format }) => format)
    .entries()
    .map(([format, ofFormat]) =>
      [
        `### \`${format.name}\``,
        `${format.description.charAt(0).toUpperCase()}${format.description.slice(1)}.`,
        table(
          ['File', 'Rows', 'Bytes'],
          ofFormat.map(({ name, rows, bytes }) => [`\`${name}\``, number(rows), number(bytes)]),
        ),
        table(
          ['Column', 'Meaning'],
          Object.keys(format.schema.shape).map((column) => [`\`${column}\``, format.columns[column] ?? '']),
        ),
      ].join('\n\n'),
    );
  return ['## Files', ...parts].join('\n\n');
}

function licensing({ dataset, summary }: CardInput): string {
  const parts = [
    '## Licence',
    `Contributions are given under ${licenceLink(dataset.licence)}. Rows taken over from other collections keep the licence they came with; the columns \`instruction_licence\`, \`response_licence\` and \`context_licence\` of the full record name it for each row.`,
  ];
  if (summary.contextLicences.length > 0) {
    const rows = summary.contextLicences.map(({ licence, pairs }) => [licenceLink(licence), number(pairs)]);
    parts.push('Passages in `context`:', table(['Licence', 'Pairs'], rows));
  }
  return parts.join('\n\n');
}

function provenance({ dataset, summary }: CardInput): string {
  const { none, wording, drafted } = summary.aiAssistance;
  const source = ({ origin, url }: SourceShare) => {
    if (origin === null) return `Written by the contributors of ${dataset.title}`;
    return url === null ? origin : `${origin} (<${url}>)`;
  };
  return [
    '## Where the pairs come from',
    table(
      ['Source', 'Licence', 'Pairs'],
      summary.sources.map((share) => [source(share), licenceLink(share.licence), number(share.pairs)]),
    ),
    `Every pair was approved under the review policy of the dataset; the full record tells how many reviewed it and how they agreed. By their authors' own word ${number(none)} pairs were written without AI, ${number(wording)} had help with spelling or style, and ${number(drafted)} were drafted by AI and reworked by a person. ${number(summary.followUps)} pairs are follow-up turns of a conversation.`,
  ].join('\n\n');
}

function changes({ changes: change }: CardInput): string {
  if (change === null) return '## Changes\n\nThis is the first snapshot.';
  const { since, added, removed, revised } = change;
  return `## Changes since snapshot ${since}\n\n${number(added)} pairs added, ${number(removed)} removed, ${number(revised)} edited.`;
}

/** A Markdown table whose cells cannot break out of it. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => oneLine(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();
/** With thin separators and without a locale, which would differ between machines. */
const number = (value: number) => String(value).replace(/\B(?=(?:\d{3})+$)/g, ',');
const percent = (part: number, whole: number) => (whole === 0 ? '0 %' : `${((100 * part) / whole).toFixed(1)} %`);
const spdxUrl = (licence: string) => `https://spdx.org/licenses/${licence}.html`;
/** Expressions such as "MIT OR Apache-2.0", and what came with an import, have no page of their own. */
const licenceLink = (licence: string) =>
  /^[A-Za-z0-9.+-]+$/.test(licence) && licence !== 'unknown' ? `[${licence}](${spdxUrl(licence)})` : licence;
