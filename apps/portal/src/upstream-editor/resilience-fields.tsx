import { Stack, Switch } from '@mantine/core';
import { TextField } from '../plan-editor/field-faults.js';
import classes from '../plan-editor/plan-editor.module.css';
import { withOptional } from '../plan-editor/plan-terms.js';
import { NumberField } from './number-field.js';
import type { UpstreamProps } from './place-fields.js';
import { RetryFields } from './retry-fields.js';
import { USUAL } from './upstream-words.js';

/** How long the gateway waits. */
export function PatienceFields({ words, onChange }: UpstreamProps) {
  return (
    <div className={classes.fields}>
      <NumberField
        path="connectTimeoutMs"
        label="To connect"
        suffix=" ms"
        usual={USUAL.connectTimeoutMs}
        value={words.connectTimeoutMs}
        onChange={(value) => onChange(withOptional(words, 'connectTimeoutMs', value))}
      />
      <NumberField
        path="responseTimeoutMs"
        label="Until an answer begins"
        suffix=" ms"
        usual={USUAL.responseTimeoutMs}
        value={words.responseTimeoutMs}
        onChange={(value) => onChange(withOptional(words, 'responseTimeoutMs', value))}
      />
      <NumberField
        path="idleTimeoutMs"
        label="For silence within an answer"
        suffix=" ms"
        usual={USUAL.idleTimeoutMs}
        value={words.idleTimeoutMs}
        onChange={(value) => onChange(withOptional(words, 'idleTimeoutMs', value))}
      />
    </div>
  );
}

/** What the gateway does when the upstream fails. */
export function ResilienceFields({ words, onChange }: UpstreamProps) {
  const { retries, circuitBreaker, healthCheck } = words;
  return (
    <Stack gap="md">
      <RetryFields
        path="retries"
        label="Try again"
        description="Methods that may be repeated without harm, when no connection or a bad gateway’s answer comes. The caller pays once."
        words={retries}
        onChange={(next) => onChange(withOptional(words, 'retries', next))}
      />
      <Switch
        label="Give it a rest"
        description="After failures in a row, calls get 503 with Retry-After for a while, or go to other targets."
        checked={circuitBreaker !== undefined}
        onChange={(event) =>
          onChange(withOptional(words, 'circuitBreaker', event.currentTarget.checked ? {} : undefined))
        }
      />
      {circuitBreaker && (
        <div className={classes.fields}>
          <NumberField
            path="circuitBreaker.consecutiveFailures"
            label="Failures in a row"
            usual={circuitBreaker.consecutiveFailures === null ? 'Never' : USUAL.consecutiveFailures}
            value={circuitBreaker.consecutiveFailures}
            onChange={(value) =>
              onChange({ ...words, circuitBreaker: withOptional(circuitBreaker, 'consecutiveFailures', value) })
            }
          />
          <NumberField
            path="circuitBreaker.openMs"
            label="For"
            suffix=" ms"
            usual={USUAL.openMs}
            value={circuitBreaker.openMs}
            onChange={(value) => onChange({ ...words, circuitBreaker: withOptional(circuitBreaker, 'openMs', value) })}
          />
        </div>
      )}
      <Switch
        label="Check its health"
        description="Each gateway asks each target; one that is not well gets no calls."
        checked={healthCheck !== undefined}
        onChange={(event) =>
          onChange(withOptional(words, 'healthCheck', event.currentTarget.checked ? { path: '/healthz' } : undefined))
        }
      />
      {healthCheck && (
        <div className={classes.fields}>
          <TextField
            path="healthCheck.path"
            label="Path"
            required
            value={healthCheck.path}
            onChange={(path) => onChange({ ...words, healthCheck: { ...healthCheck, path } })}
          />
          <NumberField
            path="healthCheck.intervalSeconds"
            label="Every"
            suffix=" s"
            usual={USUAL.intervalSeconds}
            value={healthCheck.intervalSeconds}
            onChange={(value) =>
              onChange({ ...words, healthCheck: withOptional(healthCheck, 'intervalSeconds', value) })
            }
          />
          <NumberField
            path="healthCheck.timeoutSeconds"
            label="Answers within"
            suffix=" s"
            usual={USUAL.timeoutSeconds}
            value={healthCheck.timeoutSeconds}
            onChange={(value) =>
              onChange({ ...words, healthCheck: withOptional(healthCheck, 'timeoutSeconds', value) })
            }
          />
        </div>
      )}
    </Stack>
  );
}
