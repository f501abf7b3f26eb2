// The start page: where one can go, who is there, and what time it is.

import { Clock, element, first, follow, glyph, post, room, tab } from "./state.js";

const SHOWN = 6;
const NEW_FOR = 20_000;
const clock = new Clock();
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const at = (id) => document.getElementById(id);
const drawn = { places: "", people: "" };
const appeared = new Map();
let speed = null;

function link(place, person) {
  const title = place.kind === "direct" ? "your messages with the bot" : `#${place.name}`;
  return element(
    "a",
    {
      class: "face",
      href: room(place.key, person.key),
      target: tab(place.key, person.key),
      "aria-label": `Open ${title} as ${person.name}`,
    },
    element("img", { src: `/face/${person.key}.png`, alt: "", width: 26, height: 26 }),
    first(person),
  );
}

function anybodyElse(place, people) {
  const select = element(
    "select",
    { "aria-label": `Open #${place.name} as somebody else` },
    element("option", { value: "" }, "as somebody else …"),
    ...people.map((person) => element("option", { value: person.key }, person.name)),
  );
  select.addEventListener("change", () => {
    if (select.value) window.open(room(place.key, select.value), tab(place.key, select.value));
    select.value = "";
  });
  return select;
}

const KINDS = {
  thread: "a room everybody in the channel can read",
  "private thread": "a room for the people in it",
  voice: "voice, with a chat",
};

function drawPlaces(state) {
  const people = new Map(state.people.map((person) => [person.key, person]));
  const now = Date.now();
  const firstTime = appeared.size === 0;
  for (const place of state.places) {
    if (!appeared.has(place.key)) appeared.set(place.key, firstTime ? 0 : now);
  }
  const fresh = state.places.filter((place) => now - appeared.get(place.key) < NEW_FOR);
  const key = JSON.stringify([state.places, fresh.map((place) => place.key)]);
  if (key === drawn.places) return;
  drawn.places = key;
  at("places").replaceChildren(
    ...state.places.map((place) => {
      const readers = place.readers.map((key) => people.get(key));
      const about = [place.topic || KINDS[place.kind], place.closed ? "closed" : null];
      return element(
        "li",
        { class: place.parent ? "inner" : null },
        element(
          "div",
          { class: "place" },
          glyph(place.kind),
          element("span", { class: "called" }, place.name),
          fresh.includes(place) ? element("span", { class: "new" }, "new") : null,
          element("span", { class: "what" }, about.filter(Boolean).join(" · ")),
        ),
        element(
          "div",
          { class: "faces" },
          ...readers.slice(0, SHOWN).map((person) => link(place, person)),
          readers.length > SHOWN ? anybodyElse(place, readers.slice(SHOWN)) : null,
        ),
      );
    }),
  );
}

const PLAYS = { alone: "plays alone", hand: "played by you" };

function drawEvening(state) {
  const alone = state.people.filter((person) => person.plays === "alone").length;
  const playing = state.people.some((person) => person.plays);
  at("evening").hidden = at("alone").hidden = !playing;
  at("everybody").hidden = playing;
  if (!playing) return;
  const who = alone === 1 ? "One person plays" : `${alone} people play`;
  const sentence = `${who} by themselves; you facilitate as Fay. Whoever you open a channel as is played by you.`;
  if (at("alone").textContent !== sentence) at("alone").textContent = sentence;
}

function drawPeople(state) {
  const voices = state.places.filter((place) => place.kind === "voice");
  const key = JSON.stringify([state.people, voices.map((place) => [place.key, place.name])]);
  if (key === drawn.people) return;
  drawn.people = key;
  const focused = document.activeElement?.id;
  at("people").replaceChildren(
    ...state.people.map((person) => {
      const language = element(
        "select",
        { id: `language-${person.key}`, "aria-label": `Language of ${person.name}` },
        ...Object.entries(state.languages).map(([tag, name]) =>
          element("option", { value: tag, selected: tag === person.language, lang: tag }, name),
        ),
      );
      language.addEventListener("change", () =>
        act("language", { person: person.key, language: language.value }, `${first(person)}’s Discord changed its language.`),
      );
      const voice = element(
        "select",
        { id: `voice-${person.key}`, "aria-label": `Voice channel of ${person.name}` },
        element("option", { value: "" }, "not in voice"),
        ...voices.map((place) =>
          element("option", { value: place.key, selected: place.key === person.voice }, `in ${place.name}`),
        ),
      );
      voice.addEventListener("change", () =>
        act("voice", { person: person.key, place: voice.value || null }, voice.value ? `${first(person)} joined.` : `${first(person)} left.`),
      );
      return element(
        "li",
        { class: "person", "data-person": person.key },
        element("img", { src: `/face/${person.key}.png`, alt: "", width: 36, height: 36 }),
        element(
          "div",
          { class: "name" },
          person.name,
          person.plays ? element("span", { class: `plays ${person.plays}` }, PLAYS[person.plays]) : null,
          element(
            "a",
            {
              href: room("dm", person.key),
              target: tab("dm", person.key),
              "aria-label": `Message the bot as ${person.name}`,
            },
            "Message the bot",
          ),
        ),
        element("div", { class: "settings" }, language, voice),
      );
    }),
  );
  if (focused) at(focused)?.focus();
}

function drawClock() {
  const now = clock.now();
  at("time").textContent = now.toLocaleTimeString([], { timeStyle: "medium" });
  at("time").dateTime = now.toISOString();
  at("day").textContent = now.toLocaleDateString([], { weekday: "long", day: "numeric", month: "long" });
}

function say(sentence, bad = false) {
  at("said").textContent = sentence;
  at("said").classList.toggle("bad", bad);
}

async function act(what, fields, sentence) {
  try {
    await post(what, fields);
    say(sentence);
  } catch (error) {
    say(error.message, true);
  }
  refresh();
}

const refresh = follow({
  changed(state) {
    at("lost").hidden = true;
    clock.set(state);
    drawClock();
    drawEvening(state);
    drawPlaces(state);
    drawPeople(state);
    document.title = `${state.server}: rehearsal`;
    if (state.speed !== speed) {
      speed = state.speed;
      for (const input of document.querySelectorAll("input[name=speed]")) {
        input.checked = Number(input.value) === speed;
      }
    }
  },
  lost() {
    at("lost").hidden = false;
  },
});

setInterval(() => {
  if (at("lost").hidden && !document.hidden) drawClock();
}, 250);

for (const button of document.querySelectorAll("[data-jump]")) {
  button.addEventListener("click", async () => {
    button.disabled = true;
    await act("jump", { seconds: Number(button.dataset.jump) }, `It is ${button.textContent} later.`);
    button.disabled = false;
  });
}
for (const input of document.querySelectorAll("input[name=speed]")) {
  input.addEventListener("change", () => {
    speed = Number(input.value);
    const sentence = speed === 1 ? "Time passes as outside." : `Time passes ${speed} times as fast.`;
    act("speed", { speed }, sentence);
  });
}
at("restart").addEventListener("click", async (event) => {
  event.target.disabled = true;
  say("The bot is restarting …");
  await act("restart", {}, "A fresh bot is there, with the same data.");
  event.target.disabled = false;
});
if (zone) post("zone", { zone }).catch(() => {});
