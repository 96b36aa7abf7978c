/** A command of other systems, and what PowerShell has for it. The first that matches a place wins; one place may be matched by several. */
const LINES: readonly (readonly [RegExp, string])[] = [
  [/\bexport (\w+)="\$\(printf %s "\$\1"\)"/g, "$$env:$1 = $$env:$1.TrimEnd()"],
  [/\bexport (\w+)="\$(\w+)"/g, "$$env:$1 = $$env:$2"],
  [/\b(?:sudo )?timedatectl set-ntp true/g, "w32tm /resync"],
  [/\bdate -u\b/g, "w32tm /query /status"],
  [/\beval "\$\((mlflow-auth [^()]*)\)"/g, "$1 | Out-String | Invoke-Expression"],
  [/\bls -l /g, "Get-Acl "],
  [/\bls (?=\S)/g, "Get-ChildItem "],
  [/\bdf -h\b/g, "Get-PSDrive"],
  [/\bsed -i 's\/([^/]*)\/([^/]*)\/' (\S+)/g, "(Get-Content $3) -replace '$1', '$2' | Set-Content $3"],
  [/\bsed -i '\/([^/]*)\/d' (\S+)/g, "(Get-Content $2) -notmatch '$1' | Set-Content $2"],
  [/\bcat (\S+) (\S+) > (\S+)/g, "Get-Content $1, $2 | Set-Content $3"],
  [/\bcat (\S+) >>(\S+)/g, "Get-Content $1 | Add-Content $2"],
  [/(openssl x509 -in \S+) >>(\S+)/g, "$1 | Add-Content $2"],
  // What `curl` is in older PowerShells is no curl.
  [/\bcurl (?=-)/g, "curl.exe "],
  [/ \| head -c \d+/g, ""],
  [/ <\/dev\/null/g, ""],
];

/** A value ends where the words go on; a place to fill in may hold blanks. */
const VALUE = String.raw`(?:<[^>]*>|"[^"]*"|[^\s;<"])+`;
const EXPORTS = new RegExp(String.raw`\bexport (\w+=${VALUE}(?: \w+=${VALUE})*)`, "g");
const PAIRS = new RegExp(String.raw`(\w+)=(${VALUE})`, "g");

const quoted = (value: string): string => `'${value.replace(/^"(.*)"$/, "$1").replaceAll("'", "''")}'`;

/**
 * A remedy with the commands of the system that it is for. All are written for a POSIX shell; on Windows they are PowerShell's, the
 * shell for which `export` prints there.
 *
 * @param remedy words and commands
 * @param platform the system
 * @returns the same, with other commands where the system has others
 *
 * @example
 * ```ts
 * import { remedyFor } from "./windows_remedy.ts";
 * import assert from "node:assert/strict";
 *
 * assert.equal(remedyFor("check it: ls -l C:/sp.pem", "windows"), "check it: Get-Acl C:/sp.pem");
 * assert.equal(remedyFor("export NO_PROXY=mlflow.example", "windows"), "$env:NO_PROXY = 'mlflow.example'");
 * assert.equal(remedyFor("unset NO_PROXY", "linux"), "unset NO_PROXY");
 * ```
 */
export function remedyFor(remedy: string, platform: string): string {
  if (platform !== "windows") return remedy;
  return LINES.reduce((text, [pattern, by]) => text.replaceAll(pattern, by), remedy)
    .replaceAll(
      EXPORTS,
      (_, pairs: string) =>
        [...pairs.matchAll(PAIRS)].map(([, name, value = ""]) => `$env:${name} = ${quoted(value)}`).join("; "),
    )
    .replaceAll(
      // Every variable that is named has one of these; a word such as "it" has none.
      /\bunset (\w*[A-Z_]\w*(?: [A-Z_]+\b)*)/g,
      (_, names: string) => `Remove-Item ${names.split(" ").map((name) => `Env:${name}`).join(", ")}`,
    );
}
