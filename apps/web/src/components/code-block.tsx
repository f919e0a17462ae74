import { useEffect, useState, type ReactNode } from 'react';
import { Check, Copy } from 'lucide-react';
import { useT } from '../lib/i18n/i18n.ts';
import { Button } from './button.tsx';
import { toast } from './toast.tsx';
import './display.css';

const confirmedMs = 2000;

/** Copies a text and says so. */
export function CopyButton({ text, label }: { text: string; label?: string }) {
  const t = useT();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), confirmedMs);
    return () => clearTimeout(timer);
  }, [copied]);
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      toast({ tone: 'critical', text: t('components.copy.failed') });
    }
  }
  return (
    <Button size="small" icon={copied ? <Check aria-hidden /> : <Copy aria-hidden />} onClick={() => void copy()}>
      <span aria-live="polite">{copied ? t('components.copy.done') : (label ?? t('components.copy'))}</span>
    </Button>
  );
}

/** A command or a few lines of code to take along. */
export function CodeBlock({ code, label }: { code: string; label: ReactNode }) {
  return (
    <figure className="code">
      <figcaption className="code-head">
        <span className="kicker">{label}</span>
        <CopyButton text={code} />
      </figcaption>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keyboard */}
      <pre tabIndex={0} dir="ltr">
        <code>{code}</code>
      </pre>
    </figure>
  );
}
