/**
 * Sections of a sheet with many elements: those far from what is seen stand in the document as their texts.
 * @module
 */

import { el } from "./elements.js";

const MOST_ELEMENTS = 1_700; // of a document in which all sections stand whole
const NEAR = "25% 0px"; // of the screen, above and below it

/** Sections that come and go with the place of the screen. */
export class FarSections {
  constructor() {
    /** @type {Set<Element>} */
    this.far = new Set();
    /** @type {Map<Element, Node[]>} content of the sections that stand as texts */
    this.kept = new Map();
    this.isPrinted = false; // the layout of paper moves sections, which stay whole
    this.observer = new IntersectionObserver((entries) => this.#moved(entries), { rootMargin: NEAR });
  }

  /**
   * Watch the sections of another sheet.
   * @param {HTMLElement[]} sections
   */
  watch(sections) {
    this.observer.disconnect();
    this.far.clear();
    this.kept.clear();
    for (const section of sections) this.observer.observe(section);
  }

  /** Make texts of far sections where the document has many elements. */
  tidy() {
    this.isPrinted = false;
    for (const section of this.far) {
      if (document.querySelectorAll("*").length <= MOST_ELEMENTS) return;
      if (!this.kept.has(section) && !section.contains(document.activeElement)) this.#fold(section);
    }
  }

  /** Give all sections their content, for paper, until they are tidied again. */
  unfold() {
    this.isPrinted = true;
    for (const section of this.kept.keys()) this.#unfold(section);
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #moved(entries) {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) this.far.add(target);
      else {
        this.far.delete(target);
        this.#unfold(target);
      }
    }
    if (!this.isPrinted) this.tidy();
  }

  #fold(section) {
    const { height } = section.getBoundingClientRect();
    const text = el("div", { class: "far" }, section.innerText);
    text.style.height = `${height}px`;
    this.kept.set(section, [...section.childNodes]);
    section.replaceChildren(text);
  }

  #unfold(section) {
    const content = this.kept.get(section);
    if (!content) return;
    this.kept.delete(section);
    section.replaceChildren(...content);
  }
}
