// A box that ticks all boxes of its form with the name it says, and buttons that need at least one.
function bind() {
  for (const all of document.querySelectorAll('[data-select-all]:not([data-bound])')) {
    all.dataset.bound = 'yes';
    const boxes = () => [...all.form.querySelectorAll(`input[type=checkbox][name="${all.dataset.selectAll}"]`)];
    const show = () => {
      const ticked = boxes().filter((box) => box.checked).length;
      all.checked = ticked > 0 && ticked === boxes().length;
      all.indeterminate = ticked > 0 && !all.checked;
      for (const button of all.form.querySelectorAll('[data-needs-selection]')) button.disabled = ticked === 0;
      for (const count of all.form.querySelectorAll('[data-selected-count]')) count.textContent = String(ticked);
    };
    all.addEventListener('change', () => {
      for (const box of boxes()) box.checked = all.checked;
      show();
    });
    all.form.addEventListener('change', show);
    show();
  }
}

bind();
document.addEventListener('live', bind);
