// The house hotel's front desk. Every page works without this: prices and found guests then come with the next step.
const TYPING_MS = 250;

const parse = (text) => new DOMParser().parseFromString(text, 'text/html');

// Arrow keys move from cell to cell of the board; Tab enters and leaves it in one step.
function bindGrid(grid) {
  const rows = () => [...grid.tBodies[0].rows].map((row) => [...row.querySelectorAll('a')]);
  const links = () => rows().flat();
  const middle = (link) => {
    const box = link.getBoundingClientRect();
    return box.left + Math.min(box.width, 40) / 2;
  };
  const settle = (current) => {
    for (const link of links()) link.tabIndex = link === current ? 0 : -1;
  };
  if (!links().some((link) => link === document.activeElement)) settle(links()[0]);
  if (grid.dataset.bound) return;
  grid.dataset.bound = 'yes';
  grid.addEventListener('focusin', ({ target }) => settle(target));
  grid.addEventListener('keydown', (event) => {
    const all = rows();
    const y = all.findIndex((row) => row.includes(event.target));
    if (y < 0) return;
    const x = all[y].indexOf(event.target);
    const nearest = (row) =>
      row?.reduce((best, link) => {
        const distance = Math.abs(middle(link) - middle(event.target));
        return !best || distance < best.distance ? { link, distance } : best;
      }, undefined)?.link;
    const to = {
      ArrowRight: all[y][x + 1],
      ArrowLeft: all[y][x - 1],
      ArrowDown: nearest(all[y + 1]),
      ArrowUp: nearest(all[y - 1]),
      Home: all[y][0],
      End: all[y].at(-1),
    }[event.key];
    if (!to) return;
    event.preventDefault();
    to.focus();
  });
}

// The price follows the dates and the room.
function bindPrice(form) {
  let asked = 0;
  const show = async () => {
    asked += 1;
    const mine = asked;
    const query = new URLSearchParams({ booking: form.dataset.stay });
    for (const name of ['check_in', 'check_out', 'room_id']) query.set(name, form.elements[name].value);
    const answer = await fetch(`/hotel/parts/price?${query}`).catch(() => undefined);
    const fresh = answer?.ok && parse(await answer.text()).getElementById('price');
    const price = document.getElementById('price');
    if (fresh && mine === asked) price.replaceChildren(...fresh.childNodes);
  };
  for (const name of ['check_in', 'check_out', 'room_id']) form.elements[name].addEventListener('change', show);
  // Whoever moves the arrival has not yet said when the departure is: at least a day later.
  form.elements.check_in.addEventListener('change', ({ target }) => {
    const departure = form.elements.check_out;
    if (!target.value || departure.value > target.value) return;
    const next = new Date(`${target.value}T00:00:00Z`);
    next.setUTCDate(next.getUTCDate() + 1);
    departure.value = next.toISOString().slice(0, 10);
    void show();
  });
  for (const button of form.querySelectorAll('[data-no-script]')) button.remove();
  // Enter does what the form is for, not what its first button does.
  form.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.defaultPrevented || !event.target.matches('input:not([type=checkbox])')) return;
    event.preventDefault();
    form.requestSubmit(form.querySelector('[data-main]'));
  });
}

// Guests are found while their name is typed; a ticked one moves to those chosen.
function bindGuests(form) {
  const search = form.elements.find;
  const chosen = form.querySelector('[data-chosen]');
  let timer;
  let asked = 0;
  const find = async () => {
    asked += 1;
    const mine = asked;
    const headers = { 'x-csrf-token': form.elements._csrf.value };
    const body = new URLSearchParams({ find: search.value });
    const answer = await fetch('/hotel/parts/guests', { method: 'POST', headers, body }).catch(() => undefined);
    const fresh = answer?.ok && parse(await answer.text()).getElementById('found');
    if (!fresh || mine !== asked) return;
    for (const box of fresh.querySelectorAll('input')) {
      if (chosen.querySelector(`input[value="${CSS.escape(box.value)}"]`)) box.closest('label').remove();
    }
    document.getElementById('found').replaceChildren(...fresh.childNodes);
  };
  search.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(find, TYPING_MS);
  });
  search.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    clearTimeout(timer);
    void find();
  });
  form.addEventListener('change', ({ target }) => {
    if (!target.matches('#found input:checked')) return;
    chosen.append(target.closest('label'));
    search.value = '';
    document.getElementById('found').replaceChildren();
    target.focus();
  });
}

const bindBoard = () => {
  for (const grid of document.querySelectorAll('[data-grid]')) bindGrid(grid);
};
bindBoard();
document.addEventListener('live', bindBoard);
for (const form of document.querySelectorAll('[data-stay]')) {
  bindGuests(form);
  bindPrice(form);
}
for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}
