import { ErrorState } from '../../../components/error-state.tsx';
import { Notice } from '../../../components/notice.tsx';
import { isApiError } from '../../../lib/api.ts';
import { useT } from '../../../lib/i18n/i18n.ts';

/** The server's refusal; where too many wrong passwords came before, how long to wait and what helps at once. */
export function FormError({ error }: { error: unknown }) {
  const t = useT();
  if (!isApiError(error, 'rate_limited') || error.problem.data?.reason !== 'sign_in_delay') return <ErrorState error={error} />;
  const seconds = Number(error.problem.data.retryAfterSeconds);
  const wait = seconds < 90 ? t('accounts.delay.seconds', { n: seconds }) : t('accounts.delay.minutes', { n: Math.ceil(seconds / 60) });
  return (
    <Notice tone="critical" live title={t('accounts.delay.title')}>
      {wait} {t('accounts.delay.help')}
    </Notice>
  );
}
