// Parts of a page that are marked `data-live` (with an id) follow the server: whenever it says that something has changed, the
// page is fetched again and these parts are made equal to the fresh ones, node by node. So whatever somebody is using stays:
// the focus, a half-typed reason, a ticked box, a selection. `data-keep`: what scripts have put in here stays as it is.
const SECOND = 1000;
/** Of the time, at most a quarter goes into fetching. */
const REST_AFTER = 3;
const MOST_REST_MS = 15 * SECOND;
/** Ages grow, and what is not read in time becomes late, without anything happening. */
const AT_LEAST_EVERY_MS = 30 * SECOND;
/** A server that starts again is away for less. */
const AWAY_AFTER_MS = 10 * SECOND;

let busy = false;
let again = false;
/** Details that somebody has opened or closed; the others follow the server. */
const chosen = new Set();

const parts = () => [...document.querySelectorAll('[data-live][id]')];

async function refresh() {
  if (busy || document.hidden) {
    again = true;
    return;
  }
  busy = true;
  again = false;
  const began = performance.now();
  try {
    const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
    if (answer.redirected || !answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    for (const part of parts()) follow(part, fresh.getElementById(part.id));
    document.dispatchEvent(new CustomEvent('live'));
  } catch {
    // The server is away; the event source comes back by itself.
  } finally {
    const restMs = Math.min(MOST_REST_MS, Math.max(SECOND, REST_AFTER * (performance.now() - began)));
    setTimeout(() => {
      busy = false;
      // `data-soon`: the server has more in a moment, whether anything changes or not.
      if (again || document.querySelector('[data-live][data-soon]')) void refresh();
    }, restMs);
  }
}

function follow(here, fresh) {
  if (!fresh || here.isEqualNode(fresh)) return;
  followAttributes(here, fresh);
  if ('keep' in here.dataset) return;
  const named = new Map([...here.children].filter(({ id }) => id).map((child) => [child.id, child]));
  let at = here.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    // What has gone is taken away first, so that what stays need not be moved and keeps the focus.
    while (at?.id && named.has(at.id) && !fresh.querySelector(`:scope > [id="${CSS.escape(at.id)}"]`)) at = removed(at);
    const match = wanted.id ? named.get(wanted.id) : !at?.id && at?.nodeName === wanted.nodeName ? at : undefined;
    if (!match) {
      here.insertBefore(wanted, at);
      continue;
    }
    if (match === at) at = at.nextSibling;
    else here.insertBefore(match, at);
    if (match.nodeType === Node.ELEMENT_NODE) follow(match, wanted);
    else if (match.data !== wanted.data) match.data = wanted.data;
  }
  while (at) at = removed(at);
}

function removed(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

function followAttributes(here, fresh) {
  for (const { name, value } of fresh.attributes) {
    if (here.getAttribute(name) !== value && !isOwn(here, name)) here.setAttribute(name, value);
  }
  for (const { name } of [...here.attributes]) {
    if (!fresh.hasAttribute(name) && !isOwn(here, name)) here.removeAttribute(name);
  }
}

/** Attributes that belong to this page: what somebody has chosen, and what scripts have noted. */
function isOwn(element, name) {
  if (name === 'open') return chosen.has(element.id) || element.nodeName === 'DIALOG';
  if (name === 'disabled') return 'needsSelection' in element.dataset;
  return name === 'data-bound' || ('keep' in element.dataset && (name === 'class' || name === 'style'));
}

if (parts().length > 0) {
  const events = new EventSource('/events');
  events.addEventListener('change', refresh);
  setInterval(refresh, AT_LEAST_EVERY_MS);
  if (document.querySelector('[data-live][data-soon]')) setTimeout(refresh, SECOND);
  // Old figures must not pass for new ones.
  let away;
  events.addEventListener('open', () => {
    clearTimeout(away);
    away = undefined;
    document.getElementById('away')?.setAttribute('hidden', '');
    void refresh();
  });
  events.addEventListener('error', () => {
    away ??= setTimeout(() => document.getElementById('away')?.removeAttribute('hidden'), AWAY_AFTER_MS);
  });
  document.addEventListener('visibilitychange', () => !document.hidden && again && void refresh());
  document.addEventListener('click', ({ target }) => {
    const details = target.closest?.('summary')?.parentElement;
    if (details?.id) chosen.add(details.id);
  });
}

// A link to a detail that is closed opens it.
function openNamed() {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let details = named?.closest('details'); details; details = details.parentElement?.closest('details')) {
    details.open = true;
    chosen.add(details.id);
  }
}
openNamed();
addEventListener('hashchange', openNamed);
