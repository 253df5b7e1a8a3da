import type { Diagnostics } from "../../hcl/source/diagnostic.ts";
import type { Source } from "../../hcl/source/source.ts";
import type { Body } from "../../hcl/syntax/body.ts";
import { nativeBody } from "../../hcl/syntax/native-body.ts";
import { parseFile } from "../../hcl/syntax/parse.ts";

/** The body of a file in either syntax. Loads the JSON parser only for JSON: most templates have none. */
export async function parseSource(source: Source, syntax: "native" | "json", diagnostics: Diagnostics): Promise<Body> {
  if (syntax === "native") return nativeBody(parseFile(source, diagnostics));
  const { parseJsonFile } = await import("../../hcl/json/parse-json-file.ts");
  return parseJsonFile(source, diagnostics);
}
