// A box that ticks all boxes of its form with the name it says, and buttons that need at least one. A box that stands for
// everything there is, on other pages too (`data-selects-everything`), is enough by itself.
function boxesOf(all) {
  return [...all.form.querySelectorAll(`input[type=checkbox][name="${all.dataset.selectAll}"]`)];
}

function show(all) {
  const boxes = boxesOf(all);
  const ticked = boxes.filter((box) => box.checked).length;
  const everything = all.form.querySelector('[data-selects-everything]');
  const isEverything = everything?.checked ?? false;
  all.hidden = false;
  all.checked = ticked > 0 && ticked === boxes.length;
  all.indeterminate = ticked > 0 && !all.checked;
  for (const box of [all, ...boxes]) box.disabled = isEverything;
  for (const button of all.form.querySelectorAll('[data-needs-selection]'))
    button.disabled = ticked === 0 && !isEverything;
  for (const count of all.form.querySelectorAll('[data-selected-count]'))
    count.textContent = isEverything ? everything.dataset.selectsEverything : String(ticked);
}

function showAll() {
  for (const all of document.querySelectorAll('[data-select-all]')) show(all);
}

document.addEventListener('change', ({ target }) => {
  if ('selectAll' in target.dataset) for (const box of boxesOf(target)) box.checked = target.checked;
  if (target.form?.querySelector('[data-select-all]')) showAll();
});
// A page that has refreshed itself, or that somebody comes back to with boxes still ticked.
document.addEventListener('live', showAll);
addEventListener('pageshow', showAll);
showAll();
