import type { RunLines } from '../../../operations/runs.ts';
import type { Language } from '../../../words/dictionary.ts';
import { type Html, html } from '../../../words/html.ts';
import { LOCALES } from '../../page/language.ts';
import type { RunWords } from './words.ts';

type Line = RunLines['lines'][number];

/** What every line of a run says anyway, or what has a place of its own. */
const KNOWN = new Set([
  ...['time', 'level', 'msg', 'pid', 'role', 'source', 'account', 'entity', 'runId', 'job', 'outcome', 'err'],
  ...['queue', 'jobId'],
]);

/** The newest lines of the log files about a run. */
export function logView(log: RunLines | null, zone: string, say: RunWords, language: Language): Html {
  return html`
<section id="log" data-live>
<h2>${say.log}</h2>
${log === null ? html`<p class="quiet-text">${say.logNone}</p>` : log.lines.length === 0 ? html`<p class="quiet-text">${say.logEmpty}</p>` : lines(log, zone, say, language)}
</section>`;
}

function lines({ lines: all, cut }: RunLines, zone: string, say: RunWords, language: Language): Html {
  const clock = new Intl.DateTimeFormat(LOCALES[language], {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    timeZone: zone,
  });
  return html`${cut && html`<p class="quiet-text">${say.logCut}</p>`}
<div class="scroll low" role="region" aria-label="${say.log}" tabindex="0">
<table class="log">
<thead><tr><th scope="col">${say.time}</th><th scope="col">${say.level}</th><th scope="col">${say.what}</th></tr></thead>
<tbody>${all.map(
    (line) => html`
<tr><td><time datetime="${line.time}" title="${line.time}">${clock.format(new Date(line.time))}</time></td><td class="level ${line.level}">${line.level}</td><td>${line.msg}${outcomeOf(line)} <code>${fieldsOf(line)}</code>${errorOf(line)}</td></tr>`,
  )}
</tbody></table></div>`;
}

function outcomeOf({ outcome, job, msg }: Line): string {
  return [job !== msg && job, outcome]
    .filter((part) => typeof part === 'string' && part !== '')
    .map((part) => `: ${part}`)
    .join('');
}

function errorOf({ err }: Line): Html | false {
  if (typeof err !== 'object' || err === null || !('message' in err)) return false;
  return html`<p>${String(err.message)}</p>`;
}

function fieldsOf(line: Line): string {
  return Object.entries(line)
    .filter(
      ([name, value]) =>
        !KNOWN.has(name) &&
        !(name === 'attempt' && value === 1) &&
        ['string', 'number', 'boolean'].includes(typeof value),
    )
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
