import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { wordsFor } from '../api/problem.js';
import type { TriedMethod } from '../api/try-it.js';
import { Answer } from './answer.js';
import { BodyField } from './body-field.js';
import { type FormValues, callRequest, initialValues } from './call-request.js';
import { Cost } from './cost.js';
import { CopyCurl } from './copy-curl.js';
import { curlOf } from './curl.js';
import { type Tree, listOf, textOf, treeOf } from './document-tree.js';
import { heldKey } from './held-keys.js';
import { KeyChoice } from './key-choice.js';
import { type OperationForm, operationForm } from './operation-form.js';
import classes from './panel.module.css';
import { ParameterFields } from './parameter-fields.js';
import { readLimits } from './receipt-fields.js';
import { type Caller, type Callers, useCallers } from './use-callers.js';
import { useSend } from './use-try.js';

/** What a documentation page says of the operation to try. */
export interface TryItInput {
  /** As the page shows it. */
  readonly document: Tree;
  /** Slug and name of the version. */
  readonly api: string;
  readonly version: string;
  /** Its id, or "METHOD /template". */
  readonly operation: string;
}

interface PanelProps {
  readonly input: TryItInput;
  readonly onClose: () => void;
}

/** A sheet over the documentation in which an operation is called with a test key. */
export function Panel({ input, onClose }: PanelProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const form = useMemo(() => operationForm(input.document, input.operation), [input]);
  useLayoutEffect(() => {
    const shown = dialog.current;
    if (shown && !shown.open) shown.showModal();
    // Closing it gives the focus back to where it was.
    return () => shown?.close();
  }, []);
  return (
    // A click beside it closes it, as Escape does.
    <dialog
      ref={dialog}
      className={classes.panel}
      aria-labelledby="try-title"
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div className={classes.sheet}>
        <header className={classes.head}>
          <div>
            <h2 id="try-title">Try it</h2>
            {form && (
              <p className={classes.operation}>
                <b>{form.method}</b> <code>{form.template}</code>
              </p>
            )}
          </div>
          <button type="button" className={classes.close} aria-label="Close" onClick={onClose}>
            <svg width="18" height="18" viewBox="0 0 24 24" stroke="currentColor" strokeWidth="2" aria-hidden="true">
              <path d="M6 6l12 12M18 6L6 18" strokeLinecap="round" />
            </svg>
          </button>
        </header>
        {form ? (
          <Call input={input} form={form} />
        ) : (
          <p className={classes.note}>This version of the API has no such operation.</p>
        )}
      </div>
    </dialog>
  );
}

function Call({ input, form }: { readonly input: TryItInput; readonly form: OperationForm }) {
  const callers = useCallers();
  const [applicationId, choose] = useState<string | null>(null);
  const [values, setValues] = useState<FormValues>(() => initialValues(form));
  const [faults, setFaults] = useState<Readonly<Record<string, string>>>({});
  const [, redraw] = useState(0);
  const answerPlace = useRef<HTMLElement>(null);
  const send = useSend(() => redraw((count) => count + 1));
  const caller = chosenCaller(callers, applicationId);
  const held = caller ? heldKey(caller.applicationId, Date.now()) : null;
  const operation = {
    api: input.api,
    version: input.version,
    method: form.method as TriedMethod,
    template: form.template,
  };
  const written = callRequest(form, values);
  const limits = send.data ? readLimits(send.data.headers.find(({ name }) => name === 'ratelimit')?.value ?? '') : [];
  const baseUrl = textOf(treeOf(listOf(input.document['servers'])[0])['url']);

  const submit = () => {
    setFaults(written.faults ?? {});
    if (written.faults) {
      // The first field that must be mended.
      requestAnimationFrame(() => document.querySelector<HTMLElement>('dialog [aria-invalid="true"]')?.focus());
      return;
    }
    if (!caller || !held || send.isPending) return;
    send.mutate({ caller, held, operation, request: written.request });
  };
  useEffect(() => {
    if (send.status !== 'idle') answerPlace.current?.scrollIntoView({ block: send.isSuccess ? 'start' : 'nearest' });
  }, [send.status, send.isSuccess]);
  const change = (next: FormValues) => {
    setValues(next);
    setFaults({});
  };

  return (
    <>
      {/* Ctrl and Enter sends from any field. */}
      <div
        className={classes.content}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          submit();
        }}
      >
        <section className={classes.section} aria-label="Who calls">
          <WhoCalls callers={callers} caller={caller} onChoose={choose} />
          {caller && (
            <KeyChoice
              key={caller.applicationId}
              caller={caller}
              held={held}
              onChange={() => redraw((count) => count + 1)}
            />
          )}
          {caller && <Cost caller={caller} operation={operation} limits={limits} />}
        </section>
        <ParameterFields
          parameters={form.parameters}
          values={values.parameters}
          faults={faults}
          onChange={(id, value) => change({ ...values, parameters: { ...values.parameters, [id]: value } })}
        />
        {form.isCut && <p className={classes.note}>The document has more parameters: those are for a program.</p>}
        <BodyField
          form={form}
          body={values.body}
          fault={faults['body']}
          onChange={(body) => change({ ...values, body })}
        />
        <section className={classes.section} aria-label="Answer" aria-live="polite" ref={answerPlace}>
          {send.isPending && <p className={classes.note}>Waiting for the answer …</p>}
          {send.isError && <p className={classes.fault}>{wordsFor(send.error)}</p>}
          {send.data && !send.isPending && <Answer answer={send.data} />}
        </section>
      </div>
      <footer className={classes.foot}>
        <button
          type="button"
          className={classes.primary}
          disabled={!held || send.isPending}
          title="Ctrl + Enter"
          onClick={submit}
        >
          {send.isPending ? 'Sending …' : 'Send'}
        </button>
        <CopyCurl curl={written.request ? curlOf(baseUrl, written.request) : null} onFault={submit} />
        {caller && !held && caller.hindrance === null && (
          <span className={classes.remark}>Make a test key to send it.</span>
        )}
      </footer>
    </>
  );
}

/** The one that was chosen, else the first that may call. */
function chosenCaller(callers: Callers, applicationId: string | null): Caller | null {
  if (callers.state !== 'ready') return null;
  const { callers: all } = callers;
  return (
    all.find((one) => one.applicationId === applicationId) ??
    all.find(({ hindrance }) => hindrance === null) ??
    all[0] ??
    null
  );
}

interface WhoCallsProps {
  readonly callers: Callers;
  readonly caller: Caller | null;
  readonly onChoose: (applicationId: string) => void;
}

function WhoCalls({ callers, caller, onChoose }: WhoCallsProps) {
  if (callers.state === 'loading') return <p className={classes.note}>Looking for your applications …</p>;
  if (callers.state === 'failed') return <p className={classes.fault}>{wordsFor(callers.error)}</p>;
  if (callers.state === 'signed_out') {
    const { pathname, search, hash } = window.location;
    return (
      <p className={classes.note}>
        <a href={`/sign-in?redirect=${encodeURIComponent(pathname + search + hash)}`}>Sign in</a> to make calls with a
        test key, which is never billed. New here? <a href="/sign-up">Sign up</a>.
      </p>
    );
  }
  if (callers.callers.length === 0 || !caller) {
    return (
      <p className={classes.note}>
        A key belongs to an application: <a href="/dashboard/applications">create your first one</a>.
      </p>
    );
  }
  return (
    <div className={classes.field}>
      <label htmlFor="try-application">Application</label>
      <select id="try-application" value={caller.applicationId} onChange={(event) => onChoose(event.target.value)}>
        {callers.callers.map(({ applicationId, name }) => (
          <option key={applicationId} value={applicationId}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
