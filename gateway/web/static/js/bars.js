/**
 * Charts by categories as SVG: stacked bars, simple bars, pies.
 * @module
 */

import { el } from "./elements.js";
import { drawWide, fitted, svg } from "./svg.js";
import { _ } from "./words.js";

const HEIGHT = 240;
const LEFT = 52;
const TOP = 18;
const BOTTOM = 34;
const STEPS = 5;
const WIDEST_BAR = 56;
const LEAST_PITCH = 3; // pixels of a bar; of more bars the highest of each stand for their neighbours
const RADIUS = 84;
const MOST_SLICES = 12;

/**
 * @typedef {object} Chart
 * @property {string} header
 * @property {string} kind
 * @property {string[]} categories
 * @property {string[]} labels
 * @property {string[]} colors
 * @property {import("./values.js").Quantity} quantity
 * @property {{name: string, color: string, values: (number | null)[], labels: string[]}[]} series
 */

/**
 * Return the element of a chart by categories.
 * @param {Chart} chart
 * @param {import("./values.js").ValueTexts} texts
 * @returns {HTMLElement}
 */
export function categoryChart(chart, texts) {
  return chart.kind === "pie" ? pie(chart, texts) : bars(chart, texts);
}

/** @param {Chart} chart @param {import("./values.js").ValueTexts} texts */
function textOf(chart, texts, series, place) {
  return series.labels[place] || (chart.series.length === 1 && chart.labels[place]) || texts.text(chart.quantity, series.values[place]);
}

// Bars

/** @param {Chart} chart @param {import("./values.js").ValueTexts} texts */
function bars(chart, texts) {
  const plot = el("div", { class: "plot svg-plot", role: "img", "aria-label": describe(chart, texts) });
  drawWide(plot, (width) => drawBars(chart, texts, width));
  const shown = chart.series.filter((series) => series.name && series.values.some(Boolean));
  const legend = shown.length > 1 || shown[0]?.name ? el("ul", { class: "legend" }, ...shown.map((one) => legendEntry(one.color, one.name))) : null;
  return el("div", {}, plot, legend);
}

function legendEntry(color, name, text = "") {
  const mark = el("span", { class: "legend-mark" });
  mark.style.background = color;
  return el("li", {}, mark, el("bdi", {}, name), text && el("span", { class: "faint" }, text));
}

/** @returns {[number, number, number]} the lowest and highest value of the axis and the distance of its ticks */
function axisOf(low, high, quantity) {
  const least = (Math.max(high, 0) - Math.min(low, 0) || 1) / STEPS;
  const units = quantity.kind === "duration" ? [60, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400, 172800, 432000] : [];
  let step = units.find((one) => one >= least) ?? 0;
  if (!step) {
    const power = 10 ** Math.floor(Math.log10(least));
    step = [1, 2, 5, 10].map((digit) => digit * power).find((one) => one >= least * 0.999) ?? power * 10;
  }
  if (!quantity.decimals && quantity.kind !== "duration") step = Math.max(1, step);
  return [Math.floor(Math.min(low, 0) / step) * step, Math.ceil(Math.max(high, 0) / step - 1e-9) * step || step, step];
}

/** @param {Chart} chart @param {number} width */
function drawBars(chart, texts, width) {
  const places = thinned(chart, Math.floor((width - LEFT) / LEAST_PITCH));
  const sums = places.map((place) => stack(chart, place));
  const [low, high, step] = axisOf(Math.min(0, ...sums.map((one) => one[0])), Math.max(0, ...sums.map((one) => one[1])), chart.quantity);
  const y = (value) => TOP + ((high - value) / (high - low)) * (HEIGHT - TOP - BOTTOM);
  const picture = svg("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, "aria-hidden": "true" });
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  for (let tick = low; tick <= high + step / 2; tick += step) {
    picture.append(svg("line", { class: tick ? "grid" : "axis", x1: LEFT, x2: width, y1: y(tick), y2: y(tick) }));
    picture.append(svg("text", { x: LEFT - 6, y: y(tick) + 4, "text-anchor": "end" }, texts.plain(chart.quantity, tick, decimals)));
  }
  const unit = chart.quantity.kind === "duration" ? "" : chart.quantity.unit;
  if (unit) picture.append(svg("text", { x: LEFT, y: 11 }, unit));
  const pitch = (width - LEFT) / Math.max(1, places.length);
  places.forEach((place, column) => drawBar(picture, chart, texts, place, { x: LEFT + column * pitch, pitch, y }));
  drawCategories(picture, chart, places, pitch);
  return picture;
}

function drawBar(picture, chart, texts, place, { x, pitch, y }) {
  const wide = Math.min(WIDEST_BAR, Math.max(1, pitch * 0.72));
  const left = x + (pitch - wide) / 2;
  let [up, down] = [0, 0];
  for (const series of chart.series) {
    const value = series.values[place];
    if (!value) continue;
    const from = value > 0 ? up : down;
    if (value > 0) up += value;
    else down += value;
    const [top, bottom] = [y(Math.max(from, from + value)), y(Math.min(from, from + value))];
    const name = [chart.categories[place], series.name].filter(Boolean).join(", ").replaceAll("\n", " ");
    const bar = svg("rect", { x: left, y: top, width: wide, height: Math.max(0.5, bottom - top), fill: series.color, rx: wide > 8 ? 1.5 : 0 });
    bar.append(svg("title", {}, `${name}: ${textOf(chart, texts, series, place)}`));
    picture.append(bar);
  }
  const label = chart.labels[place];
  if (label && pitch > label.length * 6.2) {
    picture.append(svg("text", { class: "value", x: x + pitch / 2, y: y(up) - 4, "text-anchor": "middle" }, label));
  }
}

function drawCategories(picture, chart, places, pitch) {
  const every = Math.max(1, Math.ceil(58 / pitch));
  places.forEach((place, column) => {
    if (column % every) return;
    const x = LEFT + (column + 0.5) * pitch;
    chart.categories[place].split("\n").slice(0, 2).forEach((line, number) => {
      const text = fitted(line, pitch * every - 6);
      picture.append(svg("text", { x, y: HEIGHT - BOTTOM + 15 + number * 13, "text-anchor": "middle" }, text));
    });
  });
}

/** @returns {[number, number]} how far the bars of a category reach below and above zero */
function stack(chart, place) {
  let [down, up] = [0, 0];
  for (const { values } of chart.series) {
    if (values[place] > 0) up += values[place];
    else down += values[place] ?? 0;
  }
  return [down, up];
}

/** @returns {number[]} the categories, or of each few neighbours the one that reaches farthest where there are too many */
function thinned(chart, most) {
  const count = chart.categories.length;
  const all = Array.from({ length: count }, (_one, place) => place);
  if (count <= most) return all;
  const reach = all.map((place) => Math.max(...stack(chart, place).map(Math.abs)));
  return Array.from({ length: most }, (_one, column) => {
    const first = Math.floor((column * count) / most);
    const end = Math.max(first + 1, Math.floor(((column + 1) * count) / most));
    let best = first;
    for (let place = first; place < end; place++) if (reach[place] > reach[best]) best = place;
    return best;
  });
}

function describe(chart, texts) {
  const said = [];
  chart.categories.slice(0, 30).forEach((category, place) => {
    for (const series of chart.series) {
      if (series.values[place]) said.push(`${category.replace("\n", " ")} ${series.name} ${textOf(chart, texts, series, place)}`.replace(/ +/g, " "));
    }
  });
  if (chart.categories.length > 30) said.push("…");
  return [chart.header.replace("\n", " "), said.join(", ")].filter(Boolean).join(": ");
}

// Pies

/** @param {Chart} chart @param {import("./values.js").ValueTexts} texts */
function pie(chart, texts) {
  const slices = slicesOf(chart, texts);
  const size = RADIUS * 2 + 8;
  const picture = svg("svg", { viewBox: `${-size / 2} ${-size / 2} ${size} ${size}`, width: size, height: size, "aria-hidden": "true" });
  let turn = 0;
  for (const slice of slices) {
    const path = svg("path", { class: "slice", d: ring(turn, turn + slice.share), fill: slice.color });
    path.append(svg("title", {}, `${slice.name}: ${slice.text} (${texts.number(slice.share * 100, 1)} %)`));
    picture.append(path);
    turn += slice.share;
  }
  const entries = slices.map((one) => legendEntry(one.color, one.name, `${one.text} · ${texts.number(one.share * 100, 1)} %`));
  return el("div", { class: "pie", role: "img", "aria-label": describe(chart, texts) }, picture, el("ul", { class: "legend column" }, ...entries));
}

/** @returns the slices of a pie; of many small ones the last stands for the rest */
function slicesOf(chart, texts) {
  const values = (chart.series[0]?.values ?? []).map((value) => Math.max(0, value ?? 0));
  const whole = values.reduce((sum, value) => sum + value, 0) || 1;
  const slices = values.flatMap((value, place) => {
    const text = chart.series[0].labels[place] || chart.labels[place] || texts.text(chart.quantity, value);
    return value ? [{ name: chart.categories[place], value, share: value / whole, text, color: chart.colors[place] }] : [];
  });
  if (slices.length <= MOST_SLICES) return slices;
  slices.sort((one, other) => other.value - one.value);
  const rest = slices.splice(MOST_SLICES - 1).reduce((sum, one) => sum + one.value, 0);
  return [...slices, { name: _("Others"), value: rest, share: rest / whole, text: texts.text(chart.quantity, rest), color: "#8a94a0" }];
}

/** @returns {string} the path of a part of a ring between two shares of a turn */
function ring(from, to) {
  const inner = RADIUS * 0.58;
  const end = Math.min(to, from + 0.99999);
  const point = (turn, radius) => `${(Math.sin(turn * 2 * Math.PI) * radius).toFixed(2)} ${(-Math.cos(turn * 2 * Math.PI) * radius).toFixed(2)}`;
  const large = end - from > 0.5 ? 1 : 0;
  return `M${point(from, RADIUS)}A${RADIUS} ${RADIUS} 0 ${large} 1 ${point(end, RADIUS)}L${point(end, inner)}A${inner} ${inner} 0 ${large} 0 ${point(from, inner)}Z`;
}
