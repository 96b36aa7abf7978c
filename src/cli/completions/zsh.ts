import type { Outline, OutlineCommand, OutlineOption } from "./outline.ts";

/**
 * Completions for zsh: a file for a folder of `fpath`, which can be sourced after `compinit` as well.
 *
 * @param outline the program
 * @returns the script, final newline included
 *
 * @example
 * ```ts
 * import { zsh } from "./zsh.ts";
 * import assert from "node:assert/strict";
 *
 * const script = zsh({ name: "tool", options: [], commands: [] });
 * assert.ok(script.startsWith("#compdef tool\n"));
 * ```
 *
 * @see https://zsh.sourceforge.io/Doc/Release/Completion-System.html
 */
export function zsh(outline: Outline): string {
  // A local array named `commands` would hide the table that zsh completes commands from.
  const { name, options, commands } = outline;
  const described = commands.map((command) => `        ${quoted(`${command.name}:${command.text}`)}`);
  return `#compdef ${name}
# Completions of ${name} for zsh, made by: ${name} completions zsh
_${name}() {
  local curcontext=$curcontext context state state_descr ret=1
  local -a line described
  local -A opt_args
  local -i at=2 over=0

  _arguments -C -A '-*' \\
    ${[...options.flatMap(specs), "'1: :->command'", "'*:: :->rest'"].join(" \\\n    ")} && ret=0

  case $state in
    (command)
      described=(
${described.join("\n")}
      )
      _describe -t commands ${quoted(`${name} command`)} described && ret=0
      ;;
    (rest)
      case $words[1] in
${commands.map(clause).join("\n")}
      esac
      ;;
  esac
  return ret
}

# Loaded from a folder of fpath, this file is the function itself.
if [[ \${funcstack[1]-} == _${name} ]]; then
  _${name} "$@"
else
  compdef _${name} ${name}
fi
`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const escaped = (text: string): string => text.replaceAll(/[\\[\]:]/g, "\\$&");

/** One specification for each form of an option. */
function specs({ flags, placeholder, values, isFile, isRepeatable, text }: OutlineOption): readonly string[] {
  const once = isRepeatable ? "*" : flags.length > 1 ? `(${flags.join(" ")})` : "";
  const action = isFile ? "_files" : values.length > 0 ? `(${values.join(" ")})` : " ";
  return flags.map((flag) =>
    quoted(
      `${once}${flag}${placeholder === undefined ? "" : flag.startsWith("--") ? "=" : "+"}[${escaped(text)}]` +
        (placeholder === undefined ? "" : `:${escaped(placeholder)}:${action}`),
    )
  );
}

function clause(command: OutlineCommand): string {
  const values = command.values.length === 0 ? [] : [quoted(`1: :(${command.values.join(" ")})`)];
  const list = [...command.options.flatMap(specs), ...values].join(" \\\n            ");
  return `        (${command.name})
${command.startsChild ? handOver(command) : ""}          _arguments -A '-*' \\
            ${list} && ret=0
          ;;`;
}

/** `_arguments` would take the child's own `--` for the end of our options: the words are walked instead. */
function handOver({ options }: OutlineCommand): string {
  const taking = options.filter(({ placeholder }) => placeholder !== undefined).flatMap(({ flags }) => flags);
  return `          while (( at < CURRENT )); do
            case \${(Q)words[at]} in
              (--)
                at+=1 over=1
                break
                ;;
              (${taking.join("|")}) at+=2 ;;
              (-*) at+=1 ;;
              (*) break ;;
            esac
          done
          # What follows is the child's: it has completions of its own.
          if (( at < CURRENT )) || { (( at == CURRENT )) && { (( over )) || [[ $words[CURRENT] != -* ]] } }; then
            shift $(( at - 1 )) words
            CURRENT=$(( CURRENT - at + 1 ))
            if (( CURRENT == 1 )); then
              _command_names -e
            else
              _normal
            fi
            return
          fi
`;
}
