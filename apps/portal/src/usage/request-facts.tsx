import { Group } from '@mantine/core';
import type { UsageRequest } from '../api/types.js';
import { useMeters } from '../catalog/use-meters.js';
import { CopyIcon } from '../components/copy-button.js';
import { DateTime } from '../components/date-time.js';
import { Facts } from '../components/facts.js';
import { formatBytes } from '../format/number.js';
import { billableWords, costNotes, outcomeWords, quantityWords } from './request-words.js';

interface RequestFactsProps {
  readonly request: UsageRequest;
}

/** Everything that the ledger knows about one request: the receipt. */
export function RequestFacts({ request }: RequestFactsProps) {
  const meterOf = useMeters();
  return (
    <Facts
      entries={[
        {
          label: 'Request id',
          value: (
            <Group gap={4} wrap="nowrap">
              <span className="mono">{request.requestId}</span>
              <CopyIcon text={request.requestId} label="Copy request id" />
            </Group>
          ),
        },
        { label: 'Billing', value: billableWords(request) },
        { label: 'Cost', value: quantityWords(request.quantities, (slug) => meterOf(slug)?.unit) },
        ...costNotes(request),
        { label: 'Quota', value: request.countsToQuota ? 'Counts towards the quota' : 'Does not count' },
        { label: 'Outcome', value: outcomeWords(request.outcome) },
        { label: 'Admitted', value: <DateTime at={request.admittedAt} /> },
        { label: 'Ended', value: <DateTime at={request.endedAt} /> },
        { label: 'Duration', value: `${request.durationMs.toLocaleString('en-US')} ms` },
        { label: 'Sent and received', value: `${formatBytes(request.bytesIn)} / ${formatBytes(request.bytesOut)}` },
        { label: 'API version', value: `${request.apiVersion.api} ${request.apiVersion.name}` },
        { label: 'Mode', value: request.mode === 'live' ? 'Live' : 'Test' },
        { label: 'Key', value: <span className="mono">{request.credentialDisplay}</span> },
      ]}
    />
  );
}
