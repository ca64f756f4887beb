import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { statusQuery } from '../api/status.js';
import { PlainLink } from '../components/links.js';
import classes from './status-line.module.css';
import { statusTone, statusWords } from './status-words.js';

/** How the service is, in a line that leads to more; nothing while it is not known. */
export function StatusLine(): ReactNode {
  const { data: status } = useQuery(statusQuery);
  if (!status) return null;
  return (
    <PlainLink to="/status" className={classes.line} data-tone={statusTone(status)}>
      {statusWords(status)}
    </PlainLink>
  );
}
