// Measures the page in real Chromium: Lighthouse for a desktop, a finished batch that is scrolled
// from end to end, a batch that is watched while it is made. Last line: one JSON object.
//
//   node measure.mjs    (REELMILL_ADDRESS, _EMAIL, _PASSWORD, _WORKSPACE; _FINISHED, _LIVE videos)
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import lighthouse from "lighthouse";
import desktop from "lighthouse/core/config/desktop-config.js";
import { chromium } from "playwright-core";

const { REELMILL_ADDRESS: address, REELMILL_WORKSPACE: workspace } = process.env;
const FINISHED = Number(process.env.REELMILL_FINISHED ?? 10_000);
const LIVE = Number(process.env.REELMILL_LIVE ?? 2_000);
const LONG_MS = 100;
const PATIENCE_MS = 1_800_000;
const RUNS = 3;

const results = [];
const tell = (name, metric, value, unit) => {
  results.push({ case: name, metric, value: Math.round(value * 100) / 100, unit });
  console.log(`${name} ${metric} ${results.at(-1).value} ${unit}`);
};

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((open) => server.once("listening", open));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

const folder = mkdtempSync(join(tmpdir(), "reelmill-page-"));
const port = await freePort();
const context = await chromium.launchPersistentContext(folder, {
  executablePath: process.env.REELMILL_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--mute-audio", `--remote-debugging-port=${port}`],
  viewport: { width: 1350, height: 940 },
  locale: "en-US",
});
context.setDefaultTimeout(PATIENCE_MS);

async function api(query, variables) {
  const headers = { "x-reelmill-request": "1" };
  const options = { data: { query, variables }, headers, timeout: 120_000 };
  const { data, errors } = await (await context.request.post(`${address}/graphql`, options)).json();
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}

// A batch of so many videos, as anybody would launch it.
async function launch(videos) {
  const values = (n) => Array.from({ length: n }, (_, i) => `v${i + 1}`);
  const across = videos % 100 === 0 ? 100 : 10;
  const lists = [
    { name: "scene", values: values(across) },
    { name: "style", values: values(videos / across) },
  ];
  const template = await api(
    "mutation ($i: CreateTemplateInput!) { createTemplate(input: $i) { template { id } } }",
    { i: { workspaceId: workspace, name: `${videos}`, source: "{style} of {scene}", selection: { lists } } },
  );
  const quote = await api(
    "mutation ($i: CreateQuoteInput!) { createQuote(input: $i) { quote { id videoCount } } }",
    { i: { workspaceId: workspace, templateId: template.createTemplate.template.id } },
  );
  const { id, videoCount } = quote.createQuote.quote;
  assert.equal(videoCount, videos);
  const made = await api(
    "mutation ($i: LaunchBatchInput!) { launchBatch(input: $i) { batch { id } } }",
    { i: { workspaceId: workspace, quoteId: id, idempotencyKey: id } },
  );
  return made.launchBatch.batch.id;
}

const COUNTS = "counts { total delivered failed cancelled open }";
async function counts(batch) {
  const query = `query ($w: ID!, $b: ID!) { workspace(id: $w) { batch(id: $b) { ${COUNTS} } } }`;
  return (await api(query, { w: workspace, b: batch })).workspace.batch.counts;
}

async function finished(batch) {
  const began = performance.now();
  for (;;) {
    const now = await counts(batch);
    if (now.open === 0) return now;
    assert(performance.now() - began < PATIENCE_MS, "the batch did not end in time");
    await new Promise((go) => setTimeout(go, 500));
  }
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

// As Lighthouse sees a desktop; the session is that of this browser.
async function audit(name, path) {
  const scores = {};
  const categories = ["performance", "accessibility", "best-practices"];
  for (let run = 0; run < RUNS; run += 1) {
    const flags = { port, onlyCategories: categories, disableStorageReset: true, logLevel: "error" };
    const { lhr } = await lighthouse(address + path, flags, desktop);
    for (const category of categories) {
      (scores[category] ??= []).push(lhr.categories[category].score * 100);
    }
    if (run === RUNS - 1) {
      for (const { id, score, title, scoreDisplayMode: mode } of Object.values(lhr.audits)) {
        if (score !== null && score < 0.9 && mode !== "informative") console.log(`  ${id} ${score} ${title}`);
      }
    }
  }
  for (const [category, all] of Object.entries(scores)) {
    tell(name, `lighthouse_${category.replace("-", "_")}`, median(all), "of 100");
  }
}

async function open(batch) {
  const page = await context.newPage();
  await page.addInitScript(() => {
    globalThis.long = [];
    const watch = (list) => list.getEntries().forEach((task) => globalThis.long.push(task.duration));
    new PerformanceObserver(watch).observe({ type: "longtask", buffered: true });
    const begin = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = async (...given) => {
      const made = await begin.apply(WebAssembly, given);
      globalThis.programMemory = made.instance.exports.memory;
      return made;
    };
  });
  await page.goto(`${address}/batches/${batch}`);
  await page.waitForSelector("html[data-app-ready]", { state: "attached" });
  await page.waitForSelector("[data-cell]");
  return page;
}

// What the page holds: of scripts, of the program, of the document.
async function held(page, session) {
  await session.send("HeapProfiler.collectGarbage");
  const { metrics } = await session.send("Performance.getMetrics");
  const script = metrics.find(({ name }) => name === "JSHeapUsedSize").value;
  const program = await page.evaluate(() => globalThis.programMemory?.buffer.byteLength ?? 0);
  return (script + program) / 1e6;
}

// From the first row to the last: the state of every cell that was seen, by ordinal, and the most
// elements that the document had.
function through(page) {
  return page.evaluate(async () => {
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    const [seen, end] = [new Map(), () => document.documentElement.scrollHeight - innerHeight - 2];
    let elements = 0;
    const look = () => {
      for (const { dataset } of document.querySelectorAll("[data-cell]")) seen.set(dataset.cell, dataset.state);
      elements = Math.max(elements, document.getElementsByTagName("*").length);
    };
    scrollTo(0, 0);
    for (let still = 0; still < 5; still = scrollY >= end() ? still + 1 : 0) {
      scrollBy(0, innerHeight / 2);
      await frame();
      await frame();
      look();
    }
    return { seen: [...seen], elements };
  });
}

// Every cell of a finished batch comes into sight.
async function scroll(batch) {
  const page = await open(batch);
  const session = await context.newCDPSession(page);
  await session.send("Performance.enable");
  await page.waitForSelector("[data-phase=Ended]");
  await page.waitForSelector("html[data-settled]", { state: "attached" });
  const before = await held(page, session);
  await page.evaluate(() => (globalThis.long = []));
  const { seen, elements } = await through(page);
  const long = (await page.evaluate(() => globalThis.long)).filter((ms) => ms > LONG_MS);
  tell("scroll", "cells", seen.length, "cells");
  tell("scroll", `tasks_over_${LONG_MS}_ms`, long.length, "tasks");
  tell("scroll", "longest_task", Math.max(0, ...(await page.evaluate(() => globalThis.long))), "ms");
  tell("scroll", "most_elements", elements, "elements");
  tell("scroll", "memory_before", before, "MB");
  tell("scroll", "memory_after", await held(page, session), "MB");
  await page.close();
}

// Watched from its first video to its last; every cell must then be what the server has.
async function live(batch) {
  const page = await open(batch);
  const { delivered, total } = await finished(batch);
  await page.waitForSelector("[data-phase=Ended]");
  const { seen } = await through(page);
  const same = seen.filter(([, state]) => state === "Delivered").length;
  tell("live", "videos", total, "videos");
  tell("live", "events_lost", Math.abs(total - seen.length) + Math.abs(delivered - same), "cells");
  await page.close();
}

try {
  await api("mutation ($i: SignInInput!) { signIn(input: $i) { user { id } } }", {
    i: { email: process.env.REELMILL_EMAIL, password: process.env.REELMILL_PASSWORD },
  });
  await audit("compose", "/compose");
  const watched = await launch(LIVE);
  await live(watched);
  await audit("batch", `/batches/${watched}`);
  const whole = await launch(FINISHED);
  const { delivered } = await finished(whole);
  assert.equal(delivered, FINISHED);
  await scroll(whole);
  console.log(JSON.stringify({ results, reference: [] }));
} finally {
  await context.close();
  rmSync(folder, { recursive: true, force: true });
}
