// Packs what Trunk built for the server: one style sheet instead of six, each file also compressed
// as far as it goes, since it is compressed once and sent many times.
//
//   node web/pack.mjs DIST OUT
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [dist, out] = process.argv.slice(2);
const files = new Map(readdirSync(dist).map((name) => [name, readFileSync(join(dist, name))]));

let html = files.get("index.html").toString();
const sheets = [...html.matchAll(/\s*<link rel="stylesheet" href="\/([^"]+)"[^>]*>/g)];
const css = sheets.map(([, name]) => files.get(name).toString()).join("\n");
// Comments and indentation are for those who read the source.
const small = css.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\s*\n\s*/g, "\n").trim();
const name = `style-${createHash("sha256").update(small).digest("hex").slice(0, 16)}.css`;
for (const [place, [text, sheet]] of sheets.entries()) {
  html = html.replace(text, place === 0 ? `\n    <link rel="stylesheet" href="/${name}">` : "");
  files.delete(sheet);
}
files.set(name, Buffer.from(small));
files.set("index.html", Buffer.from(html));

mkdirSync(out, { recursive: true });
for (const old of readdirSync(out).filter((old) => !old.startsWith("."))) rmSync(join(out, old));
let sent = 0;
for (const [file, bytes] of files) {
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
  sent += Math.min(br.length, bytes.length);
}
console.log(JSON.stringify({ files: files.size, first_load_brotli_bytes: sent }));
