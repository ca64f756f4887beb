import { expect, it } from 'vitest';
import { isDisposableMail, refuseDisposableMail } from './disposable-mail.js';

it.each(['a@mailinator.com', 'a@MAILINATOR.com', 'a@deep.inside.mailinator.com'])(
  'knows %s as thrown away',
  (email) => {
    expect(isDisposableMail(email)).toBe(true);
    expect(() => refuseDisposableMail(email, { DISPOSABLE_MAIL: 'refuse' })).toThrow('that lasts');
    expect(() => refuseDisposableMail(email, { DISPOSABLE_MAIL: 'allow' })).not.toThrow();
  },
);

it.each(['a@example.com', 'a@gmail.com', 'mailinator.com@example.com', 'a@notmailinator.example'])(
  'takes %s',
  (email) => {
    expect(isDisposableMail(email)).toBe(false);
  },
);
