// Axes on which a curve is drawn: drag across them, or focus a point and move it with the arrow keys.
// model: axes {x, xlabel, ylabel, ylim, given} and values, a number or null for each place.

const WIDTH = 560, HEIGHT = 300, LEFT = 62, RIGHT = 14, TOP = 12, BOTTOM = 46;
const BLUE = "#0072B2", STEPS = 50;

function element(name, attributes, parent, text = "") {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  parent.append(made);
  return made;
}

const tidy = (value) => String(Number(value.toPrecision(3)));

function render({ model, el }) {
  const { x, xlabel, ylabel, ylim: [low, high], given } = model.get("axes");
  const numbers = x.every((place) => typeof place === "number");
  const first = numbers ? x[0] : 0, last = numbers ? x[x.length - 1] : x.length - 1;
  const column = x.map((place, i) =>
    LEFT + ((numbers ? place : i) - first) / (last - first) * (WIDTH - LEFT - RIGHT));
  const row = (value) => HEIGHT - BOTTOM - (value - low) / (high - low) * (HEIGHT - TOP - BOTTOM);
  const within = (value) => Math.min(high, Math.max(low, value));

  el.setAttribute("data-lm-suppress-shortcuts", "true"); // JupyterLab leaves the arrow keys to the points
  const svg = element("svg", {
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`, width: "100%", role: "group",
    "aria-label": `Axes to draw on: ${ylabel} by ${xlabel}`,
    style: "max-width: 640px; touch-action: none; cursor: crosshair; color: var(--jp-content-font-color1, CanvasText);"
      + " font: 14px sans-serif; user-select: none",
  }, el);
  element("rect", { x: 0, y: 0, width: WIDTH, height: HEIGHT, fill: "transparent" }, svg);
  const frame = `M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - RIGHT}`;
  element("path", { d: frame, fill: "none", stroke: "currentColor" }, svg);
  for (let i = 0; i <= 4; i++) {
    const value = low + (high - low) * i / 4;
    element("text", { x: LEFT - 8, y: row(value) + 5, "text-anchor": "end", fill: "currentColor" }, svg, tidy(value));
  }
  x.forEach((place, i) => element("text", {
    x: column[i], y: HEIGHT - BOTTOM + 18, "text-anchor": "middle", fill: "currentColor",
  }, svg, String(place)));
  const middle = (TOP + HEIGHT - BOTTOM) / 2;
  element("text", { x: (LEFT + WIDTH) / 2, y: HEIGHT - 6, "text-anchor": "middle", fill: "currentColor" }, svg, xlabel);
  element("text", {
    transform: `translate(14 ${middle}) rotate(-90)`, "text-anchor": "middle", fill: "currentColor",
  }, svg, ylabel);
  for (const [label, curve] of Object.entries(given)) {
    const points = curve.map((value, i) => `${column[i]},${row(value)}`).join(" ");
    element("polyline", { points, fill: "none", stroke: "#888", "stroke-width": 2 }, svg);
    element("text", {
      x: WIDTH - RIGHT, y: row(curve[curve.length - 1]) - 6, "text-anchor": "end", fill: "currentColor",
    }, svg, label);
  }
  const line = element("polyline", { fill: "none", stroke: BLUE, "stroke-width": 2.5 }, svg);
  const points = x.map((place, i) => element("circle", {
    cx: column[i], r: 7, tabindex: 0, role: "slider", stroke: BLUE, "stroke-width": 2.5, "aria-orientation": "vertical",
    "aria-label": `${ylabel} at ${xlabel} ${place}`, "aria-valuemin": low, "aria-valuemax": high,
  }, svg));

  function redraw() {
    const values = model.get("values");
    line.setAttribute("points", values.flatMap((v, i) => v === null ? [] : [`${column[i]},${row(v)}`]).join(" "));
    values.forEach((value, i) => {
      const shown = value ?? (low + high) / 2;
      points[i].setAttribute("cy", row(shown));
      points[i].setAttribute("fill", value === null ? "transparent" : BLUE);
      points[i].setAttribute("stroke-opacity", value === null ? 0.35 : 1);
      points[i].setAttribute("aria-valuenow", shown);
      points[i].setAttribute("aria-valuetext", value === null ? "not drawn yet" : tidy(value));
    });
  }

  function put(changes) {
    const values = [...model.get("values")];
    for (const [i, value] of changes) values[i] = Number(within(value).toPrecision(4));
    model.set("values", values);
    model.save_changes();
    redraw();
  }

  // --- the pointer: every column that it passes gets the height at which it passed
  let before = null;
  function pointer(event) {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    const value = low + (HEIGHT - BOTTOM - at.y) / (HEIGHT - TOP - BOTTOM) * (high - low);
    return { x: at.x, value };
  }
  function nearest(place) {
    const away = column.map((c) => Math.abs(c - place));
    return away.indexOf(Math.min(...away));
  }
  svg.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    svg.setPointerCapture(event.pointerId);
    before = pointer(event);
    const i = nearest(before.x);
    points[i].focus();
    put([[i, before.value]]);
  });
  svg.addEventListener("pointermove", (event) => {
    if (!before) return;
    const now = pointer(event);
    const [from, to] = [before, now].sort((a, b) => a.x - b.x);
    const passed = column.flatMap((c, i) => c >= from.x && c <= to.x && to.x > from.x
      ? [[i, from.value + (to.value - from.value) * (c - from.x) / (to.x - from.x)]] : []);
    put(passed.length ? passed : [[nearest(now.x), now.value]]);
    before = now;
  });
  for (const end of ["pointerup", "pointercancel"]) svg.addEventListener(end, () => { before = null; });

  // --- the keyboard: up and down move a point, left and right go to its neighbours
  points.forEach((point, i) => point.addEventListener("keydown", (event) => {
    const values = model.get("values"), step = (high - low) / STEPS;
    const value = values[i] ?? values[i - 1] ?? (low + high) / 2;
    const moves = {
      ArrowUp: value + step, ArrowDown: value - step, PageUp: value + 5 * step, PageDown: value - 5 * step,
      Home: low, End: high,
    };
    const neighbour = { ArrowLeft: points[i - 1], ArrowRight: points[i + 1] }[event.key];
    if (event.key in moves) put([[i, moves[event.key]]]);
    else if (neighbour) neighbour.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }));

  model.on("change:values", redraw);
  redraw();
}

export default { render };
