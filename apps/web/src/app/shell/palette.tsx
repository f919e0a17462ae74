import { useMemo, useState } from 'react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import type { Permission } from '@granary/contract';
import { CommandPalette } from '../../components/command-palette.tsx';
import { paths } from '../../config/paths.ts';
import { endpoints } from '../../lib/api.ts';
import { apiQuery } from '../../lib/api-query.ts';
import { useCommands, type Command } from '../../lib/commands.ts';
import { useT, type MessageKey } from '../../lib/i18n/i18n.ts';
import { useSession } from '../../lib/session.ts';
import { useSettled } from '../../lib/use-settled.ts';

const settleMs = 200;
const leastLength = 2;
const pairsShown = 6;
const labelLength = 120;

/** Pages that the navigation does not name, and who may open them. */
const pages: { to: string; label: MessageKey; access?: Permission }[] = [
  { to: paths.home.to(), label: 'app.commands.home' },
  { to: paths.compare.to(), label: 'app.commands.compare', access: 'entries:write' },
  { to: paths.myContributions.to(), label: 'app.account.contributions', access: 'account:read' },
  { to: paths.myDrafts.to(), label: 'app.account.drafts', access: 'account:read' },
  { to: paths.myReviews.to(), label: 'app.account.reviews', access: 'account:read' },
  { to: paths.account.to(), label: 'app.account.settings', access: 'account:manage' },
  { to: paths.findRow.to(), label: 'app.commands.findRow' },
  { to: paths.calibration.to(), label: 'app.commands.calibration', access: 'moderation:act' },
  { to: paths.users.to(), label: 'app.commands.users', access: 'moderation:act' },
  { to: paths.eventLog.to(), label: 'app.commands.eventLog', access: 'moderation:act' },
  { to: paths.newDataset.to(), label: 'app.commands.newDataset', access: 'datasets:manage' },
  { to: paths.passwordResets.to(), label: 'app.commands.passwordResets', access: 'accounts:manage' },
];

/** The command palette: acts and pages by their names, datasets by their titles, pairs by their words. */
export default function Palette({ open, onClose }: { open: boolean; onClose: () => void }) {
  const t = useT();
  const navigate = useNavigate();
  const { can } = useSession();
  const [typed, setTyped] = useState('');
  const words = useSettled(typed.trim(), settleMs);
  const datasets = useQuery(apiQuery(endpoints.datasets.list));
  const pairs = useQuery({
    ...apiQuery(endpoints.pairs.list, { query: { q: words, limit: pairsShown } }),
    enabled: words.length >= leastLength,
    placeholderData: keepPreviousData,
  });
  const go = (to: string) => () => void navigate(to);
  const named: Command[] = [
    ...pages.flatMap(({ to, label, access }) =>
      access === undefined || can(access) ? [{ id: to, group: t('app.commands.group.go'), label: t(label), run: go(to) }] : [],
    ),
    ...(datasets.data?.items ?? []).map(({ slug, title }) => ({
      id: `dataset-${slug}`,
      group: t('app.nav.datasets'),
      label: title,
      keywords: slug,
      run: go(paths.dataset.to(slug)),
    })),
  ];
  // oxlint-disable-next-line react/exhaustive-deps -- what they do changes with these alone
  useCommands(useMemo(() => named, [t, datasets.data, can('moderation:act'), can('accounts:manage')]));
  const found = words.length < leastLength ? [] : (pairs.data?.items ?? []);
  return (
    <CommandPalette
      open={open}
      onClose={onClose}
      onQuery={setTyped}
      found={found.map(({ id, instruction }) => ({
        id: `pair-${id}`,
        group: t('app.commands.group.pairs'),
        label: oneLine(instruction),
        run: go(paths.entry.to(id)),
      }))}
    />
  );
}

/** The beginning of a text as one line. */
function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= labelLength ? line : `${line.slice(0, labelLength)}…`;
}
