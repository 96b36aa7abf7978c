import config from "../../deno.json" with { type: "json" };

/** The version of the program, from the one place that holds it. */
export const VERSION: string = config.version;
