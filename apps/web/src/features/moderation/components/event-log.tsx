import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { eventKinds } from '@granary/contract';
import { Button } from '../../../components/button.tsx';
import { Field, Input, Select } from '../../../components/field.tsx';
import { endpoints } from '../../../lib/api.ts';
import { apiQuery } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { oneOf, useFilters } from '../use-filters.ts';
import { EventList, type EventFilters } from './event-list.tsx';
import { PersonPicker } from './person-picker.tsx';
import './moderation.css';

/** The event log with its filters, all of which stand in the address: of an entry, a user, a dataset, of one kind. */
export function EventLog() {
  const t = useT();
  const { get, set } = useFilters();
  const datasets = useQuery(apiQuery(endpoints.datasets.list)).data?.items ?? [];
  const filters: EventFilters = {};
  const given = {
    entry: get('entryId'),
    user: get('userId'),
    dataset: get('dataset'),
    kind: oneOf(eventKinds, get('kind')),
    from: get('from'),
    to: get('to'),
  };
  if (given.entry) filters.entry = given.entry;
  if (given.user) filters.user = given.user;
  if (given.dataset) filters.dataset = given.dataset;
  if (given.kind) filters.kind = given.kind;
  if (given.from) filters.from = given.from;
  if (given.to) filters.to = given.to;
  return (
    <>
      <search className="log-filters" aria-label={t('moderation.log.filter')}>
        <Field label={t('moderation.log.kind')}>
          <Select value={given.kind ?? ''} onChange={(event) => set('kind', event.target.value)}>
            <option value="">{t('moderation.filter.any')}</option>
            {eventKinds.map((kind) => (
              <option key={kind} value={kind}>
                {t(`moderation.event.${kind}`)}
              </option>
            ))}
          </Select>
        </Field>
        {/* An entry lies in one dataset only. */}
        {given.entry === undefined && (
          <Field label={t('moderation.log.dataset')}>
            <Select value={given.dataset ?? ''} onChange={(event) => set('dataset', event.target.value)}>
              <option value="">{t('moderation.filter.any')}</option>
              {datasets.map(({ slug, title }) => (
                <option key={slug} value={slug}>
                  {title}
                </option>
              ))}
            </Select>
          </Field>
        )}
        {given.entry !== undefined && (
          <Button icon={<X aria-hidden />} onClick={() => set('entryId', '')}>
            {t('moderation.log.onlyEntry')}
          </Button>
        )}
        <Field label={t('moderation.log.from')}>
          <Input type="date" value={given.from ?? ''} max={given.to} onChange={(event) => set('from', event.target.value)} />
        </Field>
        <Field label={t('moderation.log.to')}>
          <Input type="date" value={given.to ?? ''} min={given.from} onChange={(event) => set('to', event.target.value)} />
        </Field>
        {given.user === undefined ? (
          <PersonPicker onPick={(id) => set('userId', id)} />
        ) : (
          <UserFilter id={given.user} onRemove={() => set('userId', '')} />
        )}
      </search>
      <EventList filters={filters} />
    </>
  );
}

function UserFilter({ id, onRemove }: { id: string; onRemove: () => void }) {
  const t = useT();
  const { data } = useQuery(apiQuery(endpoints.moderation.user, { params: { id } }));
  return (
    <Button icon={<X aria-hidden />} onClick={onRemove}>
      {t('moderation.log.onlyUser', { name: data?.displayName ?? '…' })}
    </Button>
  );
}
