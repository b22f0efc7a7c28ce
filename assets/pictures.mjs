// Copies the pictures that are listed in key-pictures.txt and survey-pictures.txt, made small, and writes their names
// in every language to content/pictures/. Names are the Unicode CLDR short names; where the lists give an English name
// it is used instead, for the short name is made for machines ("ear of corn").
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { optimize } from "svgo";

// The shipped languages. When one joins, key-names.txt parts the names that it gives to two pictures.
const languages = ["en", "ur", "pl", "ar", "cy"];

const read = (path) => JSON.parse(readFileSync(path, "utf8"));

// Lower case, without marks, spaces and signs: what internal code must also do to a typed name before it compares.
const fold = (text) => text.toLowerCase().normalize("NFKD").replace(/[^\p{L}\p{N}]/gu, "");

function annotations(here) {
  const of = (language) =>
    read(join(here, "node_modules/cldr-annotations-full/annotations", language, "annotations.json")).annotations.annotations;
  const all = new Map(languages.map((language) => [language, of(language)]));
  const british = of("en-GB");
  all.set("en", Object.fromEntries(Object.entries(all.get("en")).map(([emoji, entry]) => [emoji, { ...entry, ...british[emoji] }])));
  return (language, emoji) => all.get(language)[emoji] ?? {};
}

// list reads the lines of a file; a comment of one word says which group the lines after it belong to.
function list(here, file) {
  let group;
  const entries = [];
  for (const line of readFileSync(join(here, file), "utf8").split("\n")) {
    if (line.startsWith("#")) group = line.match(/^# ([a-z]+)$/)?.[1] ?? group;
    if (!line || line.startsWith("#")) continue;
    const [hex, id, ...english] = line.split(" ");
    const emoji = hex.split("-").map((code) => String.fromCodePoint(parseInt(code, 16))).join("").replaceAll("\uFE0F", "");
    entries.push({ hex, id, group, english: english.join(" "), emoji });
  }
  return entries;
}

// better returns the names of key-names.txt by "id language".
function better(here) {
  const lines = readFileSync(join(here, "key-names.txt"), "utf8").split("\n").filter((line) => line && !line.startsWith("#"));
  return new Map(lines.map((line) => line.match(/^(\S+ \S+) (.+)$/).slice(1)));
}

function named(entries, lookup, chosen = new Map()) {
  return entries.map(({ hex, id, group, english, emoji }) => {
    const names = {};
    const words = {};
    for (const language of languages) {
      const { tts, default: keywords = [] } = lookup(language, emoji);
      words[language] = [...(tts ?? []), ...keywords];
      const choice = chosen.get(`${id} ${language}`);
      if (choice && !words[language].includes(choice)) throw new Error(`"${choice}" is no word of CLDR for ${id} in ${language}`);
      const own = choice || (language === "en" && english) || tts?.[0];
      if (own) names[language] = own;
    }
    return { id, file: `pictures/${hex}.svg`, group, names, words };
  });
}

// Every name is there and means one picture only, whatever its accents, spaces and capitals.
function check(pictures) {
  const faults = [];
  for (const language of languages) {
    const taken = new Map();
    for (const { id, names } of pictures) {
      const folded = fold(names[language] ?? "");
      if (folded === "") faults.push(`${id} has no name in ${language}`);
      else if (taken.has(folded)) faults.push(`${id} and ${taken.get(folded)} are both "${names[language]}" in ${language}`);
      taken.set(folded, id);
    }
  }
  if (faults.length > 0) throw new Error(faults.join("\n"));
}

// Other words that mean this picture and no other of the set: what people may type instead of the name.
function addOtherWords(pictures) {
  for (const language of languages) {
    const owners = new Map();
    for (const { id, names, words } of pictures) {
      for (const word of [names[language] ?? "", ...words[language]]) {
        const folded = fold(word);
        owners.set(folded, (owners.get(folded) ?? new Set()).add(id));
      }
    }
    for (const picture of pictures) {
      const seen = new Set(["", fold(picture.names[language] ?? "")]);
      const also = picture.words[language].filter((word) => {
        const folded = fold(word);
        return !seen.has(folded) && owners.get(folded).size === 1 && seen.add(folded);
      });
      if (also.length > 0) (picture.also ??= {})[language] = also;
    }
  }
}

const small = (svg) => optimize(svg, {
  multipass: true,
  floatPrecision: 2,
  plugins: ["preset-default", "cleanupListOfValues"],
}).data;

function draw(here, out, pictures) {
  for (const { file } of pictures) {
    const source = join(here, "node_modules/openmoji/color/svg", file.slice("pictures/".length));
    writeFileSync(join(out, file), small(readFileSync(source, "utf8")));
  }
}

const source = "Pictures: OpenMoji 17 (CC BY-SA 4.0). Names: Unicode CLDR 48 (Unicode licence), except English names chosen for Sayso.";

function write(here, name, note, pictures) {
  const rows = pictures.map(({ words, ...picture }) => "    " + JSON.stringify(picture));
  const text = `{\n  "source": ${JSON.stringify(source)},\n  "note": ${JSON.stringify(note)},\n  "pictures": [\n${rows.join(",\n")}\n  ]\n}\n`;
  writeFileSync(join(here, "..", "content/pictures", name), text);
}


// buildPictures writes static/pictures/ and the two lists of names; it fails when two pictures of a key could be mixed up.
async function buildPictures(here, out) {
  const lookup = annotations(here);
  const key = named(list(here, "key-pictures.txt"), lookup, better(here));
  const survey = named(list(here, "survey-pictures.txt").map((entry) => ({ ...entry, group: undefined })), lookup);
  check(key);
  addOtherWords(key);
  rmSync(join(out, "pictures"), { recursive: true, force: true });
  mkdirSync(join(out, "pictures"), { recursive: true });
  mkdirSync(join(here, "..", "content/pictures"), { recursive: true });
  draw(here, out, [...key, ...survey]);
  write(here, "key.json", "Keys on paper outlive every release: never take a picture out or change its id.", key);
  write(here, "survey.json", "Pictures for questions, ideas and pages, by id.", survey);
}

const here = dirname(fileURLToPath(import.meta.url));
await buildPictures(here, join(here, "..", "static"));
