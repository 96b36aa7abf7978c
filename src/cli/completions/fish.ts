import { optionPlaces, type Outline, type OutlineOption } from "./outline.ts";

/**
 * Completions for fish: three functions and a line for each option and command.
 *
 * @param outline the program
 * @returns the script, final newline included
 *
 * @example
 * ```ts
 * import { fish } from "./fish.ts";
 * import assert from "node:assert/strict";
 *
 * const command = { name: "show", text: "show it", options: [], values: [], startsChild: false };
 * const script = fish({ name: "tool", options: [], commands: [command] });
 * assert.ok(script.endsWith("\ncomplete -c tool -n '__tool_is \"\"' -a show -d 'show it'\n"));
 * ```
 *
 * @see https://fishshell.com/docs/current/completions.html
 */
export function fish(outline: Outline): string {
  const { name, options, commands } = outline;
  const prefix = `__${name.replaceAll("-", "_")}`;
  const children = commands.filter(({ startsChild }) => startsChild);
  const rows = [{ name: "", options }, ...commands].flatMap((row) =>
    row.options.map((option) => `complete -c ${name} ${condition(prefix, row.name)} ${optionWords(option)}`)
  );
  const lines = [
    ...rows,
    ...commands.filter(({ values }) => values.length > 0).map((command) =>
      `complete -c ${name} ${condition(prefix, command.name)} -a ${quoted(command.values.join(" "))}`
    ),
    ...(children.length === 0 ? [] : ["--", ...children.map((command) => command.name)]).map((state) =>
      `complete -c ${name} ${condition(prefix, state)} -a '(${prefix}_child)'`
    ),
    ...commands.map((command) =>
      `complete -c ${name} ${condition(prefix, "")} -a ${command.name} -d ${quoted(command.text)}`
    ),
  ];
  return `# Completions of ${name} for fish, made by: ${name} completions fish
${walk(outline, prefix)}
function ${prefix}_is --description 'Whether the line is at this command, or with -- at a child'
    set -l seen (${prefix}_words)
    test "$seen[1]" = "$argv[1]"
end

function ${prefix}_child --description 'Completions of the child itself'
    set -l words (${prefix}_words)
    set -e words[1]
    complete --do-complete=(string join -- ' ' (string escape -- $words) (commandline -ct))
end

complete -c ${name} -e
complete -c ${name} -f
${lines.join("\n")}
`;
}

const quoted = (text: string): string => `'${text.replaceAll(/['\\]/g, "\\$&")}'`;

const condition = (prefix: string, state: string): string => `-n '${prefix}_is ${state === "" ? '""' : state}'`;

function optionWords({ flags, placeholder, values, isFile, text }: OutlineOption): string {
  const names = flags.map((flag) => flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`);
  const value = placeholder === undefined
    ? []
    : isFile
    ? ["-r -F"]
    : ["-x", ...(values.length === 0 ? [] : [`-a ${quoted(values.join(" "))}`])];
  return [...names, ...value, `-d ${quoted(text)}`].join(" ");
}

function walk(outline: Outline, prefix: string): string {
  const children = outline.commands.filter(({ startsChild }) => startsChild).map(({ name }) => name);
  const taking = optionPlaces(outline, ({ placeholder }) => placeholder !== undefined);
  const rest = (words: string): string => `                printf '%s\\n' -- ${words}\n                return`;
  return `function ${prefix}_words --description 'The command of the line, or -- and the words of its child'
    set -l words (commandline -opc)
    set -e words[1]
    set -l cmd ''
    while set -q words[1]
        set -l word $words[1]
        set -e words[1]
        switch "$cmd $word"
${children.map((name) => `            case '${name} --'\n${rest("$words")}\n`).join("")}\
${
    taking.length === 0
      ? ""
      : `            case ${taking.map(quoted).join(" ")}\n                set -q words[1]; and set -e words[1]\n`
  }\
            case "$cmd -*"
                true
${children.map((name) => `            case '${name} *'\n${rest("$word $words")}\n`).join("")}\
            case ' *'
                set cmd $word
        end
    end
    printf '%s\\n' "$cmd"
end
`;
}
