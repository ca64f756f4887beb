import type { FormValues } from './call-request.js';
import type { OperationForm } from './operation-form.js';
import classes from './panel.module.css';

interface BodyFieldProps {
  readonly form: OperationForm;
  readonly body: FormValues['body'];
  readonly fault: string | undefined;
  readonly onChange: (body: FormValues['body']) => void;
}

/** The body as a text, filled in by the document. */
export function BodyField({ form, body, fault, onChange }: BodyFieldProps) {
  const { bodies, otherMediaTypes, isBodyRequired } = form;
  if (bodies.length === 0) {
    return otherMediaTypes.length === 0 ? null : (
      <p className={classes.note}>A body of {otherMediaTypes.join(', ')} can only be sent by a program.</p>
    );
  }
  const choose = (mediaType: string) => {
    const chosen = bodies.find((one) => one.mediaType === mediaType);
    onChange(chosen ? { form: chosen, text: chosen.initial } : null);
  };
  return (
    <fieldset className={classes.group}>
      <legend>Body</legend>
      {(bodies.length > 1 || !isBodyRequired) && (
        <div className={classes.field}>
          <label htmlFor="try-media-type">Media type</label>
          <select
            id="try-media-type"
            value={body?.form.mediaType ?? ''}
            onChange={(event) => choose(event.target.value)}
          >
            {bodies.map(({ mediaType }) => (
              <option key={mediaType} value={mediaType}>
                {mediaType}
              </option>
            ))}
            {!isBodyRequired && <option value="">no body</option>}
          </select>
        </div>
      )}
      {body && (
        <div className={classes.field}>
          <label htmlFor="try-body">
            <code>{body.form.mediaType}</code>
            <span className={classes.remark}>
              {body.form.kind === 'form' ? 'a line name=value for each field' : ''}
            </span>
          </label>
          <textarea
            id="try-body"
            rows={Math.min(16, Math.max(4, body.text.split('\n').length + 1))}
            value={body.text}
            spellCheck={false}
            aria-invalid={fault !== undefined}
            {...(fault !== undefined && { 'aria-describedby': 'try-body-fault' })}
            onChange={(event) => onChange({ form: body.form, text: event.target.value })}
          />
          {fault !== undefined && (
            <p className={classes.fault} id="try-body-fault">
              {fault}
            </p>
          )}
          {body.text !== body.form.initial && (
            <button type="button" className={classes.quiet} onClick={() => choose(body.form.mediaType)}>
              Back to the example
            </button>
          )}
        </div>
      )}
    </fieldset>
  );
}
