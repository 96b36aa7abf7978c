import { closedValues, optionPlaces, type Outline } from "./outline.ts";

/**
 * Completions for PowerShell: one registered block, which leaves nothing else behind.
 *
 * @param outline the program
 * @returns the script, final newline included
 *
 * @example
 * ```ts
 * import { pwsh } from "./pwsh.ts";
 * import assert from "node:assert/strict";
 *
 * const script = pwsh({ name: "tool", options: [], commands: [] });
 * assert.match(script, /^Register-ArgumentCompleter -Native -CommandName 'tool' -ScriptBlock \{$/m);
 * ```
 *
 * @see https://learn.microsoft.com/powershell/module/microsoft.powershell.core/register-argumentcompleter
 */
export function pwsh(outline: Outline): string {
  const { name, commands } = outline;
  const rows = [
    { name: "", options: outline.options, words: commands.map((command) => [command.name, command.text] as const) },
    ...commands.map((command) => ({ ...command, words: command.values.map((value) => [value, value] as const) })),
  ];
  const tableOf = (pairs: readonly (readonly [string, string])[]): string =>
    `[ordered]@{ ${pairs.map(([key, text]) => `${quoted(key)} = ${quoted(text)}`).join("; ")} }`;
  const options = rows.map((row) =>
    `        ${quoted(row.name)} = ${
      tableOf(row.options.flatMap(({ flags, text }) => flags.map((flag) => [flag, text] as const)))
    }`
  );
  const words = rows.map((row) => `        ${quoted(row.name)} = ${tableOf(row.words)}`);
  const values = closedValues(outline).flatMap(([set, places]) =>
    places.map((place) => `        ${quoted(place)} = ${listOf(set.split(" "))}`)
  );
  return `# Completions of ${name} for PowerShell, made by: ${name} completions pwsh
Register-ArgumentCompleter -Native -CommandName ${quoted(name)} -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $options = @{
${options.join("\n")}
    }
    $words = @{
${words.join("\n")}
    }
    $values = @{
${values.join("\n")}
    }
    $taking = ${listOf(optionPlaces(outline, ({ placeholder }) => placeholder !== undefined))}
    $children = ${listOf(commands.filter(({ startsChild }) => startsChild).map((command) => command.name))}
${BODY}}
`;
}

// PowerShell takes typographic quotes for plain ones; doubled, each stands for itself.
const quoted = (text: string): string => `'${text.replaceAll(/['\u2018-\u201b]/g, "$&$&")}'`;
const listOf = (texts: readonly string[]): string => `@(${texts.map(quoted).join(", ")})`;

const BODY = `
    $current = "$wordToComplete"
    $before = @(
        $commandAst.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $cursorPosition }
    )
    $command = ''
    $takes = ''
    $given = $false
    $child = -1
    for ($i = 0; $i -lt $before.Count; $i++) {
        $word = $before[$i].Extent.Text
        $isChildNext = $children -ccontains $command
        if ($isChildNext -and $word -ceq '--') { $child = $i + 1; break }
        elseif ($taking -ccontains "$command $word") { $i++; if ($i -eq $before.Count) { $takes = $word } }
        elseif ($word.StartsWith('-')) { }
        elseif ($isChildNext) { $child = $i; break }
        elseif ($command -eq '') { $command = $word }
        else { $given = $true }
    }
    if ($child -lt 0 -and $children -ccontains $command -and $takes -eq '' -and -not $current.StartsWith('-')) {
        $child = $before.Count
    }

    # What follows is the child's: it has completions of its own.
    if ($child -ge 0) {
        $text = $current
        if ($child -lt $before.Count) {
            $start = $before[$child].Extent.StartOffset
            $line = $commandAst.Extent.Text.Substring($start - $commandAst.Extent.StartOffset)
            $length = $cursorPosition - $start
            $text = $line.PadRight($length).Substring(0, $length)
        }
        if ($text -ne '') {
            [System.Management.Automation.CommandCompletion]::CompleteInput($text, $text.Length, $null).CompletionMatches
        }
        return
    }

    $prefix = ''
    if ($takes -eq '' -and $current -cmatch '^(--[^=]+)=(.*)$') {
        $takes = $Matches[1]
        $prefix = "$takes="
        $current = $Matches[2]
    }
    # An option without values of its own gives nothing, and PowerShell then completes files.
    $table = @{}
    if ($takes -ne '') {
        foreach ($value in $values["$command $takes"]) { $table[$value] = $value }
    }
    elseif ($current.StartsWith('-')) { $table = $options[$command] }
    elseif (-not $given) { $table = $words[$command] }
    foreach ($key in $table.Keys) {
        if ($key.StartsWith($current, [System.StringComparison]::Ordinal)) {
            $text = $prefix + $key
            [System.Management.Automation.CompletionResult]::new($text, $text, 'ParameterValue', $table[$key])
        }
    }
`;
