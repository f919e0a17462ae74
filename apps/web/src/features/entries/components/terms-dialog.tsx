import { useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Dataset } from '@granary/contract';
import { Button } from '../../../components/button.tsx';
import { Checkbox } from '../../../components/choice.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { ErrorState } from '../../../components/error-state.tsx';
import { Markdown } from '../../../components/markdown.tsx';
import { callApi, endpoints } from '../../../lib/api.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { sessionQuery } from '../../../lib/session.ts';

/** Asks for the dataset's licence and contributor terms, once per version. */
export default function TermsDialog({
  dataset,
  open,
  onClose,
  onAccepted,
}: {
  dataset: Dataset;
  open: boolean;
  onClose: () => void;
  onAccepted: () => void;
}) {
  const t = useT();
  const client = useQueryClient();
  const [agreed, setAgreed] = useState(false);
  const accept = useMutation({
    mutationFn: () =>
      callApi(endpoints.datasets.acceptTerms, { params: { slug: dataset.slug }, body: { termsVersion: dataset.termsVersion } }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: sessionQuery.queryKey });
      onAccepted();
    },
  });
  return (
    <Dialog
      open={open}
      onClose={onClose}
      size="wide"
      title={t('entries.terms.title', { dataset: dataset.title })}
      actions={
        <>
          <Button onClick={onClose}>{t('entries.terms.later')}</Button>
          <Button variant="primary" disabled={!agreed} busy={accept.isPending} onClick={() => accept.mutate()}>
            {t('entries.terms.accept')}
          </Button>
        </>
      }
    >
      <div className="stack">
        <p>{t('entries.terms.licence', { licence: dataset.licence })}</p>
        <div className="terms-text">
          <Markdown text={dataset.terms} />
        </div>
        <Checkbox
          label={t('entries.terms.agree', { licence: dataset.licence })}
          checked={agreed}
          onChange={(event) => setAgreed(event.target.checked)}
        />
        {accept.error && <ErrorState error={accept.error} />}
      </div>
    </Dialog>
  );
}
