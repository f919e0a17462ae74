import type { DatasetSummary } from '@granary/contract';
import { CodeBlock } from '../../../components/code-block.tsx';
import { Section } from '../../../components/section.tsx';
import { LinkButton } from '../../../components/button.tsx';
import { paths } from '../../../config/paths.ts';
import { useT } from '../../../lib/i18n/i18n.ts';

/** For those who train: the one line that loads the newest snapshot. */
export function LoadingLines({ dataset }: { dataset: DatasetSummary }) {
  const t = useT();
  const { slug, latestSnapshot } = dataset;
  return (
    <Section
      title={t('home.load.title')}
      actions={
        <LinkButton
          size="small"
          variant="quiet"
          to={latestSnapshot === null ? paths.dataset.to(slug) : paths.snapshot.to(slug, latestSnapshot)}
        >
          {t(latestSnapshot === null ? 'home.load.dataset' : 'home.load.snapshot')}
        </LinkButton>
      }
    >
      <div className="home-load">
        <p className="serif soft">{t('home.load.text')}</p>
        {latestSnapshot === null ? (
          <p className="soft">{t('home.load.none')}</p>
        ) : (
          <CodeBlock
            label={t('home.load.python')}
            code={`import os
os.environ["HF_ENDPOINT"] = "${location.origin}"
from datasets import load_dataset

pairs = load_dataset("granary/${slug}", split="train")`}
          />
        )}
      </div>
    </Section>
  );
}
