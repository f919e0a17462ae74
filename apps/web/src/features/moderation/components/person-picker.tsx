import { useEffect, useId, useState } from 'react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { limits } from '@granary/contract';
import { Field, Input } from '../../../components/field.tsx';
import { endpoints } from '../../../lib/api.ts';
import { apiQuery } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useSettled } from '../../../lib/use-settled.ts';

const settleMs = 250;
const most = 20;

/** Finds a person by the name; picked as soon as a whole name stands there. */
export function PersonPicker({ onPick }: { onPick: (id: string) => void }) {
  const t = useT();
  const listId = useId();
  const [typed, setTyped] = useState('');
  const wanted = useSettled(typed.trim(), settleMs);
  const { data } = useQuery({
    ...apiQuery(endpoints.moderation.users, { query: { q: wanted, limit: most } }),
    enabled: wanted.length > 0,
    placeholderData: keepPreviousData,
  });
  useEffect(() => {
    const [named, another] = (data?.items ?? []).filter(({ displayName }) => displayName === typed);
    if (named !== undefined && another === undefined) onPick(named.id);
  }, [data, typed, onPick]);
  return (
    <Field label={t('moderation.log.person')}>
      <Input
        list={listId}
        autoComplete="off"
        placeholder={t('moderation.log.personHint')}
        maxLength={limits.displayNameMax}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      <datalist id={listId}>
        {data?.items.map(({ id, displayName }) => (
          <option key={id} value={displayName}>
            {displayName}
          </option>
        ))}
      </datalist>
    </Field>
  );
}
