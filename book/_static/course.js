"use strict";
// Explorers: a picture for each setting of the controls, drawn when the book was built (scripts/publish/grid.py).

let knobs = 0; // so far on the page, for the ids of their labels

function explorer(panel) {
  const data = JSON.parse(panel.querySelector("script").textContent);
  const at = data.knobs.map((knob) => knob.start);
  const image = Object.assign(document.createElement("img"), { className: "drawn" });
  const line = element("p", "", { ariaLive: "polite" });
  const alt = element("p", "");
  const fold = element("details", "");
  fold.append(element("summary", "The figure in words"), alt);
  const controls = element("div", "", { className: "knobs" });

  function draw() {
    const i = at.reduce((sum, value, k) => sum * data.knobs[k].labels.length + value, 0);
    image.src = `${data.folder}${i}.webp`;
    [line.textContent, image.alt] = data.words[i];
    alt.textContent = image.alt;
  }

  data.knobs.forEach((knob, k) => {
    if (knob.labels.length > 1) controls.append(...control(knob, (value) => ((at[k] = value), draw())));
  });
  const still = data.knobs.filter((knob) => knob.labels.length === 1);
  const stays = still.map((knob) => `${words(knob.name)} stays at ${knob.labels[0]}`).join(", ");
  const kept = `${data.words.length} settings, drawn beforehand${stays && `; here ${stays}`}. In the notebook every control goes all the way.`;
  draw();
  panel.append(controls, image, line, fold, element("p", kept, { className: "kept" }));
}

// A slider for what has an order, else a choice; each returns [label, control, what it says].
function control(knob, turn) {
  const id = `knob-${knobs++}`;
  const label = element("label", words(knob.name), { htmlFor: id });
  if (knob.kind === "choice") {
    const choice = element("select", "", { id });
    choice.append(...knob.labels.map((text, i) => element("option", text, { value: i, selected: i === knob.start })));
    choice.addEventListener("change", () => turn(Number(choice.value)));
    return [label, choice, element("span", "")];
  }
  const slider = element("input", "", { id, type: "range", min: 0, max: knob.labels.length - 1, value: knob.start });
  const says = element("output", "", { htmlFor: id });
  const turned = () => {
    says.textContent = knob.labels[slider.value];
    slider.setAttribute("aria-valuetext", says.textContent);
  };
  slider.addEventListener("input", () => (turned(), turn(Number(slider.value))));
  turned();
  return [label, slider, knob.kind === "moving" ? playing(slider, says) : says];
}

// A button that moves a slider on by itself, until its end or the next click.
function playing(slider, says) {
  const button = element("button", "▶ Play", { type: "button" });
  let timer = 0;
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    button.textContent = "▶ Play";
  };
  const move = () => {
    if (slider.value === slider.max) return stop();
    slider.value = Number(slider.value) + 1;
    slider.dispatchEvent(new Event("input"));
  };
  button.addEventListener("click", () => {
    if (timer) return stop();
    if (slider.value === slider.max) slider.value = -1;
    button.textContent = "❚❚ Pause";
    timer = setInterval(move, 500);
  });
  const both = element("span", "", { className: "playing" });
  both.append(says, button);
  return both;
}

// Figures: a click shows one as large as the window.
function enlarging() {
  const dialog = element("dialog", "", { className: "enlarged", ariaLabel: "The figure, enlarged" });
  const image = document.createElement("img");
  const close = element("button", "Close", { type: "button" });
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target !== image && dialog.close());
  dialog.append(close);
  document.body.append(dialog);
  for (const figure of document.querySelectorAll(".cell_output img")) {
    const open = () => {
      Object.assign(image, { src: figure.src, alt: figure.alt });
      dialog.append(image);
      dialog.showModal();
    };
    const button = element("button", "Enlarge", { type: "button", className: "enlarge" });
    button.addEventListener("click", open);
    figure.addEventListener("click", open);
    figure.after(button);
  }
}

const words = (name) => name.replaceAll("_", " ");

function element(tag, text, properties = {}) {
  return Object.assign(document.createElement(tag), { textContent: text }, properties);
}

document.querySelectorAll(".explorer").forEach(explorer);
enlarging();
