// What the pages of a rehearsal share: asking how things are, and doing something.

const EVERY = 1000;

/** Do something, such as post("jump", {seconds: 60}). Throws with a sentence if refused. */
export async function post(what, fields = {}) {
  const response = await fetch(`/do/${what}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(fields),
  });
  if (!response.ok) {
    const text = await response.text();
    let sentence = text;
    try {
      sentence = JSON.parse(text).error ?? text;
    } catch {
      // It was a plain sentence.
    }
    throw new Error(sentence || "That did not work.");
  }
}

/**
 * Call changed(state) when the page opens, every second, and after every refresh();
 * lost() when the rehearsal no longer answers. Asks nothing while nobody looks.
 */
export function follow({ person = null, changed, lost }) {
  const address = person ? `/state.json?as=${encodeURIComponent(person)}` : "/state.json";
  let timer = 0;
  let asking = false;
  // How things were at the last answer: if they still are, there is nothing to send.
  let known = "";
  async function ask() {
    clearTimeout(timer);
    if (asking) return;
    asking = true;
    try {
      const response = await fetch(address, {
        cache: "no-store",
        headers: known ? { "If-None-Match": known } : {},
      });
      if (response.status !== 304) {
        if (!response.ok) throw new Error(response.statusText);
        const state = await response.json();
        known = response.headers.get("ETag") ?? "";
        changed(state);
      }
    } catch (error) {
      known = "";
      if (error instanceof TypeError || error.message) lost(error);
    } finally {
      asking = false;
      if (!document.hidden) timer = setTimeout(ask, EVERY);
    }
  }
  document.addEventListener("visibilitychange", () => {
    // The machine may have slept, and the page's own clock with it.
    known = "";
    if (!document.hidden) ask();
  });
  ask();
  return ask;
}

/** The dojo's clock, which goes on between two answers. */
export class Clock {
  #then = Date.now();
  #since = performance.now();
  #speed = 1;
  set(state) {
    this.#then = Date.parse(state.now);
    this.#since = performance.now();
    this.#speed = state.speed;
  }
  now() {
    return new Date(this.#then + (performance.now() - this.#since) * this.#speed);
  }
}

/** Make an element: element("a", {href: "/"}, "text", otherElement). */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) {
      made.setAttribute(name, String(value));
    }
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** The address at which a person sees a place. */
export function room(place, person) {
  return `/in/${encodeURIComponent(place)}/as/${encodeURIComponent(person)}`;
}

/** One tab for every room and person: a link leads back to it instead of opening another. */
export function tab(place, person) {
  return `dojo-${place}-${person}`;
}

/** A person's name without their part. */
export function first(person) {
  return person.name.replace(/ \(.*\)$/, "");
}

const GLYPHS = {
  channel: "M9 4 7 20M17 4l-2 16M4 9h17M3 15h17",
  thread: "M5 4v7a3 3 0 0 0 3 3h11m-4-4 4 4-4 4",
  "private thread": "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  voice: "M4 10v4h3l5 4V6L7 10zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11",
  direct: "M4 5h16v11H10l-4 4v-4H4z",
};

/** A small drawing that says what kind of place it is. */
export function glyph(kind) {
  const ns = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(ns, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "glyph");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(ns, "path");
  path.setAttribute("d", GLYPHS[kind] ?? GLYPHS.channel);
  svg.append(path);
  return svg;
}
