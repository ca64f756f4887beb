import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { IconInbox } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { deleteMessages, messagesQuery } from '../../api/inbox.js';
import { ProblemError } from '../../api/problem.js';
import { DateTime } from '../../components/date-time.js';
import { EmptyState } from '../../components/empty-state.js';
import { PlainLink } from '../../components/links.js';
import { Loaded } from '../../components/loaded.js';
import { PageHeader } from '../../components/page-header.js';
import { TableSkeleton } from '../../components/skeletons.js';
import { NotFoundPage } from '../../shell/not-found-page.js';
import { Page } from '../../shell/page.js';
import classes from './inbox-page.module.css';
import { MessageView } from './message-view.js';

const route = getRouteApi('/inbox');

export function InboxPage(): ReactNode {
  const queryClient = useQueryClient();
  const messages = useQuery(messagesQuery);
  const { message: chosenId } = route.useSearch();
  const empty = useMutation({
    mutationFn: deleteMessages,
    onSuccess: () => queryClient.invalidateQueries({ queryKey: messagesQuery.queryKey }),
  });
  if (messages.error instanceof ProblemError && messages.error.status === 404) return <NotFoundPage />;
  return (
    <Page>
      <PageHeader
        title="Inbox"
        description="Mail that this installation would have sent. It is kept here because no mail server is set up."
        actions={
          messages.data && messages.data.length > 0 ? (
            <Button variant="default" loading={empty.isPending} onClick={() => empty.mutate()}>
              Delete all
            </Button>
          ) : undefined
        }
      />
      <div className={classes.panes}>
        <Loaded query={messages} skeleton={<TableSkeleton />}>
          {(list) => {
            const chosen = list.find(({ id }) => id === chosenId) ?? list[0];
            if (!chosen) {
              return (
                <EmptyState icon={IconInbox} title="No mail yet">
                  Sign up, or ask for a new password: the mail appears here by itself.
                </EmptyState>
              );
            }
            return (
              <>
                <ul className={classes.list} aria-label="Messages">
                  {list.map((message) => (
                    <li key={message.id}>
                      <PlainLink
                        to="/inbox"
                        search={{ message: message.id }}
                        className={classes.message}
                        aria-current={message.id === chosen.id ? 'true' : undefined}
                      >
                        <span className={classes.subject}>{message.subject}</span>
                        <span className={classes.quiet}>
                          {message.to} · <DateTime at={message.receivedAt} format="relative" />
                        </span>
                      </PlainLink>
                    </li>
                  ))}
                </ul>
                <MessageView message={chosen} />
              </>
            );
          }}
        </Loaded>
      </div>
    </Page>
  );
}
