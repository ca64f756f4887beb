import { useState } from 'react';
import classes from './panel.module.css';

interface CopyCurlProps {
  /** Null while something must be mended first. */
  readonly curl: string | null;
  readonly onFault: () => void;
}

/** Copies the call for a shell; shows it where copying is not allowed. */
export function CopyCurl({ curl, onFault }: CopyCurlProps) {
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle');
  const copy = async () => {
    if (curl === null) return onFault();
    try {
      await navigator.clipboard.writeText(curl);
      setState('copied');
      setTimeout(() => setState('idle'), 1_600);
    } catch {
      setState('refused');
    }
  };
  return (
    <>
      <button type="button" className={classes.secondary} onClick={() => void copy()}>
        <span aria-live="polite">{state === 'copied' ? 'Copied' : 'Copy as curl'}</span>
      </button>
      {state === 'refused' && curl !== null && (
        <pre className={classes.body} tabIndex={0} aria-label="The call for a shell" role="region">
          {curl}
        </pre>
      )}
    </>
  );
}
