import { endpoints } from '@granary/contract';
import { needed, readArguments, type Command } from './command.ts';
import { exitCodes } from './errors.ts';
import { count } from './terminal.ts';

const help = `Lists the published snapshots of a dataset, newest first.

  npm run granary -- snapshots DATASET

  --server URL, --token T   see: npm run granary -- --help`;

export const snapshotsCommand: Command = {
  summary: 'list the snapshots of a dataset',
  help,
  async run(argv, terminal) {
    const { positionals, client } = readArguments(argv, {}, ['DATASET']);
    const slug = needed(positionals, 0, 'DATASET');
    let cursor: string | undefined;
    do {
      const query = { limit: 100, ...(cursor === undefined ? {} : { cursor }) };
      const page = await client.call(endpoints.snapshots.list, { params: { slug }, query });
      for (const { number, status, publishedAt, counts, contentHash } of page.items) {
        const when = publishedAt?.slice(0, 10) ?? status;
        terminal.print(
          `v${String(number).padEnd(5)} ${when.padEnd(11)} ${count(counts?.pairs ?? 0).padStart(12)} pairs  ${contentHash?.slice(0, 16) ?? ''}`,
        );
      }
      if (cursor === undefined && page.items.length === 0) terminal.complain('No snapshot has been published yet.');
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return exitCodes.done;
  },
};
