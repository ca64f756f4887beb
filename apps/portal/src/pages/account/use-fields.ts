import { type ChangeEvent, type FormEvent, useRef, useState } from 'react';
import { type Faults, hasFaults } from './account-fields.js';

/**
 * A form's texts and faults. Faults show after the first try to submit, and then follow the typing; the first field at
 * fault gets the focus. What the server finds at fault is passed in.
 */
export function useFields<Field extends string>(
  initial: Record<Field, string>,
  faultsIn: (values: Record<Field, string>) => Faults<Field>,
  serverFaults: Faults<string> = {},
) {
  const [values, setValues] = useState(initial);
  const [tried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const faults = faultsIn(values);

  const field = (name: Field) => ({
    name,
    value: values[name],
    error: (tried ? faults[name] : undefined) ?? serverFaults[name],
    onChange: (event: ChangeEvent<HTMLInputElement>) => {
      const { value } = event.currentTarget;
      setValues((before) => ({ ...before, [name]: value }));
    },
  });

  const onSubmit = (submit: (values: Record<Field, string>) => void) => (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!hasFaults(faults)) return submit(values);
    const first = Object.keys(faults)[0];
    form.current?.querySelector<HTMLInputElement>(`[name="${first}"]`)?.focus();
  };

  /** Begins anew: with the first texts, and no fault shown. */
  const reset = () => {
    setValues(initial);
    setTried(false);
  };

  return { values, field, form, onSubmit, reset };
}
