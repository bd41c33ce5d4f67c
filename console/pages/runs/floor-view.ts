import type { RunFloor } from '../../../operations/runs.ts';
import type { Language } from '../../../words/dictionary.ts';
import { type Html, html } from '../../../words/html.ts';
import { durationText } from '../../page/duration-text.ts';
import { numberText } from '../../page/time-text.ts';
import type { RunWords } from './words.ts';

const WIDTH = 1000;
const SECOND_MS = 1000;

/** What the run took beside the least that the vendor's limit allows for its requests. */
export function floorView(floor: RunFloor | null, isRunning: boolean, say: RunWords, language: Language): Html {
  return html`
<section id="floor" data-live class="card">
<h2>${say.floor}</h2>
${floor ? floorText(floor, isRunning, say, language) : html`<p>${say.floorNone}</p>`}
</section>`;
}

function floorText({ parts, needed_s, took_s }: RunFloor, isRunning: boolean, say: RunWords, language: Language): Html {
  const slowest = parts.toSorted((a, b) => b.needed_s - a.needed_s)[0];
  const time = (seconds: number) => durationText(seconds * SECOND_MS, language);
  const rate = (perMinute: number) => numberText(perMinute, language, { maximumFractionDigits: 1 });
  const sentence = (isRunning ? say.floorSoFar : say.floorText)(
    time(needed_s),
    rate(slowest?.allowed_per_minute ?? 0),
    time(took_s),
  );
  const longest = Math.max(needed_s, took_s, 0.001);
  const bar = (seconds: number, kind: string) =>
    html`<svg class="bar-of-time" viewBox="0 0 ${WIDTH} 10" preserveAspectRatio="none" aria-hidden="true"><rect class="${kind}" width="${((seconds / longest) * WIDTH).toFixed(1)}" height="10"></rect></svg>`;
  return html`
<p><strong>${sentence}</strong></p>
<dl class="bars"><dt>${say.needed}</dt><dd>${bar(needed_s, 'needed')} ${time(needed_s)}</dd><dt>${say.tookBar}</dt><dd>${bar(took_s, 'took')} ${time(took_s)}</dd></dl>
<div class="scroll" role="region" aria-label="${say.floor}" tabindex="0">
<table>
<thead><tr><th scope="col">${say.rateClass}</th><th scope="col" class="number">${say.requests}</th><th scope="col" class="number">${say.allowed}</th><th scope="col" class="number">${say.needed}</th></tr></thead>
<tbody>${parts.map(
    (part) => html`
<tr><th scope="row">${part.rate_class}</th><td class="number">${numberText(part.requests, language)}</td><td class="number">${rate(part.allowed_per_minute)}</td><td class="number">${time(part.needed_s)}</td></tr>`,
  )}
</tbody></table></div>`;
}
