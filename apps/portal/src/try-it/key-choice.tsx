import { type FormEvent, useState } from 'react';
import { wordsFor } from '../api/problem.js';
import { formatClock } from '../format/date.js';
import { type HeldKey, holdKey } from './held-keys.js';
import classes from './panel.module.css';
import type { CallHindrance, Caller } from './use-callers.js';
import { useMakeKey } from './use-try.js';

interface KeyChoiceProps {
  readonly caller: Caller;
  readonly held: HeldKey | null;
  /** Told when the page holds another key, or none. */
  readonly onChange: () => void;
}

const TEST_KEY = /^tg_test_[0-9A-Za-z]{12}_[0-9A-Za-z]{32}_[0-9A-Za-z]{6}$/;

const hindranceWords: Readonly<Record<CallHindrance, string>> = {
  role: 'Your role in this organization may not make keys. Ask an owner or an admin.',
  suspended: 'It is suspended: all its calls are refused. Ask the operator of this portal.',
};

/** The test key of a call: one that is made for this page, or one that the developer has. */
export function KeyChoice({ caller, held, onChange }: KeyChoiceProps) {
  const make = useMakeKey(caller, onChange);
  if (caller.hindrance !== null) return <p className={classes.note}>{hindranceWords[caller.hindrance]}</p>;
  return (
    <div className={classes.key}>
      {held ? (
        <p>
          <code>{held.display}…</code>
          <span className={classes.remark}>
            {held.expiresAt ? `test key, ends at ${formatClock(held.expiresAt)}` : 'your test key'}
          </span>
        </p>
      ) : (
        <button type="button" className={classes.primary} disabled={make.isPending} onClick={() => make.mutate()}>
          {make.isPending ? 'Making a test key …' : 'Make a test key'}
        </button>
      )}
      {make.isError && (
        <p className={classes.fault} role="alert">
          {wordsFor(make.error)}
        </p>
      )}
      <OwnKey caller={caller} onChange={onChange} />
      <p className={classes.description}>
        A key that is made here works for an hour, is never billed, and is forgotten when you leave this page. It is in
        the list of keys of the application, where you can revoke it.
      </p>
    </div>
  );
}

function OwnKey({ caller, onChange }: Pick<KeyChoiceProps, 'caller' | 'onChange'>) {
  const [isOpen, setOpen] = useState(false);
  const [key, setKey] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const use = (event: FormEvent) => {
    event.preventDefault();
    const trimmed = key.trim();
    if (!TEST_KEY.test(trimmed)) {
      return setFault(
        'This is no whole test key: it begins with tg_test_ and has four parts. Live keys are not taken.',
      );
    }
    const display = trimmed.split('_').slice(0, 3).join('_');
    holdKey(caller.applicationId, { key: trimmed, display, expiresAt: null, heldAtMs: -Infinity });
    setOpen(false);
    setKey('');
    setFault(null);
    onChange();
  };
  if (!isOpen) {
    return (
      <button type="button" className={classes.quiet} onClick={() => setOpen(true)}>
        Use a test key of your own
      </button>
    );
  }
  return (
    <form className={classes.field} onSubmit={use}>
      <label htmlFor="try-own-key">Your test key</label>
      <div className={classes.row}>
        <input
          id="try-own-key"
          type="password"
          autoComplete="off"
          value={key}
          aria-invalid={fault !== null}
          {...(fault !== null && { 'aria-describedby': 'try-own-key-fault' })}
          onChange={(event) => setKey(event.target.value)}
        />
        <button type="submit" className={classes.secondary}>
          Use it
        </button>
      </div>
      {fault !== null && (
        <p className={classes.fault} id="try-own-key-fault">
          {fault}
        </p>
      )}
    </form>
  );
}
