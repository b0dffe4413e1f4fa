// Read a chart's values by pointing at a week, or with the arrow keys. Without this script nothing else is missing.
"use strict";

const LINES_MOST = 8;
// A share is never 0 % of what is there: see numbers.py.
const format = (value, unit) => {
  if (unit === "%" && value > 0 && value < 0.05) return "< 0.1 %";
  const least = unit === "%" ? 1 : 0;
  return value.toLocaleString("en-GB", {minimumFractionDigits: least, maximumFractionDigits: 1}) + (unit ? ` ${unit}` : "");
};
const words = (day) => new Date(`${day}T00:00:00Z`).toLocaleDateString(
  "en-GB", {day: "numeric", month: "long", year: "numeric", timeZone: "UTC"});

// [{name, at: its place from 0 to 1, lines: ["3.16: 41 %", …]}, …], from the rows that the page's JSON has.
// Series that are counted in days since a release meet in the same seven days, not on the same day.
function weeksOf(found, {x, y, series, unit, kind, over}) {
  const [atX, atY, atSeries] = [x, y, series || x].map((name) => found.columns.indexOf(name));
  const byDay = new Map();
  for (const row of found.rows) {
    if (typeof row[atY] !== "number") continue;
    const day = over ? row[atX] - row[atX] % 7 : row[atX];
    if (!byDay.has(day)) byDay.set(day, []);
    byDay.get(day).push([String(row[atSeries]), row[atY]]);
  }
  const days = [...byDay.keys()].sort((one, other) => one < other ? -1 : 1);
  const place = (day) => over ? day : Date.parse(day);
  const [first, last] = over ? [0, Math.max(...found.rows.map((row) => row[atX]))] : [place(days[0]), place(days.at(-1))];
  return days.map((day) => {
    const values = byDay.get(day).sort((one, other) => other[1] - one[1]);
    const sum = values.reduce((total, [, value]) => total + value, 0);
    const said = (value) => kind === "areas" ? format(100 * value / sum, "%") : format(value, unit);
    const lines = values.slice(0, LINES_MOST).map(([name, value]) => (series ? `${name}: ` : "") + said(value));
    if (values.length > LINES_MOST) lines.push(`and ${values.length - LINES_MOST} more`);
    const name = over ? `Days ${day} to ${day + 6} after the release` : `Week of ${words(day)}`;
    return {name, at: last > first ? (place(day) - first) / (last - first) : 0, lines};
  });
}

class Reader {
  constructor(box) {
    this.box = box;
    this.svg = box.querySelector("svg");
    box.tabIndex = 0;
    const title = this.svg.querySelector("title").textContent;
    const states = {role: "slider", "aria-label": `Values week by week: ${title}`, "aria-valuemin": 0, "aria-valuemax": 0,
      "aria-valuenow": 0, "aria-valuetext": "Press the left or right arrow key to read each week"};
    for (const [name, value] of Object.entries(states)) box.setAttribute(name, value);
    box.addEventListener("pointermove", (event) => this.point(event.clientX));
    box.addEventListener("pointerdown", (event) => this.point(event.clientX));
    box.addEventListener("pointerleave", () => this.hide());
    box.addEventListener("blur", () => this.hide());
    box.addEventListener("keydown", (event) => this.press(event));
  }

  async load() {
    if (!this.loading) {
      this.loading = fetch(this.box.dataset.values).then((answer) => answer.json()).then((found) => {
        this.weeks = weeksOf(found, this.box.dataset);
        this.rule = this.box.appendChild(Object.assign(document.createElement("div"), {className: "rule-at"}));
        this.tip = this.box.appendChild(Object.assign(document.createElement("div"), {className: "tip"}));
        this.box.setAttribute("aria-valuemax", this.weeks.length - 1);
      });
    }
    await this.loading;
    return this.weeks.length > 0;
  }

  room() {
    const style = getComputedStyle(this.svg);
    const left = parseFloat(style.paddingLeft);
    return {left, width: this.svg.getBoundingClientRect().width - left - parseFloat(style.paddingRight)};
  }

  async point(clientX) {
    if (!await this.load()) return;
    const {left, width} = this.room();
    const at = (clientX - this.svg.getBoundingClientRect().left - left) / width;
    const away = this.weeks.map((week) => Math.abs(week.at - at));
    this.show(away.indexOf(Math.min(...away)));
  }

  async press(event) {
    const steps = {ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -13, PageUp: 13, Home: -Infinity, End: Infinity};
    if (event.key === "Escape") this.hide();
    if (!(event.key in steps)) return;
    event.preventDefault();
    if (!await this.load()) return;
    const last = this.weeks.length - 1;
    this.show(this.shown === undefined ? last : Math.max(0, Math.min(last, this.shown + steps[event.key])));
  }

  show(index) {
    const week = this.weeks[this.shown = index];
    const {left, width} = this.room();
    const title = Object.assign(document.createElement("strong"), {textContent: week.name});
    this.tip.replaceChildren(title, ...week.lines.map((line) => Object.assign(document.createElement("span"), {textContent: line})));
    this.tip.hidden = this.rule.hidden = false;
    const x = left + width * week.at;
    this.rule.style.left = `${x}px`;
    const isLate = x > this.box.clientWidth / 2;
    this.tip.style.left = isLate ? "" : `${x + 8}px`;
    this.tip.style.right = isLate ? `${this.box.clientWidth - x + 8}px` : "";
    this.box.setAttribute("aria-valuenow", index);
    this.box.setAttribute("aria-valuetext", `${week.name}. ${week.lines.join("; ")}`);
  }

  hide() {
    if (this.tip) this.tip.hidden = this.rule.hidden = true;
  }
}

for (const box of document.querySelectorAll(".drawn[data-values]")) new Reader(box);
