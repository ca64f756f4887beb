import { Checkbox, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type WebhookEventType, webhookEventTypesQuery } from '../../api/webhooks.js';
import { Loaded } from '../../components/loaded.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { subjectOf } from './webhook-words.js';
import classes from './event-type-choice.module.css';

interface EventTypeChoiceProps {
  readonly chosen: readonly WebhookEventType[];
  readonly onChange: (chosen: WebhookEventType[]) => void;
}

/** Which events an endpoint is told of, by what they are about. */
export function EventTypeChoice({ chosen, onChange }: EventTypeChoiceProps) {
  const query = useQuery(webhookEventTypesQuery);
  return (
    <Loaded query={query} skeleton={<TableSkeleton rows={4} />}>
      {(known) => {
        const all = known.map(({ type }) => type);
        const groups = [...Map.groupBy(known, ({ type }) => subjectOf(type))];
        return (
          <Checkbox.Group
            label="Events"
            value={[...chosen]}
            onChange={(values) => onChange(all.filter((type) => values.includes(type)))}
          >
            <Checkbox
              mt="xs"
              label="All events"
              checked={chosen.length === all.length}
              indeterminate={chosen.length > 0 && chosen.length < all.length}
              onChange={(event) => onChange(event.currentTarget.checked ? all : [])}
            />
            <div className={classes.list} tabIndex={0} role="group" aria-label="Events by subject">
              {groups.map(([subject, types]) => (
                <Stack key={subject} gap={6}>
                  <Text size="xs" fw={600} c="dimmed" tt="capitalize">
                    {subject}
                  </Text>
                  {types.map(({ type, description }) => (
                    <Checkbox key={type} value={type} label={type} description={description} />
                  ))}
                </Stack>
              ))}
            </div>
          </Checkbox.Group>
        );
      }}
    </Loaded>
  );
}
