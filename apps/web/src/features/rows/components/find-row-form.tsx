import { useState, type FormEvent } from 'react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearchParams } from 'react-router';
import { Button } from '../../../components/button.tsx';
import { CodeText } from '../../../components/code-text.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { Field, Input, Select } from '../../../components/field.tsx';
import { paths } from '../../../config/paths.ts';
import { callApi, endpoints, isApiError } from '../../../lib/api.ts';
import { apiQuery } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { idIn } from '../id-in.ts';
import { reportAnchor } from './report-form.tsx';

/** Leads from a row's id, or a whole line of a file, to the row in the newest snapshot that holds it, and its report. */
export function FindRowForm() {
  const t = useT();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const datasets = useQuery(apiQuery(endpoints.datasets.list));
  const [chosen, setChosen] = useState(search.get('dataset') ?? '');
  const [pasted, setPasted] = useState('');
  const [noId, setNoId] = useState(false);
  const slug = chosen === '' ? (datasets.data?.items[0]?.slug ?? '') : chosen;
  const find = useMutation({
    mutationFn: (id: string) => callApi(endpoints.snapshotRows.find, { params: { slug, id } }),
    onSuccess: ({ id, snapshots }) => void navigate(`${paths.row.to(slug, snapshots[0] ?? 1, id)}#${reportAnchor}`),
  });
  if (datasets.isError) return <ErrorState error={datasets.error} onRetry={datasets.refetch} />;
  const missing = isApiError(find.error, 'not_found');
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault();
    const id = idIn(pasted);
    setNoId(id === null);
    if (id === null) event.currentTarget.querySelector('input')?.focus();
    else if (!find.isPending && slug !== '') find.mutate(id);
  }
  return (
    <form className="stack measure" noValidate onSubmit={submit}>
      <Field label={t('rows.find.dataset')}>
        <Select value={slug} onChange={(event) => setChosen(event.target.value)}>
          {datasets.data?.items.map((each) => (
            <option key={each.slug} value={each.slug}>
              {each.title}
            </option>
          ))}
        </Select>
      </Field>
      <Field
        label={t('rows.find.id')}
        hint={<CodeText text={t('rows.find.hint')} />}
        error={noId ? t('rows.find.noId') : missing ? t('rows.find.missing') : undefined}
      >
        <Input
          className="row-id"
          value={pasted}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setPasted(event.target.value);
            setNoId(false);
            find.reset();
          }}
        />
      </Field>
      {find.error !== null && !missing && <ErrorState error={find.error} />}
      <div>
        <Button type="submit" variant="primary" busy={find.isPending}>
          {t('rows.find.open')}
        </Button>
      </div>
    </form>
  );
}
