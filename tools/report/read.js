// SPDX-License-Identifier: MPL-2.0

// Parses a report and prints the result as JSON. See internal/acceptance/readers_test.go.
"use strict";

const fs = require("fs");
const os = require("os");
const path = require("path");
const { pathToFileURL } = require("url");

// validate returns the errors of a document according to a JSON Schema, of draft 4 or 2020-12.
function validate(schemaFile, documentFile) {
  const schema = JSON.parse(fs.readFileSync(schemaFile, "utf8"));
  const draft4 = String(schema.$schema).includes("draft-04");
  const Ajv = draft4 ? require("ajv-draft-04") : require("ajv/dist/2020");
  const ajv = new (Ajv.default || Ajv)({ allErrors: true, strict: !draft4 });
  require("ajv-formats")(ajv);
  const check = ajv.compile(schema);
  check(JSON.parse(fs.readFileSync(documentFile, "utf8")));
  return (check.errors || []).slice(0, 20).map((e) => `${e.instancePath} ${e.message}`);
}

// yaml returns a parsed YAML file.
function yaml(file) {
  return require("js-yaml").load(fs.readFileSync(file, "utf8"));
}

// gitlab returns the errors of a pipeline according to GitLab's JSON Schema, which gitlab-ci-local includes.
async function gitlab(file) {
  const { schema } = await import("gitlab-ci-local/src/schema/schema.js");
  const Ajv = require("ajv");
  const ajv = new (Ajv.default || Ajv)({ allErrors: true, strict: false, logger: false });
  require("ajv-formats")(ajv);
  const check = ajv.compile(schema);
  check(yaml(file));
  return (check.errors || []).slice(0, 20).map((e) => `${e.instancePath} ${e.message}`);
}

// render renders Markdown with two renderers and returns the HTML. One of them recognizes more links than GitHub does.
async function render(file) {
  const source = fs.readFileSync(file, "utf8");
  const { marked } = await import("marked");
  const markdownIt = require("markdown-it")({ html: true, linkify: true });
  return { marked: marked.parse(source, { gfm: true }), "markdown-it": markdownIt.render(source) };
}

// picture takes the screenshot of a page that the README shows.
async function picture(file, png, executablePath) {
  const browser = await require("puppeteer-core").launch({ executablePath, args: ["--headless", "--no-sandbox", "--disable-gpu"] });
  try {
    const tab = await browser.newPage();
    await tab.setViewport({ width: 900, height: 640 });
    await tab.goto(pathToFileURL(file).href, { waitUntil: "load" });
    await tab.screenshot({ path: png });
    return png;
  } finally {
    await browser.close();
  }
}

// page renders a page in Chromium: at the width of a desktop in light mode, and of a phone in dark mode. axe-core checks it if
// requested.
async function page(file, executablePath, audit) {
  const puppeteer = require("puppeteer-core");
  const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), "chromium"));
  const browser = await puppeteer.launch({
    executablePath,
    userDataDir: profile,
    args: [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync",
    ],
  });
  try {
    const views = [];
    for (const { width, scheme } of [{ width: 1100, scheme: "light" }, { width: 360, scheme: "dark" }]) {
      const tab = await browser.newPage();
      const requested = [];
      tab.on("request", (r) => requested.push(r.url()));
      const complaints = [];
      tab.on("console", (m) => complaints.push(m.text()));
      tab.on("pageerror", (e) => complaints.push(String(e)));
      await tab.setViewport({ width, height: 800 });
      await tab.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      await tab.goto(pathToFileURL(file).href, { waitUntil: "load" });
      const found = await tab.evaluate(() => {
        const cells = (selector) => [...document.querySelectorAll(selector)].map((tr) => [...tr.cells].map((c) => c.textContent));
        const anchors = [...document.querySelectorAll("a")].map((a) => a.getAttribute("href"));
        return {
          title: document.title,
          text: document.body.innerText,
          findings: cells("tr.finding"),
          waived: cells("tr.waived"),
          tables: document.querySelectorAll("table").length,
          // Rows that are nowhere on the page, outside of what is folded. The heads of tables are hidden on a phone.
          invisible: [...document.querySelectorAll("tbody tr, caption:not(.unseen)")].filter((e) => {
            const box = e.getBoundingClientRect();
            return !e.closest("details:not([open]), .sign") && (box.width < 2 || box.height < 2 || getComputedStyle(e).clipPath !== "none");
          }).length,
          captions: document.querySelectorAll("table > caption").length,
          scripts: document.querySelectorAll("script, iframe, object, embed, img, link, form, [onload], [onerror], [onclick]").length,
          elements: [...new Set([...document.querySelectorAll("*")].map((e) => e.localName))].sort(),
          dangling: anchors.filter((href) => !href.startsWith("#") || !document.getElementById(href.slice(1))),
          duplicates: document.querySelectorAll("[id]").length - new Set([...document.querySelectorAll("[id]")].map((e) => e.id)).size,
          overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
          background: getComputedStyle(document.body).backgroundColor,
        };
      });
      const other = requested.filter((url) => !url.startsWith("file:") || !url.endsWith(path.basename(file)));

      const view = { ...found, width, pages: 0, requested: other, complaints, accessibility: [], passes: [] };
      if (audit) {
        // The number of pages in print: Chromium writes the object of each page uncompressed.
        const pdf = Buffer.from(await tab.pdf({ preferCSSPageSize: true })).toString("latin1");
        view.pages = (pdf.match(/\/Type\s*\/Page\b/g) || []).length;

        // The page's content security policy would also block the test's scripts.
        const open = await browser.newPage();
        await open.setBypassCSP(true);
        await open.setViewport({ width, height: 800 });
        await open.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
        await open.goto(pathToFileURL(file).href, { waitUntil: "load" });
        await open.evaluate(axe);
        const { violations, passes } = await open.evaluate(() => window.axe.run(document, {
          runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
        }));
        view.accessibility = violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.html + " " + n.failureSummary).join(" | ")}`);
        view.passes = passes.map((p) => p.id);
        await open.close();
      }
      views.push(view);
      await tab.close();
    }
    return views;
  } finally {
    await browser.close();
    fs.rmSync(profile, { recursive: true, force: true });
  }
}

const [, , what, ...files] = process.argv;
Promise.resolve({ validate, render, page, picture, yaml, gitlab }[what](...files)).then(
  (found) => process.stdout.write(JSON.stringify(found)),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
