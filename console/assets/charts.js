// Draws `<table data-chart="line|bar">`: the first column is the time (`<time datetime>`), every other one a line
// (`data-value`, empty where there is none). The table stays, inside its `<details>`, for those who read it.
import uPlot from '/assets/uplot.js';

const COLOURS = ['--chart-1', '--chart-4', '--chart-3', '--chart-2', '--chart-5', '--chart-6'];
const HEIGHT_PX = 180;
const AXIS_PX = 52;
/** A line of so few values is drawn with its points: alone they would not be seen. */
const FEW_POINTS = 40;
const FONT = '12px system-ui, sans-serif';
/** What stands under the time axis, by how much time it shows. */
const TICKS = {
  hour: { hour: '2-digit', minute: '2-digit' },
  day: { hour: '2-digit', minute: '2-digit' },
  week: { day: 'numeric', month: 'short' },
};
const MOMENT = { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' };
const drawn = new Map();

/** English times are written with 24 hours. */
const language = document.documentElement.lang === 'en' ? 'en-GB' : document.documentElement.lang;
const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
const short = new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 });

function read(table) {
  const rows = [...table.tBodies[0].rows];
  const [first, ...names] = [...table.tHead.rows[0].cells].map((cell) => cell.textContent);
  const times = rows.map((row) => Date.parse(row.querySelector('time').dateTime) / 1000);
  const lines = names.map((_, n) =>
    rows.map(({ cells }) => (cells[n + 1].dataset.value ? Number(cells[n + 1].dataset.value) : null)),
  );
  return { first, names, data: [times, ...lines] };
}

function draw(table) {
  const place = document.getElementById(table.dataset.place);
  if (!place || place.clientWidth === 0) return;
  const { first, names, data } = read(table);
  if (data[0].length === 0) return;
  const { chart: kind, range, zone = 'UTC' } = table.dataset;
  const known = drawn.get(place.id);
  const shape = JSON.stringify([kind, range, zone, names, place.clientWidth]);
  const content = JSON.stringify(data);
  if (known?.shape === shape) {
    if (known.content !== content) known.plot.setData(data);
    known.content = content;
    return;
  }
  known?.plot.destroy();
  place.replaceChildren();
  const plot = new uPlot(optionsOf({ kind, range, zone, first, names, data, width: place.clientWidth }), data, place);
  drawn.set(place.id, { plot, shape, content });
}

function optionsOf({ kind, range, zone, first, names, data, width }) {
  const css = getComputedStyle(document.documentElement);
  // `light-dark()` is no colour for a canvas: an element has to work it out.
  const probe = document.body.appendChild(document.createElement('i'));
  const colour = (name) => {
    probe.style.color = css.getPropertyValue(name);
    return getComputedStyle(probe).color;
  };
  const text = (parts) => new Intl.DateTimeFormat(language, { ...parts, timeZone: zone });
  const [tick, moment] = [text(TICKS[range] ?? TICKS.day), text(MOMENT)];
  const axis = {
    stroke: colour('--quiet'),
    font: FONT,
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
  };
  const series = names.map((label, n) => {
    const stroke = colour(COLOURS[n % COLOURS.length]);
    const look = kind === 'bar' ? { paths: uPlot.paths.bars({ size: [0.7, 60] }), fill: stroke } : {};
    return {
      label,
      stroke,
      width: 2,
      dash: n > 0 && kind !== 'bar' ? [6, 3] : undefined,
      spanGaps: true,
      points: { show: data[n + 1].filter((value) => value !== null).length <= FEW_POINTS, size: 6, fill: stroke },
      value: (_, value) => (value === null ? '–' : numbers.format(value)),
      ...look,
    };
  });
  probe.remove();
  return {
    width,
    height: HEIGHT_PX,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), zone),
    scales: { y: { range: (_, _least, most) => [0, most > 0 ? most * 1.1 : 1] } },
    axes: [
      { ...axis, space: range === 'week' ? 50 : 60, values: (_, ticks) => ticks.map((at) => tick.format(at * 1000)) },
      { ...axis, size: AXIS_PX, values: (_, ticks) => ticks.map((value) => short.format(value)) },
    ],
    series: [{ value: (_, at) => (at === null ? '' : moment.format(at * 1000)), label: first }, ...series],
    cursor: { points: { size: 7 }, drag: { x: false, y: false } },
  };
}

const drawAll = () => document.querySelectorAll('table[data-chart]').forEach(draw);

function drawAnew() {
  for (const { plot } of drawn.values()) plot.destroy();
  drawn.clear();
  drawAll();
}

drawAll();
document.addEventListener('live', drawAll);
addEventListener('resize', drawAll);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAnew);
