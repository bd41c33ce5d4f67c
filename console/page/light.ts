import type { RunStatus } from '../../db/runs/open-run.ts';
import type { Light } from '../../health/judge-target.ts';
import { commonWords, wordFor } from '../../words/common.ts';
import { dictionary, type Language } from '../../words/dictionary.ts';
import { type Html, html } from '../../words/html.ts';

const words = dictionary({
  en: { green: 'well', amber: 'take a look', red: 'trouble', grey: 'at rest' },
  ru: { green: 'в порядке', amber: 'проверьте', red: 'сбой', grey: 'не активно' },
});

/** A light is a colour and a word: not everybody sees the colour. */
export function lightElement(light: Light, language: Language, text: string = words(language)[light]): Html {
  return html`<span class="light ${light}">${text}</span>`;
}

/** A run's status in the same manner. */
export function statusElement(status: RunStatus | string, language: Language): Html {
  return html`<span class="status ${status}">${wordFor(status, commonWords(language))}</span>`;
}
