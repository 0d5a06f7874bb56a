// Elements as far as views need them where no browser is: a tree, attributes, texts, events, and who has the focus.

export class FakeElement extends EventTarget {
  #attributes = new Map();
  #text = '';
  /** @type {FakeElement[]} */
  children = [];
  /** @type {FakeElement | null} */
  parentElement = null;
  hidden = false;
  disabled = false;
  tabIndex = -1;
  dataset = {};
  style = { setProperty() {} };
  classList = { add() {}, toggle() {} };

  /** @param {string} localName */
  constructor(localName) {
    super();
    this.localName = localName;
  }

  get textContent() { return this.#text + this.children.map((child) => child.textContent).join(''); }
  set textContent(text) { this.replaceChildren(); this.#text = String(text); }
  getAttribute(name) { return this.#attributes.get(name) ?? null; }
  hasAttribute(name) { return this.#attributes.has(name); }
  setAttribute(name, value) {
    this.#attributes.set(name, String(value));
    if (name === 'hidden' || name === 'disabled') this[name] = true;
  }
  removeAttribute(name) { this.#attributes.delete(name); }
  append(...children) {
    for (const child of children) {
      child.parentElement = this;
      this.children.push(child);
    }
  }
  replaceChildren(...children) { this.children = []; this.append(...children); }
  contains(other) {
    for (let each = other; each; each = each.parentElement) if (each === this) return true;
    return false;
  }
  querySelectorAll(selector) {
    const [, testid] = /^\[data-testid="(.*)"\]$/u.exec(selector) ?? [];
    const tags = selector.split(', ');
    return [...this.below()].filter((each) => (testid ? each.getAttribute('data-testid') === testid
      : tags.some((tag) => tag === each.localName || `.${each.getAttribute('class')}` === tag)));
  }
  getRootNode() { return this.parentElement ? this.parentElement.getRootNode() : this; }
  remove() {
    if (this.parentElement) this.parentElement.children = this.parentElement.children.filter((child) => child !== this);
    this.parentElement = null;
  }
  focus() { this.getRootNode().activeElement = this; }
  click() { this.dispatchEvent(new Event('click')); }

  /** Every element below, in the order of the tree. */
  *below() {
    for (const child of this.children) {
      yield child;
      yield* child.below();
    }
  }

  /** @param {string} name Of a `data-testid`. */
  part(name) { return [...this.below()].find((element) => element.getAttribute('data-testid') === name); }
}

/** Lets `document.createElement` make such elements. */
export function useFakeDocument() {
  globalThis.HTMLElement ??= FakeElement;
  globalThis.document = { createElement: (name) => new FakeElement(name), createTextNode: (text) => Object.assign(new FakeElement('#text'), { textContent: text }) };
}
