// What a person and a workspace decide for themselves, in both languages: vouchers, spend, limits,
// statements, sessions, invitations, saved lists, versions of templates.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Visitor, address, launch, setting } from "./driver.mjs";

const VOUCHER = setting("REELMILL_VOUCHER");
const VOUCHER_CREDITS = 25;
const TRIAL = 48;
const PASSWORD = "a long enough password";
const CASES = [
  {
    locale: "zh-CN",
    name: "周宁",
    source: "{风格}的猫",
    newer: "{风格}的猫，{光线}",
    variable: "风格",
    values: ["水墨", "剪纸"],
    list: "常用风格",
    csv: { name: "类型", kind: "扣费" },
  },
  {
    locale: "en-US",
    name: "Grace",
    source: "{style} of a cat",
    newer: "{style} of a cat, {light}",
    variable: "style",
    values: ["ink", "paper cut"],
    list: "House styles",
    csv: { name: "kind", kind: "charge" },
  },
];

const email = (who, { locale }) => `${who}-${locale.toLowerCase()}-${process.pid}@example.com`;

// Somebody with an account and two delivered videos.
async function arrive(visitor, story) {
  const input = {
    email: email("owner", story),
    password: PASSWORD,
    displayName: story.name,
    workspaceName: `${story.name} Studio`,
    locale: story.locale === "zh-CN" ? "zh-CN" : "en",
  };
  const { signUp } = await visitor.api(
    "mutation ($input: SignUpInput!) { signUp(input: $input) { workspace { id } } }",
    { input },
  );
  const workspaceId = signUp.workspace.id;
  const lists = [{ name: story.variable, values: story.values }];
  const { createTemplate } = await visitor.api(
    "mutation ($input: CreateTemplateInput!) { createTemplate(input: $input) { template { id } } }",
    { input: { workspaceId, name: story.source, source: story.source, selection: { lists } } },
  );
  const templateId = createTemplate.template.id;
  const { createQuote } = await visitor.api(
    "mutation ($input: CreateQuoteInput!) { createQuote(input: $input) { quote { id total } } }",
    { input: { workspaceId, templateId } },
  );
  const { id, total } = createQuote.quote;
  const { launchBatch } = await visitor.api(
    "mutation ($input: LaunchBatchInput!) { launchBatch(input: $input) { batch { id } } }",
    { input: { workspaceId, quoteId: id, idempotencyKey: id } },
  );
  Object.assign(visitor, { workspaceId, templateId, spent: Number(total), batch: launchBatch.batch.id });
  await visitor.visit(`/batches/${visitor.batch}`);
  await visitor.page.waitForSelector("[data-standing=Completed]", { timeout: 180_000 });
}

// A code brings its credits once; one that is none is refused in words.
async function voucher(visitor) {
  const { page } = visitor;
  await visitor.visit("/wallet");
  await page.waitForSelector("[data-ledger] [data-entry]");
  await page.fill("[data-voucher] input", "REEL-WRONG-WRONG-WRONG-WRONG");
  await page.click("[data-voucher] button");
  await page.waitForSelector(".toast.bad");
  await page.fill("[data-voucher] input", VOUCHER.toLowerCase());
  await page.click("[data-voucher] button");
  visitor.balance = TRIAL - visitor.spent + VOUCHER_CREDITS;
  await page.waitForSelector(`[data-balance='${visitor.balance}']`);
  await page.waitForSelector(`[data-figure=available][data-value='${visitor.balance}']`);
  await page.waitForSelector(`[data-entry][data-available='${VOUCHER_CREDITS}']`);
}

// The chart has a bar for each day, and its tables add up to what was charged.
async function spend(visitor) {
  const { page } = visitor;
  await page.waitForSelector(`[data-spend-total='${visitor.spent}']`);
  const bars = () => page.locator("[data-chart] i").count();
  assert.equal(await bars(), 30);
  await page.click("[data-spend-days] summary");
  const tables = await page.$$eval(".spend-table", (all) =>
    all.map((table) =>
      [...table.querySelectorAll("tbody tr")].reduce((sum, row) => sum + Number(row.cells[1].textContent), 0),
    ),
  );
  assert.deepEqual(tables, [visitor.spent, visitor.spent, visitor.spent], "days, models, templates");
  const seen = await page.getAttribute("[data-chart]", "aria-label");
  assert(seen.includes(String(visitor.spent)), seen);
  await page.check("[data-spend] input[value='7']", { force: true });
  await page.waitForFunction(() => document.querySelectorAll("[data-chart] i").length === 7);
  await visitor.settled();
  await visitor.inspect("money");
}

// What was set is there after a reload, and little credit is told in every program.
async function limits(visitor) {
  const { page } = visitor;
  await page.fill("#limit-day", "500");
  await page.fill("#limit-low", String(visitor.balance + 1));
  await page.click("[data-limits] button");
  await page.waitForSelector("[data-low]");
  await page.reload();
  await visitor.settled();
  assert.equal(await page.inputValue("#limit-day"), "500");
  assert.equal(await page.inputValue("#limit-month"), "");
  await visitor.accessible("the wallet with little left");
  await page.click("nav a[href='/compose']");
  await page.waitForSelector("#template");
  await page.waitForSelector("[data-low]");
  await visitor.inspect("compose-low");
  await page.click("a.balance");
  await page.waitForSelector("#limit-low:enabled");
  await visitor.settled();
  await page.fill("#limit-low", "");
  await page.click("[data-limits] button");
  await page.waitForSelector("[data-low]", { state: "detached" });
}

// The file holds what the filters say, in the reader's language.
async function statement(visitor, story) {
  const { page } = visitor;
  await page.selectOption(".ledger select", "Capture");
  await visitor.settled();
  const rows = await page.locator("[data-entry]").count();
  assert.equal(rows, 2, "one charge for each video");
  const [file] = await Promise.all([page.waitForEvent("download"), page.click("[data-statement] button")]);
  assert.match(file.suggestedFilename(), /\.csv$/);
  const text = readFileSync(await file.path(), "utf8");
  const lines = text.trim().split(/\r?\n/);
  assert.equal(lines.length, 1 + rows, text);
  assert(lines[0].toLowerCase().includes(story.csv.name), lines[0]);
  assert(lines[1].toLowerCase().includes(story.csv.kind), lines[1]);
}

// Signed in elsewhere too; ended there by one press, or all at once.
async function sessions(visitor, story, browser) {
  const { page } = visitor;
  const elsewhere = async () => {
    const other = await Visitor.arrive(browser, story.locale);
    await other.api("mutation ($input: SignInInput!) { signIn(input: $input) { user { id } } }", {
      input: { email: email("owner", story), password: PASSWORD },
    });
    return other;
  };
  const signedIn = async (other) => (await other.api("{ me { id } }")).me !== null;
  const others = [await elsewhere(), await elsewhere(), await elsewhere()];
  await visitor.visit("/settings");
  const count = (n) =>
    page.waitForFunction((n) => document.querySelectorAll("[data-session]").length === n, n);
  await count(4);
  await visitor.inspect("settings-sessions");
  await page.locator("[data-end-session]").first().click();
  await count(3);
  const left = await Promise.all(others.map(signedIn));
  assert.equal(left.filter(Boolean).length, 2, "one is signed out");
  await page.click("[data-end-others]");
  await count(1);
  assert.deepEqual(await Promise.all(others.map(signedIn)), [false, false, false]);
  assert(await signedIn(visitor), "this one stays");
  for (const other of others) await other.leave();
}

// Invites an address and returns the link that the page shows.
async function invite(visitor, whom) {
  const { page } = visitor;
  await page.fill("[data-invite-form] input[type=email]", whom);
  await page.click("[data-invite-form] button.button:not(.tiny)");
  await page.waitForSelector(`[data-invitation='${whom}']`);
  return page.textContent("[data-invite-link]");
}

// Somebody new and somebody who has an account join by their links; a link that was taken back
// says so.
async function invitations(visitor, story, browser) {
  const { page } = visitor;
  const members = () => page.locator("[data-member]").count();
  const link = await invite(visitor, email("new", story));
  assert(link.startsWith(`${address}/invite/`), link);
  await visitor.inspect("settings-invitations");
  const guest = await Visitor.arrive(browser, story.locale);
  await guest.visit(new URL(link).pathname);
  await guest.page.waitForSelector("[data-invite] #name");
  await guest.inspect("invite");
  await guest.page.fill("#name", "Lin");
  await guest.page.fill("#password", PASSWORD);
  await guest.page.click("[data-join]");
  await guest.page.waitForURL("**/compose");
  await guest.page.waitForSelector(".toast");
  const { me } = await guest.api("{ me { memberships { workspaceId } } }");
  assert.deepEqual(me.memberships.map((place) => place.workspaceId), [visitor.workspaceId]);
  await guest.visit(new URL(link).pathname);
  await guest.page.waitForSelector("[data-invite] [data-code]");
  await guest.leave();
  const gone = await invite(visitor, email("gone", story));
  await page.click(`[data-invitation='${email("gone", story)}'] button`);
  await page.waitForSelector("[data-invitation]", { state: "detached" });
  await visitor.visit("/settings");
  assert.equal(await members(), 2);
  const stranger = await Visitor.arrive(browser, story.locale);
  await stranger.visit(new URL(gone).pathname);
  await stranger.page.waitForSelector("[data-invite] [data-code]");
  await stranger.inspect("invite-gone");
  await stranger.leave();
  await known(visitor, story, browser);
}

// An address that has an account signs in on the way, through two programs and back.
async function known(visitor, story, browser) {
  const member = await Visitor.arrive(browser, story.locale);
  const whom = { email: email("known", story), password: PASSWORD, displayName: "Ren" };
  await member.api("mutation ($input: SignUpInput!) { signUp(input: $input) { workspace { id } } }", {
    input: { ...whom, workspaceName: "Ren" },
  });
  await member.context.clearCookies();
  const link = await invite(visitor, whom.email);
  await member.visit(new URL(link).pathname);
  await member.page.click("[data-sign-in]");
  await member.page.waitForURL("**/sign-in?to=**");
  await member.page.fill("#email", whom.email);
  await member.page.fill("#password", PASSWORD);
  await member.page.click("form .primary");
  await member.page.waitForURL("**/invite/**");
  await member.page.click("[data-join]:enabled");
  await member.page.waitForURL("**/compose");
  const { me } = await member.api("{ me { memberships { workspaceId } } }");
  assert(me.memberships.some((place) => place.workspaceId === visitor.workspaceId));
  await member.leave();
}

// An older version is looked at and opened; what is changed in it becomes the newest one.
async function versions(visitor, story) {
  const { page, workspaceId, templateId } = visitor;
  const input = { workspaceId, templateId, expectedVersion: 1, source: story.newer };
  await visitor.api(
    "mutation ($input: SaveTemplateVersionInput!) { saveTemplateVersion(input: $input) { template { id } } }",
    { input },
  );
  await visitor.visit("/templates");
  await page.click("[data-versions] summary");
  await page.waitForSelector("[data-version='2']");
  await visitor.settled();
  await visitor.inspect("templates-versions");
  await page.click("[data-version='1'] a");
  await page.waitForURL("**/compose?template=*");
  await page.waitForFunction((text) => document.querySelector("#template")?.value === text, story.source);
  assert.equal(await page.inputValue(`[data-values='${story.variable}']`), story.values.join("\n"));
  await page.fill("#template", `${story.source}!`);
  await page.waitForSelector("[data-launch=true]:enabled");
  const data = await visitor.api(
    `query ($w: ID!, $t: ID!) { workspace(id: $w) { template(id: $t) { latestVersion version { source } } } }`,
    { w: workspaceId, t: templateId },
  );
  assert.deepEqual(data.workspace.template, { latestVersion: 3, version: { source: `${story.source}!` } });
}

// Values are saved under a name, used for a variable, and deleted.
async function lists(visitor, story) {
  const { page } = visitor;
  await page.click("[data-lists] > summary");
  await page.waitForSelector("[data-lists] form");
  await page.fill("[data-list-name]", story.list);
  await page.click("[data-save-list]");
  await page.waitForSelector(`[data-list='${story.list}']`);
  await page.fill(`[data-values='${story.variable}']`, "");
  await page.selectOption(`[data-list='${story.list}'] select`, story.variable);
  assert.equal(await page.inputValue(`[data-values='${story.variable}']`), story.values.join("\n"));
  await visitor.inspect("compose-lists");
  await page.click(`[data-list='${story.list}'] button`);
  await page.waitForSelector(`[data-list='${story.list}']`, { state: "detached" });
}

const STEPS = [arrive, voucher, spend, limits, statement, sessions, invitations, versions, lists];

const browser = await launch();
try {
  for (const story of CASES) {
    const visitor = await Visitor.arrive(browser, story.locale);
    for (const step of STEPS) {
      const began = performance.now();
      await step(visitor, story, browser).catch(async (error) => {
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
