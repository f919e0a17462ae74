import { useState, type FormEvent } from 'react';
import { isApiError } from '../../lib/api.ts';
import { focusFirstError } from '../../lib/focus-first-error.ts';
import { useValidation } from '../../lib/use-validation.ts';

type Schema = Parameters<typeof useValidation>[0];

/**
 * The state of a small form: values, what is wrong with them (by the server's schema, once a field was left or the form was
 * sent), the server's refusal, and whether it is on its way. Values stay as typed whatever happens.
 */
export function useForm<Values extends Record<string, string>>(start: Values, loadSchema: Schema, send: (values: Values) => Promise<void>) {
  const [values, setValues] = useState(start);
  const [left, setLeft] = useState<Record<string, boolean>>({});
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const found = useValidation(loadSchema)(values);
  const fromServer = isApiError(error) ? error.fieldErrors : {};

  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = event.currentTarget;
    setLeft(Object.fromEntries(Object.keys(values).map((name) => [name, true])));
    if (Object.keys(found).length > 0) return focusFirstError(form);
    setBusy(true);
    setError(null);
    try {
      await send(values);
    } catch (thrown) {
      setError(thrown);
      focusFirstError(form);
    } finally {
      setBusy(false);
    }
  }
  return {
    values,
    busy,
    error,
    submit,
    set: (changes: Partial<Values>) => setValues((before) => ({ ...before, ...changes })),
    reset: () => {
      setValues(start);
      setLeft({});
    },
    /** Props of the input of a field. */
    input: (name: keyof Values & string) => ({
      value: values[name],
      name,
      onChange: (event: { target: { value: string } }) => {
        setError(null);
        setValues((before) => ({ ...before, [name]: event.target.value }));
      },
      onBlur: () => values[name] !== '' && setLeft((before) => ({ ...before, [name]: true })),
    }),
    errorOf: (name: keyof Values & string): string | undefined => fromServer[name] ?? (left[name] ? found[name] : undefined),
  };
}
