import pages from "./pages.json" with { type: "json" };

/** The page of each code, of `docs/errors.md`; `deno task pages` makes the file below anew. */
export default pages as Readonly<Record<string, string>>;
