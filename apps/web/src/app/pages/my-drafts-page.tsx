import { PageHeader } from '../../components/page-header.tsx';
import { DraftList } from '../../features/drafts/components/draft-list.tsx';
import { useT } from '../../lib/i18n/i18n.ts';

/** What I began and did not hand in. */
export default function MyDraftsPage() {
  const t = useT();
  return (
    <>
      <PageHeader title={t('app.account.drafts')} />
      <DraftList />
    </>
  );
}
