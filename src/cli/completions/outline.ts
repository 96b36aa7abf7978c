import type { CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import { CLOUDS } from "../../azure/entra/clouds.ts";
import { IDENTITIES } from "../../azure/identities/identities.ts";
import { LEVELS } from "../../core/log.ts";
import { SETTINGS } from "../../core/settings/settings.ts";
import { FORMATS } from "../../shell/formats/formats.ts";
import { collect } from "../line/options.ts";

/** An option, as far as completing it goes. */
export interface OutlineOption {
  /** The short form first, where there is one. */
  readonly flags: readonly string[];
  /** What help calls its value; absent where it takes none. */
  readonly placeholder?: string;
  /** The values that it may have; empty where any will do. */
  readonly values: readonly string[];
  readonly isFile: boolean;
  readonly isRepeatable: boolean;
  readonly text: string;
}

/** A command, as far as completing it goes. */
export interface OutlineCommand {
  readonly name: string;
  readonly text: string;
  readonly options: readonly OutlineOption[];
  /** The values that its argument may have. */
  readonly values: readonly string[];
  /** What follows its options is a command of somebody else's, with arguments. */
  readonly startsChild: boolean;
}

/** The program, as far as completing it goes. */
export interface Outline {
  readonly name: string;
  readonly options: readonly OutlineOption[];
  readonly commands: readonly OutlineCommand[];
}

/**
 * What completions have to know of the program.
 *
 * @param program the program with all of its commands and options
 * @returns its options and commands; options that help leaves out are there too
 *
 * @example
 * ```ts
 * import { outlineOf } from "./outline.ts";
 * import { Command } from "@commander-js/extra-typings";
 * import assert from "node:assert/strict";
 *
 * const program = new Command("tool").helpOption(false).helpCommand(false);
 * program.command("show").description("show it").argument("<what>").option("--in <path>", "where").helpOption(false);
 * assert.deepEqual(outlineOf(program).commands[0]?.options[0], {
 *   flags: ["--in"],
 *   placeholder: "path",
 *   values: [],
 *   isFile: true,
 *   isRepeatable: false,
 *   text: "where",
 * });
 * ```
 */
export function outlineOf(program: CommandUnknownOpts): Outline {
  return {
    name: program.name(),
    options: optionsOf(program),
    commands: program.commands.map((command) => ({
      name: command.name(),
      text: command.summary() === "" ? command.description() : command.summary(),
      options: optionsOf(command),
      values: command.registeredArguments[0]?.argChoices ?? [],
      startsChild: command.registeredArguments.at(-1)?.variadic === true,
    })),
  };
}

function optionsOf(command: CommandUnknownOpts): readonly OutlineOption[] {
  // What help shows has --help too, which is no option like the others; what it hides is with the others alone.
  const help = command.createHelp().visibleOptions(command).filter((option) => !command.options.includes(option));
  return [...command.options, ...help].map(outlineOption);
}

function outlineOption(option: Option): OutlineOption {
  const flags = [option.short, option.long].filter((flag) => flag !== undefined);
  const placeholder = /<(.+)>/.exec(option.flags)?.[1];
  const flag = flags.at(-1) ?? "";
  const setting = SETTINGS.find((row) => row.flag === flag);
  return {
    flags,
    ...(placeholder === undefined ? {} : { placeholder }),
    values: option.argChoices ?? valuesOf(flag),
    isFile: /^(?:path|file)$/.test(placeholder ?? "") || flag === "--ca-bundle",
    isRepeatable: option.parseArg === collect,
    text: setting?.doc ?? option.description,
  };
}

function valuesOf(flag: string): readonly string[] {
  switch (flag) {
    case "--format":
      return FORMATS.map(({ name }) => name);
    case "--log-level":
      return LEVELS;
    case "--auth-mode":
      return ["bearer", "basic"];
    case "--cloud":
      return CLOUDS.map(({ name }) => name);
    case "--identity":
      return ["prod", "dev", ...new Set(IDENTITIES.map(({ name }) => name))];
    default:
      return [];
  }
}

/**
 * The places where a word that stands alone is followed by its value.
 *
 * @param outline the program
 * @param wanted which options count
 * @returns each as the command's name, a blank and the option; the name is empty before the command
 */
export function optionPlaces(outline: Outline, wanted: (option: OutlineOption) => boolean): readonly string[] {
  return [{ name: "", options: outline.options }, ...outline.commands].flatMap(({ name, options }) =>
    options.filter(wanted).flatMap(({ flags }) => flags.map((flag) => `${name} ${flag}`))
  );
}

/**
 * The options of closed sets of values, by their values.
 *
 * @param outline the program
 * @returns pairs of the values and the places, as {@link optionPlaces} gives them
 */
export function closedValues(outline: Outline): readonly (readonly [string, readonly string[]])[] {
  const options = [outline, ...outline.commands].flatMap((one) => one.options);
  const sets = new Set(options.filter(({ values }) => values.length > 0).map(({ values }) => values.join(" ")));
  return [...sets].map((set) => [set, optionPlaces(outline, ({ values }) => values.join(" ") === set)]);
}
