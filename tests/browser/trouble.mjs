// What goes wrong, and what has to be decided: a table read in its own encoding, a pilot, videos
// side by side, sockets that never open, a video that fails and is tried again. The provider is
// the one that does what prompts say.
import assert from "node:assert/strict";
import { Visitor, launch, setting } from "./driver.mjs";

const CASES = [
  {
    locale: "zh-CN",
    // 产品,场景 / 香水,海边 / 手表,雪山 as a spreadsheet in China saves it: GB18030.
    csv: Buffer.from("b2fac6b72cb3a1beb00acfe3cbae2cbaa3b1df0acad6b1ed2cd1a9c9bd0a", "hex"),
    template: "｛产品｝在{场景}，{光线}",
    lists: { 光线: "清晨\n夜晚" },
    preview: "香水在海边，清晨",
    fails: { template: "{动物}在奔跑", lists: { 动物: "一只猫\n一只狗 [fail:3]" } },
  },
  {
    locale: "en-US",
    csv: Buffer.from("product,place\nperfume,\"the sea, at dawn\"\nwatch,a glacier\n"),
    template: "{product} at {place}, {light}",
    lists: { light: "morning\nnight" },
    preview: "perfume at the sea, at dawn, morning",
    fails: { template: "{animal} runs", lists: { animal: "a cat\na dog [fail:3]" } },
  },
];

const number = async (page, name) =>
  Number(await page.getAttribute(`[data-number=${name}]`, "data-value").catch(() => 0));

// Somebody whose plan asks for no mark in the picture, which this provider cannot draw.
async function signIn(visitor) {
  const input = { email: setting("REELMILL_EMAIL"), password: setting("REELMILL_PASSWORD") };
  await visitor.api("mutation ($input: SignInInput!) { signIn(input: $input) { user { id } } }", { input });
  await visitor.visit("/compose");
  await visitor.page.waitForSelector("[data-balance]");
  visitor.credits = await balance(visitor);
}

const balance = async ({ page }) => Number(await page.getAttribute("[data-balance]", "data-balance"));

async function write(visitor, { template, lists }) {
  const { page } = visitor;
  await page.fill("#template", template);
  for (const [name, values] of Object.entries(lists)) {
    await page.fill(`[data-values='${name}']`, values);
  }
}

// A table comes in with its columns bound together, in the encoding it was saved in.
async function table(visitor, story) {
  const { page } = visitor;
  await write(visitor, story);
  const file = { name: "table.csv", mimeType: "text/csv", buffer: story.csv };
  await page.setInputFiles("input[type=file]", file);
  await page.waitForFunction((text) => document.querySelector("[data-preview]")?.textContent === text, story.preview);
  assert.equal(await page.textContent("[data-count]"), "4", "two rows, two values");
  await visitor.inspect("compose-table");
}

// One video first; the rest waits for a person, and follows when it is told to.
async function pilot(visitor) {
  const { page } = visitor;
  await page.click("details:has([data-pilot]) > summary");
  await page.check("[data-pilot]");
  await page.fill(".stack-tight:has(> label > [data-pilot]) input[type=number]", "1");
  await page.waitForSelector("[data-total='4']");
  await page.click("[data-launch=true]:enabled");
  await page.waitForURL("**/batches/bat_*");
  await page.waitForSelector("[data-deed=Approve]");
  assert.equal(await page.locator("[data-cell][data-state=Delivered]").count(), 1);
  await page.waitForSelector("[data-deed=Decline]");
  await visitor.settled();
  await visitor.inspect("pilot");
  await page.click("[data-deed=Approve]");
  await visitor.accessible("the question before an approval");
  await page.click("dialog[open] [data-yes]");
  await page.waitForSelector("[data-standing=Completed]");
  assert.equal(await page.locator("[data-cell][data-state=Delivered]").count(), 4);
}

// Two videos side by side, from their beginnings, both moving.
async function compare(visitor) {
  const { page } = visitor;
  for (const place of [0, 3]) {
    await page.locator(".cell-pick input").nth(place).check({ force: true });
  }
  await page.click("[data-compare]");
  await page.waitForSelector("dialog.compare[open]");
  const playing = () => {
    const all = [...document.querySelectorAll("[data-compared]")];
    return all.length === 2 && all.every((video) => video.currentTime > 0.2);
  };
  await page.waitForFunction(playing);
  await page.click("[data-together]");
  await page.waitForFunction(playing);
  const [first, second] = await page.$$eval("[data-compared]", (all) => all.map((video) => video.currentTime));
  assert(Math.abs(first - second) < 0.5, `they are ${Math.abs(first - second)} s apart`);
  await visitor.inspect("compare");
  await page.keyboard.press("Escape");
}

// No socket ever opens: the page asks again and again instead, and says so.
async function polling(visitor, story) {
  const { page } = visitor;
  visitor.refuse();
  await page.click("a[href='/compose']");
  await page.waitForSelector("#template");
  await page.click("[data-clear]");
  await write(visitor, story.fails);
  await page.waitForSelector("[data-total='2']");
  await page.click("[data-launch=true]:enabled");
  await page.waitForURL("**/batches/bat_*");
  await page.waitForSelector("[data-phase=Polling]");
  await visitor.picture("batch-polling");
  await page.waitForSelector("[data-cell='0'][data-state=Delivered]");
  await page.waitForSelector("[data-cell='1'][data-state=Failed]", { timeout: 120_000 });
  assert.equal(await number(page, "captured"), 1, "what failed is not charged");
}

// What failed says why, what it cost, what to do; tried again, it is delivered and charged once.
async function retry(visitor) {
  const { page } = visitor;
  visitor.mend();
  await page.click("[data-cell='1']");
  const problem = page.locator("dialog.light [role=alert], dialog.light .bad").first();
  assert((await problem.textContent()).trim().length > 10, "a failure in words");
  await visitor.inspect("video-failed");
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog.light", { state: "hidden" });
  await page.click("[data-deed=Retry]");
  await visitor.accessible("the question before a retry");
  await page.click("dialog[open] [data-yes]");
  await page.waitForSelector("[data-standing=Completed]", { timeout: 120_000 });
  await page.waitForSelector("[data-cell='1'][data-state=Delivered]");
  assert.equal(await number(page, "captured"), 2);
  await page.waitForSelector(`[data-balance='${visitor.credits - 6}']`);
}

const browser = await launch();
try {
  for (const story of CASES) {
    const visitor = await Visitor.arrive(browser, story.locale);
    for (const step of [signIn, table, pilot, compare, polling, retry]) {
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
