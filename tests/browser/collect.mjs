// What is done with finished videos: picked, marked, taken away as an archive, shown to others.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Visitor, address } from "./driver.mjs";

const marks = (page, mark) => page.locator(`[data-cell][data-mark=${mark}]`).count();

// Waits until so many videos have a mark.
async function marked(page, mark, count) {
  const there = ([mark, count]) => document.querySelectorAll(`[data-mark=${mark}]`).length === count;
  await page.waitForFunction(there, [mark, count]);
}

// What is pointed at plays. The first three are kept with Shift, the last one rejected; the filter
// shows what is kept.
export async function keep(visitor, story) {
  const { page } = visitor;
  await page.check("input[name=layout][value=gallery]");
  await page.waitForSelector("[data-gallery] [data-cell='2']");
  await page.hover("[data-cell='0']");
  await page.waitForFunction(() => document.querySelector("[data-cell='0'] video")?.currentTime > 0.1);
  await page.locator("[data-pick='0']").check({ force: true });
  await page.locator("[data-pick='2']").click({ force: true, modifiers: ["Shift"] });
  await page.waitForSelector("[data-picked='3']");
  await visitor.inspect("picked");
  await page.focus("[data-cell='1']");
  await page.keyboard.press("k");
  await marked(page, "Keep", 3);
  await page.keyboard.press("Escape");
  await page.waitForSelector("[data-picked]", { state: "detached" });
  // From where it is by arrows to the last one, which is rejected.
  await page.keyboard.press("End");
  const last = story.count - 1;
  const there = (at) => document.activeElement?.dataset.cell === String(at);
  await page.waitForFunction(there, last);
  await page.keyboard.press("x");
  await marked(page, "Reject", 1);
  // Another mark with Shift reaches from the last one to here; then it is taken back.
  await page.keyboard.press("ArrowLeft");
  await page.waitForFunction(there, last - 1);
  await page.keyboard.press("Shift+X");
  await marked(page, "Reject", 2);
  await page.keyboard.press("u");
  await page.waitForFunction(() => document.querySelectorAll("[data-mark=Reject]").length === 1);
  if (story.count === 4) await marked(page, "Keep", 2);
  await page.locator("[data-filters] select").nth(1).selectOption("Keep");
  await page.waitForFunction(() => !document.querySelector("[data-gallery] [data-mark=Reject]"));
  story.kept = await marks(page, "Keep");
  assert(story.kept >= 2, "some are kept");
  assert.equal(await page.locator("[data-cell]").count(), story.kept, "the filter shows these alone");
  await page.locator("[data-filters] select").nth(1).selectOption("");
  await page.waitForFunction((n) => document.querySelectorAll("[data-cell]").length === n, story.count);
  const orders = page.locator("[data-filters] select").last();
  await orders.selectOption("mark:");
  const first = page.locator("[data-cell]").first();
  await page.waitForFunction(() => document.querySelector("[data-gallery] [aria-posinset='1'] [data-mark=Keep]"));
  assert(await first.isVisible());
  await orders.selectOption("");
}

// Rows of a CSV file as the manifest is written.
function rows(text) {
  assert.equal(text.charCodeAt(0), 0xfeff, "a spreadsheet knows it is UTF-8");
  const found = [[""]];
  let quoted = false;
  for (let at = 1; at < text.length; at += 1) {
    const [sign, row] = [text[at], found.at(-1)];
    if (sign === '"' && quoted && text[at + 1] === '"') row[row.length - 1] += text[(at += 1)];
    else if (sign === '"') quoted = !quoted;
    else if (sign === "," && !quoted) row.push("");
    else if (sign === "\r" && !quoted) found.push([""]), (at += 1);
    else row[row.length - 1] += sign;
  }
  const [head, ...lines] = found.filter((row) => row.length > 1);
  return lines.map((line) => Object.fromEntries(head.map((name, at) => [name, line[at]])));
}

// Fetches an archive in the browser; other people's programs open it and decode what is in it.
async function archive(visitor, button) {
  const { page } = visitor;
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(button)]);
  const folder = mkdtempSync(join(tmpdir(), "reelmill-zip-"));
  try {
    const file = join(folder, "archive.zip");
    await download.saveAs(file);
    execFileSync("/usr/bin/python3", ["-m", "zipfile", "-e", file, join(folder, "out")]);
    const names = readdirSync(join(folder, "out")).filter((name) => name !== "manifest.csv");
    for (const name of names) {
      const ask = ["-v", "error", "-count_frames", "-select_streams", "v", "-of", "json"];
      const asked = [...ask, "-show_entries", "stream=codec_name,nb_read_frames", join(folder, "out", name)];
      const [stream] = JSON.parse(execFileSync("ffprobe", asked, { encoding: "utf8" })).streams;
      assert.equal(stream.codec_name, "h264", name);
      assert(Number(stream.nb_read_frames) > 10, `${name} has frames`);
    }
    const manifest = rows(readFileSync(join(folder, "out", "manifest.csv"), "utf8"));
    return { suggested: download.suggestedFilename(), names: names.sort(), manifest };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// The whole batch, then what is kept, then one that was picked.
export async function zip(visitor, story) {
  const { page } = visitor;
  const whole = await archive(visitor, "[data-zip=all]");
  assert.match(whole.suggested, /\.zip$/);
  assert.equal(whole.names.length, story.count);
  assert.equal(whole.manifest.length, story.count, "a row for each video");
  assert.deepEqual(whole.manifest.map(({ file }) => file).sort(), whole.names);
  assert.equal(whole.manifest[0].prompt, story.prompt);
  const values = Object.keys(whole.manifest[0]).filter((name) => name.startsWith("value:"));
  for (const row of whole.manifest) {
    assert.equal(row.state, "DELIVERED");
    assert.equal(row.file, `${values.map((name) => row[name]).join("_")}.mp4`, "named by its values");
  }
  const kept = await archive(visitor, "[data-zip=kept]");
  assert.equal(kept.names.length, story.kept);
  assert(kept.manifest.every(({ mark }) => mark === "KEEP"));
  await page.locator("[data-pick='1']").check({ force: true });
  const one = await archive(visitor, "[data-zip=picked]");
  assert.deepEqual(one.names, [whole.manifest[1].file]);
  await page.click("[data-pick-none]");
}

// A link opens where nobody is signed in, without a script; withdrawn, it shows nothing.
export async function share(visitor, story) {
  const { page } = visitor;
  await page.click("[data-share]");
  await page.check("input[name=share-what][value=kept]");
  await page.selectOption("[data-share-days]", "7");
  await page.click("[data-share-make]");
  const url = await page.textContent("[data-share-url]");
  await page.waitForSelector("[data-share-link=true]");
  await visitor.inspect("share");
  const guest = await Visitor.arrive(visitor.context.browser(), story.locale);
  const opened = await guest.page.goto(url);
  assert.equal(opened.status(), 200);
  assert.equal(await guest.page.locator("video").count(), story.kept, "what is kept, and no more");
  await guest.accessible("what a link shows");
  await page.click("[data-revoke]");
  await page.waitForSelector("[data-share-link=false]");
  const gone = await guest.context.request.get(url);
  assert.equal(gone.status(), 410, "withdrawn");
  assert(!(await gone.text()).includes("<video"));
  const never = await guest.context.request.get(`${address}/s/${"x".repeat(43)}`);
  assert.equal(never.status(), 404);
  await guest.leave();
  await page.keyboard.press("Escape");
}

// What was done stands in the trail, with who and the money; the form is filled as it was.
export async function trail(visitor, story) {
  const { page } = visitor;
  await page.click("[data-trail]");
  await page.waitForSelector("[data-deed-kind=Launched]");
  const kinds = await page.$$eval("[data-deed-kind]", (all) => all.map((deed) => deed.dataset.deedKind));
  assert.deepEqual(kinds, ["Unshared", "Shared", "Launched"]);
  const launched = await page.textContent("[data-deed-kind=Launched]");
  assert(launched.includes(String(story.count)) && launched.includes(story.name), launched);
  await visitor.inspect("trail");
  await page.keyboard.press("Escape");
}

// The form again, as the batch was launched, whatever was typed meanwhile.
export async function again(visitor, story) {
  const { page } = visitor;
  await page.evaluate(() => localStorage.removeItem("reelmill.draft"));
  await page.click("[data-again]");
  await page.waitForURL("**/compose?batch=*");
  await page.waitForFunction((text) => document.querySelector("#template")?.value === text, story.template);
  for (const [name, values] of Object.entries(story.values)) {
    assert.equal(await page.inputValue(`[data-values='${name}']`), values);
  }
  await page.waitForSelector(`[data-total='${story.count}']`);
}
