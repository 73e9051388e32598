// From nothing to videos that can be paid for and played, in both languages.
import assert from "node:assert/strict";
import { again, keep, share, trail, zip } from "./collect.mjs";
import { Visitor, launch } from "./driver.mjs";

const CASES = [
  {
    locale: "zh-CN",
    name: "林晓",
    template: "｛风格｝风格的{场景}，{光线}",
    values: { 风格: "水墨画\n剪纸", 场景: "竹林\n海边的礁石\n上海的天台", 光线: "清晨的薄雾" },
    prompt: "水墨画风格的竹林，清晨的薄雾",
    formula: ["2 风格", "3 场景", "1 光线"],
    count: 6,
    launch: "启动 6 个视频",
  },
  {
    locale: "en-US",
    name: "Ada",
    template: "{style} of {scene}",
    values: { style: "watercolor\nnoir", scene: "a lighthouse\na city at night" },
    prompt: "watercolor of a lighthouse",
    formula: ["2 style", "2 scene"],
    count: 4,
    launch: "Launch 4 videos",
  },
];

async function signUp(visitor, { name }) {
  const { page } = visitor;
  await visitor.visit("/");
  await page.waitForURL("**/sign-up");
  await visitor.inspect("sign-up");
  await page.fill("#name", name);
  await page.fill("#email", `${name === "Ada" ? "ada" : "lin"}-${process.pid}@example.com`);
  await page.fill("#password", "short");
  await page.click("form .primary");
  await page.waitForSelector("form [role=alert] .note");
  await page.fill("#password", "a long enough password");
  await page.click("form .primary");
  await page.waitForURL("**/compose");
  await page.waitForSelector("[data-balance='48']");
}

async function compose(visitor, story) {
  const { page } = visitor;
  await page.waitForSelector("[data-sample]");
  await visitor.inspect("compose-empty");
  await page.fill("#template", story.template);
  for (const [name, values] of Object.entries(story.values)) {
    await page.fill(`[data-values='${name}']`, values);
  }
  const formula = await page.textContent("[data-formula]");
  for (const factor of story.formula) assert(formula.includes(factor), `${formula} lacks ${factor}`);
  assert.equal(await page.textContent("[data-count]"), String(story.count));
  assert.equal(await page.textContent("[data-preview]"), story.prompt);
  // One credit for each started four seconds at 360 lines; a trial has 48.
  await page.waitForSelector(`[data-total='${story.count}']`);
  await page.waitForSelector(`[data-after='${48 - story.count}']`);
  await page.reload();
  await visitor.settled();
  assert.equal(await page.inputValue("#template"), story.template, "a draft survives a reload");
  await page.waitForSelector("[data-launch=true]:enabled");
  assert.equal((await page.textContent("[data-launch=true]")).trim(), story.launch);
  await visitor.inspect("compose");
}

async function problems(visitor, story) {
  const { page } = visitor;
  await page.fill("#template", `${story.template} {`);
  await page.waitForSelector("[data-problem=UNCLOSED_BRACE]");
  await page.waitForSelector("[data-launch=true]:disabled");
  await visitor.accessible("compose with a problem");
  await page.fill("#template", story.template);
  await page.waitForSelector("[data-launch=true]:enabled");
}

// An input method's Enter launches nothing; two presses launch once.
async function launchOnce(visitor) {
  const { page } = visitor;
  const launches = () => visitor.asked.filter((query) => query.includes("launchBatch")).length;
  await page.evaluate(() => {
    const key = { key: "Enter", ctrlKey: true, isComposing: true, bubbles: true };
    document.querySelector("#template").dispatchEvent(new KeyboardEvent("keydown", key));
  });
  assert.equal(launches(), 0, "Enter of a composition must not launch");
  await page.focus("#template");
  await page.evaluate(() => {
    const key = { key: "Enter", ctrlKey: true, bubbles: true };
    for (let press = 0; press < 3; press += 1) {
      document.querySelector("#template").dispatchEvent(new KeyboardEvent("keydown", key));
    }
  });
  await page.waitForURL("**/batches/bat_*");
  assert.equal(launches(), 1, "three presses are one launch");
}

const delivered = (page) => page.locator("[data-cell][data-state=Delivered]").count();

async function watch(visitor, story) {
  const { page } = visitor;
  await page.waitForSelector("[data-phase=Live], [data-phase=Ended]");
  await page.evaluate(() => (globalThis.sameDocument = true));
  // The first video comes by itself; then the line is cut while others are made.
  await page.waitForSelector("[data-cell][data-state=Delivered]");
  await visitor.cut();
  await page.waitForSelector("[data-phase=Reconnecting], [data-phase=Polling]");
  await visitor.picture("batch-lost");
  visitor.mend();
  await page.waitForSelector("[data-phase=Ended]", { timeout: 180_000 });
  await page.waitForSelector("[data-standing=Completed]");
  assert(await page.evaluate(() => globalThis.sameDocument), "nothing was loaded again");
  assert.equal(await delivered(page), story.count, "no cell missed its event");
  await sameAsServer(visitor, story);
  await page.waitForFunction(
    (count) => document.querySelectorAll("[data-cell] img").length === count,
    story.count,
  );
  await visitor.settled();
  await visitor.inspect("batch");
}

// Every cell shows the state that the server has, under the ordinal that the server has.
async function sameAsServer(visitor, story) {
  const { me } = await visitor.api("{ me { memberships { workspaceId } } }");
  const workspace = me.memberships[0].workspaceId;
  const batch = visitor.page.url().split("/").pop();
  const data = await visitor.api(
    `query ($w: ID!, $b: ID!) { workspace(id: $w) { batch(id: $b) {
      counts { delivered } credits { captured held } videos(first: 50) { nodes { ordinal state } } } } }`,
    { w: workspace, b: batch },
  );
  const stored = data.workspace.batch;
  assert.deepEqual(stored.credits, { captured: story.count, held: 0 });
  const shown = await visitor.page.$$eval("[data-cell]", (cells) =>
    cells.map((cell) => [Number(cell.dataset.cell), cell.dataset.state.toUpperCase()]),
  );
  assert.deepEqual(shown, stored.videos.nodes.map(({ ordinal, state }) => [ordinal, state]));
}

async function play(visitor) {
  const { page } = visitor;
  await page.click("[data-cell='0']");
  await page.waitForSelector("[data-stage]");
  const time = () => page.$eval("[data-stage]", (video) => video.currentTime);
  await page.waitForFunction(() => document.querySelector("[data-stage]").currentTime > 0.2);
  const before = await time();
  await page.waitForFunction((was) => document.querySelector("[data-stage]").currentTime !== was, before);
  await visitor.inspect("video");
  const first = await page.textContent(".facts");
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction((was) => document.querySelector(".facts").textContent !== was, first);
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog.light", { state: "hidden" });
  await page.check("input[name=layout][value=matrix]");
  await page.waitForSelector("[data-matrix]");
  await visitor.inspect("matrix");
}

// The ledger is replayed from its own rows and must arrive at what the header shows.
async function books(visitor, story) {
  const { page } = visitor;
  await page.click("a.balance");
  await page.waitForSelector("[data-ledger] [data-entry]");
  await visitor.settled();
  const rows = await page.$$eval("[data-entry]", (rows) =>
    rows.map(({ dataset }) => Object.fromEntries(Object.entries(dataset).map(([k, v]) => [k, Number(v)]))),
  );
  let [available, held] = [0, 0];
  for (const row of rows.reverse()) {
    available += row.available;
    held += row.held;
    assert.deepEqual([row.availableAfter, row.heldAfter], [available, held], `row ${row.entry}`);
  }
  assert.deepEqual([available, held], [48 - story.count, 0]);
  await page.waitForSelector(`[data-balance='${available}']`);
  await page.waitForSelector(`[data-figure=available][data-value='${available}']`);
  await visitor.inspect("wallet");
}

// What is stopped says what it gave back, and gives it back.
async function stop(visitor, story) {
  const { page } = visitor;
  await page.click("a[href='/compose']");
  await page.waitForSelector("[data-launch=true]:enabled");
  await page.click("[data-launch=true]");
  await page.waitForURL("**/batches/bat_*");
  await page.click("[data-deed=Pause]");
  await page.click("dialog[open] [data-yes]");
  await page.waitForSelector("[data-standing=Paused], [data-standing=Completed]");
  await visitor.inspect("batch-paused");
  await page.click("[data-deed=Cancel]");
  await visitor.accessible("the question before a cancel");
  await page.click("dialog[open] [data-yes]");
  await page.waitForSelector("[data-phase=Ended]");
  const number = async (name) => Number((await page.getAttribute(`[data-number=${name}]`, "data-value").catch(() => 0)) ?? 0);
  const captured = await number("captured");
  assert.equal(captured, await number("delivered"), "charged for what was delivered");
  await page.waitForSelector(`[data-balance='${48 - story.count - captured}']`);
}

// The page is three programs. The others are there before they are asked for, what is being said goes
// along, and the way back leads back.
async function cross(visitor) {
  const { page } = visitor;
  await visitor.visit("/compose");
  const ahead = await page.getAttribute("meta[name=reelmill-other]", "content");
  await page.waitForFunction(
    (count) => document.querySelectorAll("link[rel=prefetch]").length === count,
    ahead.split(" ").length,
  );
  await page.waitForFunction(
    (names) => {
      const got = performance.getEntriesByType("resource").filter(({ responseEnd }) => responseEnd > 0);
      return names.every((name) => got.some((entry) => entry.name.endsWith(name)));
    },
    ahead.split(" "),
  );
  await page.click("nav a[href='/templates']");
  await page.waitForSelector(".template-card .ghost");
  const sent = await page.evaluate(() => {
    const loads = performance.getEntriesByType("resource").filter(({ name }) => /\.(wasm|js|css)$/.test(name));
    return loads.map(({ name, transferSize }) => [new URL(name).pathname, transferSize]);
  });
  const known = sent.filter(([path]) => ahead.split(" ").includes(path));
  assert.ok(known.some(([path]) => path.endsWith(".wasm")), JSON.stringify(sent));
  for (const [path, bytes] of known) {
    assert.equal(bytes, 0, `${path} was sent again: ${JSON.stringify(sent)}`);
  }
  await page.click(".template-card .ghost");
  const said = await page.textContent(".toast span");
  await page.click("nav a[href='/batches']");
  await page.waitForSelector(".batch-list");
  assert.equal(await page.textContent(".toast span"), said, "a notice goes along");
  await page.goBack();
  await page.waitForURL("**/templates");
  await page.waitForSelector("h1");
  await page.goBack();
  await page.waitForURL("**/compose");
  await page.waitForSelector("#template");
}

async function rest(visitor) {
  const { page } = visitor;
  for (const path of ["/batches", "/templates", "/settings", "/nowhere"]) {
    await visitor.visit(path);
    await page.waitForSelector("h1");
    await visitor.inspect(path.slice(1));
  }
  await visitor.visit("/batches");
  const before = await page.textContent("h1");
  await page.click("[data-language]");
  await page.waitForFunction((was) => document.querySelector("h1").textContent !== was, before);
  await page.click("[data-language]");
  await page.keyboard.press("Control+k");
  await page.waitForSelector("dialog.palette[open]");
  await visitor.accessible("palette");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.waitForSelector("#keys-title");
  await visitor.accessible("keys");
  await page.keyboard.press("Escape");
  await page.click(".avatar");
  await visitor.accessible("account menu");
  await page.click("[data-sign-out]");
  await page.waitForURL(/sign-in/);
  await page.waitForSelector("form #password");
  await visitor.inspect("sign-in");
}

const browser = await launch();
try {
  for (const story of CASES) {
    const visitor = await Visitor.arrive(browser, story.locale);
    const collect = [keep, zip, share, trail, again];
    const first = [signUp, compose, problems, launchOnce, watch, play];
    const steps = [...first, ...collect, books, stop, cross, rest];
    for (const step of steps) {
      const began = performance.now();
      await step(visitor, story).catch(async (error) => {
        await visitor.picture(`failed-${step.name}`);
        throw new Error(`${story.locale}, ${step.name}: ${error.message}`, { cause: error });
      });
      console.log(`ok ${story.locale} ${step.name} ${((performance.now() - began) / 1000).toFixed(1)} s`);
    }
    await visitor.leave();
  }
} finally {
  await browser.close();
}
