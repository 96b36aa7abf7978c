// @ts-check
// https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands

// % first, or the other two would be escaped twice.
const escapeData = (/** @type {string} */ text) =>
  text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const escapeProperty = (/** @type {string} */ text) => escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");

/**
 * The line that makes the runner hide a text in the log.
 *
 * @param {string} text what to hide
 * @returns {string} with its newline
 */
export const maskCommand = (text) => `::add-mask::${escapeData(text)}\n`;

/**
 * The line that marks the step with an error.
 *
 * @param {string} title
 * @param {string} message may have several lines
 * @returns {string} with its newline
 */
export const errorCommand = (title, message) => `::error title=${escapeProperty(title)}::${escapeData(message)}\n`;

/**
 * The line that marks the step with a warning.
 *
 * @param {string} title
 * @param {string} message may have several lines
 * @returns {string} with its newline
 */
export const warningCommand = (title, message) => `::warning title=${escapeProperty(title)}::${escapeData(message)}\n`;

/**
 * An entry of the files that `GITHUB_ENV` and `GITHUB_STATE` name.
 *
 * @param {readonly [name: string, value: string]} entry
 * @param {() => string} random gives a text that no value holds
 * @returns {string}
 */
export function fileEntry([name, value], random) {
  const delimiter = `ghadelimiter_${random()}`;
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
}
