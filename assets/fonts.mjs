// Lists the letters that are shipped, cut to the characters our languages use, one file per script and weight,
// so that a browser fetches a file only when a page shows one of its characters.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import subsetFont from "subset-font";

const latin = "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+2000-200B,U+2010-206F,U+20AC,U+2122,U+2212,U+FEFF,U+FFFD";
// Polish, Welsh, Romanian and the European alphabets of people's own names.
const latinMore = "U+0100-0130,U+0132-0151,U+0154-017F,U+01CD-01DC,U+0218-021B,U+0300-030C,U+1E02-1E03,U+1E80-1E85,U+1E9E,U+1EF2-1EF3";
const cyrillic = "U+0400-045F,U+0490-0491,U+2116";
const arabic = "U+0600-06FF,U+0750-077F,U+08A0-08FF,U+200C-200F,U+FB50-FDFF,U+FE70-FEFC";

const sources = [
  { family: "Andika", base: "andika", script: "latin", range: latin },
  { family: "Andika", base: "andika", script: "latin-ext", range: latinMore },
  { family: "Andika", base: "andika", script: "cyrillic", range: cyrillic },
  { family: "Noto Nastaliq Urdu", base: "noto-nastaliq-urdu", script: "arabic", range: arabic, whole: true },
  { family: "Noto Sans Arabic", base: "noto-sans-arabic", script: "arabic", range: arabic, whole: true },
];

function characters(range) {
  let text = "";
  for (const part of range.split(",")) {
    const [from, to = from] = part.slice(2).split("-").map((hex) => parseInt(hex, 16));
    for (let code = from; code <= to; code++) text += String.fromCodePoint(code);
  }
  return text;
}

// fonts returns {name, family, weight, range, content} for every file, in a fixed order.
export async function fonts(here) {
  const list = [];
  for (const { family, base, script, range, whole } of sources) {
    for (const weight of [400, 700]) {
      const path = join(here, "node_modules/@fontsource", base, "files", `${base}-${script}-${weight}-normal.woff2`);
      const source = readFileSync(path);
      const content = whole ? source : await subsetFont(source, characters(range), { targetFormat: "woff2" });
      list.push({ name: `${base}-${script}-${weight}.woff2`, family, weight, range, content });
    }
  }
  return list;
}
