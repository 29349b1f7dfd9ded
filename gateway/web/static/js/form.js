/**
 * Form of a JSON Schema (2020-12): a closed set of fields, and a text area of JSON for all else, so that options of
 * every kind of report can be set.
 * @module
 */

import { el, newId } from "./elements.js";
import { picker, records } from "./picker.js";
import { rowList } from "./row_list.js";
import { _ } from "./words.js";

/** @typedef {Record<string, any>} Schema */
/** @typedef {{element: HTMLElement, read: () => any, rename?: (path: string) => void}} Field an absent value is undefined */

const TIME = /^\^\(\[01\]\[0-9\]\|2\[0-3\]\):\[0-5\]\[0-9\]/; // the pattern of a time of day
const RADIOS = 3;
const NUMBERS = new Set(["integer", "number"]);

/**
 * Return the form of an object's properties.
 * @param {Schema} schema
 * @param {Record<string, any>} values
 * @param {(name: string, property: Schema) => boolean} [without] properties that are set elsewhere
 * @returns {Field}
 */
export function objectForm(schema, values, without = () => false) {
  const place = (/** @type {[string, Schema]} */ [, one]) => one["x-daybook"]?.order ?? 0;
  const properties = Object.entries(schema.properties ?? {})
    .filter(([name, one]) => !without(name, one))
    .sort((one, other) => place(one) - place(other));
  /** @type {[string, Field][]} */
  const fields = [];
  const plain = el("div", {});
  const advanced = el("div", {});
  for (const [name, property] of properties) {
    const isNeeded = schema.required?.includes(name) ?? false;
    const made = field(property, values?.[name] ?? property.default, isNeeded);
    made.element.dataset.name = name;
    fields.push([name, made]);
    (property["x-daybook"]?.advanced ? advanced : plain).append(made.element);
  }
  if (advanced.childElementCount) plain.append(el("details", {}, el("summary", {}, _("More settings")), advanced));
  return {
    element: plain,
    read() {
      const found = fields.map(([name, one]) => [name, one.read()]).filter(([, value]) => value !== undefined);
      return Object.fromEntries(found);
    },
    rename(path) {
      for (const [name, one] of fields) rename(one, path ? `${path}.${name}` : name);
    },
  };
}

/**
 * @param {Field} one
 * @param {string} path
 */
function rename(one, path) {
  one.element.dataset.path = path;
  one.rename?.(path);
}

/**
 * Return the field of a schema with a value.
 * @param {Schema} schema
 * @param {any} value
 * @param {boolean} isNeeded
 * @returns {Field}
 */
function field(schema, value, isNeeded) {
  const inner = withoutNull(schema);
  const hint = inner["x-daybook"] ?? {};
  const items = inner.items ?? {};
  if (inner.type === "boolean") return checkBox(inner, value);
  if (inner.enum) return choice(inner, value, isNeeded);
  if ((inner.type === "integer" || inner.type === "number") && hint.entity) return entityChoice(inner, value);
  if (inner.type === "integer" || inner.type === "number") return numberField(inner, value, isNeeded);
  if (inner.type === "string") return textField(inner, value, isNeeded);
  if (inner.type === "array" && items.type === "integer" && hint.entity) return entityList(inner, value);
  if (inner.type === "array" && items.enum) return choices(inner, value);
  if (inner.type === "array" && items.type === "object" && items.properties) return objects(inner, value);
  if (inner.type === "object" && inner.properties) return group(inner, value);
  if (inner.type === "object" && NUMBERS.has(inner.additionalProperties?.type)) return numberMap(inner, value);
  return jsonField(inner, value);
}

/**
 * @param {Schema} schema
 * @returns {Schema} the schema of values that are not null
 */
function withoutNull(schema) {
  const several = schema.oneOf ?? schema.anyOf;
  const others = several?.filter((/** @type {Schema} */ one) => one.type !== "null");
  return others?.length === 1 && others.length < several.length ? { ...schema, ...others[0], oneOf: undefined, anyOf: undefined } : schema;
}

/** @param {Schema} schema */
const labelsOf = (schema) => schema["x-daybook"]?.labels ?? {};

/**
 * @param {Schema} schema
 * @returns {HTMLElement | null}
 */
const hintOf = (schema) => (schema.description ? el("span", { class: "hint" }, schema.description) : null);

/**
 * @param {Schema} schema
 * @param {HTMLElement} control
 * @param {string} [unit]
 */
function labelled(schema, control, unit = "") {
  control.id = newId("field");
  const hint = hintOf(schema);
  if (hint) {
    hint.id = `${control.id}-hint`;
    control.setAttribute("aria-describedby", hint.id);
  }
  const line = el("span", { class: "with-unit" }, control, unit && el("span", { class: "unit" }, unit));
  return el("div", { class: "field" }, el("label", { for: control.id }, schema.title ?? ""), line, hint);
}

/** @type {(schema: Schema, value: any) => Field} */
function checkBox(schema, value) {
  const box = /** @type {HTMLInputElement} */ (el("input", { type: "checkbox" }));
  box.checked = Boolean(value);
  const label = el("label", { class: "check" }, box, el("span", {}, schema.title ?? "", " ", hintOf(schema)));
  return { element: el("div", { class: "field flag" }, label), read: () => box.checked };
}

/** @type {(schema: Schema, value: any, isNeeded: boolean) => Field} */
function numberField(schema, value, isNeeded) {
  const input = /** @type {HTMLInputElement} */ (
    el("input", {
      type: "number", min: schema.minimum, max: schema.maximum, required: isNeeded,
      step: schema.type === "integer" ? 1 : "any", value: value ?? null,
    })
  );
  const read = () => (input.value === "" ? undefined : Number(input.value));
  return { element: labelled(schema, input, schema["x-daybook"]?.unit), read };
}

/** @type {(schema: Schema, value: any, isNeeded: boolean) => Field} */
function textField(schema, value, isNeeded) {
  const isTime = schema.format === "time" || TIME.test(schema.pattern ?? "");
  const type = schema.format === "date" ? "date" : isTime ? "time" : "text";
  const input = /** @type {HTMLInputElement} */ (
    el("input", {
      type, required: isNeeded, value: value ?? null,
      minlength: schema.minLength, maxlength: schema.maxLength,
    })
  );
  return { element: labelled(schema, input), read: () => (input.value === "" ? undefined : input.value) };
}

/** @type {(schema: Schema, value: any, isNeeded: boolean) => Field} */
function choice(schema, value, isNeeded) {
  const labels = labelsOf(schema);
  const unit = schema["x-daybook"]?.unit ?? "";
  const text = (/** @type {any} */ one) => labels[one] ?? (unit ? `${one} ${unit}` : String(one));
  const isOpen = !isNeeded && schema.default === undefined;
  if (schema.enum.length <= RADIOS && !isOpen) return radios(schema, value, text);
  const select = /** @type {HTMLSelectElement} */ (el("select", {}, isOpen && el("option", { value: "" }, "—")));
  schema.enum.forEach((/** @type {any} */ one, /** @type {number} */ place) => {
    select.append(el("option", { value: place, selected: one === value }, text(one)));
  });
  return {
    element: labelled(schema, select),
    read: () => (select.value === "" ? undefined : schema.enum[Number(select.value)]),
  };
}

/** @type {(schema: Schema, value: any, text: (one: any) => string) => Field} */
function radios(schema, value, text) {
  const name = newId("radio");
  const boxes = schema.enum.map((/** @type {any} */ one) => el("input", { type: "radio", name, checked: one === value }));
  const lines = boxes.map((/** @type {HTMLElement} */ box, /** @type {number} */ place) => el("label", { class: "check" }, box, el("span", {}, text(schema.enum[place]))));
  const element = el("fieldset", { class: "field" }, el("legend", {}, schema.title ?? ""), hintOf(schema), ...lines);
  return { element, read: () => schema.enum[boxes.findIndex((/** @type {HTMLInputElement} */ box) => box.checked)] };
}

/**
 * @param {Schema} schema
 * @param {...(Node | null)} content
 */
function folded(schema, ...content) {
  return el("fieldset", { class: "field" }, el("legend", {}, schema.title ?? ""), hintOf(schema), ...content);
}

/** @type {(schema: Schema, value: any) => Field} */
function entityList(schema, value) {
  const place = el("div", {}, el("p", { class: "hint" }, _("Loading…")));
  /** @type {() => any} */
  let read = () => value;
  records(schema["x-daybook"].entity).then(
    (items) => {
      const made = picker(schema.title ?? "", items, value ?? []);
      place.replaceChildren(made.element);
      read = () => made.chosen().map((one) => one.id);
    },
    (error) => place.replaceChildren(el("p", { class: "fault" }, error.message)),
  );
  return { element: folded(schema, place), read: () => read() };
}

/** @type {(schema: Schema, value: any) => Field} */
function entityChoice(schema, value) {
  const select = /** @type {HTMLSelectElement} */ (el("select", {}, el("option", { value: "" }, "—")));
  records(schema["x-daybook"].entity).then(
    (items) => select.append(...items.map((one) => el("option", { value: one.id, selected: one.id === value }, one.label))),
    (error) => select.after(el("p", { class: "fault" }, error.message)),
  );
  const read = () => (select.value === "" ? value : Number(select.value));
  return { element: labelled(schema, select), read };
}

/** @type {(schema: Schema, value: any) => Field} */
function choices(schema, value) {
  const labels = { ...labelsOf(schema), ...labelsOf(schema.items) };
  const items = schema.items.enum.map((/** @type {string} */ one) => ({ id: one, label: labels[one] ?? one }));
  const made = picker(schema.title ?? "", items, value ?? []);
  return { element: folded(schema, made.element), read: () => made.chosen().map((one) => one.id) };
}

/** @type {(schema: Schema, value: any) => Field} */
function group(schema, value) {
  const made = objectForm(schema, value ?? {});
  return { element: folded(schema, made.element), read: made.read, rename: made.rename };
}

/** @type {(schema: Schema, value: any) => Field} */
function objects(schema, value) {
  const rows = rowList((/** @type {any} */ values) => objectForm(schema.items, values), value ?? [], {
    least: schema.minItems, most: schema.maxItems, empty: {},
  });
  const read = () => {
    const found = rows.read();
    return found.length ? found : undefined;
  };
  return { element: folded(schema, rows.element), read, rename: rows.rename };
}

/** @type {(schema: Schema, value: any) => Field} */
function numberMap(schema, value) {
  const rows = rowList((/** @type {[string, number | undefined]} */ pair) => numberPair(schema, pair), Object.entries(value ?? {}), {
    least: schema.minProperties, most: schema.maxProperties, empty: ["", undefined],
  });
  const read = () => Object.fromEntries(rows.read().filter(([key]) => key !== ""));
  return { element: folded(schema, rows.element), read };
}

/**
 * Return the two fields of an entry of a map: its key, and its number.
 * @param {Schema} schema
 * @param {[string, number | undefined]} pair
 * @returns {Field}
 */
function numberPair(schema, [key, value]) {
  const { minimum, maximum, type } = schema.additionalProperties;
  const { unit, key_unit: keyUnit } = schema["x-daybook"] ?? {};
  const name = (/** @type {string} */ part, /** @type {string | undefined} */ of) => [schema.title, part, of].filter(Boolean).join(", ");
  const left = /** @type {HTMLInputElement} */ (
    el("input", { type: "text", inputmode: keyUnit ? "decimal" : null, size: 6, value: key, "aria-label": name(_("Step"), keyUnit) })
  );
  const right = /** @type {HTMLInputElement} */ (
    el("input", { type: "number", min: minimum, max: maximum, step: type === "integer" ? 1 : "any", value: value ?? null, "aria-label": name(_("Value"), unit) })
  );
  const unitOf = (/** @type {string | undefined} */ text) => text && el("span", { class: "unit" }, text);
  const element = el("div", { class: "pair" }, left, unitOf(keyUnit), el("span", { "aria-hidden": "true" }, "→"), right, unitOf(unit));
  return { element, read: () => [left.value.trim(), right.value === "" ? null : Number(right.value)] };
}

/** @type {(schema: Schema, value: any) => Field} */
function jsonField(schema, value) {
  const area = /** @type {HTMLTextAreaElement} */ (el("textarea", { spellcheck: "false", rows: 5 }));
  area.value = value === undefined ? "" : JSON.stringify(value, null, 2);
  area.addEventListener("input", () => area.setCustomValidity(""));
  return {
    element: labelled(schema, area),
    read() {
      if (area.value.trim() === "") return undefined;
      try {
        return JSON.parse(area.value);
      } catch {
        return area.value; // the server says what is wrong with it
      }
    },
  };
}
