import assert from "node:assert/strict";
import { test } from "node:test";
import { cell, findingsTable, readFindings } from "../../../action/summary.mjs";

const report = {
  schemaVersion: 1,
  status: "fail",
  findings: [
    { check: "settings", status: "ok", message: "complete", durationMs: 1 },
    {
      check: "ci",
      status: "fail",
      code: "github-oidc-unavailable",
      message: "Cannot ask",
      remedy: "ask",
      durationMs: 1,
    },
    { check: "secret", status: "skip", message: "not checked", reason: "no identity", durationMs: 0 },
  ],
};

test("readFindings() reads a report of doctor", () => {
  assert.deepEqual(readFindings(JSON.stringify(report)), [
    { check: "settings", status: "ok", message: "complete", code: "", remedy: "" },
    { check: "ci", status: "fail", message: "Cannot ask", code: "github-oidc-unavailable", remedy: "ask" },
    { check: "secret", status: "skip", message: "not checked: no identity", code: "", remedy: "" },
  ]);
});

test("readFindings() finds nothing in what is no report", () => {
  for (const text of ["", "[]", "null", '{"findings": 1}', '{"findings": [null]}']) {
    assert.deepEqual(readFindings(text), []);
  }
});

test("findingsTable() has a row for each finding and links its code", () => {
  const table = findingsTable(readFindings(JSON.stringify(report)), { errorsUrl: "https://x.example/errors.md" });
  assert.equal(
    table,
    [
      "| | check | what it saw | what to do |",
      "| --- | --- | --- | --- |",
      "| ok | settings | complete |  |",
      "| fail | ci | Cannot ask ([github-oidc-unavailable](https://x.example/errors.md#github-oidc-unavailable)) | ask |",
      "| skip | secret | not checked&#58; no identity |  |",
      "",
    ].join("\n"),
  );
});

test("cell() lets nothing of a text become Markdown or HTML", () => {
  assert.equal(
    cell("a|b\n<c> & `d` [e](f) @g"),
    [
      "a&#124;b<br>&#60;c&#62; &#38; &#96;d&#96; ",
      "&#91;e&#93;&#40;f&#41; &#64;g",
    ].join(""),
  );
});
