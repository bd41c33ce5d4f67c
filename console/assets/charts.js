// Draws `<table data-chart="line|bar">`: the first column is the time (`<time datetime>`), every other one a line. The table
// stays, inside its `<details>`, for those who read it.
import uPlot from '/assets/uplot.js';

const COLOURS = ['--chart-1', '--chart-2', '--chart-3', '--chart-4', '--chart-5', '--chart-6'];
const HEIGHT_PX = 180;
const drawn = new WeakMap();

function valuesOf(table) {
  const rows = [...table.tBodies[0].rows];
  const times = rows.map((row) => Date.parse(row.querySelector('time').dateTime) / 1000);
  const names = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent);
  const columns = names.map((_, n) =>
    rows.map((row) => ((row.cells[n + 1].dataset.value ?? '') === '' ? null : Number(row.cells[n + 1].dataset.value))),
  );
  return { times, names, columns };
}

function draw(table) {
  const place = document.getElementById(table.dataset.place);
  if (!place) return;
  const { times, names, columns } = valuesOf(table);
  if (times.length === 0) return;
  const css = getComputedStyle(document.documentElement);
  const colour = (name) => css.getPropertyValue(name).trim();
  const axis = {
    stroke: colour('--quiet'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { stroke: colour('--line') },
  };
  const bars = table.dataset.chart === 'bar' ? uPlot.paths.bars({ size: [0.7, 60] }) : undefined;
  const options = {
    width: place.clientWidth || 300,
    height: HEIGHT_PX,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), table.dataset.zone || 'UTC'),
    fmtDate: undefined,
    axes: [
      { ...axis, values: (_, ticks) => ticks.map((tick) => dayText(tick, table.dataset.zone)) },
      { ...axis, size: 60 },
    ],
    series: [
      {},
      ...names.map((label, n) => ({
        label,
        stroke: colour(COLOURS[n % COLOURS.length]),
        width: 2,
        ...(bars ? { paths: bars, fill: colour(COLOURS[n % COLOURS.length]) } : { points: { size: 4 } }),
      })),
    ],
    legend: { live: false },
  };
  drawn.get(place)?.destroy();
  place.replaceChildren();
  drawn.set(place, new uPlot(options, [times, ...columns], place));
}

function dayText(seconds, timeZone = 'UTC') {
  const parts = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', timeZone };
  return new Date(seconds * 1000).toLocaleString(document.documentElement.lang, parts);
}

const drawAll = () => document.querySelectorAll('table[data-chart]').forEach(draw);
drawAll();
document.addEventListener('live', drawAll);
let width = innerWidth;
addEventListener('resize', () => {
  if (innerWidth === width) return;
  width = innerWidth;
  drawAll();
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
