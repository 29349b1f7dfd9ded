/**
 * Intervals and events over time as SVG, a lane each.
 * @module
 */

import { el } from "./elements.js";
import { drawWide, fitted, svg } from "./svg.js";

const LANE = 26;
const FOOT = 34;
const NAME = 150;
const NAME_NARROW = 84;
const NARROW = 600;
const END_ROOM = 30; // pixels at the end of the axis, where texts would stand out

/**
 * @typedef {object} IntervalChart
 * @property {string} header
 * @property {string} kind
 * @property {[number, number]} period
 * @property {{name: string, color: string}[]} lanes
 * @property {number[]} lane
 * @property {number[]} start
 * @property {number[]} end
 */

/**
 * Return the element of a timeline.
 * @param {IntervalChart} chart
 * @param {import("./values.js").ValueTexts} texts
 * @returns {HTMLElement}
 */
export function timeline(chart, texts) {
  const counts = chart.lanes.map((lane, place) => `${lane.name} ${chart.lane.filter((one) => one === place).length}`);
  const label = [chart.header, counts.join(", ")].filter(Boolean).join(": ");
  const plot = el("div", { class: "plot svg-plot", role: "img", "aria-label": label });
  drawWide(plot, (width) => draw(chart, texts, width, plot));
  return plot;
}

function draw(chart, texts, width, plot) {
  const names = width < NARROW ? NAME_NARROW : NAME;
  const height = chart.lanes.length * LANE + FOOT;
  const [from, to] = chart.period;
  const x = (ms) => names + (Math.min(Math.max(ms, from), to) - from) * ((width - names - 8) / Math.max(1, to - from));
  const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" });
  drawAxis(picture, texts, chart, { x, width: width - names, bottom: height - FOOT });
  chart.lanes.forEach((lane, place) => {
    const middle = place * LANE + LANE / 2;
    picture.append(svg("text", { x: names - 8, y: middle + 4, "text-anchor": "end" }, fitted(lane.name, names - 12), svg("title", {}, lane.name)));
    picture.append(svg("line", { class: "grid", x1: names, x2: width, y1: middle, y2: middle }));
    picture.append(svg("path", { d: path(chart, place, x, middle), fill: lane.color }));
  });
  plot.onpointermove = (event) => {
    const place = Math.floor((event.clientY - plot.getBoundingClientRect().top) / LANE);
    plot.title = under(chart, texts, place, event.clientX - plot.getBoundingClientRect().left, x);
  };
  return picture;
}

/** @returns {string} one path for a lane: intervals that fall into the pixels of the one before are part of it */
function path(chart, lane, x, middle) {
  const isEvents = chart.kind === "events";
  let text = "";
  let [left, right] = [-1, -1];
  const close = () => {
    if (right >= 0) text += `M${left.toFixed(1)} ${middle - 8}h${(right - left).toFixed(1)}v16h${(left - right).toFixed(1)}z`;
  };
  for (let i = 0; i < chart.lane.length; i++) {
    if (chart.lane[i] !== lane) continue;
    const begin = x(chart.start[i]) - (isEvents ? 1 : 0);
    const end = Math.max(begin + (isEvents ? 2 : 0.6), x(chart.end[i]));
    if (begin <= right + 0.3) right = Math.max(right, end);
    else {
      close();
      [left, right] = [begin, end];
    }
  }
  close();
  return text;
}

function drawAxis(picture, texts, chart, { x, width, bottom }) {
  const [from, to] = chart.period;
  const right = x(to);
  for (const tick of texts.timeTicks(from, to, width)) {
    const at = x(tick.x);
    const anchor = at > right - END_ROOM ? "end" : "middle";
    picture.append(svg("line", { class: "grid", x1: at, x2: at, y1: 0, y2: bottom }));
    tick.text.split("\n").forEach((line, number) => {
      picture.append(svg("text", { x: at, y: bottom + 14 + number * 13, "text-anchor": anchor }, line));
    });
  }
}

/** @returns {string} the interval under the pointer in words */
function under(chart, texts, lane, at, x) {
  for (let i = 0; i < chart.lane.length; i++) {
    if (chart.lane[i] !== lane || x(chart.start[i]) > at + 2 || x(chart.end[i]) < at - 2) continue;
    const times = [texts.moment(chart.start[i]), texts.moment(chart.end[i])];
    return `${chart.lanes[lane].name}: ${[...new Set(times)].join(" \u2013 ")}`;
  }
  return "";
}
