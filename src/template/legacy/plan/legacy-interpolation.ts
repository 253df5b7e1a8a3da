import type { DecodeContext } from "../../../spec/decode.ts";
import { type TemplateWorld, templateFunctions } from "../../../spec/go-template/packer-functions.ts";
import { renderTemplate } from "../../../spec/go-template/render-template.ts";
import { buildValue } from "../../components/build-values.ts";
import type { ConfigureContext } from "../../plan.ts";

/** How options are rendered: user variables, and the names of the build. */
export function legacyInterpolation(world: TemplateWorld): DecodeContext["interpolate"] {
  const functions = templateFunctions(world);
  return (text) => renderTemplate(text, {}, functions);
}

/** The same in provisioners and post-processors, which may ask for `{{build "…"}}`: known when the build runs. */
export function interpolationInBuild(
  world: TemplateWorld,
  generates: readonly string[],
): (context: ConfigureContext) => DecodeContext["interpolate"] {
  const { data } = buildValue(undefined, generates, undefined);
  const names = new Set(data instanceof Map ? [...data.keys()].filter((name) => name !== "name") : []);
  return ({ facts }) => {
    const values = facts && textsOf(facts);
    return legacyInterpolation({ ...world, build: { names, ...(values && { values }) } });
  };
}

function textsOf(facts: NonNullable<ConfigureContext["facts"]>): Record<string, string> {
  const known = Object.entries(facts).filter(([, fact]) => fact !== undefined);
  return Object.fromEntries(known.map(([name, fact]) => [name, typeof fact === "string" ? fact : String(fact)]));
}
