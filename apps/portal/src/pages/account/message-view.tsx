import { Anchor, Text } from '@mantine/core';
import type { Message } from '../../api/types.js';
import { DateTime } from '../../components/date-time.js';
import classes from './inbox-page.module.css';
import { hiddenLinks, segmentsOf } from './message-text.js';

interface MessageViewProps {
  readonly message: Message;
}

/** A mail as text with working links. Its HTML is never shown: it could do anything in the portal's name. */
export function MessageView({ message }: MessageViewProps) {
  const others = hiddenLinks(message.text, message.links);
  return (
    <article className={classes.mail} aria-label={message.subject}>
      <h2>{message.subject}</h2>
      <Text size="sm" c="dimmed">
        From {message.from} to {message.to}, <DateTime at={message.receivedAt} />
      </Text>
      <div className={classes.text}>
        {segmentsOf(message.text).map(({ text, href }, index) =>
          href ? (
            <Anchor key={index} href={href} underline="always">
              {text}
            </Anchor>
          ) : (
            <span key={index}>{text}</span>
          ),
        )}
      </div>
      {others.length > 0 && (
        <ul className={classes.links}>
          {others.map((link) => (
            <li key={link}>
              <Anchor href={link}>{link}</Anchor>
            </li>
          ))}
        </ul>
      )}
    </article>
  );
}
