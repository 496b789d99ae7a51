"use strict";
// The whole model of this page. A reader finds it printed there, from these very functions.

// The loop: count what there is, write as much again, and let the next one read only that.
function* goRound(truth, settings, random) {
  let edition = write(settings().n, truth, random); // real articles, by people who went and looked
  while (true) {
    const shares = count(edition, truth.length); // fit: how common is each species?
    yield shares;
    const { n, favour, keep } = settings();
    const model = favour ? sharpen(shares, 0.9) : shares;
    const real = keep ? n / 10 : 0;
    edition = [...write(n - real, model, random), ...write(real, truth, random)]; // sample
  }
}

// Zipf's law: the r-th most common of so many species has a share proportional to 1/r.
function zipf(species) {
  const weights = Array.from({ length: species }, (_, i) => 1 / (i + 1));
  const sum = weights.reduce((a, b) => a + b);
  return weights.map((weight) => weight / sum);
}

// n articles, each about one species, drawn with the chances that the shares give.
function write(n, shares, random) {
  let sum = 0;
  const upTo = shares.map((share) => (sum += share));
  return Array.from({ length: n }, () => {
    const dart = random() * sum;
    let [low, high] = [0, shares.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (dart < upTo[middle]) high = middle;
      else low = middle + 1;
    }
    return low;
  });
}

// The share of each species in an edition.
function count(edition, species) {
  const shares = new Array(species).fill(0);
  for (const subject of edition) shares[subject] += 1 / edition.length;
  return shares;
}

// A temperature: each share p becomes p^(1/T), rescaled; below 1 the likely become a little likelier.
function sharpen(shares, temperature) {
  const powers = shares.map((share) => share ** (1 / temperature));
  const sum = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / sum);
}

// Random numbers from 0 to 1, the same for the same seed (sfc32, by C. Doty-Humphrey).
function dice(seed) {
  let [a, b, c, turn] = [0, 0, seed | 0, 1];
  const next = () => {
    const out = (a + b + turn++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + out) | 0;
    return (out >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 15; i++) next(); // until the seed is in every bit
  return next;
}

// How many species are left, and the chance that two articles, drawn at random, are about different ones.
const alive = (shares) => shares.filter((share) => share > 0).length;
const differ = (shares) => 1 - shares.reduce((sum, share) => sum + share ** 2, 0);

// How many will be left, without playing: an article's line of copies lasts one reading more with the chance g, then
// g becomes 1 - exp(-g). Lesson 02 derives it; `real` new articles an edition start lines of their own.
function forecast(generations, n, truth, real = 0) {
  let [g, later] = [1, 0];
  return Array.from({ length: generations }, () => {
    const left = truth.reduce((sum, p) => sum - Math.expm1(-p * (n * g + real * later)), 0);
    later += g;
    g = -Math.expm1(-(1 - real / n) * g);
    return left;
  });
}
