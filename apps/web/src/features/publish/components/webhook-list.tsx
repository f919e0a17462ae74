import { useState, type FormEvent } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { limits, type Webhook } from '@granary/contract';
import { Button } from '../../../components/button.tsx';
import { Switch } from '../../../components/choice.tsx';
import { CodeBlock } from '../../../components/code-block.tsx';
import { useConfirm } from '../../../components/confirm.tsx';
import { Disclosure } from '../../../components/disclosure.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { Field, Input } from '../../../components/field.tsx';
import { Notice } from '../../../components/notice.tsx';
import { ListSkeleton } from '../../../components/skeleton.tsx';
import { callApi, endpoints, isApiError } from '../../../lib/api.ts';
import { apiQuery, apiQueryKey } from '../../../lib/api-query.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { isUnderWay, lookEveryMs } from '../under-way.ts';
import { DeliveryBadge, DeliveryList } from './delivery-list.tsx';
import './publish.css';

/** Who is told of new snapshots, with what they were told. */
export function WebhookList({ slug }: { slug: string }) {
  const t = useT();
  const query = useQuery({
    ...apiQuery(endpoints.publishing.webhooks, { params: { slug } }),
    refetchInterval: ({ state }) =>
      state.data?.items.some(({ lastDelivery }) => lastDelivery && isUnderWay(lastDelivery)) ? lookEveryMs : false,
  });
  if (query.isPending) return <ListSkeleton rows={2} />;
  if (query.isError) return <ErrorState error={query.error} onRetry={query.refetch} />;
  return (
    <div className="stack gap-5">
      {query.data.items.length === 0 ? (
        <p className="soft">{t('publish.webhooks.empty')}</p>
      ) : (
        <ul className="publish-webhooks">
          {query.data.items.map((webhook) => (
            <li key={webhook.id}>
              <WebhookRow slug={slug} webhook={webhook} />
            </li>
          ))}
        </ul>
      )}
      <NewWebhook slug={slug} />
    </div>
  );
}

function useRefresh() {
  const client = useQueryClient();
  return () =>
    Promise.all(
      [endpoints.publishing.webhooks, endpoints.publishing.deliveries].map((endpoint) =>
        client.invalidateQueries({ queryKey: apiQueryKey(endpoint) }),
      ),
    );
}

function WebhookRow({ slug, webhook }: { slug: string; webhook: Webhook }) {
  const t = useT();
  const confirm = useConfirm();
  const refresh = useRefresh();
  const params = { slug, id: webhook.id };
  const test = useMutation({ mutationFn: () => callApi(endpoints.publishing.testWebhook, { params }), onSuccess: refresh });
  const change = useMutation({
    mutationFn: (active: boolean) => callApi(endpoints.publishing.changeWebhook, { params, body: { active } }),
    onSuccess: refresh,
  });
  const remove = useMutation({ mutationFn: () => callApi(endpoints.publishing.removeWebhook, { params }), onSuccess: refresh });
  const error = test.error ?? change.error ?? remove.error;
  async function askAndRemove(): Promise<void> {
    const sure = await confirm({
      title: t('publish.webhooks.removeTitle'),
      body: t('publish.webhooks.removeText', { url: webhook.url }),
      confirmLabel: t('publish.webhooks.remove'),
      danger: true,
    });
    if (sure) remove.mutate();
  }
  return (
    <div className="stack gap-3">
      <div className="cluster between gap-3">
        <code className="publish-address">{webhook.url}</code>
        {webhook.lastDelivery !== null && <DeliveryBadge delivery={webhook.lastDelivery} />}
      </div>
      <div className="cluster between gap-3">
        <Switch
          label={t('publish.webhooks.active')}
          checked={webhook.active}
          disabled={change.isPending}
          onChange={(event) => change.mutate(event.target.checked)}
        />
        <div className="cluster gap-2">
          <Button size="small" busy={test.isPending} onClick={() => test.mutate()}>
            {t('publish.webhooks.test')}
            <span className="visually-hidden"> {webhook.url}</span>
          </Button>
          <Button size="small" busy={remove.isPending} onClick={() => void askAndRemove()}>
            {t('publish.webhooks.remove')}
            <span className="visually-hidden"> {webhook.url}</span>
          </Button>
        </div>
      </div>
      {error !== null && <ErrorState error={error} />}
      {webhook.lastDelivery !== null && (
        <Disclosure summary={t('publish.deliveries')} lazy>
          <DeliveryList slug={slug} webhook={webhook} />
        </Disclosure>
      )}
    </div>
  );
}

function NewWebhook({ slug }: { slug: string }) {
  const t = useT();
  const refresh = useRefresh();
  const [url, setUrl] = useState('');
  const add = useMutation({
    mutationFn: () => callApi(endpoints.publishing.addWebhook, { params: { slug }, body: { url } }),
    onSuccess: async () => {
      setUrl('');
      await refresh();
    },
  });
  const errors = isApiError(add.error) ? add.error.fieldErrors : {};
  function submit(event: FormEvent): void {
    event.preventDefault();
    add.mutate();
  }
  return (
    <form className="stack gap-3 publish-new" noValidate onSubmit={submit}>
      <Field label={t('publish.webhooks.url')} hint={t('publish.webhooks.urlHint')} error={errors['url']}>
        <Input type="url" value={url} required maxLength={limits.urlMax} onChange={(event) => setUrl(event.target.value)} />
      </Field>
      {add.error !== null && errors['url'] === undefined && <ErrorState error={add.error} />}
      <div>
        <Button type="submit" busy={add.isPending} disabled={url === ''}>
          {t('publish.webhooks.add')}
        </Button>
      </div>
      {add.data !== undefined && (
        <Notice tone="positive" live title={t('publish.webhooks.added')}>
          <CodeBlock label={t('publish.webhooks.secret')} code={add.data.secret} />
        </Notice>
      )}
    </form>
  );
}
