import { IconCircleCheck, IconCircleX } from '@tabler/icons-react';
import type { VerifyCheck, VerifyReport } from '../../api/types.js';
import { DateTime } from '../../components/date-time.js';
import { Facts } from '../../components/facts.js';
import { Section } from '../../components/section.js';
import { StatusBadge } from '../../components/status-badge.js';
import { formatQuantity } from '../../format/number.js';
import classes from './verify-result.module.css';
import { verifySummary, verifyWords } from './verify-words.js';

export function VerifyResult({ report }: { readonly report: VerifyReport }) {
  return (
    <Section
      title="Verify"
      flush
      description={
        <span role="status">
          {verifySummary(report.checks)} Checked <DateTime at={report.checkedAt} />.
        </span>
      }
      actions={
        <StatusBadge tone={report.ok ? 'positive' : 'danger'}>
          {report.ok ? 'All agree' : 'Difference found'}
        </StatusBadge>
      }
    >
      <ul className={classes.checks}>
        {report.checks.map((check) => (
          <li key={check.name}>
            <Check check={check} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Check({ check: { name, ok, checked, difference, more = [], unlisted = 0 } }: { readonly check: VerifyCheck }) {
  const { title, words } = verifyWords[name];
  return (
    <>
      {ok ? (
        <IconCircleCheck size={20} className={classes.ok} aria-label="Agrees" />
      ) : (
        <IconCircleX size={20} className={classes.bad} aria-label="Differs" />
      )}
      <div className={classes.words}>
        <span className={classes.title}>{title}</span>
        <span className={classes.quiet}>{words}</span>
        {difference &&
          [difference, ...more].map(({ row, message, expected, actual }) => (
            <div key={row} className={classes.difference}>
              <p>{message}</p>
              <Facts
                entries={[
                  { label: 'Row', value: <span className="mono">{row}</span> },
                  { label: 'Expected', value: <span className="mono">{expected}</span> },
                  { label: 'Actual', value: <span className="mono">{actual}</span> },
                ]}
              />
            </div>
          ))}
        {unlisted > 0 && <span className={classes.quiet}>and {formatQuantity(unlisted)} more</span>}
      </div>
      <span className={classes.checked}>{formatQuantity(checked)} compared</span>
    </>
  );
}
