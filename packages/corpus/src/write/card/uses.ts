import type { CardInput } from './card-input.ts';
import { configurationsOf } from './metadata.ts';
import type { CardFile } from './metadata.ts';
import { code, licenceLink, number, plain, table } from './wording.ts';

/** What the files are for, and the lines that load them. */
export function uses(input: CardInput): string {
  const { files, dataset } = input;
  const formats = formatsOf(files);
  const parts = [
    '## Uses',
    'The same pairs come in several formats:',
    table(
      ['Format', 'What it holds', 'Rows'],
      formats.map(([format, ofFormat]) => [code(format.name), `${capital(format.description)}.`, number(rowsOf(ofFormat))]),
    ),
  ];
  if (dataset.isDemo) parts.push('**This is a demonstration dataset. Do not train on it.**');
  return [...parts, loading(input)].join('\n\n');
}

function loading({ dataset, snapshot, files, filesUrl, serverUrl }: CardInput): string {
  const bySplit = files.filter(({ split }) => split !== null);
  const configurations = configurationsOf(files).map(({ format }) => format.name);
  const [first, second] = configurations;
  const split = bySplit[0]?.split ?? 'train';
  const source = serverUrl === null ? '"PATH"' : `"granary/${dataset.slug}"`;
  const revision = serverUrl === null ? '' : `, revision="v${snapshot}"`;
  const calls = [`load_dataset(${source}${revision}, split="${split}")${first === undefined ? '' : `  # ${first}`}`];
  if (second !== undefined) calls.push(`load_dataset(${source}, "${second}"${revision}, split="${split}")`);
  const python =
    serverUrl === null
      ? ['from datasets import load_dataset', '', ...calls]
      : [
          'import os',
          `os.environ["HF_ENDPOINT"] = "${serverUrl}"  # before datasets is imported`,
          'from datasets import load_dataset',
          '',
          ...calls,
        ];
  const parts = ['### How to load', fenced('python', python)];
  if (serverUrl === null) parts.push('`PATH` is a folder or a Hugging Face repository that holds these files.');
  const whole = files.find(({ split: held }) => held === null);
  const parquet = bySplit.find(({ name }) => name.endsWith('.parquet'));
  const address = (name: string) => (filesUrl === null ? name : `${filesUrl}/${name}`);
  if (whole) parts.push(fenced('python', ['import pandas', '', `pandas.read_json("${address(whole.name)}", lines=True)`]));
  const others = bySplit.filter(({ format }) => !configurations.includes(format.name));
  if (others[0])
    parts.push(
      `${[...new Set(others.map(({ format }) => code(format.name)))].join(', ')} fit no columns and are no configuration; their files are JSON Lines:`,
      fenced('python', ['import pandas', '', `pandas.read_json("${address(others[0].name)}", lines=True)`]),
    );
  if (parquet) parts.push(fenced('sql', ['-- DuckDB', `SELECT * FROM read_parquet('${address(parquet.name)}') LIMIT 10;`]));
  return parts.join('\n\n');
}

const fenced = (language: string, lines: readonly string[]) => ['```' + language, ...lines, '```'].join('\n');

/** Licences, files with their columns, and how to cite. */
export function distribution(input: CardInput): string {
  const { dataset, summary, files, otherFiles } = input;
  const parts = [
    '## Distribution',
    `Contributions are given under ${licenceLink(dataset.licence)}. Rows taken over from other collections keep the licence they came with; the columns \`instruction_licence\`, \`response_licence\` and \`context_licence\` of the full record name it for each row.`,
  ];
  if (summary.contextLicences.length > 0) {
    const rows = summary.contextLicences.map(({ licence, pairs }) => [licenceLink(licence), number(pairs)]);
    parts.push('Passages in `context`:', table(['Licence', 'Pairs'], rows));
  }
  parts.push(
    `Names and sources to give credit to are in \`ATTRIBUTION.md\` and \`ATTRIBUTION.csv\`, how to cite in \`CITATION.cff\`, the same metadata for programs in \`croissant.json\` (Croissant 1.0). \`manifest.json\` has size and SHA-256 of every file.`,
    '### Files',
    table(
      ['File', 'Format', 'Rows', 'Bytes'],
      files.map(({ name, format, rows, bytes }) => [code(name), code(format.name), number(rows), number(bytes)]),
    ),
  );
  if (otherFiles.length > 0)
    parts.push(
      table(
        ['File', 'What it is'],
        otherFiles.map(({ name, description }) => [code(name), plain(description)]),
      ),
    );
  for (const [format] of formatsOf(files)) {
    const columns = Object.keys(format.schema.shape).map((column) => [code(column), format.columns[column] ?? '']);
    parts.push(`### Columns of ${code(format.name)}`, table(['Column', 'Meaning'], columns));
  }
  return parts.join('\n\n');
}

const formatsOf = (files: readonly CardFile[]) => [...Map.groupBy(files, ({ format }) => format)];
/** A format may be there whole and by split: its rows are counted once. */
function rowsOf(files: readonly CardFile[]): number {
  const bySplit = files.filter(({ split }) => split !== null);
  return (bySplit.length > 0 ? bySplit : files).reduce((sum, { rows }) => sum + rows, 0);
}
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
