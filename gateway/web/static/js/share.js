/**
 * The dialog that shares a report by links: what they open, until when, and how often they were used.
 * @module
 */

import { accountTexts } from "./account.js";
import { confirm, open } from "./dialog.js";
import { el, newId } from "./elements.js";
import { clearFaults, showFault } from "./faults.js";
import { keepFocus } from "./focus.js";
import { announce } from "./page.js";
import { Refused, request } from "./request.js";
import { _, ngettext } from "./words.js";

const DAYS = [1, 7, 30, 90];
const FORMATS = ["pdf", "xlsx", "xls", "csv", "json"];
const texts = accountTexts();

/** @typedef {{id: number, name: string, formats: string[], with_map: boolean, expire_time: string, last_use_time: string | null, use_count: number}} Link */

/**
 * Open the dialog.
 * @param {string} id of the report
 */
function openShareDialog(id) {
  new ShareDialog(id).show();
}

class ShareDialog {
  /** @param {string} id */
  constructor(id) {
    this.path = `/page/reports/${id}/links`;
    this.list = el("div", { class: "links" }, el("p", { class: "hint" }, _("Loading…")));
    this.made = el("div", { class: "made-link", "aria-live": "polite" });
    this.message = el("p", { class: "error", role: "alert", hidden: true });
    this.name = /** @type {HTMLInputElement} */ (el("input", { type: "text", maxlength: 100, id: newId("name"), autocomplete: "off" }));
    this.days = /** @type {HTMLSelectElement} */ (el("select", { id: newId("days") }));
    for (const days of DAYS) this.days.append(el("option", { value: days, selected: days === 7 }, ngettext("{number} day", "{number} days", days)));
    this.map = /** @type {HTMLInputElement} */ (el("input", { type: "checkbox" }));
    this.formats = FORMATS.map((word) => /** @type {HTMLInputElement} */ (el("input", { type: "checkbox", value: word, checked: true })));
  }

  show() {
    const formats = this.formats.map((box) => el("label", { class: "check" }, box, el("span", {}, box.value.toUpperCase())));
    const form = el("form", { onsubmit: (/** @type {Event} */ event) => this.create(event), novalidate: true },
      el("h3", {}, _("New link")),
      el("p", { class: "hint" }, _("Anyone who has the link can read this report without an account, and nothing else.")),
      el("div", { class: "field", "data-path": "name" }, el("label", { for: this.name.id }, _("Name, for yourself")), this.name),
      el("div", { class: "field", "data-path": "days" }, el("label", { for: this.days.id }, _("Works for")), this.days),
      el("fieldset", { class: "field inline", "data-path": "formats" }, el("legend", {}, _("Files")), ...formats),
      el("div", { class: "field flag", "data-path": "with_map" }, el("label", { class: "check" }, this.map,
        el("span", {}, _("With the map"), el("span", { class: "hint" }, _("Shows where the objects were between the rows of the report."))))),
      this.message,
      el("button", { type: "submit", class: "primary" }, _("Create link")));
    this.form = form;
    open(_("Share"), el("div", {}, this.made, form, el("h3", {}, _("Links")), this.list), { class: "share-dialog" });
    this.refresh();
  }

  async refresh() {
    try {
      const { links } = await request(this.path);
      const lines = links.map((/** @type {Link} */ link) => this.line(link));
      keepFocus(this.list, () => {
        this.list.replaceChildren(...(lines.length ? lines : [el("p", { class: "hint" }, _("No links yet."))]));
        return this.list;
      });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.list.replaceChildren(el("p", { class: "error" }, error.message));
    }
  }

  /** @param {Link} link */
  line(link) {
    const isOver = Date.parse(link.expire_time) <= Date.now();
    const facts = [
      isOver ? _("expired") : _("until {time}", { time: texts.minute(Date.parse(link.expire_time)) }),
      link.formats.length ? link.formats.map((word) => word.toUpperCase()).join(", ") : _("all files"),
      link.with_map && _("with the map"),
      link.last_use_time ? ngettext("opened {number} time", "opened {number} times", link.use_count) : _("never opened"),
    ].filter(Boolean);
    const name = link.name || _("Without a name");
    return el("div", { class: "link-line", "data-link": link.id },
      el("div", {}, el("strong", {}, el("bdi", {}, name)), el("div", { class: "faint small" }, facts.join(" · "))),
      el("div", { class: "toolbar" },
        el("button", { type: "button", class: "quiet", "aria-label": `${_("New address")}: ${name}`, onclick: () => this.renew(link) }, _("New address")),
        el("button", { type: "button", class: "quiet", "aria-label": `${_("Delete")}: ${name}`, onclick: () => this.drop(link) }, _("Delete"))));
  }

  /** @param {Event} event */
  create(event) {
    event.preventDefault();
    const formats = this.formats.filter((box) => box.checked).map((box) => box.value);
    return this.make({
      name: this.name.value.trim(), days: Number(this.days.value), with_map: this.map.checked,
      formats: formats.length === FORMATS.length ? [] : formats,
    });
  }

  /** @param {Link} link */
  async renew(link) {
    const agreed = await confirm(_("New address?"), _("The address of “{name}” until now no longer works.", { name: link.name || _("Without a name") }), _("New address"));
    if (!agreed) return;
    const days = Math.max(1, Math.ceil((Date.parse(link.expire_time) - Date.now()) / 86_400_000));
    await this.make({ name: link.name, days, with_map: link.with_map, formats: link.formats, replaces: link.id });
  }

  /** @param {Record<string, unknown>} body */
  async make(body) {
    clearFaults(/** @type {HTMLElement} */ (this.form));
    this.message.hidden = true;
    try {
      const { address } = await request(this.path, { method: "POST", body });
      this.tell(address);
      this.name.value = "";
      await this.refresh();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const first = error.faults.map((fault) => showFault(/** @type {HTMLElement} */ (this.form), fault.parameter, fault.error)).find(Boolean);
      this.message.textContent = error.message;
      this.message.hidden = Boolean(first);
      first?.focus();
    }
  }

  /** @param {string} address */
  tell(address) {
    const field = /** @type {HTMLInputElement} */ (el("input", { type: "text", readonly: true, value: address, "aria-label": _("Address of the link") }));
    const copy = el("button", { type: "button" }, _("Copy"));
    copy.addEventListener("click", async () => {
      field.select();
      await navigator.clipboard?.writeText(address).catch(() => document.execCommand("copy"));
      copy.textContent = _("Copied");
      announce(_("Copied"));
    });
    this.made.replaceChildren(el("p", {}, _("Copy the address now: it is not shown again.")), el("div", { class: "toolbar" }, field, copy));
    field.focus();
    field.select();
  }

  /** @param {Link} link */
  async drop(link) {
    const name = link.name || _("Without a name");
    if (!(await confirm(_("Delete the link?"), _("“{name}” no longer opens the report.", { name }), _("Delete")))) return;
    try {
      await request(`${this.path}/${link.id}`, { method: "DELETE" });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.message.textContent = error.message;
      this.message.hidden = false;
    }
    await this.refresh();
  }
}

for (const button of document.querySelectorAll("button[data-share]")) {
  button.hidden = false;
  button.addEventListener("click", () => openShareDialog(button.dataset.share));
}
