import type { CardInput, ChangelogEntry } from './card-input.ts';
import { code, counted, number, plain, table } from './wording.ts';

/** What changes and how to follow it. */
export function maintenance(input: CardInput): string {
  const { changelog, serverUrl, dataset, otherFiles } = input;
  const retracted = otherFiles.find(({ format }) => format === 'retracted');
  const parts = [
    '## Maintenance',
    `This snapshot never changes. What is corrected, added or taken back comes with a later one, under the next number${serverUrl === null ? '' : `, at <${serverUrl}/datasets/${dataset.slug}/snapshots>`}. An error in a row is reported to the dataset by the row's \`id\`.`,
    sinceTheLast(input),
    `Rows that were retracted, by their author or by moderation, are left out of later snapshots, unless they are restored${retracted ? `; ${code(retracted.name)} lists those of all earlier snapshots, with the reason` : ''}. Whoever keeps copies should drop them by \`id\`: the rights to them, or their truth, may be what was wrong.`,
  ];
  if (changelog.length > 0)
    parts.push('### Changelog', table(['Snapshot', 'Day', 'Added', 'Edited', 'Retracted', 'Removed', 'Notes'], changelog.map(line)));
  return parts.join('\n\n');
}

function sinceTheLast({ changelog, snapshot }: CardInput): string {
  const change = changelog.find((entry) => entry.snapshot === snapshot);
  if (change === undefined || change.since === null) return 'This is the first snapshot.';
  const { since, added, edited, retracted, removed } = change;
  return `Since snapshot ${since}: ${counted(added, 'pair')} added, ${number(edited)} edited, ${number(retracted)} retracted, ${number(removed)} removed for another reason (under review again, or the selection is another).`;
}

const line = ({ snapshot, createdAt, since, added, edited, retracted, removed, notes }: ChangelogEntry) => {
  const counts = since === null ? [number(added), '', '', ''] : [added, edited, retracted, removed].map(number);
  return [`v${snapshot}`, createdAt.slice(0, 10), ...counts, plain(notes)];
};
