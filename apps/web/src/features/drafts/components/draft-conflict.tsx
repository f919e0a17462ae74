import { useState } from 'react';
import { CircleAlert } from 'lucide-react';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { useT } from '../../../lib/i18n/i18n.ts';
import type { DraftHandle } from '../use-draft.ts';
import './draft-status.css';

/** The draft was changed elsewhere too: both versions side by side, and the choice between them. */
export default function DraftConflict({ handle }: { handle: DraftHandle }) {
  const t = useT();
  const [comparing, setComparing] = useState(false);
  const { theirs } = handle.draft;
  if (theirs === null) return null;
  function choose(choice: 'mine' | 'theirs') {
    handle.resolve(choice);
    setComparing(false);
  }
  return (
    <>
      <div className="draft-status draft-status-conflict">
        <CircleAlert aria-hidden />
        <span>{t('drafts.status.conflict')}</span>
        <Button size="small" onClick={() => setComparing(true)}>
          {t('drafts.conflict.compare')}
        </Button>
      </div>
      <Dialog
        open={comparing}
        onClose={() => setComparing(false)}
        size="wide"
        title={t('drafts.conflict.title')}
        actions={
          <>
            <Button onClick={() => choose('theirs')}>{t('drafts.conflict.theirs')}</Button>
            <Button variant="primary" onClick={() => choose('mine')}>
              {t('drafts.conflict.mine')}
            </Button>
          </>
        }
      >
        <p>{t('drafts.conflict.explain')}</p>
        <div className="draft-versions">
          <Version title={t('drafts.conflict.here')} texts={[handle.draft.content.instruction, handle.draft.content.response]} />
          <Version title={t('drafts.conflict.elsewhere')} texts={[theirs.content.instruction, theirs.content.response]} />
        </div>
      </Dialog>
    </>
  );
}

function Version({ title, texts }: { title: string; texts: string[] }) {
  return (
    <section className="draft-version">
      <h3 className="kicker">{title}</h3>
      {texts
        .filter((text) => text !== '')
        .map((text) => (
          <p key={text} className="serif verbatim">
            {text}
          </p>
        ))}
    </section>
  );
}
