// The frame around a conversation: whose eyes, which channels, what time it is.

import { Clock, element, first, follow, glyph, post, room } from "./state.js";

const { place: here, person: me } = document.documentElement.dataset;
const at = (id) => document.getElementById(id);
const clock = new Clock();
let drawn = "";
let places = [];
let run = null;

// What this person has seen of each place, so that news elsewhere can be marked.
const memory = `seen-${me}`;
function seen() {
  try {
    return JSON.parse(sessionStorage.getItem(memory)) ?? {};
  } catch {
    return {};
  }
}

function entry(key, kind, name, state, { inner = false, people = [] } = {}) {
  const now = key === here;
  const news = !now && state.latest[key] && state.latest[key] !== seen()[key];
  const link = element(
    "a",
    {
      href: room(key, me),
      class: `frame-place${inner ? " inner" : ""}${news ? " news" : ""}`,
      title: name,
      "aria-current": now ? "page" : null,
    },
    glyph(kind),
    element("span", { class: "frame-name" }, name),
    news ? element("span", { class: "frame-dot" }, element("span", { class: "visually-hidden" }, "new messages")) : null,
  );
  const there = people.map((person) =>
    element(
      "li",
      {},
      element("img", { src: `/face/${person.key}.png`, alt: "", width: 20, height: 20 }),
      person.name,
    ),
  );
  return there.length ? [link, element("ul", { class: "frame-voice", "aria-label": `In ${name}` }, ...there)] : [link];
}

function draw(state) {
  const remembered = seen();
  const first_time = Object.keys(remembered).length === 0;
  const known = first_time ? { ...state.latest } : remembered;
  known[here] = state.latest[here] ?? null;
  sessionStorage.setItem(memory, JSON.stringify(known));

  const mine = state.places.filter((place) => place.readers.includes(me));
  places = mine;
  const key = JSON.stringify([mine, state.people, state.latest, known]);
  if (key === drawn) return;
  drawn = key;

  const person = state.people.find((one) => one.key === me);
  at("frame-face").src = `/face/${me}.png`;
  at("frame-person").replaceChildren(
    ...state.people.map((one) => element("option", { value: one.key, selected: one.key === me }, one.name)),
  );
  at("frame-places").replaceChildren(
    element("h2", {}, "Direct messages"),
    ...entry("dm", "direct", "Dojo", state),
    element("h2", {}, state.server),
    ...mine.flatMap((place) =>
      entry(place.key, place.kind, place.name, state, {
        inner: Boolean(place.parent),
        people: place.kind === "voice" ? state.people.filter((one) => one.voice === place.key) : [],
      }),
    ),
  );
  const voice = mine.find((place) => place.kind === "voice" && place.key === (here ?? ""));
  if (voice && person) at("frame-places").append(voiceButton(voice, person));
}

function voiceButton(place, person) {
  const inside = person.voice === place.key;
  const button = element("button", { type: "button", class: "frame-join" }, inside ? "Leave voice" : `Join voice as ${first(person)}`);
  button.addEventListener("click", async () => {
    await post("voice", { person: me, place: inside ? null : place.key }).catch(() => {});
    refresh();
  });
  return button;
}

const refresh = follow({
  person: me,
  changed(state) {
    at("frame-lost").hidden = true;
    // Another rehearsal has taken this one's place; the address is the same.
    if (run !== null && state.run !== run) location.reload();
    run = state.run;
    clock.set(state);
    if (document.activeElement !== at("frame-speed")) showSpeed(state.speed);
    draw(state);
    tick();
  },
  lost() {
    at("frame-lost").hidden = false;
  },
});

at("frame-person").addEventListener("change", (event) => {
  location.assign(room(here, event.target.value));
});
at("frame-toggle").addEventListener("click", () => {
  const open = at("frame").classList.toggle("open");
  at("frame-toggle").setAttribute("aria-expanded", String(open));
});
at("frame-speed").addEventListener("change", async (event) => {
  event.target.blur();
  await post("speed", { speed: Number(event.target.value) }).catch(() => {});
  refresh();
});
function showSpeed(speed) {
  const select = at("frame-speed");
  if (![...select.options].some((option) => Number(option.value) === speed)) {
    // Such as was asked for on the command line.
    select.append(element("option", { value: speed }, `${speed} × faster`));
  }
  select.value = String(speed);
}
for (const button of document.querySelectorAll("#frame [data-jump]")) {
  button.addEventListener("click", async () => {
    button.disabled = true;
    await post("jump", { seconds: Number(button.dataset.jump) }).catch(() => {});
    button.disabled = false;
    refresh();
  });
}

// "in 10 minutes" is written once by SimCord's page; Discord's counts down.
const STEPS = [
  ["second", 60, 1],
  ["minute", 3600, 60],
  ["hour", 86400, 3600],
  ["day", 604800, 86400],
  ["week", Infinity, 604800],
];
const words = new Intl.RelativeTimeFormat("en-US", { numeric: "auto" });
const RELATIVE = /^(in |now$|this |next |last |yesterday$|tomorrow$)|( ago)$/;

function tick() {
  const now = clock.now();
  at("frame-time").textContent = now.toLocaleTimeString([], { timeStyle: "medium" });
  for (const time of document.querySelectorAll("time.discord-timestamp[datetime]")) {
    if (!RELATIVE.test(time.textContent)) continue;
    const seconds = (Date.parse(time.dateTime) - now) / 1000;
    const [unit, , size] = STEPS.find(([, below]) => Math.abs(seconds) < below);
    const text = words.format(Math.round(seconds / size), unit);
    if (text !== time.textContent) time.textContent = text;
  }
}
setInterval(() => {
  if (document.hidden || !at("frame-lost").hidden) return;
  tick();
  connect();
  notice();
  stayAtEnd();
  if (stays && !at("new-messages").hidden) at("new-messages").click();
  wake();
}, 500);

// A mentioned channel leads there, a mentioned command into the message box.
function connect() {
  for (const mention of document.querySelectorAll(".mention:not([role])")) {
    const place = places.find((one) => mention.textContent === `#${one.name}`);
    if (place) lead(mention, "link", () => location.assign(room(place.key, me)));
  }
  for (const mention of document.querySelectorAll("span.command-mention:not([role])")) {
    lead(mention, "button", () => {
      const composer = at("channel-composer-input");
      if (!composer) return;
      composer.value = `/${mention.textContent.replace(/^\//, "")}`;
      composer.focus();
      composer.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}

function lead(mention, role, go) {
  mention.setAttribute("role", role);
  mention.tabIndex = 0;
  mention.addEventListener("click", go);
  mention.addEventListener("keydown", (event) => {
    if (event.key === "Enter") go();
  });
}

// A page that was asleep for long, or whose channel was closed to this person, starts anew.
let shut = 0;
function wake() {
  const preview = window.simcordPreview;
  shut = preview?.contextId && !preview.authorized ? shut + 1 : 0;
  if (shut > 4) location.reload();
}

// As in Discord, whoever is at the end of a conversation stays there while it grows, and who
// sends something sees what comes of it, wherever they had scrolled to. SimCord's page loses the
// end whenever it scrolls to a message of its own choice.
const NEAR_END = 100;
const STILL_SCROLLING = 400;
const SCROLL_KEYS = ["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End", " "];
const conversation = at("channel-timeline");
let stays = true; // opening a channel shows its end, too
let scrolled = 0;
function stayAtEnd() {
  if (Date.now() - scrolled < STILL_SCROLLING) return;
  const { scrollHeight, scrollTop, clientHeight } = conversation;
  if (scrolled) stays = scrollHeight - scrollTop - clientHeight < NEAR_END;
  scrolled = 0;
  if (stays) conversation.scrollTop = scrollHeight;
}
function noteScrolling(event) {
  const { type, target } = event;
  const pressed = type === "keydown" && (!SCROLL_KEYS.includes(event.key) || target.closest("button"));
  const beside = type.startsWith("pointer") && target !== conversation; // not on the scroll bar
  if (!pressed && !beside) scrolled = Date.now();
}
for (const type of ["wheel", "touchmove", "keydown", "pointerdown", "pointerup"]) {
  conversation.addEventListener(type, noteScrolling, { passive: true });
}
new ResizeObserver(stayAtEnd).observe(at("channel-message-list"));
addEventListener(
  "click",
  (event) => {
    if (event.target instanceof Element && event.target.closest("#send-message")) stays = true;
  },
  true,
);

// What Discord says under a message when a bot stays silent.
let noticed = null;
function notice() {
  const action = window.simcordPreview?.lastAction;
  if (!action || action.requestId === noticed) return;
  noticed = action.requestId;
  const failed = ["failed", "timeout", "cancelled"].includes(action.settlement);
  const silent = failed || action.acknowledgement === "unacknowledged";
  at("frame-notice").hidden = !silent && !action.rejected;
  at("frame-notice").textContent = silent
    ? "The bot did not answer. What went wrong is in the terminal where the rehearsal runs."
    : "That did not reach the bot. Please try again.";
}

// As in Discord, Enter sends a chosen command. SimCord's page would add the first of its
// options instead, unless one was gone to with the arrow keys.
let steered = false;
addEventListener(
  "keydown",
  (event) => {
    const chip = event.target instanceof Element && event.target.matches(".command-chip");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") steered = chip;
    else if (event.key !== "Enter") steered = false;
    else if (chip && !steered && !event.isComposing) {
      event.preventDefault();
      event.stopImmediatePropagation();
      at("send-message").click();
    }
  },
  true,
);

// As in Discord, an option shows what there is before anything is typed. SimCord's page asks the
// bot only once something is, and says until then that nothing matches.
const askedAt = new Map();
addEventListener("focusin", (event) => {
  const field = event.target;
  if (!(field instanceof HTMLInputElement) || !field.matches(".command-option-input") || field.value) return;
  setTimeout(() => {
    const isEmpty = document.querySelector(".command-empty") && document.activeElement === field;
    const now = performance.now();
    if (!isEmpty || now - (askedAt.get(field.dataset.option) ?? -Infinity) < 3000) return;
    askedAt.set(field.dataset.option, now);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
});
