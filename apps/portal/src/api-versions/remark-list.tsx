import { Text } from '@mantine/core';
import type { CheckedDocument, DocumentRemark } from '../api/types.js';
import { StatusBadge, type Tone } from '../components/status-badge.js';
import classes from './api-versions.module.css';
import { Shortened } from './shortened.js';

const severities: Readonly<Record<DocumentRemark['severity'], { readonly label: string; readonly tone: Tone }>> = {
  error: { label: 'Error', tone: 'danger' },
  warn: { label: 'Warning', tone: 'warning' },
};

/** What a linter finds in a document, with the rule and the place. */
export function RemarkList({ remarks: { problems, isCutShort } }: Pick<CheckedDocument, 'remarks'>) {
  if (problems.length === 0)
    return (
      <Text size="sm" mt={4}>
        {isCutShort
          ? 'It took too long to look: not every rule was tried. The document can be published all the same.'
          : 'Nothing that we know of. It is a good document.'}
      </Text>
    );
  return (
    <>
      <Text size="sm" c="dimmed" mt={2}>
        None of it keeps the document from being published.
      </Text>
      <Shortened items={problems} most={10} noun="remarks">
        {(shown) => (
          <ul className={classes.list}>
            {shown.map(({ rule, severity, message, pointer }, index) => (
              <li key={`${index} ${rule}`} className={classes.entry}>
                <span>
                  <StatusBadge tone={severities[severity].tone}>{severities[severity].label}</StatusBadge>
                </span>
                <span className={classes.words}>
                  {message}
                  <span className={classes.where}>
                    {rule} at <code>{pointer || '/'}</code>
                  </span>
                </span>
              </li>
            ))}
          </ul>
        )}
      </Shortened>
      {isCutShort && (
        <Text size="sm" c="dimmed" mt="sm">
          There are more; these are the first {problems.length}.
        </Text>
      )}
    </>
  );
}
