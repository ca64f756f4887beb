import type { TriedCall } from '../api/try-it.js';
import { formatBytes } from '../format/number.js';
import classes from './panel.module.css';
import { readLimits, readReceipt, spanWords } from './receipt-fields.js';
import { shownBody } from './shown-body.js';

/** Shown above the others: not once more among them. */
const TOLD_APART = new Set(['usage', 'ratelimit', 'ratelimit-policy', 'tollgate-request-id']);
const MAX_HEADERS = 60;

const CUT_WORDS = {
  size: 'Only the beginning was read: the answer is longer than what is shown here.',
  time: 'The answer went on for longer than is waited here: this is what came until then.',
  broken: 'The connection broke off in the middle of the answer.',
} as const;

/** What came back: all of it as text, whatever it is. */
export function Answer({ answer }: { readonly answer: TriedCall }) {
  const { status, headers, text, bytes, cut, durationMs } = answer;
  const field = (name: string) => headers.find((one) => one.name === name)?.value ?? '';
  const others = headers.filter(({ name }) => !TOLD_APART.has(name)).slice(0, MAX_HEADERS);
  const requestId = field('tollgate-request-id');
  const tone = status < 300 ? classes.positive : status < 500 ? classes.warning : classes.danger;
  return (
    <>
      <p className={classes.status}>
        <strong className={tone} data-testid="try-it-status">
          {status}
        </strong>
        <span>
          {durationMs} ms, {formatBytes(bytes)}
        </span>
      </p>
      <h3>Receipt</h3>
      <Receipt usage={field('usage')} limits={field('ratelimit')} />
      {/^[0-9a-f-]{36}$/.test(requestId) && (
        <p className={classes.description}>
          Request <code>{requestId}</code>, in the <a href="/dashboard/usage">request log</a> within seconds.
        </p>
      )}
      <Body text={text} bytes={bytes} cut={cut} />
      <details className={classes.headers}>
        <summary>{others.length} headers</summary>
        <dl>
          {others.map(({ name, value }, index) => (
            <div key={`${index} ${name}`}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </details>
    </>
  );
}

function Receipt({ usage, limits }: { readonly usage: string; readonly limits: string }) {
  const rows = readReceipt(usage);
  return (
    <ul className={classes.receipt} data-testid="try-it-receipt">
      {rows.length === 0 && <li>Nothing was counted.</li>}
      {rows.map(({ meter, cost, isBilled, reason }) => (
        <li key={meter}>
          <code>{meter}</code> {cost === null ? 'known at the end' : `counts ${cost}`},{' '}
          {isBilled ? 'billed' : 'not billed'}
          {reason !== '' && ` (${reason.replaceAll('_', ' ')})`}
        </li>
      ))}
      {readLimits(limits).map(({ name, remaining, seconds }) => (
        <li key={name}>
          <code>{name}</code> {remaining} left{seconds !== null && `, more in ${spanWords(seconds)}`}
        </li>
      ))}
    </ul>
  );
}

function Body({ text, bytes, cut }: Pick<TriedCall, 'text' | 'bytes' | 'cut'>) {
  const shown = text === null ? null : shownBody(text, cut === null);
  return (
    <>
      <h3>Body</h3>
      {shown === null && <p className={classes.note}>{formatBytes(bytes)} that are no text.</p>}
      {shown?.text === '' && <p className={classes.note}>Empty.</p>}
      {shown && shown.text !== '' && (
        // Scrolls, so it must be reachable with the keyboard.
        <pre className={classes.body} tabIndex={0} aria-label="Body of the answer" role="region">
          {shown.text}
        </pre>
      )}
      {shown?.isCut && cut === null && <p className={classes.note}>Only the beginning is shown.</p>}
      {cut !== null && <p className={classes.note}>{CUT_WORDS[cut]}</p>}
    </>
  );
}
