import type { Language } from '../../words/dictionary.ts';
import { type Html, html } from '../../words/html.ts';
import { type Form, firstWrong, idOf, textOf } from './form.ts';
import { deskWords } from './words.ts';

export interface FieldOptions {
  name: string;
  label: string;
  hint?: string | undefined;
  type?: 'text' | 'date' | 'search';
  required?: boolean;
  /** `numeric` brings the digits on a phone. */
  inputmode?: 'numeric' | 'decimal' | 'tel';
  /** Never sent back to the browser. */
  secret?: boolean;
}

/** A text field with its label, its hint, and what is wrong with it. */
export function field(form: Form, options: FieldOptions, language: Language): Html {
  const { name, label, hint, type = 'text', required, inputmode, secret } = options;
  const value = secret ? '' : textOf(form.typed, name);
  const input = html`<input id="${idOf(name)}" name="${name}" type="${type}" value="${value}" autocomplete="off"${inputmode && html` inputmode="${inputmode}"`}${required && html` aria-required="true"`}${described(form, name, hint)}>`;
  return wrapped(form, { name, label, hint }, input, language);
}

export interface Choice {
  value: string;
  label: string;
}

export function select(
  form: Form,
  { name, label, hint, choices }: FieldOptions & { choices: readonly Choice[] },
  language: Language,
): Html {
  const chosen = textOf(form.typed, name);
  const options = choices.map(
    (choice) =>
      html`<option value="${choice.value}"${choice.value === chosen && html` selected`}>${choice.label}</option>`,
  );
  const input = html`<select id="${idOf(name)}" name="${name}"${described(form, name, hint)}>${options}</select>`;
  return wrapped(form, { name, label, hint }, input, language);
}

export function tick(form: Form, { name, label }: Pick<FieldOptions, 'name' | 'label'>): Html {
  const ticked = textOf(form.typed, name) !== '';
  return html`<div class="field tick"><label><input type="checkbox" id="${idOf(name)}" name="${name}" value="on"${ticked && html` checked`}> ${label}</label></div>`;
}

function wrapped(
  form: Form,
  { name, label, hint }: Pick<FieldOptions, 'name' | 'label' | 'hint'>,
  input: Html,
  language: Language,
): Html {
  const words = deskWords(language);
  const id = idOf(name);
  const problem = problemOf(form, name);
  const saved = form.saved && textOf(form.saved, name);
  const differs = saved !== undefined && saved !== textOf(form.typed, name);
  return html`<div class="field">
<label for="${id}">${label}</label>
${input}${problem && html`<p class="problem" id="${id}-problem">${problem.messages[language]}</p>`}${hint && html`<small id="${id}-hint">${hint}</small>`}${differs && html`<p class="saved">${words.nowSaved(saved || words.nothing)}</p>`}
</div>`;
}

/** Ties hint and problem to the field; the first wrong one gets the focus, also without scripts. */
export function described(form: Form, name: string, hint?: string): Html | false {
  const id = idOf(name);
  const problem = problemOf(form, name);
  const by = [problem && `${id}-problem`, hint && `${id}-hint`].filter(Boolean).join(' ');
  if (!by) return false;
  const invalid = problem && html` aria-invalid="true"`;
  const focus = firstWrong(form) === name && html` autofocus`;
  return html` aria-describedby="${by}"${invalid}${focus}`;
}

export function problemOf({ problems }: Form, name: string) {
  return problems.find((problem) => problem.field === name);
}

/** All that is wrong, with links to the fields. */
export function problemSummary(form: Form, language: Language): Html | false {
  const { problems, saved } = form;
  const words = deskWords(language);
  if (saved) return html`<p class="notice warn" role="alert">${words.changedMeanwhile}</p>`;
  if (problems.length === 0) return false;
  const items = problems.map(({ field: name, messages }) => {
    const text = messages[language];
    return html`<li>${name === null ? text : html`<a href="#${idOf(name)}">${text}</a>`}</li>`;
  });
  return html`<div class="notice bad" role="alert"><p>${words.problems}</p><ul>${items}</ul></div>`;
}
