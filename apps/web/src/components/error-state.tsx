import { RotateCw } from 'lucide-react';
import { ApiError, NetworkError } from '../lib/api-error.ts';
import { useT, type Translate } from '../lib/i18n/i18n.ts';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';

/** An error in words for a person: the server's own explanation, or what can be said without one. */
export function describeError(t: Translate, error: unknown): { title: string; detail: string } {
  if (error instanceof NetworkError) return { title: t('components.error.network.title'), detail: t('components.error.network.detail') };
  if (error instanceof ApiError && error.status < 500) return { title: error.problem.title, detail: error.problem.detail ?? '' };
  if (error instanceof ApiError)
    return { title: t('components.error.server.title'), detail: error.problem.detail ?? t('components.error.server.detail') };
  return { title: t('components.error.page.title'), detail: t('components.error.page.detail') };
}

/** Where content could not be had: what went wrong and the way to try again. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => unknown }) {
  const t = useT();
  const { title, detail } = describeError(t, error);
  return (
    <Notice
      tone="critical"
      live
      title={title}
      action={
        onRetry && (
          <Button size="small" icon={<RotateCw aria-hidden />} onClick={() => void onRetry()}>
            {t('components.error.retry')}
          </Button>
        )
      }
    >
      {detail}
    </Notice>
  );
}
