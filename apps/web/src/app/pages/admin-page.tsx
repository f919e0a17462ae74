import { Plus } from 'lucide-react';
import { Link } from 'react-router';
import { LinkButton } from '../../components/button.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Section } from '../../components/section.tsx';
import { paths } from '../../config/paths.ts';
import { DatasetDesk } from '../../features/administration/components/dataset-desk.tsx';
import { useT } from '../../lib/i18n/i18n.ts';

/** Where an admin begins. */
export default function AdminPage() {
  const t = useT();
  return (
    <>
      <PageHeader title={t('administration.title')} standfirst={t('administration.standfirst')} />
      <Section
        title={t('administration.datasets')}
        actions={
          <LinkButton size="small" icon={<Plus aria-hidden />} to={paths.newDataset.to()}>
            {t('administration.datasets.new')}
          </LinkButton>
        }
      >
        <DatasetDesk />
      </Section>
      <Section title={t('administration.people')}>
        <ul className="stack gap-2">
          <li>
            <Link to={paths.users.to()}>{t('administration.people.users')}</Link>
          </li>
          <li>
            <Link to={paths.passwordResets.to()}>{t('administration.people.resets')}</Link>
          </li>
          <li>
            <Link to={paths.eventLog.to()}>{t('administration.people.events')}</Link>
          </li>
          <li>
            <a href={paths.apiDocs.to()}>{t('administration.people.docs')}</a>
          </li>
        </ul>
      </Section>
    </>
  );
}
