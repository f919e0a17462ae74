import { NavLink } from 'react-router';
import { paths } from '../../../config/paths.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { settingsSections, type SettingsSection } from '../settings-sections.ts';
import './editor.css';

/** The sections of a dataset's settings; those with changes that are not saved say so. */
export function SettingsNav({ slug, changed }: { slug: string; changed: ReadonlySet<SettingsSection> }) {
  const t = useT();
  return (
    <nav className="settings-nav" aria-label={t('editor.sections')}>
      {settingsSections.map((section) => (
        <NavLink key={section} to={paths.datasetSettings.to(slug, section)} replace end>
          {t(`editor.section.${section}`)}
          {changed.has(section) && <span className="settings-changed">{t('editor.section.changed')}</span>}
        </NavLink>
      ))}
    </nav>
  );
}
