/**
 * Measurements of `web_page.py` in a tab: the same rows and points drawn by the page's modules and by others.
 * @module
 */

import { lineChart } from "/assets/js/chart.js";
import { load } from "/assets/js/library.js";
import { DataTable } from "/assets/js/table.js";
import { WholeTable } from "/assets/js/table_data.js";
import { ValueTexts } from "/assets/js/values.js";

const NAMES = ["from", "to", "length", "time", "average", "most", "driver", "fuel"];
const host = document.getElementById("host");

/** @returns {Promise<void>} when what was changed is on the screen */
const painted = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));

/** @returns {string} */
function text(row, column) {
  if (column < 2) return `${String(row % 24).padStart(2, "0")}:15 - Serpukhov, Moscow Oblast, Russia, 142253, ${row}`;
  return column === 6 ? `Driver ${row % 97}` : String((row * 7919 * (column + 1)) % 100_003);
}

async function timed(draw, sort) {
  const began = performance.now();
  await draw();
  await painted();
  const paint = performance.now() - began;
  let took = 0;
  if (sort) {
    const sorting = performance.now();
    sort();
    await painted();
    took = performance.now() - sorting;
  }
  return { paint, sort: took, heap: performance.memory.usedJSHeapSize / 1e6, nodes: document.querySelectorAll("*").length };
}

function piece(count) {
  const columns = NAMES.map((field, column) => {
    const isText = column < 2 || column === 6;
    const texts = Array.from({ length: count }, (_one, row) => text(row, column));
    const raw = isText ? undefined : texts.map(Number);
    return { field, title: field, align: isText ? "left" : "right", kind: isText ? "text" : "number", unit: "", decimals: 0, text: texts, raw };
  });
  return {
    header: "", first_row: 0, row_count: count, row_track: null, total_row_count: 0, entity_ids: [], column_groups: [], facts: [],
    groups: [], columns,
  };
}

const points = (count) => Array.from({ length: count }, (_one, at) => [1.6e12 + at * 60_000, 50 + 30 * Math.sin(at / 500) + ((at * 7919) % 13)]);

globalThis.measure = {
  ourTable(count) {
    const rows = piece(count);
    const view = { sheet: 0, sort: "", hide: [], q: "", filters: {} };
    let table;
    const draw = () => {
      table = new DataTable(new WholeTable(rows, count), view, { label: "rows", onView() {} });
      host.append(table.element);
    };
    return timed(draw, () => table.update({ ...view, sort: "length" }));
  },

  tabulatorTable(count) {
    const data = Array.from({ length: count }, (_one, row) =>
      Object.fromEntries(NAMES.map((field, column) => [field, column < 2 || column === 6 ? text(row, column) : Number(text(row, column))])),
    );
    let table;
    const draw = () =>
      new Promise((resolve) => {
        table = new globalThis.Tabulator(host, { data, height: 576, columns: NAMES.map((field) => ({ field, title: field })) });
        table.on("tableBuilt", resolve);
      });
    return timed(draw, () => table.setSort("length", "asc"));
  },

  plainTable(count) {
    const rows = piece(count);
    return timed(() => {
      const table = document.createElement("table");
      const body = table.createTBody();
      for (let row = 0; row < count; row++) {
        const line = body.insertRow();
        for (const column of rows.columns) line.insertCell().textContent = column.text[row];
      }
      host.append(table);
    });
  },

  async ourChart(count) {
    await load("uplot/uPlot.iife.min.js", "uplot/uPlot.min.css");
    const values = points(count);
    const quantity = { kind: "number", unit: "km/h", decimals: 0 };
    const series = [{ name: "Speed", color: "#2f6fb0", axis: 0, step: false, x: values.map(([x]) => x), y: values.map(([, y]) => y) }];
    const chart = { header: "", x_axis: { kind: "time", label: "", quantity }, y_axes: [{ label: "Speed", ...quantity }], series, gaps: [], markers: [], thresholds: [] };
    return timed(() => host.append(lineChart(chart, new ValueTexts("en", "UTC"))));
  },

  echartsChart(count) {
    const data = points(count);
    const box = document.createElement("div");
    box.style.height = "280px";
    host.append(box);
    const draw = () =>
      new Promise((resolve) => {
        const chart = globalThis.echarts.init(box);
        chart.on("finished", resolve);
        chart.setOption({
          animation: false, tooltip: { trigger: "axis" }, xAxis: { type: "time" }, yAxis: {}, dataZoom: [{ type: "inside" }],
          series: [{ type: "line", name: "Speed", showSymbol: false, data }],
        });
      });
    return timed(draw);
  },
};
host.dataset.ready = "";
