/** Marking may wait for the answer of a busy page; a field that is marked later than this is not waited for. */
const frames = 20;

/** Moves the focus to the first field of a form that is marked as wrong, as soon as React has marked it. */
export function focusFirstError(form: HTMLFormElement | null, framesLeft = frames): void {
  requestAnimationFrame(() => {
    const field = form?.querySelector<HTMLElement>('[aria-invalid="true"]');
    if (field) field.focus();
    else if (framesLeft > 1) focusFirstError(form, framesLeft - 1);
  });
}
