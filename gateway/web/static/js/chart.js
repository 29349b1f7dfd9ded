/**
 * Line charts: zoom by pressing and drawing, by the wheel and by keys, exact values under the pointer, gaps, marks.
 * @module
 */

import { decimalsOf, nearest, paddedRange } from "./chart_axes.js";
import { el } from "./elements.js";
import { colour, load, onThemeChange } from "./library.js";
import { aligned, withGaps } from "./line_data.js";
import { _ } from "./words.js";

const HEIGHT = 280;
const HEIGHT_NARROW = 220;
const NARROW = 600;
const AXIS_WIDTH = 54; // pixels of an axis of values
const ZOOM = 0.75;
const REFINE_PAUSE_MS = 250;
const MARKS = { filling: "--filling", drain: "--largest" };

/**
 * @typedef {object} LineChart
 * @property {string} header
 * @property {import("./line_data.js").XAxis} x_axis
 * @property {(import("./values.js").Quantity & {label: string})[]} y_axes
 * @property {import("./line_data.js").Series[]} series
 * @property {[number, number][]} gaps
 * @property {{x: number, label: string, kind: string}[]} markers
 * @property {{y: number, axis: number, color: string, label: string}[]} thresholds
 */

/**
 * Draw a line chart and return its element at once; the lines follow when the library is there.
 * @param {LineChart} chart
 * @param {import("./values.js").ValueTexts} texts
 * @param {(low: number, high: number) => Promise<LineChart>} [closer] gives the points of a part of the x axis
 * @returns {HTMLElement}
 */
export function lineChart(chart, texts, closer) {
  if (!chart.series.some((series) => series.x.length)) return el("p", { class: "faint" }, _("No data"));
  const plot = el("div", { class: "plot", tabindex: "0", role: "group", "aria-label": describe(chart, texts) });
  load("uplot/uPlot.iife.min.js", "uplot/uPlot.min.css").then(() => new Lines(plot, chart, texts, closer));
  return plot;
}

/**
 * Return a chart in words: the least and the greatest value of each line.
 * @param {LineChart} chart
 * @param {import("./values.js").ValueTexts} texts
 * @returns {string}
 */
function describe(chart, texts) {
  const ranges = chart.series.map((series) => {
    let low = Infinity;
    let high = -Infinity;
    for (const value of series.y) {
      if (value === null) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    const quantity = chart.y_axes[series.axis] ?? chart.y_axes[0];
    return low > high ? series.name : `${series.name} ${texts.plain(quantity, low)}\u2013${texts.text(quantity, high)}`;
  });
  return [chart.header.replace("\n", " "), ranges.join(", ")].filter(Boolean).join(": ");
}

class Lines {
  /**
   * @param {HTMLElement} plot
   * @param {LineChart} chart
   * @param {import("./values.js").ValueTexts} texts
   * @param {((low: number, high: number) => Promise<LineChart>) | undefined} closer
   */
  constructor(plot, chart, texts, closer) {
    this.plot = plot;
    this.chart = chart;
    this.texts = texts;
    this.closer = closer;
    this.isTime = chart.x_axis.kind === "time";
    this.whole = this.#data(chart);
    this.bounds = [this.whole[0][0], this.whole[0].at(-1)];
    this.#draw();
    new ResizeObserver(() => this.#resize()).observe(plot);
    onThemeChange(plot, () => this.#draw());
    plot.addEventListener("keydown", (event) => this.#onKey(event));
    plot.addEventListener("wheel", (event) => this.#onWheel(event), { passive: false });
  }

  #data(chart) {
    return aligned(chart.series.map((series) => withGaps(series, chart.gaps, this.isTime)));
  }

  #draw() {
    this.uplot?.destroy();
    this.width = Math.max(200, this.plot.clientWidth);
    this.uplot = new globalThis.uPlot(this.#options(), this.whole, this.plot);
  }

  #resize() {
    const width = this.plot.clientWidth;
    if (width > 0 && width !== this.width) {
      this.width = width;
      this.uplot.setSize({ width, height: this.#height });
    }
  }

  get #height() {
    return this.width < NARROW ? HEIGHT_NARROW : HEIGHT;
  }

  #options() {
    const ink = colour(this.plot, "--faint-ink");
    const rule = colour(this.plot, "--rule");
    const grid = { stroke: rule, width: 1 };
    const { chart, texts } = this;
    return {
      width: this.width,
      height: this.#height,
      ms: 1,
      cursor: { drag: { x: true, y: false }, dataIdx: (self, series, index) => nearest(self.data[series], index) },
      legend: { live: true },
      scales: { x: { time: this.isTime }, ...Object.fromEntries(chart.y_axes.map((_axis, place) => [`y${place}`, { range: paddedRange(chart, place) }])) },
      axes: [
        { stroke: ink, grid, ticks: grid, label: this.isTime ? null : chart.x_axis.label || null, labelSize: 18, size: this.isTime ? 42 : 34, space: 56, ...this.#ticks() },
        ...chart.y_axes.map((axis, place) => ({
          scale: `y${place}`, side: place ? 1 : 3, stroke: ink, grid: { ...grid, show: !place }, ticks: grid,
          label: [axis.label, axis.kind === "duration" ? "" : axis.unit].filter(Boolean).join(", ") || null, labelSize: 18, size: AXIS_WIDTH,
          incrs: axis.kind === "duration" ? [60, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400, 172800, 432000, 864000] : undefined,
          values: (_self, at, _axis, _space, step) => at.map((value) => texts.plain(axis, value, decimalsOf(step))),
        })),
      ],
      series: [
        { label: chart.x_axis.label || (this.isTime ? _("Time") : "x"), value: (_self, at) => (at === null ? "\u2014" : this.isTime ? texts.moment(at) : texts.number(at, 2)) },
        ...chart.series.map((series) => this.#line(series)),
      ],
      hooks: { draw: [(self) => this.#drawMarks(self)], setScale: [(self, key) => key === "x" && this.#refine(self)] },
    };
  }

  #line(series) {
    const quantity = this.chart.y_axes[series.axis] ?? this.chart.y_axes[0];
    const isSparse = series.x.length < 200;
    return {
      label: series.name || this.chart.header, scale: `y${Math.min(series.axis, this.chart.y_axes.length - 1)}`, stroke: series.color, width: 1.5,
      spanGaps: false, points: { show: isSparse, size: 4 },
      paths: series.step ? globalThis.uPlot.paths.stepped({ align: 1 }) : globalThis.uPlot.paths.linear(),
      value: (_self, value) => this.texts.text(quantity, value),
    };
  }

  #ticks() {
    if (!this.isTime) return { values: (_self, at, _axis, _space, step) => at.map((value) => this.texts.number(value, decimalsOf(step))) };
    let ticks = [];
    return {
      splits: (_self, _axis, low, high) => {
        ticks = this.texts.timeTicks(low, high, this.width - AXIS_WIDTH * this.chart.y_axes.length);
        return ticks.map((tick) => tick.x);
      },
      values: () => ticks.map((tick) => tick.text),
    };
  }

  #drawMarks(self) {
    const { ctx, bbox } = self;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.setLineDash([6, 4]);
    ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`;
    ctx.lineWidth = devicePixelRatio;
    for (const { y, axis, color, label } of this.chart.thresholds) {
      const at = Math.round(self.valToPos(y, `y${axis}`, true)) + 0.5;
      this.#rule(ctx, color || colour(this.plot, "--largest"), [bbox.left, at, bbox.left + bbox.width, at]);
      ctx.fillText(label, bbox.left + 6 * devicePixelRatio, at - 5 * devicePixelRatio);
    }
    for (const { x, label, kind } of this.chart.markers) {
      const at = Math.round(self.valToPos(x, "x", true)) + 0.5;
      if (at < bbox.left || at > bbox.left + bbox.width) continue;
      this.#rule(ctx, colour(this.plot, MARKS[kind] ?? "--accent"), [at, bbox.top, at, bbox.top + bbox.height]);
      ctx.fillText(label, at + 4 * devicePixelRatio, bbox.top + 12 * devicePixelRatio);
    }
    ctx.restore();
  }

  #rule(ctx, stroke, [left, top, right, bottom]) {
    ctx.strokeStyle = stroke;
    ctx.fillStyle = stroke;
    ctx.beginPath();
    ctx.moveTo(left, top);
    ctx.lineTo(right, bottom);
    ctx.stroke();
  }

  /** Fetch the points of what is seen, once the visitor has stopped to zoom. */
  #refine(self) {
    clearTimeout(this.timer);
    const { min, max } = self.scales.x;
    const isWhole = min <= this.bounds[0] && max >= this.bounds[1];
    if (!this.closer || (isWhole && !this.isCloser)) return;
    this.timer = setTimeout(async () => {
      const data = isWhole ? this.whole : this.#data(await this.closer(min, max));
      if (self.scales.x.min !== min || self.scales.x.max !== max || self !== this.uplot) return;
      this.isCloser = !isWhole;
      self.setData(data, false);
      self.redraw(true);
    }, REFINE_PAUSE_MS);
  }

  #onKey(event) {
    const { min, max } = this.uplot.scales.x;
    const width = max - min;
    const step = width / 4;
    const ranges = {
      "+": [min + (width * (1 - ZOOM)) / 2, max - (width * (1 - ZOOM)) / 2],
      "-": [min - (width / ZOOM - width) / 2, max + (width / ZOOM - width) / 2],
      ArrowLeft: [min - step, max - step],
      ArrowRight: [min + step, max + step],
      0: this.bounds,
    };
    const wanted = ranges[event.key === "=" ? "+" : event.key];
    if (!wanted || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.#zoom(wanted);
  }

  #onWheel(event) {
    if (!event.target.closest(".u-over") || !(event.ctrlKey || this.plot.contains(document.activeElement))) return;
    event.preventDefault();
    const { min, max } = this.uplot.scales.x;
    const at = this.uplot.posToVal(event.clientX - this.uplot.over.getBoundingClientRect().left, "x");
    const factor = event.deltaY < 0 ? ZOOM : 1 / ZOOM;
    this.#zoom([at - (at - min) * factor, at + (max - at) * factor]);
  }

  #zoom([low, high]) {
    const [first, last] = this.bounds;
    const width = Math.min(high - low, last - first);
    const min = Math.min(Math.max(low, first), last - width);
    this.uplot.setScale("x", { min, max: min + width });
  }
}
