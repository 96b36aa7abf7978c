import { settingMeantBy } from "../../core/settings/misspelled.ts";
import type { Given } from "../../core/settings/read_settings.ts";
import { showPath } from "../../core/shown.ts";
import type { Check } from "./check.ts";
import { type Note, ok, warn } from "../finding.ts";

/** Looks for variables that look like a setting with a typing error. */
export const misspelled: Check = {
  name: "names",
  doc: "No variable looks like a setting with a typing error",
  run: ({ variables }) => {
    const notes = variables().flatMap(noteOf);
    return Promise.resolve(notes.length === 0 ? [ok("no variable looks misspelled")] : notes);
  },
};

function noteOf({ name, path }: Given): readonly Note[] {
  const meant = settingMeantBy(name);
  if (meant === undefined) return [];
  const where = path === undefined ? "" : ` of ${showPath(path)}`;
  return [warn("setting-misspelled", {
    message: `Cannot use "${name}"${where}: not a setting, did you mean "${meant}"`,
    remedy: path === undefined
      ? `export ${meant}="$${name}"; unset ${name}`
      : `write ${meant} in place of ${name} in ${showPath(path)}`,
  })];
}
