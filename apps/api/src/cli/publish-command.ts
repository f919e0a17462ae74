import { setTimeout as sleep } from 'node:timers/promises';
import { endpoints, selectionSchema } from '@granary/contract';
import type { Selection, Snapshot } from '@granary/contract';
import type { Client } from './client.ts';
import { needed, readArguments, type Command } from './command.ts';
import { CliError, exitCodes } from './errors.ts';
import { count, counted, type Terminal } from './terminal.ts';

const options = {
  language: { type: 'string', multiple: true },
  category: { type: 'string', multiple: true },
  'min-rating': { type: 'string' },
  'min-ratings': { type: 'string' },
  'min-comparisons': { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  notes: { type: 'string' },
} as const;

const help = `Publishes a snapshot of the approved pairs and waits until it is built.

  npm run granary -- publish DATASET [options]

  --language CODE    only pairs in this language; may be repeated
  --category SLUG    only pairs of this category; may be repeated
  --min-rating N     leave out pairs rated lower (1 to 5); unrated ones stay
  --min-ratings N    leave out pairs that fewer people rated
  --min-comparisons N   leave out pairs that were compared less often
  --from, --to DAY   approved on or after, on or before (YYYY-MM-DD, UTC)
  --notes TEXT       what is worth knowing about this release
  --server URL, --token T   see: npm run granary -- --help

Needs a token with the scope "admin".`;

export const publishCommand: Command = {
  summary: 'publish a snapshot of a dataset',
  help,
  async run(argv, terminal) {
    const { values, positionals, client } = readArguments(argv, options, ['DATASET']);
    const slug = needed(positionals, 0, 'DATASET');
    const selection = selectionSchema.safeParse({
      languages: values.language ?? [],
      categories: values.category ?? [],
      minRating: values['min-rating'] === undefined ? null : Number(values['min-rating']),
      minRatings: Number(values['min-ratings'] ?? 0),
      minComparisons: Number(values['min-comparisons'] ?? 0),
      from: values.from ?? null,
      to: values.to ?? null,
    } satisfies Partial<Selection>);
    if (!selection.success) throw new CliError(`--${String(selection.error.issues[0]?.path[0])}: ${selection.error.issues[0]?.message}`);
    const body = { selection: selection.data, notes: values.notes ?? '' };
    const { number } = await client.call(endpoints.snapshots.create, { params: { slug }, body });
    const built = await follow(client, slug, number, terminal);
    if (built.status !== 'published') {
      terminal.complain(`Snapshot ${number} was not published: ${built.error ?? built.status}`);
      return exitCodes.failed;
    }
    terminal.print(`v${number}: ${counted(built.counts?.pairs ?? 0, 'pair')}, ${built.contentHash}`);
    for (const { url, bytes } of built.files) terminal.print(`  ${client.server}${url}  ${count(bytes)} bytes`);
    return exitCodes.done;
  },
};

async function follow(client: Client, slug: string, number: number, terminal: Terminal): Promise<Snapshot> {
  const params = { slug, number };
  const bar = terminal.progress();
  for (;;) {
    for await (const { rowsDone, rowsTotal, stage } of client.events(endpoints.snapshots.events, { params }))
      bar.show(rowsTotal === 0 ? 0 : rowsDone / rowsTotal, `${stage}, ${counted(rowsDone, 'pair')}`);
    const snapshot = await client.call(endpoints.snapshots.get, { params });
    if (snapshot.status !== 'queued' && snapshot.status !== 'building') {
      bar.end();
      return snapshot;
    }
    await sleep(1_000);
  }
}
