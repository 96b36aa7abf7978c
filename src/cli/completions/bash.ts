import { closedValues, optionPlaces, type Outline, type OutlineOption } from "./outline.ts";

/**
 * Completions for bash: one function, and the line that registers it. With bash-completion or without.
 *
 * @param outline the program
 * @returns the script, final newline included
 *
 * @example
 * ```ts
 * import { bash } from "./bash.ts";
 * import assert from "node:assert/strict";
 *
 * const script = bash({ name: "tool", options: [], commands: [] });
 * assert.ok(script.endsWith("\ncomplete -F _tool tool\n"));
 * ```
 *
 * @see https://www.gnu.org/software/bash/manual/html_node/Programmable-Completion.html
 */
export function bash(outline: Outline): string {
  const name = `_${outline.name.replaceAll("-", "_")}`;
  const children = outline.commands.filter(({ startsChild }) => startsChild).map((command) => command.name);
  return `# Completions of ${outline.name} for bash, made by: ${outline.name} completions bash
${name}() {
  local IFS=$' \\t\\n' line=\${COMP_LINE-} rest piece word cur cmd='' takes='' values='' prefix=''
  local -i i last child=-1 given=0
  local -a words=() starts=()
  COMPREPLY=()

${WORDS}
${walk(outline, children)}
  # What follows is the child's: it has completions of its own.
  if ((child >= 0)); then
    if declare -F _comp_command_offset >/dev/null; then
      _comp_command_offset "\${starts[child]}"
    elif declare -F _command_offset >/dev/null; then
      _command_offset "\${starts[child]}"
    else
      compopt -o default 2>/dev/null
      if ((child == last)); then
        while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -c -- "$cur")
      fi
    fi
    return
  fi

${choose(outline)}
  for word in $values; do
    if [[ $word == "$cur"* ]]; then COMPREPLY+=("$prefix$word"); fi
  done
}
complete -F ${name} ${outline.name}
`;
}

const WORDS = `\
  # COMP_WORDS is split at the characters of COMP_WORDBREAKS too: join what stands together, up to the cursor.
  rest=\${line:0:\${COMP_POINT:-\${#line}}}
  for ((i = 0; i <= COMP_CWORD; i++)); do
    piece=\${COMP_WORDS[i]-}
    if ((i == 0)); then
      rest=\${rest#*"$piece"}
      words=("$piece") starts=(0)
      continue
    fi
    if [[ -z $line && $piece != = && \${COMP_WORDS[i - 1]} != = || $rest == [[:space:]]* ]]; then
      rest=\${rest#"\${rest%%[![:space:]]*}"}
      words+=('') starts+=("$i")
    fi
    if [[ -n $line ]]; then
      if [[ $rest != "$piece"* ]]; then piece=$rest; fi
      rest=\${rest#"$piece"}
    fi
    words[\${#words[@]} - 1]+=$piece
  done
  last=\${#words[@]}-1
  cur=\${words[last]}
`;

const quoted = (text: string): string => `'${text}'`;

/** A clause of a `case`; a pattern of nothing would not be one. */
const clause = (places: readonly string[], body: string): readonly string[] =>
  places.length === 0 ? [] : [`${places.map(quoted).join(" | ")})\n        ${body}\n        ;;`];

function walk(outline: Outline, children: readonly string[]): string {
  const clauses = [
    ...children.map((name) => `'${name} --')\n        child=i+1\n        break\n        ;;`),
    ...clause(optionPlaces(outline, takesValue), "if ((++i == last)); then takes=$word; fi"),
    `"$cmd -"*) ;;`,
    ...children.map((name) => `'${name} '*)\n        child=i\n        break\n        ;;`),
    `' '*) cmd=$word ;;`,
    `*) given=1 ;;`,
  ];
  const isChild = children.map((name) => `$cmd == ${name}`).join(" || ");
  const begins = children.length === 0 ? "" : `
  if ((child < 0)) && [[ (${isChild}) && -z $takes && $cur != -* ]]; then child=last; fi`;
  return `  for ((i = 1; i < last; i++)); do
    word=\${words[i]}
    case "$cmd $word" in
      ${clauses.join("\n      ")}
    esac
  done${begins}
`;
}

const takesValue = ({ placeholder }: OutlineOption): boolean => placeholder !== undefined;

function choose(outline: Outline): string {
  const names = outline.commands.map((command) => command.name);
  const rows = [{ name: "", options: outline.options, values: names }, ...outline.commands].map((row) =>
    `${quoted(row.name)}:-*) values=${quoted(row.options.flatMap(({ flags }) => flags).join(" "))} ;;` +
    (row.values.length === 0
      ? ""
      : `\n      ${quoted(row.name)}:*) if ((!given)); then values=${quoted(row.values.join(" "))}; fi ;;`)
  );
  const values = [
    ...clause(optionPlaces(outline, ({ isFile }) => isFile), "compopt -o default 2>/dev/null"),
    ...closedValues(outline).flatMap(([set, places]) => clause(places, `values=${quoted(set)}`)),
    "*) ;;",
  ];
  return `  if [[ -z $takes && $cur == --*=* ]]; then
    takes=\${cur%%=*}
    cur=\${cur#*=}
    if [[ \${COMP_WORDBREAKS-=} != *=* ]]; then prefix=$takes=; fi
  fi
  if [[ -n $takes ]]; then
    case "$cmd $takes" in
      ${values.join("\n      ")}
    esac
  else
    case "$cmd:$cur" in
      ${rows.join("\n      ")}
    esac
  fi
`;
}
