import { createWriteStream, openAsBlob } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { endpoints } from '@granary/contract';
import type { Import, ImportOptions, ImportPreview } from '@granary/contract';
import type { Client } from './client.ts';
import { fromHere, needed, readArguments, type Command } from './command.ts';
import { CliError, exitCodes, NotReachableError, RefusedError } from './errors.ts';
import { importOptions } from './import-options.ts';
import { count, counted, oneLine, type Terminal } from './terminal.ts';

const { imports } = endpoints;

const options = {
  dataset: { type: 'string', short: 'd' },
  format: { type: 'string' },
  map: { type: 'string' },
  origin: { type: 'string' },
  'origin-url': { type: 'string' },
  licence: { type: 'string' },
  category: { type: 'string' },
  language: { type: 'string' },
  status: { type: 'string' },
  strict: { type: 'boolean' },
  report: { type: 'string' },
  yes: { type: 'boolean', short: 'y' },
} as const;

const help = `Brings a JSONL or CSV file (gzip allowed) into a dataset. A repeated import adds nothing.

  npm run granary -- import FILE --dataset SLUG [options]

  --format F         dolly, alpaca, oasst or self_instruct (else as found in the file)
  --map LIST         columns of the file, such as instruction=question,response=answer
  --origin NAME      where the rows come from; kept with every row (else the file's name)
  --origin-url URL   its address
  --licence SPDX     licence of the rows (else the dataset's)
  --category SLUG    for rows that name no category of the dataset
  --language CODE    for rows that name no language
  --status S         in_review (default) or approved
  --strict           take nothing at all when any row is bad
  --report FILE      where to write the rows that were not taken (else FILE.report.csv)
  --yes              do not ask before starting
  --server URL, --token T   see: npm run granary -- --help

Needs a token with the scope "admin". Ends with 3 when some rows were not taken.`;

export const importCommand: Command = { summary: 'bring a file of pairs into a dataset', help, run };

async function run(argv: string[], terminal: Terminal): Promise<number> {
  const { values, positionals, client } = readArguments(argv, options, ['FILE']);
  const file = fromHere(needed(positionals, 0, 'FILE'));
  if (values.dataset === undefined) throw new CliError('--dataset is missing.');
  const content = await openFile(file);
  const dataset = await client.call(endpoints.datasets.get, { params: { slug: values.dataset } });
  terminal.complain(`Uploading ${basename(file)} (${count(content.size)} bytes) …`);
  const uploaded = await client.call(imports.upload, {
    params: { slug: dataset.slug },
    query: { fileName: basename(file) },
    body: content,
  });
  const { id } = uploaded.import;
  const chosen = importOptions(values, file, dataset, uploaded.preview);
  const preview = await client.call(imports.preview, { params: { id }, body: chosen });
  describe(terminal, preview, chosen);
  if (!values.yes && !(await terminal.confirm(`Import into "${dataset.title}"?`))) {
    await client.call(imports.cancel, { params: { id } });
    terminal.complain('Nothing was imported.');
    return exitCodes.failed;
  }
  await client.call(imports.start, { params: { id }, body: chosen });
  const ended = await follow(client, id, terminal);
  return report(client, ended, values.report === undefined ? `${file}.report.csv` : fromHere(values.report), terminal);
}

async function openFile(path: string): Promise<Blob> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile()) throw new CliError(`There is no file ${path}.`);
  // Read as it is sent: the file never lies in memory.
  return openAsBlob(path);
}

function describe(terminal: Terminal, preview: ImportPreview, chosen: ImportOptions): void {
  const { format, container, mapping, rows } = preview;
  terminal.print(`Format     ${format} (${container})`);
  const columns = Object.entries(mapping ?? {}).filter(([, column]) => column !== null);
  if (columns.length > 0) terminal.print(`Columns    ${columns.map(([field, column]) => `${field} ← ${column}`).join(', ')}`);
  terminal.print(`Origin     ${chosen.originName}, ${chosen.licence}`);
  terminal.print(`Rows       become ${chosen.status}; ${chosen.defaultCategory} and "${chosen.defaultLanguage}" where they name none`);
  terminal.print('First rows');
  for (const { line, pairs, issues } of rows.slice(0, 5)) {
    const [first] = pairs;
    const shown = first
      ? `${first.instruction} → ${first.response ?? '(open)'}`
      : issues.map(({ field, message }) => `${field ?? 'row'}: ${message}`).join('; ');
    terminal.print(`  ${String(line).padStart(6)}  ${first ? '' : 'BAD  '}${oneLine(shown, 100)}`);
  }
}

/** Watches until the import has ended; a broken connection is taken up again. */
async function follow(client: Client, id: string, terminal: Terminal): Promise<Import> {
  const bar = terminal.progress();
  const startedAt = performance.now();
  for (let failures = 0; ;) {
    try {
      for await (const { bytes, bytesDone, added, duplicates, bad } of client.events(imports.events, { params: { id } })) {
        failures = 0;
        const rows = added + duplicates + bad;
        const perSecond = Math.round(rows / ((performance.now() - startedAt) / 1000));
        bar.show(bytes === 0 ? 0 : bytesDone / bytes, `${counted(rows, 'row')}, ${count(perSecond)}/s`);
      }
      const current = await client.call(imports.get, { params: { id } });
      if (current.status !== 'queued' && current.status !== 'running') {
        bar.end();
        return current;
      }
    } catch (error) {
      failures += 1;
      const passing = error instanceof NotReachableError || !(error instanceof RefusedError);
      if (!passing || failures > 30) throw error;
    }
    await sleep(1_000);
  }
}

async function report(client: Client, ended: Import, path: string, terminal: Terminal): Promise<number> {
  const { id, added, duplicates, bad, status, error } = ended;
  terminal.print(`${counted(added, 'row')} added, ${count(duplicates)} there already, ${count(bad)} not taken.`);
  if (bad > 0) {
    const response = await client.open(imports.report, { params: { id } });
    if (response.body) await pipeline(response.body, createWriteStream(path));
    terminal.print(`Why: ${path}`);
  }
  if (status === 'done') return bad > 0 ? exitCodes.someRowsBad : exitCodes.done;
  terminal.complain(status === 'cancelled' ? 'The import was cancelled.' : (error ?? 'The import failed.'));
  return exitCodes.failed;
}
