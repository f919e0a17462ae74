import { EmptyState } from '../../components/empty-state.tsx';
import { LinkButton } from '../../components/button.tsx';
import { useDocumentTitle } from '../../components/document-title.ts';
import { paths } from '../../config/paths.ts';
import { useT } from '../../lib/i18n/i18n.ts';

export function NotFoundPage() {
  const t = useT();
  useDocumentTitle(t('app.not-found.title'));
  return (
    <EmptyState
      heading="h1"
      title={t('app.not-found.title')}
      action={<LinkButton to={paths.browse.to()}>{t('app.not-found.action')}</LinkButton>}
    >
      {t('app.not-found.detail')}
    </EmptyState>
  );
}
