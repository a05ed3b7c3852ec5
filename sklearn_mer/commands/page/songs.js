"use strict";
// Songs on Russell's plane. What comes from files is shown as text and never read as HTML.

const QUADRANTS = { Q1: "happy", Q2: "angry", Q3: "sad", Q4: "serene" };
const NAMED_AT = { Q1: [0.5, 1.08], Q2: [-0.5, 1.08], Q3: [-0.5, -1.08], Q4: [0.5, -1.08] }; // where no songs are
const WHOLE = [-1.05, 1.05, -1.15, 1.15]; // what the plane shows: valence from, to, arousal from, to
const MARGIN = { left: 52, right: 14, top: 14, bottom: 42 };
const STEP = 50; // rows of the table at a time
const NEAR = { mouse: 14, pen: 18, touch: 28 }; // pixels from a pointer to a point

const get = (id) => document.getElementById(id);
const make = (tag, text = "") => Object.assign(document.createElement(tag), { textContent: text });
// Without accents, so that "cafe" finds "café", in whatever form a file system has it.
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

const data = JSON.parse(get("data").textContent);
const songs = data.songs;
for (const song of songs) {
  song.words = plain(`${song.folder}/${song.name}`);
  song.foreign = song.familiarity !== null && song.familiarity < data.unfamiliar;
}
const plane = get("plane");
const player = get("player");
const limits = ["left", "right", "bottom", "top"].map(get);
const state = { shown: [], sort: "", down: false, current: null, drag: null, view: WHOLE, inner: [1, 1] };

// ---- Numbers as text

const signed = (value) => (value < 0 ? "−" : "+") + Math.abs(value).toFixed(2);
const percent = (value) => (100 * value).toFixed(0) + " %";

function clock(seconds) {
  const whole = Math.floor(seconds);
  const two = (number) => String(number).padStart(2, "0");
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return (hours ? `${hours}:${two(minutes)}` : minutes) + ":" + two(whole % 60);
}

const COLUMNS = [
  { name: "Song", value: (song) => song.name },
  { name: "Quadrant", value: (song) => song.quadrant },
  { name: "Valence", value: (song) => song.valence, text: signed },
  { name: "Arousal", value: (song) => song.arousal, text: signed },
  { name: "Familiarity", value: (song) => song.familiarity, text: (value) => value?.toFixed(2) ?? "" },
  { name: "Length", value: (song) => song.seconds, text: clock },
  ...Object.keys(QUADRANTS).map((name, number) => (
    { name: `P(${name})`, value: (song) => song.shares[number], text: percent })),
].filter(({ name }) => name !== "Familiarity" || songs.some((song) => song.familiarity !== null));

// ---- Which songs are shown, in which order

function region() {
  const number = (field, other) => (field.value === "" || !field.validity.valid ? other : Number(field.value));
  const [left, right, bottom, top] = limits;
  return [number(left, -Infinity), number(right, Infinity), number(bottom, -Infinity), number(top, Infinity)];
}

function filtered() {
  const words = plain(get("text").value).split(/\s+/);
  const boxes = document.querySelectorAll("[name=quadrant]:checked");
  const quadrants = new Set(Array.from(boxes, (box) => box.value));
  const foreign = get("foreign")?.checked ?? true;
  const [left, right, bottom, top] = region();
  return songs.filter((song) =>
    quadrants.has(song.quadrant) && (foreign || !song.foreign)
    && song.valence >= left && song.valence <= right && song.arousal >= bottom && song.arousal <= top
    && words.every((word) => song.words.includes(word)));
}

const collator = new Intl.Collator(undefined, { numeric: true });

function sorted(list) {
  const column = COLUMNS.find(({ name }) => name === state.sort);
  if (!column) return list; // as in the table that was given
  const sign = state.down ? -1 : 1;
  return list.slice().sort((one, two) => {
    const [a, b] = [column.value(one), column.value(two)];
    if (a === null || b === null) return (a === null) - (b === null); // unknown ones come last
    return sign * (typeof a === "string" ? collator.compare(a, b) : a - b);
  });
}

function refresh() {
  state.shown = sorted(filtered());
  const count = state.shown.length;
  get("count").textContent = `${count} of ${songs.length} songs, in the order of the playlist`;
  get("save").textContent = count === 1 ? "Save 1 song as a playlist" : `Save ${count} songs as a playlist`;
  get("save").disabled = count === 0;
  const whole = limits.every((field) => field.value === "" && field.validity.valid);
  get("drop").disabled = get("zoom").disabled = whole;
  if (whole) get("zoom").setAttribute("aria-pressed", false);
  setView();
  get("body").replaceChildren();
  showRows();
  draw();
}

// ---- The table

function showHead() {
  for (const { name } of COLUMNS) {
    const cell = make("th");
    const button = make("button", name);
    button.type = "button";
    cell.scope = "col";
    button.addEventListener("click", () => {
      state.down = state.sort === name && !state.down;
      state.sort = name;
      for (const other of get("head").children) other.removeAttribute("aria-sort");
      cell.setAttribute("aria-sort", state.down ? "descending" : "ascending");
      refresh();
    });
    cell.append(button);
    get("head").append(cell);
  }
}

function rowOf(song) {
  const row = make("tr");
  const head = make("th");
  const button = make("button");
  head.scope = "row";
  button.type = "button";
  button.title = "Play";
  button.append(make("bdi", song.name));
  button.addEventListener("click", () => play(song));
  head.append(button);
  if (song.folder) {
    const folder = make("small");
    folder.append(make("bdi", song.folder));
    head.append(folder);
  }
  row.append(head);
  for (const { value, text } of COLUMNS.slice(1)) row.append(make("td", text ? text(value(song)) : value(song)));
  row.addEventListener("mouseenter", () => point(song));
  row.addEventListener("mouseleave", () => point(null));
  if (song === state.current) row.setAttribute("aria-current", "true");
  row.song = song;
  return row;
}

/** Add the next rows, and return the first of them. */
function showRows() {
  const begin = get("body").children.length;
  get("body").append(...state.shown.slice(begin, begin + STEP).map(rowOf));
  const left = state.shown.length - begin - STEP;
  get("more").hidden = left <= 0;
  get("more").textContent = `Show ${Math.min(STEP, left)} more`;
  return get("body").children[begin];
}

get("more").addEventListener("click", () => showRows().querySelector("button").focus());

// ---- The plane

const style = getComputedStyle(document.documentElement);
const colour = (name) => style.getPropertyValue(`--${name.toLowerCase()}`).trim();

/** Fit a canvas to its box and return its pen, which counts in pixels of the page. */
function penOf(canvas) {
  const scale = window.devicePixelRatio || 1;
  canvas.width = Math.round(canvas.clientWidth * scale);
  canvas.height = Math.round(canvas.clientHeight * scale);
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  return pen;
}

/** Show the whole plane or, with a little around it, the region. */
function setView() {
  state.view = WHOLE;
  if (get("zoom").getAttribute("aria-pressed") !== "true") return;
  const [left, right, bottom, top] = region().map((value) => Math.max(-1, Math.min(1, value)));
  const around = (low, high) => Math.max(0.05 * (high - low), 0.005);
  const [dx, dy] = [around(left, right), around(bottom, top)];
  if (left <= right && bottom <= top) state.view = [left - dx, right + dx, bottom - dy, top + dy];
}

function placeOf(valence, arousal) {
  const [width, height] = state.inner;
  const [left, right, bottom, top] = state.view;
  return [MARGIN.left + (valence - left) / (right - left) * width, MARGIN.top + (top - arousal) / (top - bottom) * height];
}

function valuesAt(x, y) {
  const [width, height] = state.inner;
  const [left, right, bottom, top] = state.view;
  const cut = (value) => Math.max(-1, Math.min(1, value));
  return [cut(left + (x - MARGIN.left) / width * (right - left)), cut(top - (y - MARGIN.top) / height * (top - bottom))];
}

function drawMark(pen, quadrant, x, y) {
  pen.beginPath();
  if (quadrant === "Q1") pen.arc(x, y, 4.2, 0, 2 * Math.PI);
  else if (quadrant === "Q3") pen.rect(x - 3.8, y - 3.8, 7.6, 7.6);
  else {
    const corners = quadrant === "Q2" ? [[0, -5], [5, 4], [-5, 4]] : [[0, -5.2], [5.2, 0], [0, 5.2], [-5.2, 0]];
    for (const [dx, dy] of corners) pen.lineTo(x + dx, y + dy);
    pen.closePath();
  }
}

function ticks(low, high) {
  const step = [0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005].find((size) => (high - low) / size > 3.5) ?? 0.002;
  const found = [];
  for (let number = Math.ceil(low / step); number * step <= high; number++) found.push(+(number * step).toFixed(3));
  return found;
}

function drawAxes(pen) {
  const [low, high, lowest, highest] = state.view;
  const [left, top] = placeOf(low, highest);
  const [right, bottom] = placeOf(high, lowest);
  pen.fillStyle = colour("quiet");
  pen.font = "13px system-ui, sans-serif";
  for (const tick of ticks(low, high)) {
    const [x] = placeOf(tick, 0);
    pen.textAlign = "center";
    pen.strokeStyle = colour(tick ? "faint" : "line");
    pen.strokeRect(x, top, 0, bottom - top);
    pen.fillText(String(tick).replace("-", "−"), x, bottom + 16);
  }
  for (const tick of ticks(lowest, highest)) {
    const [, y] = placeOf(0, tick);
    pen.textAlign = "right";
    pen.strokeStyle = colour(tick ? "faint" : "line");
    pen.strokeRect(left, y, right - left, 0);
    pen.fillText(String(tick).replace("-", "−"), left - 5, y + 4);
  }
  pen.textAlign = "center";
  pen.fillText("← negative    valence    positive →", (left + right) / 2, bottom + 34);
  pen.save();
  pen.translate(13, (top + bottom) / 2);
  pen.rotate(-Math.PI / 2);
  pen.fillText("← calm    arousal    excited →", 0, 0);
  pen.restore();
  pen.beginPath();
  pen.rect(left - 6, top - 6, right - left + 12, bottom - top + 12);
  pen.clip(); // a view of a region has points outside
  pen.font = "600 14px system-ui, sans-serif";
  pen.fillStyle = colour("text");
  for (const [name, place] of Object.entries(NAMED_AT)) {
    const [x, y] = placeOf(...place);
    pen.fillText(`${name} ${QUADRANTS[name]}`, x, y + 5);
  }
}

function draw() {
  const pen = penOf(plane);
  state.inner = [plane.clientWidth - MARGIN.left - MARGIN.right, plane.clientHeight - MARGIN.top - MARGIN.bottom];
  for (const song of songs) [song.x, song.y] = placeOf(song.valence, song.arousal);
  const shown = new Set(state.shown);
  drawAxes(pen);
  pen.fillStyle = colour("dim");
  for (const song of songs) {
    if (!shown.has(song)) pen.fillRect(song.x - 1.5, song.y - 1.5, 3, 3);
  }
  pen.lineWidth = 1.2;
  const back = colour("back");
  const looks = Object.fromEntries(Object.keys(QUADRANTS).map((name) => [name, [colour(name), colour(`ink${name[1]}`)]]));
  for (const song of shown) {
    drawMark(pen, song.quadrant, song.x, song.y);
    const [fill, edge] = looks[song.quadrant];
    pen.fillStyle = song.foreign ? back : fill;
    pen.strokeStyle = edge;
    pen.fill();
    pen.stroke();
  }
  if (state.current?.curve) drawPath(pen, state.current.curve);
  drawRegion();
  point(state.current);
}

function drawPath(pen, { valences, arousals }) {
  const places = valences.map((valence, number) => placeOf(valence, arousals[number]));
  pen.lineJoin = "round";
  for (const [width, name] of [[5, "back"], [2, "text"]]) { // an edge keeps it apart from points
    pen.strokeStyle = colour(name);
    pen.lineWidth = width;
    pen.beginPath();
    for (const place of places) pen.lineTo(...place);
    pen.moveTo(places[0][0] + 5, places[0][1]);
    pen.arc(...places[0], 5, 0, 2 * Math.PI);
    pen.stroke();
  }
}

function drawRegion() {
  const given = region();
  get("region").hidden = state.view !== WHOLE || given.every((value) => !Number.isFinite(value));
  const [left, right, bottom, top] = given.map((value, number) => (Number.isFinite(value) ? value : WHOLE[number]));
  setBox(placeOf(left, top), placeOf(right, bottom));
}

function setBox([left, top], [right, bottom]) {
  const box = { left, top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
  for (const [name, value] of Object.entries(box)) get("region").style[name] = `${value}px`;
}

/** Ring a point, and name it beside the pointer where `named`. */
function point(song, named = false) {
  song ??= state.current;
  get("ring").hidden = !song;
  get("tip").hidden = !named;
  if (!song) return;
  const { x, y } = song;
  get("ring").hidden = Math.min(x - MARGIN.left, y - MARGIN.top) < -6 || x > plane.clientWidth || y > plane.clientHeight - MARGIN.bottom + 6;
  Object.assign(get("ring").style, { left: `${x}px`, top: `${y}px` });
  if (!named) return;
  const tip = get("tip");
  tip.replaceChildren(make("bdi", song.name), ` (${QUADRANTS[song.quadrant]}${song.foreign ? "; unfamiliar" : ""})`);
  const right = x > plane.clientWidth / 2;
  const below = y < plane.clientHeight / 2;
  Object.assign(tip.style, {
    left: right ? "" : `${x + 14}px`, right: right ? `${plane.clientWidth - x + 14}px` : "",
    top: below ? `${y + 10}px` : "", bottom: below ? "" : `${plane.clientHeight - y + 10}px`,
  });
}

function nearest(x, y, most) {
  let found = null;
  for (const song of state.shown) {
    const distance = Math.hypot(song.x - x, song.y - y);
    if (distance <= most) [found, most] = [song, distance];
  }
  return found;
}

const at = (event) => [event.offsetX, event.offsetY];

plane.addEventListener("pointerdown", (event) => {
  if (event.button) return;
  state.drag = { from: at(event), moved: false };
  if (event.pointerType !== "touch" || plane.classList.contains("drawing")) plane.setPointerCapture(event.pointerId);
});
plane.addEventListener("pointermove", (event) => {
  const [x, y] = at(event);
  const drag = state.drag;
  if (drag && Math.hypot(x - drag.from[0], y - drag.from[1]) > 5) drag.moved = true;
  if (drag?.moved && plane.hasPointerCapture(event.pointerId)) {
    get("region").hidden = false;
    setBox(...corners(drag.from, [x, y]));
  } else if (!drag) {
    const song = nearest(x, y, NEAR[event.pointerType] ?? NEAR.mouse);
    plane.style.cursor = song ? "pointer" : "";
    point(song, song !== null);
  }
});
plane.addEventListener("pointerup", (event) => {
  const drag = state.drag;
  state.drag = null;
  if (!drag) return;
  if (drag.moved) {
    if (plane.hasPointerCapture(event.pointerId)) setRegion(...corners(drag.from, at(event)));
    return;
  }
  const song = nearest(...at(event), NEAR[event.pointerType] ?? NEAR.mouse);
  if (!song) return;
  // A finger hides the point: it names it first, and the button plays.
  if (event.pointerType === "touch") choose(song);
  else play(song);
  point(song, true);
});
plane.addEventListener("pointercancel", () => { state.drag = null; drawRegion(); });
plane.addEventListener("pointerleave", () => { if (!state.drag) point(null); });

const corners = ([a, b], [c, d]) => [[Math.min(a, c), Math.min(b, d)], [Math.max(a, c), Math.max(b, d)]];

function setRegion([left, top], [right, bottom]) {
  const [low, high] = [valuesAt(left, bottom), valuesAt(right, top)];
  const down = (value) => Math.floor(100 * value) / 100;
  const up = (value) => Math.ceil(100 * value) / 100;
  [down(low[0]), up(high[0]), down(low[1]), up(high[1])].forEach((value, number) => { limits[number].value = value; });
  refresh();
}

function dropRegion() {
  for (const field of limits) field.value = "";
  refresh();
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

plane.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Escape") dropRegion();
  else if ((event.key === "Enter" || event.key === " ") && state.current) play(state.current);
  else if (event.key in ARROWS) step(...ARROWS[event.key]);
  else return;
  event.preventDefault();
});

/** Choose the next song in a direction: near, and not far aside. */
function step(right, down) {
  if (!state.current || !state.shown.includes(state.current)) {
    choose(nearest(plane.clientWidth / 2, plane.clientHeight / 2, Infinity));
    return;
  }
  const { x, y } = state.current;
  let [found, least] = [null, Infinity];
  for (const song of state.shown) {
    const ahead = (song.x - x) * right + (song.y - y) * down;
    const aside = Math.abs((song.x - x) * down + (song.y - y) * right);
    if (ahead > 0.01 && ahead + 3 * aside < least) [found, least] = [song, ahead + 3 * aside];
  }
  if (found) choose(found);
}

// ---- One song

function choose(song) {
  if (!song) return;
  state.current = song;
  const best = percent(song.shares[Number(song.quadrant[1]) - 1]);
  const facts = [`${song.quadrant} ${QUADRANTS[song.quadrant]} ${best}`, `valence ${signed(song.valence)}`];
  facts.push(`arousal ${signed(song.arousal)}`, clock(song.seconds));
  if (song.familiarity !== null) facts.push(`familiarity ${song.familiarity.toFixed(2)}`);
  if (song.foreign) facts.push("unlike the training music: do not rely on it");
  const name = make("b");
  name.append(make("bdi", song.name));
  const button = make("button", "Play");
  button.addEventListener("click", () => play(song));
  get("song").replaceChildren(name, make("span", facts.join(", ")), button);
  for (const row of get("body").children) row.toggleAttribute("aria-current", row.song === song);
  showCurve(song.curve);
  draw();
}

function showCurve(curve) {
  const canvas = get("curve");
  canvas.hidden = get("keys").hidden = !curve;
  if (!curve) return;
  const pen = penOf(canvas);
  const [first, last] = [curve.times[0], curve.times.at(-1)];
  const [width, height] = [canvas.clientWidth - 44, canvas.clientHeight - 30];
  const y = (value) => 8 + (1 - value) / 2 * height;
  pen.font = "12px system-ui, sans-serif";
  pen.fillStyle = colour("quiet");
  for (const tick of [-1, 0, 1]) {
    pen.strokeStyle = colour("line");
    pen.strokeRect(36, y(tick), width, 0);
    pen.fillText(String(tick).replace("-", "−"), 14, y(tick) + 4);
  }
  pen.fillText(clock(first), 36, height + 26);
  pen.textAlign = "right";
  pen.fillText(clock(last), 36 + width, height + 26);
  for (const [values, name, dashes] of [[curve.valences, "ink3", []], [curve.arousals, "ink2", [6, 4]]]) {
    pen.strokeStyle = colour(name);
    pen.lineWidth = 2;
    pen.setLineDash(dashes);
    pen.beginPath();
    values.forEach((value, number) => pen.lineTo(36 + (curve.times[number] - first) / (last - first) * width, y(value)));
    pen.stroke();
  }
  const range = (values) => `from ${signed(Math.min(...values))} to ${signed(Math.max(...values))}`;
  canvas.setAttribute("aria-label", `Over time, valence is ${range(curve.valences)}, arousal ${range(curve.arousals)}`);
}

function play(song) {
  choose(song);
  get("problem").textContent = "";
  player.hidden = false;
  player.src = song.url;
  player.play().catch((error) => {
    if (error.name === "NotAllowedError") get("problem").textContent = "The browser wants a press on the player's own button.";
  });
}

player.addEventListener("error", () => {
  if (!player.getAttribute("src") || !state.current) return;
  const local = location.protocol === "file:";
  const where = new URL(player.src, location.href).protocol === "file:" && !local
    ? "A page from the web cannot open files of this computer: open the page from disk"
    : "The file is not where it was, or the browser does not know its format. Other players may: save a playlist";
  get("problem").textContent = `${state.current.name} cannot be played. ${where}.`;
});

// ---- The playlist

function playlist() {
  const lines = ["#EXTM3U"];
  for (const song of state.shown) lines.push(`#EXTINF:${Math.round(song.seconds)},${song.name}`, song.entry);
  return lines.join("\n") + "\n";
}

get("save").addEventListener("click", () => {
  const link = make("a");
  link.href = URL.createObjectURL(new Blob([playlist()], { type: "audio/x-mpegurl" }));
  link.download = "songs.m3u8";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
});

// ---- Begin

get("filters").addEventListener("input", refresh);
get("filters").addEventListener("submit", (event) => event.preventDefault());
get("drop").addEventListener("click", dropRegion);
get("zoom").addEventListener("click", () => {
  get("zoom").setAttribute("aria-pressed", get("zoom").getAttribute("aria-pressed") !== "true");
  refresh();
});
get("draw").hidden = !navigator.maxTouchPoints;
get("draw").addEventListener("click", () => {
  get("draw").setAttribute("aria-pressed", plane.classList.toggle("drawing"));
});
new ResizeObserver(() => { draw(); showCurve(state.current?.curve); }).observe(plane);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { draw(); showCurve(state.current?.curve); });
showHead();
refresh();
