// What is seen of the loop: lights, numbers, lines. It changes nothing in loop.js.

const LAST = 100; // the last generation
const ASKED = 20; // the generation that the guess is about
const byId = (id) => document.getElementById(id);
const read = (id) => JSON.parse(byId(id).textContent);
const small = matchMedia("(max-width: 38rem)"); // a telephone's dots are drawn larger

const SPECIES = read("species");
const TRUTH = zipf(SPECIES.length);
const lights = new Array(SPECIES.length);
for (const light of document.querySelectorAll(".lights circle")) lights[light.dataset.rank] = light;

const chain = { seed: 0, turns: null, past: [], lostIn: [], timer: 0, changed: false };
let answered = false; // whether some chain has come to the generation that the guess is about

function settings() {
  return {
    n: Number(document.querySelector("[name=n]:checked").value),
    favour: byId("favour").checked,
    keep: byId("keep").checked,
  };
}

function restart() {
  chain.turns = goRound(TRUTH, settings, dice(chain.seed++));
  chain.past = [];
  pause();
  chain.lostIn = new Array(SPECIES.length).fill(null);
  chain.changed = false;
  shine(TRUTH);
  drawNumbers();
}

function step() {
  if (chain.past.length > LAST) restart();
  const before = chain.past.at(-1) ?? TRUTH;
  const shares = chain.turns.next().value;
  chain.past.push(shares);
  answered ||= chain.past.length > ASKED;
  shares.forEach((share, i) => {
    if (share > 0) chain.lostIn[i] = null;
    else chain.lostIn[i] ??= chain.past.length - 1;
  });
  shine(shares, before);
  drawNumbers();
  if (chain.past.length > LAST || !chain.timer) pause();
}

function play() {
  byId("play").innerHTML = '<span aria-hidden="true">❚❚</span> Pause';
  chain.timer ||= setTimeout(() => {}); // it plays already: the numbers are said now and then, not at every step
  step();
  if (chain.past.length > LAST) return;
  if (chain.past.length - 1 === ASKED) return pause(); // in every round it stops at the answer
  chain.timer = setTimeout(play, pace(chain.past.length - 1));
}

function pause() {
  clearTimeout(chain.timer);
  const on = chain.past.length > 0 && chain.past.length <= LAST;
  byId("play").innerHTML = `<span aria-hidden="true">▶</span> Play${on ? " on" : ""}`;
  if (chain.timer) say();
  chain.timer = 0;
}

// Milliseconds that a generation stays: slow enough to look, then quick.
const pace = (t) => (t < 1 ? 1400 : t < 6 ? 700 : t < 21 ? 300 : 120);

// Each light is as large as its species is common, and says whether it has just gone or come back. The rare go first,
// so that the dark comes from the shores.
function shine(shares, before = shares) {
  const wave = 0.7 * pace(chain.past.length - 1);
  shares.forEach((share, i) => {
    const light = lights[i];
    light.setAttribute("r", share > 0 ? (small.matches ? 1.25 : 1) * Math.min(24, 2.3 + 19 * Math.sqrt(share)).toFixed(1) : 2);
    light.setAttribute("class", share === 0 ? (before[i] > 0 ? "gone dying" : "gone") : before[i] === 0 ? "back" : "");
    const late = share === 0 ? wave * (1 - (0.75 * i) / shares.length - 0.25 * Math.random()) : 0;
    light.style.setProperty("--late", `${Math.round(late)}ms`);
  });
  for (const island of document.querySelectorAll(".sea figure")) {
    const living = island.querySelectorAll(".lights circle:not(.gone)").length;
    island.style.setProperty("--lit", living / island.querySelectorAll(".lights circle").length);
  }
  tell();
}

function drawNumbers() {
  const now = chain.past.at(-1) ?? TRUTH;
  const t = chain.past.length - 1;
  const left = alive(now);
  byId("alive").textContent = left;
  byId("differ").textContent = `${Math.round(100 * differ(now))}%`;
  byId("status").textContent = status(t, left);
  byId("left-line").setAttribute("d", line(chain.past.map((shares) => alive(shares) / SPECIES.length)));
  byId("mean-line").setAttribute("d", line(chain.past.map(differ)));
  const { n, favour, keep } = settings();
  // Lesson 02's forecast is of sampling as fitted, with one recipe throughout; it would give the answer away.
  const lawful = answered && !favour && !chain.changed;
  const expected = lawful ? forecast(LAST + 1, n, TRUTH, keep ? n / 10 : 0).map((k) => k / SPECIES.length) : [];
  byId("expected").setAttribute("d", line(expected));
  document.querySelector(".key .expected").hidden = !lawful;
  const guess = guessed();
  byId("guess-mark").setAttribute("d", guess === "" ? "" : diamond(x(ASKED), y(guess / SPECIES.length)));
  byId("map").setAttribute("aria-label", `A map of eight islands: ${left} of ${SPECIES.length} lights are on.`);
  if (t === LAST || (t >= 0 && (!chain.timer || t % 10 === 0))) say();
}

function status(t, left) {
  if (t < 0) return "The truth, before anybody has written. Make a guess, then press Play.";
  if (t === 0) return `Generation 0 read what people wrote. ${SPECIES.length - left} species nobody happened to mention.`;
  if (t >= LAST) return ending(left);
  if (t === ASKED) return answer(left);
  const also = byId("keep").checked ? " and one real article in ten" : "";
  const lost = SPECIES.filter((_, i) => chain.lostIn[i] === t).map(([name]) => name); // the commonest first
  const gone = lost.length > 1 ? `the ${lost[0]} and ${lost.length - 1} more` : `the ${lost[0]}`;
  return `Generation ${t} read generation ${t - 1}${also}. ${lost.length ? `Gone: ${gone}.` : "No species went."}`;
}

function answer(left) {
  const guess = guessed() === "" ? "" : `, and you guessed ${guessed()}`;
  const next = byId("keep").checked ? "" : " What if you keep one in ten real?";
  return `Generation ${ASKED}: ${left} of ${SPECIES.length} species${guess}. Of pairs, ${byId("differ").textContent} differ.${next}`;
}

// What stands in the field, if it can be a number of species.
const guessed = () => (byId("guess").checkValidity() ? byId("guess").value : "");

function ending(left) {
  const { favour, keep } = settings();
  const last = SPECIES[chain.past.at(-1).indexOf(Math.max(...chain.past.at(-1)))][0];
  if (left === 1) return `Generation ${LAST}: the ${last} alone is left. Now keep one in ten real.`;
  if (chain.changed) return `Generation ${LAST}: ${left} species. Start again for a chain with one setting throughout.`;
  if (favour && keep) return `Generation ${LAST}: ${left} species. Real articles bring the rare back, and the favour drives them out again.`;
  if (favour) return `Generation ${LAST}: ${left} left, led by the ${last}. Now keep one in ten real.`;
  if (keep) return `Generation ${LAST}: ${left} species hold on, since real articles bring back what was lost. Now favour the likely.`;
  return `Generation ${LAST}: ${left} species. Start again and others survive. Now keep one in ten real.`;
}

function say() {
  byId("said").textContent =
    `${byId("status").textContent} ${byId("alive").textContent} of ${SPECIES.length} species are left; ` +
    `two articles differ with a chance of ${byId("differ").textContent}.`;
}

// The chart: generations 0 to 100 from left to right, shares 0 to 1 upwards.
const x = (t) => 30 + (284 * t) / LAST;
const y = (share) => 108 - 98 * share;
const line = (shares) => shares.map((share, t) => `${t ? "L" : "M"}${x(t).toFixed(1)} ${y(share).toFixed(1)}`).join("");
const diamond = (a, b) => `M${a} ${b - 5}l5 5l-5 5l-5 -5Z`;

// The species that is followed, in words.
function tell() {
  const i = byId("rank").value - 1;
  document.querySelector(".followed")?.classList.remove("followed");
  lights[i].classList.add("followed");
  const share = (chain.past.at(-1) ?? TRUTH)[i];
  const t = chain.past.length - 1;
  const [name, what] = SPECIES[i];
  const now =
    t < 0 ? `in truth one article in ${Math.round(1 / TRUTH[i])}`
    : share > 0 ? `${(100 * share).toFixed(share < 0.01 ? 1 : 0)}% of the articles, in truth ${(100 * TRUTH[i]).toFixed(1)}%`
    : `lost in generation ${chain.lostIn[i]}`;
  byId("story").textContent = `The ${name}, ${what}, number ${i + 1}: ${now}.`;
}

// A finger is wider than a light: a tap takes the nearest one of its island.
function follow(event) {
  const away = (light) => {
    const { x, y, width } = light.getBoundingClientRect();
    return Math.hypot(x + width / 2 - event.clientX, y + width / 2 - event.clientY);
  };
  const island = event.target.closest(".sea svg");
  if (!island) return;
  const near = [...island.querySelectorAll(".lights circle")].reduce((a, b) => (away(b) < away(a) ? b : a));
  byId("rank").value = Number(near.dataset.rank) + 1;
  tell();
}

// The photo and the language model.
function turnPhoto() {
  const copy = Number(byId("copy").value);
  const most = Number(byId("copy").max);
  const words = copy === 0 ? "the original" : `copy ${copy}`;
  byId("photo").style.backgroundPositionY = `${(100 * copy) / most}%`;
  byId("photo").setAttribute("aria-label", `The photo of a dahlia, ${words}: ${looksLike(copy)}.`);
  byId("copy-words").textContent = words;
  byId("copy").setAttribute("aria-valuetext", words);
}

function looksLike(copy) {
  if (copy < 3) return "orange petals before green leaves";
  if (copy < 8) return "the leaves have darkened";
  if (copy < 15) return "the petals run together";
  if (copy < 35) return "a yellow disc with a red middle on black";
  return "a yellow ring round a red blot";
}

function turnText() {
  const turn = Number(byId("turn").value);
  const { prompt, goes_on } = PROMPTS[byId("prompt").value];
  byId("asked").textContent = `${prompt} …`;
  byId("goes-on").textContent = `… ${goes_on[turn].trim()} …`;
  byId("turn-words").textContent = `generation ${turn}`;
  byId("turn").setAttribute("aria-valuetext", `generation ${turn}`);
}
const PROMPTS = read("prompts");

byId("play").addEventListener("click", () => (chain.timer ? pause() : play()));
byId("step").addEventListener("click", () => (pause(), step()));
byId("restart").addEventListener("click", () => (restart(), say()));
for (const knob of document.querySelectorAll("#favour, #keep, [name=n]")) {
  knob.addEventListener("change", () => {
    chain.changed = chain.past.length > 0 && chain.past.length <= LAST;
    if (chain.past.length <= LAST) drawNumbers();
  });
}
byId("guess").addEventListener("input", drawNumbers);
byId("guess").addEventListener("keydown", (event) => event.key === "Enter" && !chain.timer && play());
byId("rank").addEventListener("input", tell);
byId("map").addEventListener("pointermove", (event) => event.pointerType === "mouse" && follow(event));
byId("map").addEventListener("click", follow);
byId("copy").addEventListener("input", turnPhoto);
byId("turn").addEventListener("input", turnText);
byId("prompt").addEventListener("change", turnText);

// The code that runs is the code that is shown.
function show(id, functions) {
  const lines = functions.map(String).join("\n\n").split("\n");
  byId(id).replaceChildren(
    ...lines.flatMap((line) => {
      const [code, ...comment] = line.split(/(?=\/\/ )/);
      const aside = document.createElement("i");
      aside.textContent = comment.join("");
      return [code, aside, "\n"];
    }),
  );
}

show("the-loop", [goRound]);
show("the-rest", [zipf, write, count, sharpen, dice, forecast]);
turnText();
restart();
