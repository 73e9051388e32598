// Packs what Trunk built for the server: each program with one style sheet, a document for each of
// its addresses, and each file also compressed as far as it goes, since it is compressed once and
// sent many times.
//
//   node web/pack.mjs OUT DIST...    the first program, which has no addresses of its own, first
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [out, ...folders] = process.argv.slice(2);
const ADDRESSES = /\s*<meta name="reelmill-addresses" content="([^"]*)"[^>]*>/;

// One program: its files, its document and what has to be loaded for it.
function read(dist) {
  const files = new Map(readdirSync(dist).map((name) => [name, readFileSync(join(dist, name))]));
  const page = [...files.keys()].find((name) => name.endsWith(".html"));
  let html = files.get(page).toString();
  files.delete(page);
  const sheets = [...html.matchAll(/\s*<link rel="stylesheet" href="\/([^"]+)"[^>]*>/g)];
  if (sheets.length === 0) throw new Error(`${page} names no style sheet that is understood here`);
  const css = sheets.map(([, name]) => files.get(name).toString()).join("\n");
  // Comments and indentation are for those who read the source.
  const small = css.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\s*\n\s*/g, "\n").trim();
  const name = `style-${createHash("sha256").update(small).digest("hex").slice(0, 16)}.css`;
  for (const [place, [text, sheet]] of sheets.entries()) {
    html = html.replace(text, place === 0 ? `\n    <link rel="stylesheet" href="/${name}">` : "");
    files.delete(sheet);
  }
  files.set(name, Buffer.from(small));
  const addresses = html.match(ADDRESSES)?.[1].split(" ") ?? [];
  html = html.replace(ADDRESSES, "").replace(/\s*<!--[\s\S]*?-->/g, "");
  const loads = [...files.keys()].filter((file) => /\.(js|wasm|css)$/.test(file));
  return { files, html, addresses, loads };
}

function write(file, bytes) {
  const quality = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
  };
  const br = brotliCompressSync(bytes, { params: quality });
  writeFileSync(join(out, file), bytes);
  if (br.length < bytes.length) {
    writeFileSync(join(out, `${file}.br`), br);
    writeFileSync(join(out, `${file}.gz`), gzipSync(bytes, { level: 9 }));
  }
}

const programs = folders.map(read);
const files = new Map();
for (const program of programs) {
  for (const [name, bytes] of program.files) files.set(name, bytes);
  // What may be fetched ahead: the other programs' files.
  const others = programs.filter((other) => other !== program).flatMap((other) => other.loads);
  const ahead = others.map((name) => `/${name}`).join(" ");
  const meta = `    <meta name="reelmill-other" content="${ahead}">\n  </head>`;
  const html = Buffer.from(program.html.replace("</head>", meta));
  const names = program === programs[0] ? ["index"] : program.addresses;
  for (const name of names) files.set(`${name}.html`, html);
}

mkdirSync(out, { recursive: true });
for (const old of readdirSync(out).filter((old) => !old.startsWith("."))) rmSync(join(out, old));
for (const [file, bytes] of files) write(file, bytes);
console.log(`${files.size} files`);
