import type { ReactNode } from 'react';
import { CopyIcon } from './copy-button.js';
import classes from './code-block.module.css';

interface CodeBlockProps {
  readonly title: string;
  readonly code: string;
  readonly copyLabel: string;
  /** In place of the title: a choice of what is shown. */
  readonly bar?: ReactNode;
  /** The block is at least as tall as this many lines, so that another code does not move the page. */
  readonly minLines?: number;
}

/** A piece of code with a copy button. Long lines scroll inside it. */
export function CodeBlock({ title, code, copyLabel, bar, minLines = 1 }: CodeBlockProps) {
  return (
    <figure className={classes.block} aria-label={title}>
      <figcaption className={classes.bar}>
        {bar ?? <span>{title}</span>}
        <CopyIcon text={code} label={copyLabel} />
      </figcaption>
      {/* Scrollable, so it must be reachable by keyboard. */}
      <pre className={classes.code} tabIndex={0} style={{ minHeight: `calc(${minLines * 1.7}em + 28px)` }}>
        <code>{code}</code>
      </pre>
    </figure>
  );
}
