import { SunMoon } from 'lucide-react';
import { IconButton } from '../../components/button.tsx';
import { Menu, MenuHeading, MenuRadio, MenuSeparator } from '../../components/menu.tsx';
import { useT, type MessageKey } from '../../lib/i18n/i18n.ts';
import { setLocale, useLocale } from '../../lib/i18n/locale.ts';
import { localeNames, locales } from '../../lib/i18n/locales.ts';
import { themes, useTheme, type Theme } from '../../lib/theme.ts';

const themeLabels: Record<Theme, MessageKey> = {
  light: 'app.preferences.light',
  dark: 'app.preferences.dark',
  system: 'app.preferences.system',
};

export function PreferencesMenu() {
  const t = useT();
  const [theme, setTheme] = useTheme();
  const current = useLocale();
  const label = t('app.preferences.menu');
  return (
    <Menu label={label} trigger={(props) => <IconButton {...props} label={label} icon={<SunMoon aria-hidden />} />}>
      <MenuHeading>{t('app.preferences.theme')}</MenuHeading>
      {themes.map((each) => (
        <MenuRadio key={each} checked={each === theme} onSelect={() => setTheme(each)}>
          {t(themeLabels[each])}
        </MenuRadio>
      ))}
      <MenuSeparator />
      <MenuHeading>{t('app.preferences.language')}</MenuHeading>
      {locales.map((each) => (
        <MenuRadio key={each} checked={each === current} onSelect={() => void setLocale(each)}>
          <span lang={each}>{localeNames[each]}</span>
        </MenuRadio>
      ))}
    </Menu>
  );
}
