// Every page works without scripts; these make it livelier.
import './live.js';

if (document.querySelector('[data-select-all]')) await import('./select.js');
if (document.querySelector('table[data-chart]')) await import('./charts.js');

for (const dialogButton of document.querySelectorAll('[data-opens]')) {
  const dialog = document.getElementById(dialogButton.dataset.opens);
  dialogButton.addEventListener('click', () => dialog?.showModal());
}

for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => print());
}
