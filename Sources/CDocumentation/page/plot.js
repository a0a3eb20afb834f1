// A plot of one value over another, as SVG: a line for numbers, steps for classes.

import { element, replace, svg } from './dom.js';

/**
 * @typedef {Object} Series
 * @property {string} xTitle
 * @property {string} yTitle
 * @property {number[]} xs ascending
 * @property {(number | string | undefined)[]} ys `undefined` where there is a gap
 * @property {(string | undefined)[]} reasons why there is a gap
 * @property {string[] | undefined} classes from the bottom up when the values are classes
 * @property {number | undefined} current where the form is now
 */

const HEIGHT = 320;
const MINIMUM_WIDTH = 260;
const TICKS = 5;
/** Letters of a class that are written beside the axis. */
const CLASS_LETTERS = 18;

/** A place that draws series, as wide as it is. */
export function makePlot() {
  const drawing = svg('svg', { role: 'img', class: 'plot' });
  const readout = element('p', { class: 'readout', 'aria-hidden': 'true' });
  const node = element('div', { class: 'plot-frame' }, drawing, readout);
  let series;
  let scales;
  const draw = () => {
    if (series) scales = render(drawing, series, Math.max(node.clientWidth, MINIMUM_WIDTH));
  };
  new ResizeObserver(draw).observe(node);

  drawing.addEventListener('pointermove', (event) => {
    if (!scales) return;
    const x = scales.x.invert(event.clientX - drawing.getBoundingClientRect().left);
    const index = nearest(series.xs, x);
    const said = series.ys[index] ?? series.reasons[index] ?? 'not asked yet';
    replace(readout, `${series.xTitle} ${format(series.xs[index])}: ${typeof said === 'number' ? format(said) : said}`);
  });
  drawing.addEventListener('pointerleave', () => replace(readout));

  return {
    node,
    /** @param {Series} next */
    show(next) { series = next; draw(); },
    /** @param {string} text what the plot shows, for those who do not see it */
    describe(text) { drawing.setAttribute('aria-label', text); },
  };
}

function render(drawing, series, width) {
  const { xs, ys, classes, current } = series;
  const numbers = ys.filter((value) => typeof value === 'number');
  const yRange = classes ? { low: -0.5, high: classes.length - 0.5, ticks: classes.map((_, index) => index) }
    : niceRange(numbers);
  const yLabel = (tick) => (classes ? shortened(classes[tick]) : format(tick));
  const longest = Math.max(...yRange.ticks.map((tick) => yLabel(tick).length), 1);
  const left = Math.min(18 + longest * 7.2, width / 2.6);
  const frame = { left, right: width - 14, top: 34, bottom: HEIGHT - 44 };
  const x = scale(xs[0], xs.at(-1), frame.left, frame.right);
  const y = scale(yRange.low, yRange.high, frame.bottom, frame.top);
  const height = (value) => y(classes ? classes.indexOf(value) : value);

  drawing.setAttribute('viewBox', `0 0 ${width} ${HEIGHT}`);
  drawing.setAttribute('height', HEIGHT);
  const xTicks = niceTicks(xs[0], xs.at(-1), Math.max(3, Math.min(TICKS, Math.floor(width / 90))));
  const parts = [
    yRange.ticks.map((tick) => [
      svg('line', { class: 'grid', x1: frame.left, x2: frame.right, y1: y(tick), y2: y(tick) }),
      svg('text', { class: 'tick', x: frame.left - 8, y: y(tick) + 4, 'text-anchor': 'end' }, yLabel(tick)),
    ]),
    svg('line', { class: 'axis', x1: frame.left, x2: frame.right, y1: frame.bottom, y2: frame.bottom }),
    xTicks.map((tick) => [
      svg('line', { class: 'axis', x1: x(tick), x2: x(tick), y1: frame.bottom, y2: frame.bottom + 5 }),
      svg('text', { class: 'tick', x: x(tick), y: frame.bottom + 19, 'text-anchor': 'middle' }, format(tick)),
    ]),
    svg('text', { class: 'title', x: 2, y: 14 }, series.yTitle),
    svg('text', { class: 'title', x: (frame.left + frame.right) / 2, y: HEIGHT - 6, 'text-anchor': 'middle' }, series.xTitle),
    gaps(series).map((gap) => svg('rect', {
      class: 'gap', x: x(gap.from), width: Math.max(x(gap.to) - x(gap.from), 2), y: frame.top,
      height: frame.bottom - frame.top,
    })),
    runs(ys).map((run) => svg('path', { class: 'line', d: path(run, xs, ys, x, height, Boolean(classes)) })),
    xs.map((value, index) => ys[index] !== undefined
      && svg('circle', { class: 'point', cx: x(value), cy: height(ys[index]), r: 2.5 })),
    marker(series, x, height, frame, current),
  ];
  replace(drawing, parts);
  return { x };
}

/** The value that the form has, and the prediction there. */
function marker({ xs, ys }, x, height, frame, current) {
  if (current === undefined || current < xs[0] || current > xs.at(-1)) return [];
  const index = nearest(xs, current);
  const value = interpolated(xs, ys, current, index);
  return [
    svg('line', { class: 'current', x1: x(current), x2: x(current), y1: frame.top, y2: frame.bottom }),
    value !== undefined && svg('circle', { class: 'current', cx: x(current), cy: height(value), r: 6 }),
  ];
}

/** The value at `x` between the points beside it; that of the nearest one for classes. */
function interpolated(xs, ys, x, index) {
  const other = x < xs[index] ? index - 1 : index + 1;
  const [a, b] = [ys[index], ys[other]];
  if (typeof a !== 'number' || typeof b !== 'number') return a;
  return a + ((b - a) * (x - xs[index])) / (xs[other] - xs[index]);
}

/** Indexes of neighbours that have a value. */
function runs(ys) {
  const list = [];
  ys.forEach((value, index) => {
    if (value === undefined) return;
    if (index > 0 && ys[index - 1] !== undefined) list.at(-1).push(index);
    else list.push([index]);
  });
  return list;
}

/** Where there is no value for a reason, from half a step before to half a step after. */
function gaps({ xs, reasons }) {
  const half = (index, other) => (other in xs ? (xs[index] + xs[other]) / 2 : xs[index]);
  const list = [];
  reasons.forEach((reason, index) => {
    if (reason === undefined) return;
    const gap = { from: half(index, index - 1), to: half(index, index + 1) };
    if (index > 0 && reasons[index - 1] !== undefined) list.at(-1).to = gap.to;
    else list.push(gap);
  });
  return list;
}

function path(run, xs, ys, x, height, isSteps) {
  const place = (index) => `${x(xs[index]).toFixed(1)} ${height(ys[index]).toFixed(1)}`;
  if (!isSteps) return `M${run.map(place).join('L')}`;
  return run.slice(1).reduce((text, index) => {
    const middle = x((xs[index - 1] + xs[index]) / 2).toFixed(1);
    return `${text}H${middle}V${height(ys[index]).toFixed(1)}H${x(xs[index]).toFixed(1)}`;
  }, `M${place(run[0])}`);
}

function nearest(xs, x) {
  return xs.reduce((best, value, index) => (Math.abs(value - x) < Math.abs(xs[best] - x) ? index : best), 0);
}

function scale(low, high, from, to) {
  const ratio = high === low ? 0 : (to - from) / (high - low);
  const map = (value) => from + (value - low) * ratio;
  map.invert = (place) => (ratio === 0 ? low : low + (place - from) / ratio);
  return map;
}

/** Round numbers around all values, with a little air. */
function niceRange(values) {
  if (values.length === 0) return { low: 0, high: 1, ticks: [] };
  let [low, high] = [Math.min(...values), Math.max(...values)];
  if (low === high) {
    const air = Math.abs(low) * 0.1 || 1;
    [low, high] = [low - air, high + air];
  }
  const width = tickWidth(low, high, TICKS);
  const [first, last] = [Math.floor(low / width) * width, Math.ceil(high / width) * width];
  return { low: first, high: last, ticks: multiples(first, last, width) };
}

/** Multiples of a round number from `low` to `high`, about `count` of them. */
export function niceTicks(low, high, count) {
  return low === high ? [low] : multiples(low, high, tickWidth(low, high, count));
}

function multiples(low, high, width) {
  const list = [];
  for (let index = Math.ceil(low / width - 1e-9); index * width <= high + width * 1e-9; index += 1) {
    list.push(Number((index * width).toPrecision(12)));
  }
  return list;
}

function tickWidth(low, high, count) {
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  return ([1, 2, 5].find((factor) => factor * power >= raw) ?? 10) * power;
}

const FORMAT = new Intl.NumberFormat('en', { maximumSignificantDigits: 6 });
const SCIENTIFIC = new Intl.NumberFormat('en', { notation: 'scientific', maximumSignificantDigits: 4 });

/** A number for people. */
export function format(number) {
  const size = Math.abs(number);
  return (size !== 0 && (size < 1e-4 || size >= 1e9) ? SCIENTIFIC : FORMAT).format(number);
}

function shortened(text) {
  return text.length > CLASS_LETTERS ? `${text.slice(0, CLASS_LETTERS - 1)}…` : text;
}
