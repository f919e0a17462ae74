import { setTimeout as sleep } from 'node:timers/promises';
import { endpoints, selectionSchema } from '@granary/contract';
import type { Selection, Snapshot } from '@granary/contract';
import type { Client } from './client.ts';
import { needed, readArguments, type Command } from './command.ts';
import { findSnapshot } from './download-command.ts';
import { CliError, exitCodes } from './errors.ts';
import { count, counted, type Terminal } from './terminal.ts';

const options = {
  language: { type: 'string', multiple: true },
  category: { type: 'string', multiple: true },
  'min-rating': { type: 'string' },
  'min-ratings': { type: 'string' },
  'min-comparisons': { type: 'string' },
  from: { type: 'string' },
  until: { type: 'string' },
  notes: { type: 'string' },
  to: { type: 'string' },
  snapshot: { type: 'string' },
} as const;

const help = `Publishes a snapshot of the approved pairs and waits until it is built; pushes it, or an older one, to the Hugging Face Hub or a bucket.

  npm run granary -- publish DATASET [options]
  npm run granary -- publish DATASET --to hf://datasets/OWNER/NAME[@BRANCH] [--snapshot vN]
  npm run granary -- publish DATASET --to s3://BUCKET/PREFIX[?endpoint=URL&region=R&forcePathStyle=true] [--snapshot vN]

  --language CODE    only pairs in this language; may be repeated
  --category SLUG    only pairs of this category; may be repeated
  --min-rating N     leave out pairs rated lower (1 to 5); unrated ones stay
  --min-ratings N    leave out pairs that fewer people rated
  --min-comparisons N   leave out pairs that were compared less often
  --from, --until DAY   approved on or after, on or before (YYYY-MM-DD, UTC)
  --notes TEXT       what is worth knowing about this release
  --to ADDRESS       push every file there when it is built
  --snapshot vN      push this one, or "latest"; nothing is built
  --server URL, --token T   see: npm run granary -- --help

Building needs a token with the scope "admin". A push to the Hub needs HF_TOKEN (and HF_ENDPOINT for another Hub); one to a bucket takes
credentials from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or wherever the AWS tools find them, and puts the files below PREFIX/vN/.
A push to the Hub takes main back to an older snapshot only where --to names it (@main); another branch takes what it is given.
A push that was broken off goes on where it was when the command is given again: files that arrived are not sent again.`;

export const publishCommand: Command = {
  summary: 'publish a snapshot of a dataset',
  help,
  async run(argv, terminal) {
    const { values, positionals, client } = readArguments(argv, options, ['DATASET']);
    const slug = needed(positionals, 0, 'DATASET');
    // What talks to the Hub and to buckets is large, and most commands do without.
    const pushing = values.to === undefined ? undefined : await import('./push-target.ts');
    const target = values.to === undefined ? undefined : pushing?.readPushTarget(values.to);
    const push = async (snapshot: Snapshot) => target && pushing?.push(target, client, snapshot, terminal);
    if (values.snapshot !== undefined) {
      if (target === undefined) throw new CliError('--snapshot needs --to: it names a snapshot that is there already.');
      await push(await findSnapshot(client, slug, values.snapshot));
      return exitCodes.done;
    }
    const built = await build(client, slug, readSelection(values), values.notes ?? '', terminal);
    if (built === null) return exitCodes.failed;
    await push(built);
    return exitCodes.done;
  },
};

type Values = Partial<Record<Exclude<keyof typeof options, 'language' | 'category'>, string>> & {
  language?: string[];
  category?: string[];
};

function readSelection(values: Values): Selection {
  const selection = selectionSchema.safeParse({
    languages: values.language ?? [],
    categories: values.category ?? [],
    minRating: values['min-rating'] === undefined ? null : Number(values['min-rating']),
    minRatings: Number(values['min-ratings'] ?? 0),
    minComparisons: Number(values['min-comparisons'] ?? 0),
    from: values.from ?? null,
    to: values.until ?? null,
  } satisfies Partial<Selection>);
  if (selection.success) return selection.data;
  throw new CliError(`--${String(selection.error.issues[0]?.path[0])}: ${selection.error.issues[0]?.message}`);
}

/** Null when it was not published, which is then said. */
async function build(client: Client, slug: string, selection: Selection, notes: string, terminal: Terminal): Promise<Snapshot | null> {
  const { number } = await client.call(endpoints.snapshots.create, { params: { slug }, body: { selection, notes } });
  const built = await follow(client, slug, number, terminal);
  if (built.status !== 'published') {
    terminal.complain(`Snapshot ${number} was not published: ${built.error ?? built.status}`);
    return null;
  }
  terminal.print(`v${number}: ${counted(built.counts?.pairs ?? 0, 'pair')}, ${built.contentHash}`);
  for (const { url, bytes } of built.files) terminal.print(`  ${client.server}${url}  ${count(bytes)} bytes`);
  return built;
}

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
