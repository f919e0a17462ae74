import { Link } from 'react-router';
import { Notice } from '../components/notice.tsx';
import { paths } from '../config/paths.ts';
import { useT } from '../lib/i18n/i18n.ts';
import { useSameText } from '../lib/use-same-text.ts';

type Props = Parameters<typeof useSameText>[0] & { part: 'instruction' | 'response' };

/** Says that a text is in the dataset already, with the way to it where the reader may go there. */
export default function SameTextNotice({ part, ...wanted }: Props) {
  const t = useT();
  const found = useSameText(wanted);
  if (found === null) return null;
  return (
    <Notice
      tone="warning"
      live
      title={t(`vocabulary.same.${part}.${found.status}`)}
      action={
        found.id !== null && (
          <Link to={paths.entry.to(found.id)} target="_blank">
            {t('vocabulary.same.open')}
          </Link>
        )
      }
    >
      {t(`vocabulary.same.${part}.detail`)}
    </Notice>
  );
}
