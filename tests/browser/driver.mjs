// A page in real Chromium, with what every journey checks on the way.
//
// Waiting is for marks that the page sets (`data-app-ready`, `data-settled`) and for what a person
// would see, never for time.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

export const setting = (name) => {
  const value = process.env[name];
  assert(value, `${name} is not set; run \`cargo xtask test\``);
  return value;
};
const require = createRequire(join(setting("REELMILL_BROWSER_MODULES"), "x"));
const { chromium } = require("playwright-core");
const axe = require("axe-core").source;

export const address = setting("REELMILL_ADDRESS");
const shots = process.env.REELMILL_SHOTS;
const THEMES = ["light", "dark"];
const WIDTHS = [1280, 390];
const PATIENCE_MS = 60_000;

export async function launch() {
  const args = ["--no-sandbox", "--mute-audio", "--autoplay-policy=no-user-gesture-required"];
  const program = process.env.REELMILL_CHROMIUM ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath: program, args });
}

// One visitor: a context of its own, sockets that can be cut, complaints that are kept.
export class Visitor {
  static async arrive(browser, locale) {
    const context = await browser.newContext({
      locale,
      colorScheme: "light",
      reducedMotion: "reduce",
      viewport: { width: 1280, height: 900 },
    });
    context.setDefaultTimeout(PATIENCE_MS);
    const visitor = new Visitor();
    Object.assign(visitor, { context, locale, complaints: [], asked: [], sockets: [], gate: null });
    visitor.page = await context.newPage();
    await visitor.listen();
    return visitor;
  }

  async listen() {
    this.page.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(`console: ${message.text()}`);
    });
    this.page.on("pageerror", (error) => this.complaints.push(`error: ${error.message}`));
    this.page.on("request", (request) => {
      const query = request.postDataJSON?.bind(request);
      if (request.url().endsWith("/graphql")) this.asked.push(query()?.query ?? "");
    });
    await this.page.routeWebSocket("**/graphql/ws", async (socket) => {
      // While the gate is shut nobody gets through: the network is down, or sockets are forbidden.
      if (this.gate?.refuses) return socket.close({ code: 1013 });
      if (this.gate) await this.gate.open;
      const server = socket.connectToServer();
      this.sockets.push(socket);
      socket.onClose(() => server.close());
    });
  }

  // Cuts every socket, and keeps new ones waiting until `mend`.
  async cut() {
    this.gate = {};
    this.gate.open = new Promise((open) => (this.gate.mend = open));
    for (const socket of this.sockets.splice(0)) await socket.close({ code: 1012 });
  }

  // Refuses every socket until `mend`, as some proxies do.
  refuse() {
    this.gate = { refuses: true };
  }

  mend() {
    this.gate?.mend?.();
    this.gate = null;
  }

  async settled() {
    await this.page.waitForSelector("html[data-app-ready][data-settled]", { state: "attached" });
  }

  async visit(path) {
    await this.page.goto(address + path);
    await this.settled();
  }

  // Asks the API as this visitor's own session would.
  async api(query, variables) {
    const answer = await this.page.request.post(`${address}/graphql`, {
      data: { query, variables },
      headers: { "x-reelmill-request": "1" },
    });
    const { data, errors } = await answer.json();
    assert.equal(errors, undefined, JSON.stringify(errors));
    return data;
  }

  // What holds on every page: no accessibility violation in either theme, nothing wider than a
  // phone. Also takes the pictures, if somebody wants to look.
  async inspect(name) {
    for (const theme of THEMES) {
      await this.paint(theme);
      for (const width of WIDTHS) {
        await this.page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
        await this.paint(theme);
        await this.picture(`${name}-${theme}-${width}`);
        const [wide, seen] = await this.page.evaluate(() => [
          document.documentElement.scrollWidth,
          document.documentElement.clientWidth,
        ]);
        assert(wide <= seen, `${name} is ${wide} px wide on a screen of ${seen}`);
      }
      await this.page.setViewportSize({ width: 1280, height: 900 });
      await this.accessible(`${name} (${this.locale}, ${theme})`);
    }
    await this.paint("light");
  }

  // Sets the theme and lets it be painted: colours that are still on their way are nobody's.
  async paint(theme) {
    await this.page.evaluate(async (to) => {
      document.documentElement.dataset.theme = to;
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      await frame();
      await frame();
      await Promise.all(document.getAnimations().map((moving) => moving.finished.catch(() => {})));
    }, theme);
  }

  async accessible(where) {
    await this.page.evaluate(axe);
    const found = await this.page.evaluate(async () => {
      const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
      const { violations } = await globalThis.axe.run({ runOnly: tags });
      return violations.map(({ id, help, nodes }) => {
        const places = nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary}`);
        return `${id}: ${help}\n    ${places.join("\n    ")}`;
      });
    });
    assert.deepEqual(found, [], `${where} is not accessible:\n${found.join("\n")}`);
  }

  async picture(name) {
    if (!shots) return;
    mkdirSync(shots, { recursive: true });
    await this.page.screenshot({ path: join(shots, `${name}-${this.locale}.png`) });
  }

  async leave() {
    assert.deepEqual(this.complaints, [], this.complaints.join("\n"));
    await this.context.close();
  }
}
