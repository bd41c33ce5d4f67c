// A box that ticks all boxes of its form with the name it says, and buttons that need at least one. A box that stands for
// everything there is, on other pages too (`data-selects-everything`), is enough by itself.
function bind() {
  for (const all of document.querySelectorAll('[data-select-all]:not([data-bound])')) {
    all.dataset.bound = 'yes';
    all.hidden = false;
    const boxes = () => [...all.form.querySelectorAll(`input[type=checkbox][name="${all.dataset.selectAll}"]`)];
    const everything = all.form.querySelector('[data-selects-everything]');
    const show = () => {
      const ticked = boxes().filter((box) => box.checked).length;
      const isEverything = everything?.checked ?? false;
      all.checked = ticked > 0 && ticked === boxes().length;
      all.indeterminate = ticked > 0 && !all.checked;
      for (const box of [all, ...boxes()]) box.disabled = isEverything;
      for (const button of all.form.querySelectorAll('[data-needs-selection]'))
        button.disabled = ticked === 0 && !isEverything;
      for (const count of all.form.querySelectorAll('[data-selected-count]'))
        count.textContent = isEverything ? everything.dataset.selectsEverything : String(ticked);
    };
    all.addEventListener('change', () => {
      for (const box of boxes()) box.checked = all.checked;
      show();
    });
    all.form.addEventListener('change', show);
    // A browser that goes back ticks the boxes again, after the scripts have run.
    addEventListener('pageshow', show);
    show();
  }
}

bind();
document.addEventListener('live', bind);
