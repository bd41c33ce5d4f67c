// Parts of a page that are marked `data-live` (with an id) are fetched again whenever the server says that something changed.
const parts = () => [...document.querySelectorAll('[data-live][id]')];
const BETWEEN_MS = 1000;
let busy = false;
let again = false;

async function refresh() {
  if (busy || document.hidden) {
    again = true;
    return;
  }
  busy = true;
  again = false;
  try {
    const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
    if (answer.redirected || !answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    for (const part of parts()) replace(part, fresh.getElementById(part.id));
    document.dispatchEvent(new CustomEvent('live'));
  } catch {
    // The server is away; the event source comes back by itself.
  } finally {
    setTimeout(() => {
      busy = false;
      if (again) void refresh();
    }, BETWEEN_MS);
  }
}

// What somebody is just using stays: an open detail, a ticked box, the field with the focus.
function replace(part, fresh) {
  if (!fresh || part.innerHTML === fresh.innerHTML) return;
  if (part.contains(document.activeElement) && document.activeElement.matches('input, select, textarea')) return;
  const open = new Set([...part.querySelectorAll('details[open][id]')].map(({ id }) => id));
  const ticked = new Set([...part.querySelectorAll('input:checked')].map(({ name, value }) => `${name} ${value}`));
  const focused = part.contains(document.activeElement) ? document.activeElement.id : '';
  for (const details of fresh.querySelectorAll('details[id]')) details.open ||= open.has(details.id);
  for (const box of fresh.querySelectorAll('input[type=checkbox]'))
    box.checked ||= ticked.has(`${box.name} ${box.value}`);
  part.replaceChildren(...fresh.childNodes);
  if (focused) document.getElementById(focused)?.focus();
}

if (parts().length > 0) {
  const events = new EventSource('/events');
  events.addEventListener('change', refresh);
  document.addEventListener('visibilitychange', () => !document.hidden && again && void refresh());
}
