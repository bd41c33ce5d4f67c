import type { Reason } from '../../../health/judge-target.ts';
import { reasonText } from '../../../health/judge-target.ts';
import { entityWord, sourceWord } from '../../../words/entities.ts';
import { type Html, html } from '../../../words/html.ts';
import { lightElement } from '../../page/light.ts';
import { idOf } from '../../page/path-to.ts';
import type { OverviewData, ShownEntity } from './read.ts';
import type { Drawing } from './words.ts';

const MOST_NAMED = 6;

/** One sentence for the whole, and the way to what needs somebody. */
export function summary({ sources, workers, queues }: OverviewData, drawing: Drawing): Html {
  const { say } = drawing;
  const entities = sources.flatMap(({ accounts }) => accounts.flatMap((account) => account.entities));
  const of = (light: string) => entities.filter(({ verdict }) => verdict.light === light);
  const [red, amber, green] = [of('red'), of('amber'), of('green')];
  const paused = entities.filter((entity) => entity.paused);
  const unwell = [...red, ...amber];
  const titles = new Map(sources.map(({ source, title }) => [source, title]));
  const tone = red.length > 0 ? 'bad' : amber.length > 0 ? 'warn' : green.length > 0 ? 'good' : 'plain';
  return html`
<section id="summary" data-live aria-labelledby="how">
<h2 id="how" class="hidden">${say.summary}</h2>
<div class="notice ${tone}" role="status">
<p>${sentence(drawing, { red: red.length, amber: amber.length, green: green.length, paused: paused.length })}</p>
${unwell.length > 0 && html`<ul class="plain">${unwell.slice(0, MOST_NAMED).map((entity) => unwellItem(entity, titles.get(entity.source) ?? entity.source, drawing))}${unwell.length > MOST_NAMED && html`<li>${say.moreBelow(unwell.length - MOST_NAMED)}</li>`}</ul>`}
</div>
${queues === null && html`<p class="notice bad">${say.noQueue}</p>`}
${workers === 0 && html`<p class="notice bad">${say.noWorker}</p>`}
</section>`;
}

interface Counts {
  red: number;
  amber: number;
  green: number;
  paused: number;
}

function sentence({ say }: Drawing, { red, amber, green, paused }: Counts): Html {
  const besides = paused > 0 && ` ${say.pausedBesides(paused)}`;
  if (red + amber > 0)
    return html`<strong>${red > 0 && say.troubled(red)} ${amber > 0 && say.toLookAt(amber)}</strong> ${green > 0 && say.wellBesides(green)}${besides}`;
  if (green > 0) return html`<strong>${say.allWell}</strong> ${say.allWellMore(green)}${besides}`;
  return html`${paused > 0 ? say.allPaused : say.nothing}`;
}

function unwellItem(entity: ShownEntity, title: string, drawing: Drawing): Html {
  const { source, account, verdict } = entity;
  const name = `${sourceWord(title, drawing.language)} / ${account} / ${entityWord(entity.entity, drawing.language)}`;
  return html`<li>${lightElement(verdict.light, drawing.language)} <a href="#${idOf('account', source, account)}">${name}</a>: ${reasonsText(entity, drawing)}</li>`;
}

/** What makes the light, in words; without what is good, and what the light says itself. */
export function reasonsText(entity: ShownEntity, { language, now }: Drawing): string {
  const { light, reasons } = entity.verdict;
  const shown: readonly Reason[] =
    light === 'green' ? reasons : reasons.filter((reason) => reason.light !== 'green' && reason.code !== 'paused');
  return shown.map((reason) => reasonText(reason, entity, now, language)).join(', ');
}
