import { Text } from '@mantine/core';
import { useMemo } from 'react';
import type { ComparedDocument } from '../api/types.js';
import { StatusBadge } from '../components/status-badge.js';
import { formatQuantity } from '../format/number.js';
import classes from './api-versions.module.css';
import { type ChangeGroup, groupChanges, severityWords } from './change-groups.js';
import { Shortened } from './shortened.js';

/** What differs for callers from another version, by operation; what breaks them first. */
export function ChangeList({ compared }: { readonly compared: ComparedDocument }) {
  const { with: other, counts, changes, isCutShort } = compared;
  const groups = useMemo(() => groupChanges(changes), [changes]);
  if (changes.length === 0)
    return (
      <Text size="sm" mt={4}>
        Nothing that callers can notice differs from {other.name}.
      </Text>
    );
  return (
    <>
      <Text size="sm" c="dimmed" mt={2}>
        Compared with {other.name} ({other.state}).
      </Text>
      <div className={classes.badges}>
        <StatusBadge tone={counts.breaking > 0 ? 'danger' : 'positive'}>
          {formatQuantity(counts.breaking)} breaking
        </StatusBadge>
        <StatusBadge tone="neutral">{formatQuantity(counts.nonBreaking)} not breaking</StatusBadge>
        <StatusBadge tone="neutral">{formatQuantity(counts.docs)} docs only</StatusBadge>
      </div>
      <Shortened items={groups} most={20} noun="operations that change">
        {(shown) => (
          <ul className={classes.list}>
            {shown.map((group) => (
              <Group key={group.operation ?? ''} group={group} />
            ))}
          </ul>
        )}
      </Shortened>
      {isCutShort && (
        <Text size="sm" c="dimmed" mt="sm">
          There are more changes; these are the first {formatQuantity(changes.length)}.
        </Text>
      )}
    </>
  );
}

function Group({ group: { operation, isBreaking, changes } }: { readonly group: ChangeGroup }) {
  return (
    <li className={classes.group} {...(isBreaking && { 'data-breaking': true })}>
      {operation === null ? (
        <h4 className={classes.groupTitle}>The API as a whole</h4>
      ) : (
        <h4 className={`mono ${classes.groupTitle}`}>{operation}</h4>
      )}
      <ul className={classes.entries}>
        {changes.map(({ rule, severity, place, message }, index) => (
          <li key={`${index} ${rule}`} className={classes.entry}>
            <span>
              <StatusBadge tone={severityWords[severity].tone}>{severityWords[severity].label}</StatusBadge>
            </span>
            <span className={classes.words}>
              {place !== '' && <code>{place}</code>} {message}
            </span>
          </li>
        ))}
      </ul>
    </li>
  );
}
