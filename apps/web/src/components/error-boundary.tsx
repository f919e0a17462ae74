import { Component, type ErrorInfo, type ReactNode } from 'react';
import { useT } from '../lib/i18n/i18n.ts';
import { Button } from './button.tsx';
import { EmptyState } from './empty-state.tsx';
import { ErrorState } from './error-state.tsx';

type Props = {
  children: ReactNode;
  onError?: (error: unknown, info: ErrorInfo) => void;
  /** Another value means that something else is shown now: it is tried without being asked. */
  resetKey?: string;
  /** Before the part is tried again. */
  onReset?: () => void;
};

/** Keeps an error within one part of the page: the rest goes on, and the part can be tried again. */
export class ErrorBoundary extends Component<Props, { error: unknown }> {
  override state: { error: unknown } = { error: null };
  static getDerivedStateFromError(error: unknown) {
    return { error };
  }
  override componentDidCatch(error: unknown, info: ErrorInfo) {
    this.props.onError?.(error, info);
  }
  override componentDidUpdate(before: Props, stateBefore: { error: unknown }) {
    if (stateBefore.error !== null && this.state.error !== null && before.resetKey !== this.props.resetKey) this.retry();
  }
  private retry = () => {
    this.props.onReset?.();
    this.setState({ error: null });
  };
  override render() {
    if (this.state.error === null) return this.props.children;
    return (
      <div className="failure">
        <Failure error={this.state.error} onRetry={this.retry} />
      </div>
    );
  }
}

/** A part of the page that is gone after an update asks for a reload instead of a retry. */
function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useT();
  if (!isMissingChunk(error)) return <ErrorState error={error} onRetry={onRetry} />;
  return (
    <EmptyState
      title={t('components.error.updated.title')}
      action={
        <Button variant="primary" onClick={() => window.location.reload()}>
          {t('components.error.reload')}
        </Button>
      }
    >
      {t('components.error.updated.detail')}
    </EmptyState>
  );
}

/** Browsers word a failed import() differently. */
function isMissingChunk(error: unknown): boolean {
  return (
    error instanceof Error &&
    /dynamically imported module|module script failed|Unable to preload|error loading dynamically/i.test(error.message)
  );
}
