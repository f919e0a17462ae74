import { stringify } from 'yaml';
import { hasLicencePage, isWebAddress, licenceUrl, yamlText } from './card/wording.ts';
import type { SourceShare } from './summary.ts';

export const citationFileName = 'CITATION.cff';

export type CitationInput = {
  dataset: { title: string; description: string; licence: string };
  snapshot: number;
  createdAt: string;
  sources: readonly SourceShare[];
  pageUrl: string | null;
  filesUrl: string | null;
};

/** SPDX identifiers that both this project's datasets are likely to have and the list of CFF 1.2.0 knows. */
const knownLicences = new Set(
  `0BSD AFL-3.0 AGPL-3.0-only AGPL-3.0-or-later Apache-2.0 Artistic-2.0 BSD-2-Clause BSD-3-Clause BSL-1.0 CC0-1.0 CC-BY-1.0 CC-BY-2.0 CC-BY-2.5
CC-BY-3.0 CC-BY-4.0 CC-BY-NC-1.0 CC-BY-NC-2.0 CC-BY-NC-2.5 CC-BY-NC-3.0 CC-BY-NC-4.0 CC-BY-NC-ND-1.0 CC-BY-NC-ND-2.0 CC-BY-NC-ND-2.5
CC-BY-NC-ND-3.0 CC-BY-NC-ND-4.0 CC-BY-NC-SA-1.0 CC-BY-NC-SA-2.0 CC-BY-NC-SA-2.5 CC-BY-NC-SA-3.0 CC-BY-NC-SA-4.0 CC-BY-ND-1.0 CC-BY-ND-2.0
CC-BY-ND-2.5 CC-BY-ND-3.0 CC-BY-ND-4.0 CC-BY-SA-1.0 CC-BY-SA-2.0 CC-BY-SA-2.5 CC-BY-SA-3.0 CC-BY-SA-4.0 EPL-2.0 EUPL-1.1 EUPL-1.2
GFDL-1.3-only GFDL-1.3-or-later GPL-2.0-only GPL-2.0-or-later GPL-3.0-only GPL-3.0-or-later ISC LGPL-2.1-only LGPL-2.1-or-later LGPL-3.0-only
LGPL-3.0-or-later MIT MIT-0 MPL-2.0 ODbL-1.0 ODC-By-1.0 PDDL-1.0 Unlicense WTFPL Zlib`.split(/\s+/),
);
/** More collections than this are left to `ATTRIBUTION.csv`. */
const mostReferences = 50;

/** The bytes of `CITATION.cff` (Citation File Format 1.2.0): how to cite a snapshot, and the collections it took rows over from. */
export function renderCitation({ dataset, snapshot, createdAt, sources, pageUrl, filesUrl }: CitationInput): Buffer {
  const collections = sources.filter(({ origin }) => origin !== null && yamlText(origin) !== '').map(reference);
  // One collection under two licences that the format cannot tell apart would be there twice.
  const references = [...new Map(collections.map((item) => [JSON.stringify(item), item])).values()].slice(0, mostReferences);
  const citation = {
    'cff-version': '1.2.0',
    message: 'If you use this dataset, please cite this snapshot of it.',
    type: 'dataset',
    title: yamlText(dataset.title),
    ...(yamlText(dataset.description) === '' ? {} : { abstract: yamlText(dataset.description) }),
    authors: [{ name: contributorsOf(dataset.title) }],
    version: `v${snapshot}`,
    'date-released': createdAt.slice(0, 10),
    ...licenceFields(dataset.licence),
    ...(pageUrl === null ? {} : { url: pageUrl }),
    ...(filesUrl === null ? {} : { 'repository-artifact': `${filesUrl}/manifest.json` }),
    keywords: ['instruction tuning', 'dataset'],
    ...(references.length === 0 ? {} : { references }),
  };
  return Buffer.from(stringify(citation, { lineWidth: 0, version: '1.1' }).toWellFormed(), 'utf8');
}

/** How to cite a snapshot in one line of text. */
export function citationLine({ dataset, snapshot, createdAt, pageUrl }: Omit<CitationInput, 'sources' | 'filesUrl'>): string {
  const where = pageUrl === null ? '' : ` ${pageUrl}`;
  return `${contributorsOf(dataset.title)} (${createdAt.slice(0, 4)}). ${yamlText(dataset.title)}, snapshot v${snapshot} [dataset].${where}`;
}

const contributorsOf = (title: string) => `The contributors of ${yamlText(title)}`;

function reference({ origin, url, licence }: SourceShare) {
  const name = yamlText(origin ?? '');
  return {
    type: 'data',
    title: name,
    authors: [{ name: contributorsOf(name) }],
    ...(url !== null && isWebAddress(url) ? { url } : {}),
    ...licenceFields(licence),
  };
}

/** The format's own list of licences is closed: what is not on it is named by its address, if it has one. */
function licenceFields(licence: string): { license?: string | string[]; 'license-url'?: string } {
  const choices = licence.split(' OR ');
  if (choices.every((name) => knownLicences.has(name))) return { license: choices.length === 1 ? licence : [...new Set(choices)] };
  return hasLicencePage(licence) ? { 'license-url': licenceUrl(licence) } : {};
}
