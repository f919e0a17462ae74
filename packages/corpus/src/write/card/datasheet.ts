import type { SourceShare } from '../summary.ts';
import type { CardInput } from './card-input.ts';
import { agreementAndRatings } from './composition.ts';
import type { TextNormalisation } from '@granary/contract';
import { policyInWords } from './policy-words.ts';
import { code, counted, licenceLink, link, number, plain, quoted, table } from './wording.ts';

/**
 * Sections of a datasheet (Gebru et al., "Datasheets for Datasets", 2021) that can be filled from what the dataset says of itself;
 * composition, uses and maintenance stand in files of their own. Nothing is claimed that the platform does not know.
 */
export function motivation({ dataset }: CardInput): string {
  return ['## Motivation', 'What the dataset is for, in the words of those who run it:', quoted(dataset.description)].join('\n\n');
}

/** The largest are named; the rest is in `ATTRIBUTION.csv`. */
const mostSources = 50;

export function collection(input: CardInput): string {
  const { dataset, summary, contributors, categories } = input;
  const { none, wording, drafted } = summary.statistics.aiAssistance;
  const parts = ['## Collection process', sourcesTable(input), people(input)];
  if (summary.approved !== null) parts.push(`The pairs were approved from ${summary.approved.from} to ${summary.approved.to} (UTC).`);
  parts.push(
    `By their authors' own word ${counted(none, 'pair')} ${none === 1 ? 'was' : 'were'} written without AI, ${number(wording)} had help with spelling or style, and ${number(drafted)} ${drafted === 1 ? 'was' : 'were'} drafted by AI and reworked by a person. Where no author was asked, as in collections that were taken over, "without AI" is only what was assumed.`,
  );
  if (contributors.importedPairs < summary.counts.pairs)
    parts.push(
      `Authors accept the terms of the dataset before they write; \`terms_version\` names the version. The newest is ${dataset.termsVersion}:`,
      folded('Terms', dataset.terms),
    );
  if (dataset.guidelines.trim() !== '') parts.push('The guidelines they write by:', folded('Guidelines', dataset.guidelines));
  const guided = categories.filter(({ guideline }) => guideline.trim() !== '');
  if (guided.length > 0)
    parts.push(
      'And those of each category:',
      table(
        ['Category', 'Guideline'],
        guided.map(({ slug, guideline }) => [code(slug), plain(guideline)]),
      ),
    );
  return parts.join('\n\n');
}

function sourcesTable({ dataset, summary }: CardInput): string {
  const source = ({ origin, url }: SourceShare) =>
    origin === null ? `Written by the contributors of ${plain(dataset.title)}` : link(origin, url);
  const shown = summary.sources.slice(0, mostSources);
  const rest = summary.sources.length - shown.length;
  return [
    table(
      ['Source', 'Licence', 'Pairs'],
      shown.map((share) => [source(share), licenceLink(share.licence), number(share.pairs)]),
    ),
    ...(rest > 0 ? [`And ${counted(rest, 'more source')}: see \`ATTRIBUTION.csv\`.`] : []),
  ].join('\n\n');
}

function people({ contributors }: CardInput): string {
  const { named, anonymousPairs, importedPairs } = contributors;
  const parts = [`${counted(named, 'contributor')} ${named === 1 ? 'is' : 'are'} named, by pseudonym, in \`ATTRIBUTION.md\`.`];
  if (anonymousPairs > 0)
    parts.push(`${counted(anonymousPairs, 'pair')} ${anonymousPairs === 1 ? 'has' : 'have'} a text by somebody who is not named.`);
  if (importedPairs > 0)
    parts.push(`${counted(importedPairs, 'pair')} ${importedPairs === 1 ? 'has' : 'have'} a text from another collection.`);
  return parts.join(' ');
}

export function labelling(input: CardInput): string {
  const { dataset } = input;
  const parts = [
    '## Preprocessing, cleaning and labelling',
    `Texts are published as they were approved: nothing is rewritten, translated or normalised on the way into the files. ${onTheWayIn(dataset.normalisations)} Category and language are what an author, an editor or the import stated.`,
    'Automatic checks of what is handed in or imported look for personal data (e-mail addresses, phone numbers, bank accounts, payment cards), for the boilerplate of chatbots, for copies of the instruction or the passage, and for texts that are too short, in capitals or in the wrong script. They prove nothing: a text that was approved in spite of a finding has it in `checks`, and one without findings can still hold what they look for.',
  ];
  if (dataset.policy !== null)
    parts.push(
      `Pairs were approved under the review policy of the dataset, which is at version ${dataset.policyVersion}. ${policyInWords(dataset.policy)}`,
    );
  parts.push(agreementAndRatings(input));
  if (dataset.dimensions.length > 0)
    parts.push(
      'Responses are rated on:',
      table(
        ['Dimension', 'Title', 'Meaning'],
        dataset.dimensions.map(({ slug, title, description }) => [code(slug), plain(title), plain(description)]),
      ),
    );
  return parts.join('\n\n');
}

const normalised: Record<TextNormalisation, string> = { nfc: 'characters are composed (Unicode NFC)', line_ends: 'every line end is LF' };

/** What the dataset does to texts that are handed in or imported. */
function onTheWayIn(normalisations: readonly TextNormalisation[]): string {
  if (normalisations.length === 0) return 'They are kept as they were handed in or imported, byte for byte.';
  return `Texts handed in or imported since the dataset was set so are changed in this alone: ${normalisations.map((each) => normalised[each]).join(', and ')}.`;
}

/** Long words of others, which a reader may open. */
const folded = (title: string, text: string) => `<details><summary>${title}</summary>\n\n${quoted(text)}\n\n</details>`;
