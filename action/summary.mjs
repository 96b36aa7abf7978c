// @ts-check

/**
 * What `mlflow-auth doctor --json` says of one thing; it holds no secret.
 *
 * @typedef {object} Finding
 * @property {string} check
 * @property {string} status
 * @property {string} message
 * @property {string} code `""` without one
 * @property {string} remedy `""` without one
 */

/**
 * Reads a report of doctor.
 *
 * @param {string} text what `doctor --json` printed
 * @returns {readonly Finding[]} none where it is no report
 */
export function readFindings(text) {
  /** @type {unknown} */
  let report;
  try {
    report = JSON.parse(text);
  } catch {
    // It ended before it had something to say.
    return [];
  }
  const findings = typeof report === "object" && report !== null && "findings" in report ? report.findings : undefined;
  if (!Array.isArray(findings)) return [];
  return findings.filter((finding) => typeof finding === "object" && finding !== null).map((finding) => {
    const text = (/** @type {string} */ name) => typeof finding[name] === "string" ? finding[name] : "";
    const reason = text("reason") === "" ? "" : `: ${text("reason")}`;
    return {
      check: text("check"),
      status: text("status"),
      message: text("message") + reason,
      code: text("code"),
      remedy: text("remedy"),
    };
  });
}

/**
 * Findings as a table for the step's summary.
 *
 * @param {readonly Finding[]} findings
 * @param {{ readonly errorsUrl: string }} pages where the codes are explained
 * @returns {string} Markdown
 */
export function findingsTable(findings, { errorsUrl }) {
  const rows = findings.map(({ check, status, message, code, remedy }) => {
    const page = code === "" ? "" : ` ([${code}](${errorsUrl}#${code}))`;
    return `| ${cell(status)} | ${cell(check)} | ${cell(message)}${page} | ${remedy === "" ? "" : cell(remedy)} |`;
  });
  return ["| | check | what it saw | what to do |", "| --- | --- | --- | --- |", ...rows, ""].join("\n");
}

/**
 * A text as it is, for one cell of a table: no Markdown, no HTML, no mention.
 *
 * @param {string} text
 * @returns {string}
 */
export function cell(text) {
  return text.replaceAll(/[&<>\\`*_{}[\]()#+!|~@:$]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replaceAll(/\s*[\r\n]+\s*/g, "<br>");
}
