import { useNow } from '../clock/use-now.js';
import { formatDate, formatDateTime, formatRelative, formatUtc } from '../format/date.js';

interface DateTimeProps {
  /** ISO 8601. */
  readonly at: string;
  readonly format?: 'date' | 'datetime' | 'relative';
}

/** An instant in the viewer's zone; hovering over it shows UTC. */
export function DateTime({ at, format = 'datetime' }: DateTimeProps) {
  const instant = new Date(at);
  return (
    <time dateTime={at} title={formatUtc(instant)} className="tabular">
      {format === 'relative' ? (
        <Relative instant={instant} />
      ) : format === 'date' ? (
        formatDate(instant)
      ) : (
        formatDateTime(instant)
      )}
    </time>
  );
}

function Relative({ instant }: { readonly instant: Date }) {
  return formatRelative(instant, useNow(5000));
}
