"use strict";
const byId = (id) => document.getElementById(id);
const MOODS = { Q1: "happy", Q2: "angry", Q3: "sad", Q4: "serene" };
const UNFAMILIAR = 0.05;
const maxBytes = Number(document.body.dataset.maxBytes);
let asked = null; // the request under way
let playing = null; // the address of the file that the player has
let windows = []; // of the song that is shown
let times = null; // x of seconds in the picture of the curve

function svg(name, attributes, parent, text) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  if (parent) parent.append(element);
  return element;
}

function clock(seconds) {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

const signed = (number) => (number < 0 ? "\u2212" : "+") + Math.abs(number).toFixed(2);

function tell(state, problem = "") {
  byId("state").textContent = state;
  byId("problem").textContent = problem;
  byId("progress").hidden = true;
}

function send(file) {
  if (asked) asked.abort();
  byId("answer").hidden = true;
  clear();
  if (file.size > maxBytes) {
    tell("", `${file.name}: larger than ${maxBytes / 1e6} MB, which is what this service takes.`);
    return;
  }
  const request = (asked = new XMLHttpRequest());
  const bar = byId("progress");
  tell(`Sending ${file.name} \u2026`);
  bar.hidden = false;
  bar.value = 0;
  request.upload.onprogress = (event) => (bar.value = event.loaded / event.total);
  request.upload.onload = () => tell(`Listening to ${file.name} \u2026`);
  request.onerror = () => tell("", `${file.name}: the service does not answer. Is it still running?`);
  request.onload = () => {
    let row = {};
    try {
      row = JSON.parse(request.responseText);
    } catch {
      row.error = `the service answers ${request.status} ${request.statusText}`;
    }
    if (row.error) tell("", `${file.name}: ${row.error}`);
    else show(file, row);
  };
  request.open("POST", `predict?curve=1&name=${encodeURIComponent(file.name)}`);
  request.setRequestHeader("Content-Type", "application/octet-stream");
  request.send(file);
}

function clear() {
  windows = [];
  times = null;
  byId("path").replaceChildren();
  byId("curve").replaceChildren();
  hideCurve(true);
  byId("player").pause();
}

function show(file, row) {
  tell("");
  byId("name").textContent = row.path;
  const mood = byId("mood");
  mood.textContent = `${row.quadrant} ${MOODS[row.quadrant]}`;
  mood.className = `text${row.quadrant[1]}`;
  byId("shares").replaceChildren(...Object.keys(MOODS).flatMap((name) => share(name, row[name])));
  const familiarity = row.familiarity === null ? "" : `, familiarity ${row.familiarity.toFixed(2)}`;
  byId("sides").textContent =
    `Valence ${signed(row.valence)}, arousal ${signed(row.arousal)}${familiarity}, ${clock(row.seconds)} heard`;
  byId("unfamiliar").hidden = row.familiarity === null || row.familiarity >= UNFAMILIAR;
  if (playing) URL.revokeObjectURL(playing);
  byId("player").src = playing = URL.createObjectURL(file);
  byId("player").hidden = false;
  byId("answer").hidden = false;
  windows = row.curve.filter((one) => one.valence !== null);
  drawPath(row);
  drawCurve();
  byId("name").focus({ preventScroll: true });
}

function share(name, value) {
  const term = document.createElement("dt");
  term.textContent = `${name} ${MOODS[name]}`;
  const told = document.createElement("dd");
  const bar = svg("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" }, told);
  svg("rect", { class: "back", width: 100, height: 10 }, bar);
  svg("rect", { class: name.toLowerCase(), width: 100 * value, height: 10 }, bar);
  const number = document.createElement("span");
  number.textContent = `${(100 * value).toFixed(0)} %`;
  told.append(number);
  return [term, told];
}

function drawPath(row) {
  const path = byId("path");
  const points = windows.map((one) => [one.valence, -one.arousal]);
  if (points.length > 1) svg("path", { d: `M${points.map((point) => point.join(" ")).join("L")}` }, path);
  points.forEach(([x, y], number) => {
    const one = windows[number];
    const quadrant = Object.keys(MOODS).reduce((best, name) => (one[name] > one[best] ? name : best));
    const isLast = number === points.length - 1 && number > 0;
    const r = number === 0 || isLast ? 0.035 : points.length > 60 ? 0.012 : 0.02;
    const look = { class: `window ${quadrant.toLowerCase()}` };
    const dot = isLast
      ? svg("rect", { ...look, x: x - r, y: y - r, width: 2 * r, height: 2 * r }, path)
      : svg("circle", { ...look, cx: x, cy: y, r }, path);
    svg("title", {}, dot, `${clock(one.start)} to ${clock(one.end)}: ${quadrant} ${MOODS[quadrant]}, valence ${signed(x)}, arousal ${signed(-y)}`);
  });
  svg("path", { class: "mean", d: `M${row.valence - 0.04} ${-row.arousal}h0.08m-0.04 -0.04v0.08` }, path);
  svg("title", {}, path.lastChild, `the song: valence ${signed(row.valence)}, arousal ${signed(row.arousal)}`);
  svg("circle", { class: "now", r: 0.06, visibility: "hidden" }, path);
}

function hideCurve(isHidden) {
  byId("curve").toggleAttribute("hidden", isHidden); // of pictures it is no property
  byId("keys").hidden = isHidden;
}

function drawCurve() {
  const picture = byId("curve");
  if (windows.length < 2) return;
  hideCurve(false);
  picture.replaceChildren();
  const width = picture.clientWidth, height = 130, left = 26, right = 8, top = 8, bottom = 20;
  const end = windows[windows.length - 1].end;
  const x = (seconds) => left + ((width - left - right) * seconds) / end;
  const y = (side) => top + ((height - top - bottom) * (1 - side)) / 2;
  times = x;
  picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg("path", { class: "axes", d: `M${left} ${y(0)}H${width - right}` }, picture);
  svg("path", { class: "frame", d: `M${left} ${y(1)}H${width - right}V${y(-1)}H${left}Z` }, picture);
  for (const side of [1, 0, -1]) {
    const word = side < 0 ? "\u22121" : String(side);
    svg("text", { x: left - 5, y: y(side) + 4, "text-anchor": "end" }, picture, word);
  }
  svg("text", { x: left, y: height - 4 }, picture, "0:00");
  svg("text", { x: width - right, y: height - 4, "text-anchor": "end" }, picture, clock(end));
  for (const [name, look] of [["valence", "v"], ["arousal", "a"]]) {
    const points = windows.map((one) => `${x((one.start + one.end) / 2)} ${y(one[name])}`);
    svg("path", { class: `line ${look}`, d: `M${points.join("L")}` }, picture);
  }
  svg("path", { class: "now", d: `M0 ${y(1)}V${y(-1)}`, visibility: "hidden" }, picture);
}

function follow() {
  const seconds = byId("player").currentTime;
  const middle = (one) => (one.start + one.end) / 2;
  const ring = document.querySelector("#path .now");
  if (!ring || !windows.length) return;
  // Between the middles of windows, where the path is.
  let next = windows.findIndex((one) => middle(one) > seconds);
  if (next < 0) next = windows.length - 1;
  const last = Math.max(0, next - 1);
  const length = middle(windows[next]) - middle(windows[last]);
  const part = length > 0 ? Math.min(1, Math.max(0, (seconds - middle(windows[last])) / length)) : 1;
  const between = (name) => windows[last][name] + part * (windows[next][name] - windows[last][name]);
  ring.setAttribute("cx", between("valence"));
  ring.setAttribute("cy", -between("arousal"));
  ring.setAttribute("visibility", "visible");
  const line = document.querySelector("#curve .now");
  if (line && times) {
    line.setAttribute("transform", `translate(${times(seconds)} 0)`);
    line.setAttribute("visibility", "visible");
  }
}

byId("file").addEventListener("change", (event) => {
  if (event.target.files.length) send(event.target.files[0]);
  event.target.value = ""; // the same file may be chosen again
});
// Dropped anywhere, a file is never opened in place of the page.
addEventListener("dragover", (event) => {
  event.preventDefault();
  document.body.classList.add("dragging");
});
addEventListener("dragleave", (event) => {
  if (!event.relatedTarget) document.body.classList.remove("dragging");
});
addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("dragging");
  if (event.dataTransfer.files.length) send(event.dataTransfer.files[0]);
});
byId("player").addEventListener("timeupdate", follow);
byId("player").addEventListener("error", () => (byId("player").hidden = true)); // not of a format that it plays
addEventListener("resize", () => {
  drawCurve();
  follow();
});
