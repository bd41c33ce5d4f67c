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
const AWAY_AFTER_MS = 5 * SECOND;

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
    sayAway(answer.redirected || !answer.ok);
    if (answer.redirected || !answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const focused = document.activeElement;
    for (const part of parts()) follow(part, fresh.getElementById(part.id));
    // What has been moved has lost it.
    if (focused?.isConnected && focused !== document.activeElement) focused.focus({ preventScroll: true });
    document.dispatchEvent(new CustomEvent('live'));
  } catch {
    // The event source comes back by itself.
    sayAway(true);
  } finally {
    const restMs = Math.min(MOST_REST_MS, Math.max(SECOND, REST_AFTER * (performance.now() - began)));
    setTimeout(() => {
      busy = false;
      // `data-soon`: the server has more in a moment, whether anything changes or not.
      if (again || document.querySelector('[data-live][data-soon]')) void refresh();
    }, restMs);
  }
}

/** Old figures must not pass for new ones. */
function sayAway(isAway) {
  document.getElementById('away')?.toggleAttribute('hidden', !isAway);
}

function follow(here, fresh) {
  if (!fresh || here.isEqualNode(fresh)) return;
  followAttributes(here, fresh);
  if ('keep' in here.dataset) return;
  const named = new Map([...here.children].map((child) => [keyOf(child), child]).filter(([key]) => key));
  const wantedKeys = new Set([...fresh.children].map(keyOf));
  let at = here.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    // What has gone is taken away first, so that what stays need not be moved and keeps the focus.
    while (at && keyOf(at) && !wantedKeys.has(keyOf(at))) at = removed(at);
    const key = keyOf(wanted);
    const match = key ? named.get(key) : isLike(at, wanted) ? at : undefined;
    named.delete(key);
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

/** What makes it this one among its neighbours: its id, or the box that a row or an item can be chosen by. */
function keyOf(node) {
  if (node.nodeType !== Node.ELEMENT_NODE) return '';
  // Not `node.id`: in a form with a field of that name it is the field.
  const id = node.getAttribute('id');
  if (id) return `#${id}`;
  const box = /^(TR|LI|LABEL)$/.test(node.nodeName) && node.querySelector('input[type=checkbox], input[type=radio]');
  return box ? `${box.name} ${box.getAttribute('value')}` : '';
}

/** Whether one without a key may become the other. A tick belongs to its box, never to the place where it stands. */
function isLike(here, wanted) {
  if (!here || here.nodeName !== wanted.nodeName || keyOf(here)) return false;
  if (here.nodeName !== 'INPUT') return true;
  const same = (name) => here.getAttribute(name) === wanted.getAttribute(name);
  return same('type') && same('name') && (!/^(checkbox|radio)$/.test(here.type) || same('value'));
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
  events.addEventListener('error', () => setTimeout(refresh, AWAY_AFTER_MS));
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
